"""What is worked out of files that came with Driekolom, so that the next start need not do it again.

It lies where Python keeps its own compiled modules, in `__pycache__` beside the code, and is trusted as much. Each file
is named after what it was made from, so it is never out of date. Where nothing can be written, everything is worked out
anew at each start.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "__pycache__"
MOST = 20  # of one name: as many as there may be packs or versions in use at the same time


def digest(files: Iterable[Path]) -> str:
    """One word for the names and the contents of these files."""
    found = sha256()
    for file in sorted(files):
        content = file.read_bytes()
        found.update(f"{file.name}\n{len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()[:32]


def compiled(name: str, made_from: str, make: Callable[[], bytes]) -> bytes:
    """What `make` gives, or gave before for the same digest."""
    place = FOLDER / f"{name}-{made_from}"
    with suppress(OSError):
        return place.read_bytes()
    content = make()
    with suppress(OSError):
        FOLDER.mkdir(exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=FOLDER, prefix=f"{name}-new-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(draft, 0o644)
        os.replace(draft, place)
        for old in sorted(FOLDER.glob(f"{name}-*"), key=lambda p: p.stat().st_mtime)[:-MOST]:
            old.unlink()
    return content
