"""What can be read in a journey without changing anything: words, examples, and who may do what."""

from fastapi import Request
from fastapi.responses import Response

from app.core.rendering import page
from app.core.turn import Router
from app.journey.gate import View
from app.journey.pages import shell
from app.start import journey_pages

router = Router(prefix="/trajecten/{journey_id}")


@router.get("/begrippen")
def terms(request: Request, here: View) -> Response:
    return page(request, "start/terms.html", shell(here, "Begrippen"), journey_pages.terms_page(here.pack))


@router.get("/wie-mag-wat")
def rights(request: Request, here: View) -> Response:
    return page(request, "start/rights.html", shell(here, "Wie mag wat"), journey_pages.rights_page(here))


@router.get("/voorbeelden")
def examples(request: Request, here: View, thema: str = "", gemeente: str = "") -> Response:
    shown = journey_pages.examples_page(here.pack, here.url, thema, gemeente)
    return page(request, "start/examples.html", shell(here, "Voorbeelden uit andere gemeenten"), shown)
