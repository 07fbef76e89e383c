"""The log, archiving, adopted documents, and one's own data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from app.audit.actions import audited
from app.core.clock import now, today
from app.core.database import Database
from app.core.errors import Invalid, NotAllowed, NotFound
from app.core.forms import Sent
from app.core.rendering import page
from app.core.settings import Settings
from app.core.turn import Router, Tx
from app.document import facts
from app.document import pages as document
from app.document.press import print_pdf
from app.document.routes import pdf_answer
from app.journey.gate import Gate, Here, View, Visitor, Who
from app.journey.pages import outside_shell, shell
from app.journey.rules import may_see_log, may_set_up
from app.keeping import actions, log, own, pages, rules, store
from app.people.models import Person
from app.people.store import find_tenant

router = Router()
Log = Annotated[Here, Depends(Gate(may_see_log))]
LOG = "Logboek van toegang en uitvoer"
Short = Annotated[str, Query(max_length=40)]


def file_answer(content: bytes, name: str, media_type: str) -> Response:
    """A file to keep; `name` is plain ASCII."""
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


@router.get("/trajecten/{journey_id}/logboek")
@audited("log_read", once=True)
def show_log(
    request: Request,
    here: Log,
    partij: Short = "",
    soort: Short = "",
    van: Short = "",
    tot: Short = "",
    voor: Short = "",
) -> Response:
    shown = log.log_page(here, log.Filters(partij, soort, van, tot, voor))
    who = "De begeleiders zien alles." if may_set_up(here.seat) else "U ziet wat over uw eigen partij gaat."
    frame = shell(
        here, LOG, audience="Begeleiders, en partijbeheerders voor hun eigen partij.", may=who, archived_too=True
    )
    return page(request, "keeping/log.html", frame, shown, 422 if shown.wrong else 200)


@router.get("/trajecten/{journey_id}/logboek.csv")
@audited("log_exported")
def download_log(
    request: Request, here: Log, partij: Short = "", soort: Short = "", van: Short = "", tot: Short = ""
) -> Response:
    made = log.log_file(here, log.Filters(partij, soort, van, tot))
    return file_answer(made, f"logboek-{today().isoformat()}.csv", "text/csv; charset=utf-8")


# ---- archiving, and adopted documents ----

SetUp = Annotated[Here, Depends(Gate(may_set_up))]
SetUpArchived = Annotated[Here, Depends(Gate(may_set_up, archived=True))]
KEEP = "Bewaren en wissen"


def _keeping(request: Request, here: Here, typed=None, wrong=None, status: int = 200) -> Response:
    verb = "terughalen" if here.archived else "archiveren"
    may = f"U kunt dit traject {verb}." if here.may_set_up else "De begeleiders regelen dit."
    frame = shell(here, KEEP, may=may, archived_too=True)
    return page(request, "keeping/show.html", frame, pages.keeping_page(here, typed, wrong), status)


@router.get("/trajecten/{journey_id}/bewaren")
def show(request: Request, here: View) -> Response:
    return _keeping(request, here)


@router.post("/trajecten/{journey_id}/bewaren/archiveren")
def archive(here: SetUp) -> Response:
    actions.archive(here)
    return RedirectResponse(f"{here.url}/bewaren?klaar=gearchiveerd", 303)


@router.post("/trajecten/{journey_id}/bewaren/terughalen")
def take_back(here: SetUpArchived) -> Response:
    actions.take_back(here)
    return RedirectResponse(f"{here.url}/bewaren?klaar=teruggehaald", 303)


@router.post("/trajecten/{journey_id}/bewaren/mensen/{seat_id}/wissen")
def forget(here: SetUpArchived, seat_id: str) -> Response:
    actions.forget(here, seat_id)
    return RedirectResponse(f"{here.url}/bewaren?klaar=gewist#mensen", 303)


@dataclass(frozen=True)
class Printed:
    """The document, made before this request begins to write: printing takes seconds, and nobody else may wait."""

    decision: str
    decided_on: str
    name: str = ""
    content: bytes = b""


def _printed(request: Request, form: Sent) -> Printed:
    asked = Printed(form.line("besluit", 10_000), form.line("datum", 10_000))
    database: Database = request.app.state.database
    with database.read() as tx:
        here = Gate(may_set_up).open(request, tx, request.path_params["journey_id"])
        if actions.decision_problems(asked.decision, asked.decided_on):
            return asked
        doc, html = document.paper(here)
        style = document.style_of(here)
    name = facts.file_name(doc.title, doc.place, "vastgesteld")
    return replace(asked, name=name, content=print_pdf(here.settings, html, style))


@router.post("/trajecten/{journey_id}/bewaren/stukken")
def fix_document(request: Request, here: SetUp, made: Annotated[Printed, Depends(_printed)]) -> Response:
    try:
        actions.fix_document(here, made.decision, made.decided_on, made.name, made.content)
    except Invalid as problem:
        return _keeping(request, here, {"besluit": made.decision, "datum": made.decided_on}, problem.fields, 422)
    return RedirectResponse(f"{here.url}/bewaren?klaar=vastgelegd#stukken", 303)


@router.get("/trajecten/{journey_id}/bewaren/stukken/{record_id}.pdf")
@audited("record_downloaded")
def download_record(request: Request, here: View, record_id: str) -> Response:
    found = actions.get_record(here.tx, here.tenant_id, record_id, here.journey.id)
    return pdf_answer(found.file_name, found.content)


@router.get("/archief")
def show_records(request: Request, tx: Tx, person: Who) -> Response:
    """Also of journeys that are gone: for who may start one in this gemeente."""
    _require_starter(person)
    tenant = find_tenant(tx, person.tenant_id)
    lines = pages.record_lines(store.list_records(tx, person.tenant_id), rules.terms_of(tenant), "/archief")
    frame = outside_shell(request.app.state.settings, "Vastgestelde stukken", person)
    return page(request, "keeping/records.html", frame, pages.RecordsPage(tenant.name if tenant else "", lines))


@router.get("/archief/{record_id}.pdf")
@audited("record_downloaded")
def download_any_record(request: Request, tx: Tx, person: Who, record_id: str) -> Response:
    _require_starter(person)
    found = actions.get_record(tx, person.tenant_id, record_id)
    return pdf_answer(found.file_name, found.content)


def _require_starter(person: Person) -> None:
    if not person.may_start:
        raise NotAllowed("De stukken van de hele gemeente zijn voor wie een traject mag starten.")


# ---- one's own data ----


@router.get("/account/gegevens")
def show_own_data(request: Request, tx: Tx, person: Who) -> Response:
    frame = outside_shell(request.app.state.settings, "Alles wat wij van u bewaren", person)
    return page(request, "keeping/own.html", frame, own.own_data(tx, person))


@router.get("/account/gegevens.json")
@audited("own_data_downloaded")
def download_own_data(request: Request, tx: Tx, person: Who) -> Response:
    made = own.as_file(own.own_data(tx, person))
    return file_answer(made, f"mijn-gegevens-{today().isoformat()}.json", "application/json")


# ---- how it is kept safe, for everybody ----


@router.get("/beveiliging")
def security(request: Request, person: Visitor) -> Response:
    settings: Settings = request.app.state.settings
    frame = outside_shell(settings, "Beveiliging", person)
    return page(request, "keeping/security.html", frame, pages.SecurityPage(settings.security_contact))


@router.get("/.well-known/security.txt")
def security_txt(request: Request) -> Response:
    """Where to report a leak (RFC 9116); only when somebody set that."""
    settings: Settings = request.app.state.settings
    if not settings.security_contact:
        raise NotFound
    return PlainTextResponse(pages.security_txt(settings, now()))
