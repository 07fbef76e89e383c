"""Overzicht, Tijdlijn, and what a procesbegeleider says of the steps."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.core.forms import Sent, local_path
from app.core.rendering import page
from app.core.turn import Router
from app.journey.gate import Facilitate, View
from app.journey.pages import shell
from app.overview import actions, pages

router = Router(prefix="/trajecten/{journey_id}")
OVERVIEW = "Overzicht"


@router.get("")
def show(request: Request, here: View) -> Response:
    return page(request, "overview/show.html", shell(here, OVERVIEW), pages.overview_page(here))


@router.post("/gezien")
def seen(here: View, form: Sent) -> Response:
    actions.mark_seen(here, form.line("tot", 10_000))
    return RedirectResponse(f"{here.url}?klaar=gezien", 303)


@router.get("/tijdlijn")
def timeline(request: Request, here: View, voor: str = "") -> Response:
    return page(request, "overview/timeline.html", shell(here, "Tijdlijn"), pages.timeline_page(here, voor[:16]))


@router.get("/veranderd")
def changed(request: Request, here: View, voor: str = "") -> Response:
    shown = pages.changes_page(here, voor[:16])
    return page(request, "overview/changes.html", shell(here, "Wat is er veranderd?"), shown)


@router.post("/stappen/{step}/{verb}")
def say_of_step(here: Facilitate, step: str, verb: str, form: Sent) -> Response:
    actions.say_of_step(here, step, verb, form.line("deel", 10_000))
    said = {"sluiten": "gesloten", "openen": "geopend", "afronden": "afgerond"}.get(verb, "opgeslagen")
    return RedirectResponse(local_path(form.line("terug", 10_000), f"{here.url}?klaar={said}#stappen"), 303)
