"""The document as a page and as a file to download."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request
from fastapi.responses import Response

from app.audit.actions import audited
from app.core.rendering import page
from app.core.turn import Router
from app.document import pages
from app.document.drawer import draw
from app.document.press import print_pdf
from app.journey.gate import View
from app.journey.pages import shell

router = Router(prefix="/trajecten/{journey_id}")

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
    name, html, style = draw(here, unused=not without, remarks=bool(remarks))
    return pdf_answer(name, print_pdf(here.settings, html, style))


def pdf_answer(name: str, content: bytes) -> Response:
    """A PDF to keep, under this name."""
    plain = name.replace("–", "-").encode("ascii", "replace").decode().replace("?", "_")
    headers = {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type="application/pdf", headers=headers)
