import re
import subprocess
from pathlib import Path

import pytest

from app.document.press import Press


@pytest.fixture(scope="session")
def press():
    """One warm press for all tests of this room."""
    found = Press()
    yield found
    found.close()


def text_of(pdf: bytes, tmp_path: Path, *options: str) -> str:
    """The words of a PDF as a reader's program hears them."""
    file = tmp_path / "read.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", *options, str(file), "-"], capture_output=True, text=True, check=True).stdout


def solid(text: str) -> str:
    """Without anything that a line end can add."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)
