"""Toegang: who has access, one person's link, and several people invited at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.audit.actions import audited
from app.core.csvfile import csv_file
from app.core.errors import Invalid
from app.core.forms import Form, Sent
from app.core.rendering import Shell, page
from app.core.text import clean
from app.invitations import actions, pages, rules
from app.invitations.ask_routes import router
from app.invitations.pasted import MOST_LINES, parse_people
from app.journey.gate import Gate, Here, View
from app.journey.models import Party, Seat
from app.journey.pages import shell
from app.journey.rules import may_change_seat, may_invite, may_invite_someone, may_make_link, roles_to_give
from app.people.models import Person

LIST = "Wie heeft toegang"
FOR_ALL = "Namen en functies ziet iedereen in dit traject. De rest ziet alleen wie de toegang regelt."
FOR_INVITERS = "Alleen wie mensen uitnodigt."
SAME_PARTY = "Deze pagina is voor mensen van dezelfde partij."
Invite = Annotated[Here, Depends(Gate(may_invite_someone))]
Stop = Annotated[Here, Depends(Gate(may_invite_someone, archived=True))]  # a link that leaked stops at any moment


def _shell(here: Here, title: str, audience: str = "") -> Shell:
    if here.may_set_up:
        may = "U regelt de toegang voor iedereen."
    elif may_invite_someone(here.seat):
        may = "U regelt de toegang voor uw eigen partij."
    else:
        may = "U kunt dit lezen. De procesbegeleider regelt de toegang."
    return shell(here, title, audience=audience, may=may)


@router.get("/trajecten/{journey_id}/toegang")
def show(request: Request, here: View) -> Response:
    return page(request, "invitations/list.html", _shell(here, LIST, FOR_ALL), pages.access_page(here))


@router.get("/trajecten/{journey_id}/toegang.csv")
@audited("access_list_kept")
def download(request: Request, here: Invite) -> Response:
    name = f"Toegang {clean(here.journey.title, lines=False)[:80]}.csv".replace("/", "-").replace('"', "")
    plain = name.encode("ascii", "ignore").decode()
    headers = {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "cache-control": "no-store",
    }
    return Response(
        csv_file(rules.HEAD, pages.access_rows(here)), media_type="text/csv; charset=utf-8", headers=headers
    )


# ---- several at once ----


@router.get("/trajecten/{journey_id}/toegang/uitnodigen")
def invite_form(request: Request, here: Invite, partij: str = "") -> Response:
    chosen = here.get_party(partij) if partij else pages.without_people(here) or here.party
    shown = pages.invite_page(here, chosen)
    return page(request, "invitations/invite.html", _shell(here, "Mensen uitnodigen", FOR_INVITERS), shown)


@router.post("/trajecten/{journey_id}/toegang/uitnodigen")
def invite_people(request: Request, here: Invite, form: Sent) -> Response:
    """First shows what was read of the text; with `stap` 'uitnodigen' adds everybody, and sends what can be sent."""
    party = here.get_party(chosen) if (chosen := form.line("partij")) else None
    here.require(may_invite(here.seat, party), "Bij deze partij kunt u niemand uitnodigen.")
    text, role, mandate = form.text("mensen", limit=20_000), form.line("rol"), form.has("mandaat")
    people, wrong = _read(here, party, form, text, role, mandate)
    shown = pages.invite_page(here, party, text=text, role=role, mandate=mandate, people=people, wrong=wrong)
    frame = _shell(here, "Mensen uitnodigen", FOR_INVITERS)
    if not shown.checked or form.line("stap") != "uitnodigen":
        return page(request, "invitations/invite.html", frame, shown, 422 if shown.errors else 200)
    wanted = [actions.Wanted(i.line.name, i.line.email, i.line.function, i.role, i.mandate) for i in people]
    try:
        with here.tx.begin_nested():
            added = actions.include_people(here, party, wanted)
    except Invalid as problem:
        sentence = next(iter(problem.fields.values()), problem.message)
        shown = replace(shown, checked=False, wrong={"mensen": sentence}, errors=(("mensen", sentence),))
        return page(request, "invitations/invite.html", frame, shown, 422)
    by_hand = []
    for seat, person in added:
        if person.email and actions.may_send(here, person):
            actions.send_invitation(here, seat, person)
        else:
            by_hand.append(pages.link_page(here, seat, person, actions.invite(here, seat, person)))
    if not by_hand:
        return RedirectResponse(f"{here.url}/toegang?klaar=uitgenodigd", 303)
    made = pages.InvitedPage(f"{here.url}/toegang", len(added) - len(by_hand), tuple(by_hand), here.settings.local)
    frame = _shell(here, "Geef de links door", "Alleen u ziet deze pagina.")
    answer = page(request, "invitations/invited.html", frame, made)
    answer.headers["cache-control"] = "no-store"
    return answer


def _read(
    here: Here, party: Party | None, form: Form, text: str, role: str, mandate: bool
) -> tuple[list[pages.Invitee], dict[str, str]]:
    """Who stands in the text, each with the role that was chosen, and what is wrong with the whole."""
    present = [(s, p) for s, p in here.seats.values() if s.removed_at is None]
    lines = parse_people(
        text,
        [p.email for _, p in present],
        [p.name for s, p in present if s.party_id == (party.id if party else None)],
    )
    if not lines:
        return [], {"mensen": "Vul minstens één persoon in, bijvoorbeeld: Jan Bakker; jan@linde.example; bestuurder."}
    if len(lines) > MOST_LINES:
        return [], {"mensen": f"Dit zijn {len(lines)} mensen. Nodig er hoogstens {MOST_LINES} tegelijk uit."}
    roles = roles_to_give(here.seat, party)
    checking = form.has("rol-1")
    found = []
    for line in lines:
        own = form.line(f"rol-{line.number}") if checking else role
        with_mandate = form.has(f"mandaat-{line.number}") if checking else mandate
        error = "" if own in roles else "Kies een rol uit de lijst."
        found.append(pages.Invitee(line, own, with_mandate and bool(party) and own != "meelezer", error))
    return found, {}


# ---- one person ----


@router.get("/trajecten/{journey_id}/toegang/mensen/{seat_id}")
def show_person(request: Request, here: View, seat_id: str) -> Response:
    seat, person = actions.get_seat(here, seat_id)
    here.require(
        pages.may_look(here, seat, pages.party_of(here, seat)), "Deze pagina is voor mensen van dezelfde partij."
    )
    shown = pages.person_page(here, seat, person)
    audience = (
        "De begeleiders, en de mensen van dezelfde partij." if seat.party_id else "De begeleiders en deze persoon."
    )
    return page(request, "invitations/person.html", _shell(here, f"Toegang van {person.name}", audience), shown)


@router.post("/trajecten/{journey_id}/toegang/mensen/{seat_id}/link")
def make_link(request: Request, here: Invite, seat_id: str) -> Response:
    """The one answer that shows a secret: never kept by a browser, and not found again by going back."""
    seat, person = _linkable(here, seat_id)
    shown = pages.link_page(here, seat, person, actions.invite(here, seat, person))
    frame = _shell(here, f"Persoonlijke link van {person.name}", "Alleen u ziet deze pagina.")
    answer = page(request, "invitations/link.html", frame, shown)
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post("/trajecten/{journey_id}/toegang/mensen/{seat_id}/uitnodigen")
def send_invitation(here: Invite, seat_id: str) -> Response:
    seat, person = _linkable(here, seat_id)
    actions.send_invitation(here, seat, person)
    return _back(here, seat, "klaargezet" if here.settings.local else "verstuurd")


@router.post("/trajecten/{journey_id}/toegang/mensen/{seat_id}/code")
def read_out_code(request: Request, here: Invite, seat_id: str) -> Response:
    seat, person = _linkable(here, seat_id)
    shown = pages.read_out_page(here, seat, person, actions.read_out_code(here, seat, person))
    frame = _shell(here, f"Code voor {person.name}", "Alleen u ziet deze pagina.")
    answer = page(request, "invitations/code.html", frame, shown)
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post("/trajecten/{journey_id}/toegang/mensen/{seat_id}/verlengen")
def extend_link(here: Invite, seat_id: str) -> Response:
    seat, _ = _linkable(here, seat_id)
    actions.extend_link(here, seat)
    return _back(here, seat, "verlengd")


@router.post("/trajecten/{journey_id}/toegang/mensen/{seat_id}/intrekken")
def stop_access(here: Stop, seat_id: str) -> Response:
    seat, person = _linkable(here, seat_id)
    actions.stop_access(here, seat, person)
    return _back(here, seat, "ingetrokken")


@router.post("/trajecten/{journey_id}/toegang/mensen/{seat_id}/verwijderen")
def remove_person(here: Stop, seat_id: str) -> Response:
    seat, person = actions.get_seat(here, seat_id)
    here.require(may_change_seat(here.seat, seat, pages.party_of(here, seat)))
    actions.remove_person(here, seat, person)
    return RedirectResponse(f"{here.url}/toegang?klaar=verwijderd", 303)


def _linkable(here: Here, seat_id: str) -> tuple[Seat, Person]:
    seat, person = actions.get_seat(here, seat_id)
    party = pages.party_of(here, seat)
    here.require(may_make_link(here.seat, seat, person, party), "Voor deze persoon kunt u geen link maken.")
    return seat, person


def _back(here: Here, seat: Seat, done: str) -> Response:
    return RedirectResponse(f"{pages.person_url(here, seat)}?klaar={done}", 303)
