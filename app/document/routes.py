"""The document as a page and as a file to download."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request
from fastapi.responses import Response

from app.audit.actions import audited
from app.core.rendering import page
from app.core.turn import Router
from app.document import facts, pages
from app.document.press import print_pdf
from app.journey.gate import View
from app.journey.pages import shell

router = Router(prefix="/trajecten/{journey_id}")
_DRAWING = Lock()  # one document is drawn at a time, as one is printed at a time: who saves shares the process with it


@contextmanager
def drawing() -> Iterator[None]:
    """While a document is drawn, threads change ten times as often: a save needs its turn some ten times, and would
    wait 5 ms for each. At other times that only makes saves get in each other's way."""
    usual = 0.005
    with _DRAWING:
        sys.setswitchinterval(usual / 10)
        try:
            yield
        finally:
            sys.setswitchinterval(usual)


Without = Annotated[str, Query(alias="zonder-bijlage", max_length=2)]
With = Annotated[str, Query(alias="met-opmerkingen", max_length=2)]


@router.get("/document")
def show(request: Request, here: View, without: Without = "", remarks: With = "") -> Response:
    found = pages.document_page(here, unused=not without, remarks=bool(remarks))
    may = "U kunt het document lezen en downloaden."
    return page(request, "document/show.html", shell(here, found.doc.title, "document", may=may), found)


@router.get("/document.pdf")
@audited("document_downloaded")
def download(request: Request, here: View, without: Without = "", remarks: With = "") -> Response:
    with drawing():
        doc, html = pages.paper(here, unused=not without, remarks=bool(remarks))
    made = print_pdf(here.settings, html, pages.style_of(here))
    return pdf_answer(facts.file_name(doc.title, doc.place, doc.status), made)


def pdf_answer(name: str, content: bytes) -> Response:
    """A PDF to keep, under this name."""
    plain = name.replace("–", "-").encode("ascii", "replace").decode().replace("?", "_")
    headers = {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type="application/pdf", headers=headers)
