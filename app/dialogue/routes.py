"""Pages and saves of the conversation."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.answers.fields import after_save
from app.core.errors import Invalid, NotFound
from app.core.forms import Form, Part, Saving, Sent, saved_answer
from app.core.rendering import Shell, page, render, wants_fragment
from app.core.turn import Router
from app.dialogue import actions, pages, rules, store
from app.dialogue.models import Agreement
from app.journey.actions import mark_step, unmark_step
from app.journey.gate import Facilitate, Gate, Here, View
from app.journey.pages import shell
from app.journey.rules import may_write_joint

router = Router(prefix="/trajecten/{journey_id}/gesprek")
Write = Annotated[Here, Depends(Gate(may_write_joint, step=rules.STEP))]

EVENTS = {"uitkomst": "outcome_changed", "zinvol": "usefulness_changed", "erkend": "division_recognised"}


def _shell(here: Here, title: str = "Gesprek", theme: str = "") -> Shell:
    may = "U schrijft hier samen." if here.may_write_joint else "U leest mee."
    return shell(here, title, rules.STEP, part=theme, may=may)


def _theme_shell(here: Here, theme: str) -> Shell:
    found = here.get_theme(theme)
    return _shell(here, f"Gesprek over thema {found.letter}: {found.title}", theme)


@router.get("")
def show(request: Request, here: View) -> Response:
    return page(request, "dialogue/index.html", _shell(here), pages.index_page(here))


@router.get("/{theme}")
def show_theme(request: Request, here: View, theme: str, projector: str = "", verwijderd: str = "") -> Response:
    found = here.get_theme(theme)
    shown = pages.theme_page(here, found, removed=verwijderd[:16])
    if projector == "1":
        bare = replace(_theme_shell(here, theme), steps=(), audience="", may="", wide=True)
        return page(request, "dialogue/projector.html", bare, shown)
    return page(request, "dialogue/theme.html", _theme_shell(here, theme), shown)


@router.get("/{theme}/afspraak")
def new_agreement(request: Request, here: View, theme: str, punt: str = "", voorbeeld: str = "") -> Response:
    here.require(here.may_write_joint)
    here.require_open(rules.STEP, theme)
    found = actions.check_place(here, theme, punt)
    return page(
        request,
        "dialogue/new_agreement.html",
        _shell(here, "Nieuwe afspraak"),
        pages.new_agreement_page(here, found, punt, voorbeeld),
    )


@router.post("/{theme}/afspraak")
def add_agreement(request: Request, here: Write, theme: str, form: Sent) -> Response:
    item, example = form.line("punt", 48), form.line("voorbeeld", 48)
    found = actions.check_place(here, theme, item)
    sent = _new(form)
    try:
        made = actions.add_agreement(here, theme, item, sent, example)
    except Invalid as problem:
        again = pages.new_agreement_page(here, found, item, example, sent, problem.fields)
        return page(request, "dialogue/new_agreement.html", _shell(here, "Nieuwe afspraak"), again, problem.status)
    return _to(here, theme, f"afspraak-{made.id}", "klaar=toegevoegd")


@router.post("/{theme}/sluiten")
def close(here: Facilitate, theme: str) -> Response:
    mark_step(here, rules.STEP, "gesloten", here.get_theme(theme).slug)
    return _to(here, theme, "", "klaar=gesloten")


@router.post("/{theme}/openen")
def reopen(here: Facilitate, theme: str) -> Response:
    unmark_step(here, rules.STEP, "gesloten", here.get_theme(theme).slug)
    return _to(here, theme, "", "klaar=geopend")


@router.post("/veld/{name:path}")
def save_field(request: Request, here: Write, name: str, sent: Saving) -> Response:
    theme, last = name.split("/")[0], name.rsplit("/", 1)[-1]
    if last == "niet-voor":
        raise NotFound
    fields = pages.dialogue_fields(here)
    if name not in fields.specs:
        raise NotFound
    return fields.save(
        request,
        _theme_shell(here, theme),
        name,
        sent,
        back=f"{here.url}/gesprek/{theme}#{_anchor(name)}",
        event=EVENTS.get(
            last, "outcome_changed" if name.count("/") == 2 and "/vraag/" not in name else "notes_changed"
        ),
        part=theme,
        parts=lambda: _parts(here, theme, name),
        **({"look": "inline"} if last == "zinvol" else {}),
    )


@router.post("/geldt-voor/{theme}/{item}")
def save_holds_for(request: Request, here: Write, theme: str, item: str, sent: Saving) -> Response:
    found = actions.check_place(here, theme, item)
    if not item:
        raise NotFound

    def drawn():
        return pages.holds_for_field(here, found, here.pack.item(theme, item))

    def save():
        saved = actions.save_holds_for(here, theme, item, sent.values, sent.version)
        return after_save(drawn(), saved)

    return saved_answer(
        request,
        _theme_shell(here, theme),
        f"{here.url}/gesprek/{theme}#punt-{item}",
        save,
        drawn,
        sent,
        lambda: _parts(here, theme, f"{theme}/{item}/niet-voor"),
    )


@router.post("/afspraken/{agreement_id}/verwijderen")
def remove(here: Write, agreement_id: str) -> Response:
    agreement = _get(here, agreement_id)
    actions.remove_agreement(here, agreement)
    return _to(here, agreement.theme, _block(agreement), f"verwijderd={agreement.id}")


@router.post("/afspraken/{agreement_id}/terugzetten")
def restore(here: Write, agreement_id: str) -> Response:
    agreement = _get(here, agreement_id)
    actions.restore_agreement(here, agreement)
    return _to(here, agreement.theme, f"afspraak-{agreement.id}", "klaar=teruggezet")


@router.post("/afspraken/{agreement_id}/afspreken")
def settle(request: Request, here: Write, agreement_id: str) -> Response:
    agreement = _get(here, agreement_id)
    try:
        actions.settle_agreement(here, agreement)
    except actions.StillBorrowed as problem:
        if wants_fragment(request):
            raise
        told = replace(_theme_shell(here, agreement.theme), notice=problem.message)
        shown = pages.theme_page(here, here.get_theme(agreement.theme))
        return page(request, "dialogue/theme.html", told, shown, problem.status)
    return _to(here, agreement.theme, f"afspraak-{agreement.id}", "klaar=opgeslagen")


@router.post("/afspraken/{agreement_id}/{name}")
def save_agreement(request: Request, here: Write, agreement_id: str, name: str, sent: Saving) -> Response:
    agreement = _get(here, agreement_id)
    if name not in pages.COLUMNS:
        raise NotFound
    column = pages.COLUMNS[name]

    def drawn():
        return pages.agreement_field(here, agreement, column)

    def save():
        saved = actions.change_agreement(here, agreement, column, sent.values, sent.version)
        return after_save(drawn(), saved)

    def state() -> list[Part]:
        row = pages.agreement_row(here, agreement)
        return [Part(f"{row.anchor}-woorden", render("dialogue/_agreement_words.html", row=row))]

    back = f"{here.url}/gesprek/{agreement.theme}#afspraak-{agreement.id}"
    return saved_answer(request, _theme_shell(here, agreement.theme), back, save, drawn, sent, state)


def _new(form: Form) -> actions.NewAgreement:
    """What was typed, however long: the action refuses it, and the form comes back as it was."""

    def typed(name: str) -> str:
        return next(iter(form.raw(name)), "")

    return actions.NewAgreement(typed("wat"), typed("wie"), tuple(form.many("met-wie")), typed("wanneer"))


def _get(here: Here, agreement_id: str) -> Agreement:
    return store.get_agreement(here.tx, here.journey, agreement_id)


def _block(agreement: Agreement) -> str:
    return f"afspraken-{agreement.item or pages.AS_A_WHOLE}"


def _to(here: Here, theme: str, anchor: str, query: str) -> Response:
    return RedirectResponse(f"{here.url}/gesprek/{theme}?{query}{'#' + anchor if anchor else ''}", 303)


def _anchor(name: str) -> str:
    """Where on the page of a theme a field stands."""
    pieces = name.split("/")
    if len(pieces) == 3 and pieces[1] != "vraag":
        return f"punt-{pieces[1]}"
    return {"zinvol": "zinvol", "erkend": "verdeling", "notities": "notities"}.get(pieces[-1], "vragen")


def _parts(here: Here, theme: str, name: str) -> list[Part]:
    """What a save changes elsewhere: the state of the theme in its tab, and that of the item."""
    found = here.get_theme(theme)
    tabs = pages.theme_tabs(here, theme)
    parts = [Part("thema-tabs", render("dialogue/_tabs.html", tabs=tabs))]
    item = next((i for i in rules.joint_items(here.pack, found) if name.startswith(f"{theme}/{i.slug}/")), None)
    if item:
        block = pages.item_block(here, found, item)
        parts.append(Part(f"{block.id}-staat", render("dialogue/_item_state.html", block=block)))
        if name.endswith("/uitkomst"):  # only then there may be a date to ask; the date itself is not drawn twice
            parts.append(Part(f"{block.id}-later", render("dialogue/_later.html", block=block)))
    return parts
