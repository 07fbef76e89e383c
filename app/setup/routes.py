"""Start a traject, and everything at Opzet."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.answers.fields import after_save
from app.core.errors import Invalid, NotAllowed
from app.core.fields import FieldView
from app.core.forms import Form, Part, Saving, Sent, saved_answer
from app.core.rendering import Shell, page, render
from app.core.settings import Settings
from app.core.turn import Router, Tx
from app.invitations import actions as people
from app.invitations.pages import person_url
from app.journey.actions import add_municipality, add_party
from app.journey.gate import Gate, Here, View, Who
from app.journey.models import Party
from app.journey.packs import installed_pack
from app.journey.pages import outside_shell, shell
from app.journey.rules import may_invite, may_invite_someone, may_set_up
from app.journey.store import list_parties
from app.people.models import Person
from app.setup import actions, pages, rules

router = Router()
Change = Annotated[Here, Depends(Gate(may_invite_someone, step=rules.STEP))]
SetUp = Annotated[Here, Depends(Gate(may_set_up, step=rules.STEP))]


# ---- a new traject ----


def _may_start(person: Person) -> None:
    if not person.may_start:
        raise NotAllowed("Met uw persoonlijke link kunt u meedoen, maar geen nieuw traject starten.")


def _new(
    request: Request,
    tx: Tx,
    person: Person,
    wanted: actions.Wanted,
    wrong: dict[str, str],
    status: int,
    added: str = "",
) -> Response:
    settings: Settings = request.app.state.settings
    shown = pages.new_page(tx, installed_pack(settings.content_dir), person, wanted, wrong, added)
    return page(request, "setup/new.html", outside_shell(settings, "Start een traject", person), shown, status)


@router.get("/trajecten/nieuw")
def new(request: Request, tx: Tx, person: Who) -> Response:
    _may_start(person)
    return _new(request, tx, person, actions.Wanted("", ()), {}, 200)


@router.post("/trajecten")
def start(request: Request, tx: Tx, person: Who, form: Sent) -> Response:
    _may_start(person)
    wanted = _wanted(form)
    if form.has("meer"):
        lines = wanted.parties + (("", ""),) * rules.ROWS
        more = replace(wanted, parties=lines[: rules.MOST_ROWS])
        return _new(request, tx, person, more, {}, 200)
    settings: Settings = request.app.state.settings
    pack = installed_pack(settings.content_dir)
    if form.has("besturen"):
        more, added, wrong = actions.with_boards(tx, pack, wanted)
        return _new(request, tx, person, more, wrong, 422 if wrong else 200, added)
    try:
        with tx.begin_nested():
            journey = actions.start(tx, settings, person, pack, wanted)
    except Invalid as problem:
        return _new(request, tx, person, wanted, problem.fields, 422)
    return RedirectResponse(f"/trajecten/{journey.id}/opzet", 303)


def _wanted(form: Form) -> actions.Wanted:
    count = max(rules.ROWS, min(form.number("regels", rules.ROWS), rules.MOST_ROWS))
    return actions.Wanted(
        form.line("titel", 10_000),
        tuple(form.many("gemeente")),
        form.line("van", 10_000),
        form.line("tot", 10_000),
        tuple(
            (form.line(f"partij-{n}-soort", 10_000), form.line(f"partij-{n}-naam", 10_000)) for n in range(1, count + 1)
        ),
        form.line("naam", 10_000),
        tuple(form.line(f"partij-{n}-bestuur", 10_000)[:8] for n in range(1, count + 1)),
    )


# ---- Opzet ----


def _shell(here: Here, title: str, audience: str = "") -> Shell:
    if here.may_set_up:
        may = "U kunt hier alles wijzigen."
    elif may_invite_someone(here.seat):
        may = "U kunt mensen van uw eigen partij uitnodigen."
    else:
        may = "U kunt dit lezen. De procesbegeleider wijzigt dit."
    return shell(here, title, rules.STEP, audience=audience, may=may)


def _setup(request: Request, here: Here, typed=None, wrong=None, status: int = 200) -> Response:
    return page(request, "setup/show.html", _shell(here, "Opzet"), pages.setup_page(here, typed, wrong), status)


def _party(request: Request, here: Here, party: Party | None, typed=None, wrong=None, status: int = 200) -> Response:
    shown = pages.party_page(here, party, typed, wrong)
    return page(request, "setup/party.html", _shell(here, shown.title), shown, status)


@router.get("/trajecten/{journey_id}/opzet")
def show(request: Request, here: View) -> Response:
    return _setup(request, here)


@router.post("/trajecten/{journey_id}/opzet/veld/{name:path}")
def save_field(request: Request, here: Change, name: str, sent: Saving) -> Response:
    found = actions.target(here, name)
    if not found.may:
        raise NotAllowed(found.why_not)

    def drawn() -> FieldView:
        return pages.field_view(here, actions.target(here, name), pages.versions_of(here))

    def save() -> FieldView:
        saved = actions.save(here, found, sent.values, sent.version)
        return after_save(drawn(), saved)

    def parts() -> list[Part]:
        if name in ("overleg", "trekker"):
            return [Part("ontbreekt", render("setup/_missing.html", missing=pages.missing(here)))]
        if not name.startswith("partij/") or not name.endswith("/soort"):
            return []
        party = here.get_party(name.split("/")[1])
        return [Part("sectoren", render("setup/_sectors.html", field=pages.sectors_field(here, party)))]

    return saved_answer(request, _shell(here, "Opzet"), pages.back_url(here, found), save, drawn, sent, parts)


@router.post("/trajecten/{journey_id}/opzet/gemeenten")
def include_municipality(request: Request, here: SetUp, form: Sent) -> Response:
    typed = {"gemeente": form.line("gemeente", 10_000), "soort": rules.first_kind(here.pack).slug}
    try:
        add_municipality(here, typed["gemeente"])
    except Invalid as problem:
        return _setup(request, here, typed, problem.fields, 422)
    return RedirectResponse(f"{here.url}/opzet?klaar=toegevoegd#gemeenten", 303)


@router.post("/trajecten/{journey_id}/opzet/gemeenten/{municipality_id}/verwijderen")
def remove_municipality(here: SetUp, municipality_id: str) -> Response:
    actions.remove_municipality(here, municipality_id)
    return RedirectResponse(f"{here.url}/opzet?klaar=verwijderd#gemeenten", 303)


@router.post("/trajecten/{journey_id}/opzet/partijen")
def include_party(request: Request, here: SetUp, form: Sent) -> Response:
    typed = {name: form.line(name, 10_000) for name in ("soort", "naam")}
    try:
        kind, sectors = rules.kind_and_sectors(typed["soort"])
        add_party(here, kind, typed["naam"], sectors=sectors)
    except Invalid as problem:
        return _setup(request, here, typed, problem.fields, 422)
    return RedirectResponse(f"{here.url}/opzet?klaar=toegevoegd#partijen", 303)


def _boards(request: Request, here: Here, typed=None, wrong=None, status: int = 200) -> Response:
    shown = pages.boards_page(here, typed, wrong)
    frame = _shell(here, "Partijen toevoegen uit het register", "Alleen begeleiders zien deze pagina.")
    return page(request, "setup/boards.html", frame, shown, status)


@router.get("/trajecten/{journey_id}/opzet/uit-register")
def show_boards(request: Request, here: SetUp) -> Response:
    return _boards(request, here)


@router.post("/trajecten/{journey_id}/opzet/uit-register")
def include_boards(request: Request, here: SetUp, form: Sent) -> Response:
    typed = {code: form.line(f"naam-{code}", 10_000) for code in form.many("bestuur")[: rules.MOST_ROWS]}
    try:
        with here.tx.begin_nested():
            actions.add_boards(here, typed)
    except Invalid as problem:
        here.parties = tuple(list_parties(here.tx, here.journey))
        return _boards(request, here, typed, problem.fields or {"": problem.message}, 422)
    return RedirectResponse(f"{here.url}/opzet?klaar=toegevoegd#partijen", 303)


@router.get("/trajecten/{journey_id}/opzet/partij/{party_id}")
def show_party(request: Request, here: View, party_id: str) -> Response:
    return _party(request, here, here.get_party(party_id))


@router.post("/trajecten/{journey_id}/opzet/partij/{party_id}/verwijderen")
def remove_party(here: SetUp, party_id: str) -> Response:
    actions.remove_party(here, here.get_party(party_id))
    return RedirectResponse(f"{here.url}/opzet?klaar=verwijderd#partijen", 303)


@router.get("/trajecten/{journey_id}/opzet/voorproef")
def preview(request: Request, here: View, partij: str = "") -> Response:
    shown = pages.preview_page(here, partij)
    return page(request, "setup/preview.html", _shell(here, "Zo ziet een partij het"), shown)


# ---- people ----


@router.get("/trajecten/{journey_id}/opzet/mensen")
def show_people(request: Request, here: View) -> Response:
    return _party(request, here, None)


@router.post("/trajecten/{journey_id}/opzet/mensen")
def include_person(request: Request, here: Change, form: Sent) -> Response:
    party = here.get_party(form.line("partij", 10_000)) if form.line("partij", 10_000) else None
    here.require(may_invite(here.seat, party))
    typed = {name: form.line(name, 10_000) for name in ("naam", "e-mail", "rol", "functie")}
    try:
        seat = people.include_person(here, party, typed["naam"], typed["e-mail"], typed["rol"], typed["functie"])
    except Invalid as problem:
        return _party(request, here, party, typed, problem.fields, 422)
    return RedirectResponse(f"{person_url(here, seat)}?klaar=toegevoegd", 303)
