"""A journey as a file: the page that keeps one, and the page that reads one in."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.audit.actions import audited
from app.core.errors import Invalid, NotAllowed
from app.core.forms import Sent, before_reading
from app.core.rendering import page
from app.core.settings import Settings
from app.core.turn import Router, Tx
from app.exchange import actions, pages
from app.exchange.check import Checked
from app.journey.gate import Gate, Here, Who, find_who
from app.journey.pages import outside_shell, shell
from app.journey.rules import may_export
from app.people.models import Person

router = Router()
Export = Annotated[Here, Depends(Gate(may_export))]
KEEP, TAKE = "Dit traject als bestand", "Traject uit een bestand"


# ---- out ----


@router.get("/trajecten/{journey_id}/bestand")
def show(request: Request, here: Export) -> Response:
    frame = shell(here, KEEP, audience="Alleen begeleiders zien deze pagina.", may="U kunt het bestand downloaden.")
    return page(request, "exchange/show.html", frame, pages.file_page(here))


@router.get("/trajecten/{journey_id}/bestand.json")
@audited("journey_exported")
def download(request: Request, here: Export) -> Response:
    name = pages.file_name(here)
    plain = name.encode("ascii", "ignore").decode()
    headers = {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}
    made = actions.export_journey(here.tx, here.journey)
    return Response(made, media_type="application/json", headers=headers)


# ---- in ----


def _may_start(person: Person) -> None:
    if not person.may_start:
        raise NotAllowed("Met uw persoonlijke link kunt u meedoen, maar geen traject uit een bestand halen.")


First = Annotated[None, before_reading(lambda request, tx: _may_start(find_who(request, tx)))]


def _sent(first: First, form: Sent) -> Checked | Invalid:
    """What was sent, looked at before this request begins to write: a large file keeps nobody else waiting."""
    try:
        return actions.read_shared_file(form.file("bestand").content)
    except Invalid as problem:
        return problem


SentFile = Annotated[Checked | Invalid, Depends(_sent)]


def _take(request: Request, person: Person, wrong: str, status: int) -> Response:
    settings: Settings = request.app.state.settings
    frame = outside_shell(settings, TAKE, person)
    return page(request, "exchange/take.html", frame, pages.take_page(settings, wrong), status)


@router.get("/trajecten/uit-bestand")
def choose(request: Request, person: Who) -> Response:
    _may_start(person)
    return _take(request, person, "", 200)


@router.post("/trajecten/uit-bestand")
def take(request: Request, sent: SentFile, tx: Tx, person: Who) -> Response:
    _may_start(person)
    try:
        if isinstance(sent, Invalid):
            raise sent
        journey = actions.import_journey(tx, person.tenant_id, sent)
    except Invalid as problem:
        return _take(request, person, problem.message, 422)
    actions.take_charge(tx, journey, person)
    return RedirectResponse(f"/trajecten/{journey.id}?klaar=ingelezen", 303)
