"""Is a folder with a content pack in order?

For whoever writes a pack, and for the command `driekolom content check`.
"""

from __future__ import annotations

from pathlib import Path

from app.content.load import ContentError, load_pack
from app.content.load import advice as advice


def check(folder: Path) -> list[str]:
    """Everything that is wrong, as `file:line: sentence`. Empty when the pack can be used."""
    try:
        load_pack(folder)
    except ContentError as error:
        return error.problems
    return []
