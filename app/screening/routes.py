"""Pages and saves of *Waar staan we?*"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.answers.actions import save_answer
from app.answers.models import BEHALF
from app.content.pack import Theme
from app.core.errors import Invalid, NotFound
from app.core.fields import FieldView
from app.core.forms import Part, SavedForm, Saving, Sent, saved_answer
from app.core.rendering import Shell, page
from app.core.turn import Router
from app.journey.actions import mark_step, unmark_step
from app.journey.gate import Facilitate, Gate, Here, View
from app.journey.models import Party, Seat
from app.journey.pages import kept_page, kept_part, shell
from app.journey.rules import may_set_up, may_view
from app.screening import actions, pages, rules
from app.screening.own_pages import OwnColumn, title
from app.screening.side_pages import SidePage, side_page


def speaks(seat: Seat) -> bool:
    """Somebody of a party, not as meelezer."""
    return may_view(seat) and seat.party_id is not None and seat.role != "meelezer"


router = Router(prefix="/trajecten/{journey_id}/waar-staan-we")
Speak = Annotated[Here, Depends(Gate(speaks, step=rules.STEP))]
Save = Annotated[Here, Depends(Gate(speaks, step=rules.STEP, lean=True))]
OnBehalf = Annotated[Here, Depends(Gate(may_set_up, step=rules.STEP))]


def own_party(here: Here) -> Party:
    """The own party; NotFound for a seat without one."""
    if here.party is None:
        raise NotFound
    return here.party


@router.get("")
def overview(request: Request, here: View) -> Response:
    found = pages.overview_page(here)
    frame = shell(here, found.title, rules.STEP, wide=True, may=_may(here))
    return page(request, "screening/overview.html", frame, found)


@router.get("/vragen")
def questions(request: Request, here: View) -> Response:
    found = pages.questions_page(here, own_party(here))
    frame = shell(here, found.title, rules.STEP, audience="Deze tekst bevat alleen vragen, geen antwoorden.")
    return page(request, "screening/questions.html", frame, found)


@router.get("/{theme}")
def show(request: Request, here: View, theme: str) -> Response:
    found = here.get_theme(theme)
    if here.party is None:  # without a party there is nothing to fill in
        return RedirectResponse(f"{here.url}/{rules.STEP}/{found.slug}/naast-elkaar", 303)
    return _own(request, OwnColumn(here, here.party, found))


@router.post("/{theme}/veld/{name:path}")
def save_field(request: Request, here: Save, theme: str, name: str, sent: Saving) -> Response:
    return _save(request, OwnColumn(here, own_party(here), here.get_theme(theme), whole=False), name, sent)


@router.post("/{theme}/delen")
def share(request: Request, here: Speak, theme: str) -> Response:
    return _share(request, OwnColumn(here, own_party(here), here.get_theme(theme)))


@router.post("/{theme}/terug")
def back(here: Speak, theme: str) -> Response:
    column = OwnColumn(here, own_party(here), here.get_theme(theme))
    actions.back_to_shared(here, column.party, column.theme)
    return RedirectResponse(f"{column.url}?klaar=teruggezet#afronding", 303)


@router.post("/{theme}/klopt")
def confirm(request: Request, here: Speak, theme: str) -> Response:
    column = OwnColumn(here, own_party(here), here.get_theme(theme))
    actions.confirm_behalf(here, column.party, column.theme)
    return RedirectResponse(f"{column.url}?klaar=bevestigd", 303)


@router.post("/{theme}/aanpassen")
def adapt(here: Speak, theme: str) -> Response:
    column = OwnColumn(here, own_party(here), here.get_theme(theme))
    actions.take_over(here, column.party, column.theme)
    return RedirectResponse(column.url, 303)


@router.post("/{theme}/ook-hier")
def same_here(here: Speak, theme: str, form: Sent) -> Response:
    return _same(OwnColumn(here, own_party(here), here.get_theme(theme)), form.line("punt", 60))


@router.get("/{theme}/namens/{party_id}")
def show_behalf(request: Request, here: Facilitate, theme: str, party_id: str) -> Response:
    return _own(request, _behalf_column(here, theme, party_id))


@router.post("/{theme}/namens/{party_id}/veld/{name:path}")
def save_behalf(request: Request, here: OnBehalf, theme: str, party_id: str, name: str, sent: Saving) -> Response:
    return _save(request, _behalf_column(here, theme, party_id), name, sent)


@router.post("/{theme}/namens/{party_id}/delen")
def share_behalf(request: Request, here: OnBehalf, theme: str, party_id: str) -> Response:
    return _share(request, _behalf_column(here, theme, party_id))


@router.post("/{theme}/namens/{party_id}/terug")
def back_behalf(here: OnBehalf, theme: str, party_id: str) -> Response:
    column = _behalf_column(here, theme, party_id)
    actions.back_to_shared(here, column.party, column.theme, BEHALF)
    return RedirectResponse(f"{column.url}?klaar=teruggezet#afronding", 303)


@router.post("/{theme}/namens/{party_id}/ook-hier")
def same_behalf(here: OnBehalf, theme: str, party_id: str, form: Sent) -> Response:
    return _same(_behalf_column(here, theme, party_id), form.line("punt", 60))


@router.get("/{theme}/naast-elkaar")
def side_by_side(request: Request, here: View, theme: str) -> Response:
    return _side(request, here, here.get_theme(theme))


@router.post("/{theme}/sluiten")
def close(here: Facilitate, theme: str) -> Response:
    found = here.get_theme(theme)
    mark_step(here, rules.STEP, "gesloten", found.slug)
    return RedirectResponse(f"{_side_url(here, found)}?klaar=gesloten", 303)


@router.post("/{theme}/openen")
def reopen(here: Facilitate, theme: str) -> Response:
    found = here.get_theme(theme)
    unmark_step(here, rules.STEP, "gesloten", found.slug)
    return RedirectResponse(f"{_side_url(here, found)}?klaar=geopend", 303)


def _may(here: Here) -> str:
    if here.seat.role == "meelezer":
        return "U leest mee."
    return f"U vult in voor {here.party.name}." if here.party else ""


def _side_url(here: Here, theme: Theme) -> str:
    return f"{here.url}/{rules.STEP}/{theme.slug}/naast-elkaar"


def _behalf_column(here: Here, theme: str, party_id: str) -> OwnColumn:
    column = OwnColumn(here, here.get_party(party_id), here.get_theme(theme), BEHALF)
    actions.require_answering(here, column.party, BEHALF)
    return column


def _own_shell(column: OwnColumn) -> Shell:
    heading = title(column.here.pack, column.party, column.theme)
    return shell(column.here, heading, rules.STEP, audience=column.audience())


def _own(request: Request, column: OwnColumn, error: str = "", status: int = 200) -> Response:
    frame = _own_shell(column)
    return page(request, "screening/own.html", replace(frame, notice=error or frame.notice), column.page(), status)


def _side(
    request: Request,
    here: Here,
    theme: Theme,
) -> Response:
    asked = request.query_params

    def make() -> tuple[Shell, SidePage]:
        found = side_page(
            here,
            theme,
            view=asked.get("weergave", ""),
            projector=asked.get("projector") == "1",
            remark=asked.get("opmerking", "")[:16],
        )
        audience = "Iedereen in dit traject ziet dit. Antwoorden die nog niet gedeeld zijn, staan hier nooit."
        return shell(here, found.title, rules.STEP, wide=True, audience=audience), found

    return kept_page(request, here, "screening/side.html", make)


def _save(request: Request, column: OwnColumn, name: str, sent: SavedForm) -> Response:
    if name not in column.specs:
        raise NotFound
    here, theme = column.here, column.theme
    actions.require_writable(here, column.party, theme, column.layer)
    spec = column.specs[name]

    def save() -> FieldView:
        saved = save_answer(here, column.party, f"{theme.slug}/{name}", spec, sent.values, sent.version, column.layer)
        return column.field(name, saved)

    item = name.partition("/")[0]
    back = f"{column.url}#{rules.DIVISION if name.startswith(rules.DIVISION) else f'punt-{item}'}"
    return saved_answer(
        request,
        lambda: _own_shell(column),
        back,
        save,
        lambda: column.field(name),
        sent,
        lambda: _parts(request, column),
    )


def _parts(request: Request, column: OwnColumn) -> list[Part]:
    """What a save changes elsewhere: top line and end of the page, never a box somebody may type in."""
    place, stand = (column.party.id, column.theme.slug, column.layer), column.stand()
    make = lambda: {"ending": column.ending()}  # noqa: E731
    return [
        Part("bovenregel", kept_part(request, column.here, "screening/_top.html", (*place, column.saved), make)),
        Part("afronding", kept_part(request, column.here, "screening/_ending.html", (*place, stand), make)),
    ]


def _share(request: Request, column: OwnColumn) -> Response:
    try:
        actions.share_theme(column.here, column.party, column.theme, column.layer)
    except Invalid as problem:
        return _own(request, column, problem.message, 422)
    return RedirectResponse(f"{column.url}?klaar=gedeeld#afronding", 303)


def _same(column: OwnColumn, item: str) -> Response:
    found = actions.same_here(column.here, column.party, column.theme, item, column.layer)
    return RedirectResponse(f"{column.url}#{rules.anchor(found)}", 303)
