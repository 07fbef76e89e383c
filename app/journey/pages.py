"""What stands around every page of a journey."""

from collections.abc import Callable, Hashable
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import object_session

from app.core.clock import date_text, today
from app.core.rendering import Link, Shell, as_answer, house_style, page, render
from app.core.settings import Settings
from app.core.text import listing
from app.journey.gate import Here
from app.journey.kept import Kept
from app.journey.steps import steps_of
from app.journey.store import list_seat_ids
from app.people.models import Person
from app.style.reading import look_of

NOTICES = {
    "opgeslagen": "Opgeslagen.",
    "gedeeld": "Gedeeld. De andere partijen zien dit nu.",
    "bevestigd": "Bevestigd. Dit staat nu als uw eigen antwoord.",
    "teruggezet": "Teruggezet.",
    "toegevoegd": "Toegevoegd.",
    "verwijderd": "Verwijderd.",
    "gesloten": "Gesloten. Niemand kan hier nu iets wijzigen.",
    "geopend": "Weer geopend.",
    "afgerond": "Als afgerond gemarkeerd.",
    "verstuurd": "De uitnodiging wordt verstuurd.",
    "uitgenodigd": "De uitnodigingen zijn gemaakt. Hieronder ziet u hoe het ermee staat.",
    "afgewezen": "De vraag is afgewezen.",
    "verlengd": "De link werkt nu langer.",
    "klaargezet": "De uitnodiging staat klaar bij Uitgaande post.",
    "ingetrokken": "De toegang is ingetrokken.",
    "ingelezen": "Het traject staat klaar. Maak bij Opzet nieuwe persoonlijke links voor de deelnemers.",
    "gearchiveerd": "Gearchiveerd. Niemand kan hier nu iets wijzigen.",
    "teruggehaald": "Teruggehaald uit het archief. Iedereen kan weer verder.",
    "gewist": "Naam en e-mailadres zijn gewist.",
    "vastgelegd": "Het document is vastgelegd.",
    "gezien": "Bijgewerkt. U hebt alles gezien.",
    "herinnerd": "De herinneringen staan klaar bij Uitgaande post.",
    "herinnerd-verstuurd": "De herinneringen worden nu verstuurd.",
    "deels-herinnerd": "De herinneringen worden nu verstuurd. Wie vandaag al genoeg berichten kreeg, krijgt er geen.",
    "niemand-herinnerd": "Niets verstuurd: iedereen heeft intussen gedeeld, of kreeg vandaag al genoeg berichten.",
}


def shell(
    here: Here,
    title: str,
    step: str = "",
    *,
    part: str = "",
    audience: str = "",
    may: str = "",
    wide: bool = False,
    archived_too: bool = False,
) -> Shell:
    """The frame of a page in this journey. `step` is the slug of the current step, '' for overview and document.
    `part` is what of the step this page is, `archived_too`: what `may` says also holds in an archived journey."""
    hats = [here.seat.role] if here.seat.role != "deelnemer" else []
    if here.party:
        hats.append(here.party.name)
    return Shell(
        title=title,
        who=here.person.name,
        hats=listing(hats),
        journey=here.journey.title,
        journey_url=here.url,
        steps=(
            Link("Overzicht", here.url, current=here.path == here.url),
            *(
                Link(s.label, f"{here.url}/{s.slug}", state=_state(here, s.slug), current=s.slug == step)
                for s in steps_of(here.pack)
            ),
            Link("Document", f"{here.url}/document", current=step == "document"),
        ),
        audience=audience or "Iedereen in dit traject kan dit lezen.",
        may="Niemand kan nu iets wijzigen." if here.closed(step, part) and not archived_too else may,
        banner=_banner(here),
        notice=NOTICES.get(here.notice, ""),
        signed_in=True,
        local=here.settings.local,
        personal=here.personal,
        wide=wide,
        seat=here.seat.id,
        live=here.url if here.reads else "",
        stand=here.journey.changes,
        **house_style(here.settings) | _look(here),
    )


def _look(here: Here) -> dict[str, str]:
    """The house style of the gemeente that this journey is of. On one's own computer there is only that of the
    settings."""
    return {} if here.settings.local else here.kept("look", lambda: look_of(here.tx, here.tenant_id))


def _banner(here: Here) -> str:
    if not here.archived_text:
        return "Dit is een voorbeeld. Alle namen en antwoorden zijn verzonnen." if here.journey.example else ""
    day = here.journey.purge_on
    return f"{here.archived_text} Op {date_text(day)} wordt het gewist." if day else here.archived_text


def outside_shell(
    settings: Settings,
    title: str,
    person: Person | None = None,
    notice: str = "",
    look: dict[str, str] | None = None,
) -> Shell:
    """The frame of a page outside any journey; `person` is who opened it, None when not signed in. `look` is the house
    style (`app.style.reading`) when it is not that of the gemeente of this person."""
    tx = object_session(person) if person is not None else None
    if look is None and person is not None and tx and not settings.local:
        look = look_of(tx, person.tenant_id)  # type: ignore[arg-type]
    return Shell(
        title=title,
        who=person.name if person else "",
        signed_in=person is not None,
        local=settings.local,
        personal=person is not None and not person.local,
        seats=tuple(list_seat_ids(tx, person)) if person is not None and tx else (),  # type: ignore[arg-type]
        notice=notice,
        **house_style(settings) | (look or {}),
    )


_words: dict[str, Callable[[Here], str]] = {}


def step_words(step: str, words: Callable[[Here], str]) -> None:
    """Lets a room above say something of a step in the stepper; '' leaves it to what people said of it."""
    _words[step] = words


def _state(here: Here, step: str) -> str:
    if step in _words and (words := _words[step](here)):
        return words
    return next((s.state for s in here.states if s.step == step and s.part == ""), "")


def kept_part(request: Request, here: Here, template: str, on: Hashable, make: Callable[[], dict[str, Any]]) -> str:
    """A part of a page of one seat, drawn again only when something in the journey, the seat, the day or `on` is
    another. `on` is all that it depends on and others do not see."""
    if here.keep is None:
        return render(template, **make())
    key = (template, here.seat.id, here.journey.id, here.journey.changes, today(), on)
    return request.app.state.kept.page(key, lambda: render(template, **make()).encode()).decode()


def kept_page(request: Request, here: Here, template: str, make: Callable[[], tuple[Shell, Any]]) -> Response:
    """A whole page, drawn again only when something in the journey, the seat or the day is another.

    Only for a page without concept answers: a concept changes nothing for others, so it would stay as it was.
    """
    if here.keep is None or request.method != "GET":
        return page(request, template, *make())
    key = (template, here.seat.id, here.journey.id, here.journey.changes, here.personal, today(), str(request.url))
    kept: Kept = request.app.state.kept

    def draw() -> bytes:
        frame, found = make()
        return render(template, shell=frame, page=found, request=request).encode()

    return as_answer(request, kept.page(key, draw))
