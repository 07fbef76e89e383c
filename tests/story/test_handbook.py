"""The handbook on paper: the pages for one sheet are one sheet of A4, with nothing of the screen on it."""

from __future__ import annotations

import io
import subprocess

import pikepdf
import pytest

from app.handbook.pages import SHEET, handbook_page
from tests.story.conftest import Server

pytestmark = pytest.mark.browser
SHEETS = [link.url for link in handbook_page().contents if link.url.rpartition("/")[2].startswith(SHEET)]


def test_each_role_has_one():
    assert len(SHEETS) == 2


@pytest.mark.parametrize("url", SHEETS)
def test_one_sheet(server: Server, desk, url: str):
    page = desk(server).open(server.url + url)
    paper = page.pdf(prefer_css_page_size=True)
    with pikepdf.open(io.BytesIO(paper)) as document:
        assert len(document.pages) == 1
        assert [round(float(n)) for n in document.pages[0].mediabox[2:]] == [595, 842]
    text = subprocess.run(
        ["/usr/bin/pdftotext", "-", "-"], input=paper, capture_output=True, check=True
    ).stdout.decode()
    assert text.startswith("Op één blad") and "Onthoud" in text
    assert "Uw gegevens" not in text and "Druk deze pagina af" not in text
    # Another printer: a little larger still fits.
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True, scale=1.06))) as document:
        assert len(document.pages) == 1
