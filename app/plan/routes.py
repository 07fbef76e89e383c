"""Pages and saves of the plan."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.answers.actions import save_column
from app.answers.fields import after_save
from app.content.pack import Chapter
from app.core.errors import Invalid, NotFound, Stale
from app.core.fields import FieldView
from app.core.forms import Form, Part, Saving, Sent, saved_answer
from app.core.rendering import Shell, page, render
from app.core.turn import Router
from app.journey.actions import mark_step, unmark_step
from app.journey.events import record
from app.journey.gate import Facilitate, Gate, Here, View
from app.journey.pages import kept_page, shell
from app.journey.rules import may_write_joint
from app.plan import actions, figures, pages, reading, row_pages, rules, store
from app.plan.models import Responsibility
from app.plan.rows import KINDS, SIDES, Kind
from app.plan.said import measurable_text
from app.prose import actions as prose
from app.prose.models import Paragraph
from app.prose.reading import read_prose
from app.prose.store import get_paragraph

router = Router(prefix="/trajecten/{journey_id}/plan")
Write = Annotated[Here, Depends(Gate(may_write_joint, step=rules.STEP))]


def _shell(here: Here, title: str, part: str = "") -> Shell:
    may = "Iedereen met de rol deelnemer kan hier schrijven." if here.may_write_joint else "U leest mee."
    return shell(here, title, rules.STEP, part=part, may=may, wide=bool(part))


def _chapter_shell(here: Here, chapter: Chapter) -> Shell:
    return _shell(here, f"{chapter.number}. {chapter.title}", chapter.slug)


def _chapter_of(here: Here, kind: Kind) -> Chapter:
    for chapter in here.pack.chapters:
        if chapter.kind == kind.chapter_kind:
            return chapter
    raise NotFound


def _open_chapter(here: Here, slug: str) -> Chapter:
    """The chapter, for writing. Raises NotFound, and Closed when this chapter was closed."""
    chapter = rules.get_chapter(here.pack, slug)
    here.require_open(rules.STEP, chapter.slug)
    return chapter


def _to(here: Here, chapter: str, query: str = "", anchor: str = "") -> Response:
    return RedirectResponse(
        f"{here.url}/plan/{chapter}{'?' + query if query else ''}{'#' + anchor if anchor else ''}", 303
    )


# ---- pages ----


@router.get("")
def show_plan(request: Request, here: View) -> Response:
    def make() -> tuple[Shell, pages.PlanPage]:
        reading.read_at_once(here)
        return _shell(here, "Plan van aanpak"), pages.plan_page(here)

    return kept_page(request, here, "plan/index.html", make)


@router.get("/{chapter}")
def show_chapter(
    request: Request,
    here: View,
    chapter: str,
    wijzig: str = "",
    verwijderd: str = "",
    soort: str = "",
    herkomst: str = "",
    opmerking: str = "",
    wie: str = "",
) -> Response:
    found = rules.get_chapter(here.pack, chapter)

    def make() -> tuple[Shell, pages.ChapterPage]:
        reading.read_at_once(here)
        return _chapter_shell(here, found), pages.chapter_page(
            here,
            found,
            open_id=wijzig[:16],
            removed=verwijderd[:16],
            removed_kind=soort if soort in KINDS else "",
            show_origins=herkomst != "uit",
            remark=opmerking[:16],
            authors=wie == "ja",
        )

    return kept_page(request, here, "plan/chapter.html", make)


@router.get("/{chapter}/nog-niet-verwerkt")
def show_pending(request: Request, here: View, chapter: str) -> Response:
    found = rules.get_chapter(here.pack, chapter)
    title = f"Nog niet verwerkt in hoofdstuk {found.number}"
    return page(request, "plan/pending.html", _shell(here, title), pages.chapter_page(here, found, most_pending=10**6))


# ---- joint fields ----

EVENTS = {"regie": "lead_chosen", "rol": "responsibility_changed"}


@router.post("/veld/{name:path}")
def save_field(request: Request, here: Write, name: str, sent: Saving) -> Response:
    fields = pages.plan_fields(here)
    if name not in fields.specs:
        raise NotFound
    first = name.split("/")[0]
    chapter = next(
        (c for c in here.pack.chapters if c.slug == first or (first in EVENTS and c.kind == "organisatie")),
        None,
    )
    if chapter is None:
        raise NotFound
    answer = fields.save(
        request,
        _chapter_shell(here, chapter),
        name,
        sent,
        back=f"{here.url}/plan/{chapter.slug}",
        event=EVENTS.get(first, "chapter_changed"),
        part=chapter.slug,
    )
    if name == rules.LEAD and answer.status_code < 400:  # a refused save changes nothing
        actions.hand_over_evaluations(here)
    return answer


# ---- paragraphs ----


def _paragraph(here: Here, paragraph_id: str) -> tuple[Paragraph, Chapter]:
    paragraph = get_paragraph(here.tx, here.journey, paragraph_id)
    return paragraph, _open_chapter(here, paragraph.chapter)


@router.post("/alinea/{paragraph_id}/tekst")
def save_paragraph(request: Request, here: Write, paragraph_id: str, sent: Saving) -> Response:
    paragraph, chapter = _paragraph(here, paragraph_id)

    def drawn() -> FieldView:
        return pages.paragraph_view(here, paragraph, chapter).field

    def save() -> FieldView:
        return after_save(drawn(), prose.save_paragraph(here, paragraph, sent.values, sent.version))

    def parts() -> list[Part]:
        view = pages.paragraph_view(here, paragraph, chapter)
        return [Part(f"lees-{paragraph.id}", render("plan/_paragraph_text.html", view=view))]

    back = f"{here.url}/plan/{chapter.slug}#alinea-{paragraph.id}"
    return saved_answer(request, _chapter_shell(here, chapter), back, save, drawn, sent, parts)


@router.post("/alinea/{paragraph_id}/omhoog")
def move_up(here: Write, paragraph_id: str) -> Response:
    return _move(here, paragraph_id, -1)


@router.post("/alinea/{paragraph_id}/omlaag")
def move_down(here: Write, paragraph_id: str) -> Response:
    return _move(here, paragraph_id, 1)


def _move(here: Here, paragraph_id: str, steps: int) -> Response:
    paragraph, chapter = _paragraph(here, paragraph_id)
    prose.move_paragraph(here, paragraph, steps)
    return _to(here, chapter.slug, f"wijzig={paragraph.id}", f"alinea-{paragraph.id}")


@router.post("/alinea/{paragraph_id}/verwijderen")
def remove_paragraph(here: Write, paragraph_id: str) -> Response:
    paragraph, chapter = _paragraph(here, paragraph_id)
    prose.remove_paragraph(here, paragraph)
    return _to(here, chapter.slug, f"verwijderd={paragraph.id}", "verwijderd")


@router.post("/alinea/{paragraph_id}/terugzetten")
def restore_paragraph(here: Write, paragraph_id: str) -> Response:
    paragraph, chapter = _paragraph(here, paragraph_id)
    prose.restore_paragraph(here, paragraph)
    return _to(here, chapter.slug, "klaar=teruggezet", f"alinea-{paragraph.id}")


@router.post("/alinea/{paragraph_id}/neem-over")
def take_over(request: Request, here: Write, paragraph_id: str, form: Sent) -> Response:
    paragraph, chapter = _paragraph(here, paragraph_id)
    try:
        actions.take_over(here, paragraph, form.number("versie", -1))
    except (Invalid, Stale) as problem:
        shown = pages.chapter_page(here, chapter, error=f"{problem.message} Er is niets overgenomen.")
        return page(request, "plan/chapter.html", _chapter_shell(here, chapter), shown, problem.status)
    return _to(here, chapter.slug, "klaar=opgeslagen", f"alinea-{paragraph.id}")


@router.post("/alinea/{paragraph_id}/laat-zo")
def keep_as_is(here: Write, paragraph_id: str) -> Response:
    paragraph, chapter = _paragraph(here, paragraph_id)
    actions.keep_as_is(here, paragraph)
    return _to(here, chapter.slug, "klaar=opgeslagen", f"alinea-{paragraph.id}")


# ---- rows: goals, duties, actions, budget lines ----


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound
    return KINDS[name]


@router.post("/rij/{kind}")
def add_row(request: Request, here: Write, kind: str, form: Sent) -> Response:
    found = _kind(kind)
    chapter = _chapter_of(here, found)
    here.require_open(rules.STEP, chapter.slug)
    try:
        row = _added(here, found, form)
    except Invalid as problem:
        shown = pages.chapter_page(here, chapter, error=problem.message)
        return page(request, "plan/chapter.html", _chapter_shell(here, chapter), shown, problem.status)
    if form.has("verder") and found.table is Responsibility:  # a question answered with yes: on to the next one
        return _to(here, chapter.slug, f"wijzig={row.party_id}", f"partij-{row.party_id}")
    return _to(here, chapter.slug, f"wijzig={row.id}", f"{found.name}-{row.id}")


def _added(here: Here, kind: Kind, form: Form):
    specs = kind.specs(here.pack, here.parties, ())
    values = {name: text for name in specs if (text := next(iter(form.raw(name)), ""))}
    if kind.table is Responsibility:
        here.get_party(party := form.line("partij", 16))
        if (side := form.line("kant", 10)) not in SIDES:
            raise Invalid("Kies of de partij dit doet of niet doet.")
        return actions.add_row(here, kind, {"text": values.get("text", "")}, party_id=party, side=side)
    if kind.name == "doel" and form.has("voorbeeld"):
        conclusion, _, example = form.line("voorbeeld", 100).partition("/")
        return actions.goal_from_example(here, conclusion, example, values.get("target_on", ""))
    if kind.name != "doel" and not values.get(kind.main):
        values[kind.main] = ""
    return actions.add_row(here, kind, values)


@router.post("/rij/{kind}/{row_id}/verwijderen")
def remove_row(here: Write, kind: str, row_id: str) -> Response:
    found, row = _row(here, kind, row_id)
    actions.remove_row(here, found, row)
    return _to(here, _chapter_of(here, found).slug, f"verwijderd={row.id}&soort={found.name}", "verwijderd")


@router.post("/rij/{kind}/{row_id}/terugzetten")
def restore_row(here: Write, kind: str, row_id: str) -> Response:
    found, row = _row(here, kind, row_id)
    actions.restore_row(here, found, row)
    return _to(here, _chapter_of(here, found).slug, "klaar=teruggezet", f"{found.name}-{row.id}")


@router.post("/rij/{kind}/{row_id}/omhoog")
def row_up(here: Write, kind: str, row_id: str) -> Response:
    found, row = _row(here, kind, row_id)
    actions.move_row(here, found, row, -1)
    return _to(here, _chapter_of(here, found).slug, "", f"{found.name}-{row.id}")


@router.post("/rij/{kind}/{row_id}/omlaag")
def row_down(here: Write, kind: str, row_id: str) -> Response:
    found, row = _row(here, kind, row_id)
    actions.move_row(here, found, row, 1)
    return _to(here, _chapter_of(here, found).slug, "", f"{found.name}-{row.id}")


@router.post("/rij/{kind}/{row_id}/laat-zo")
def keep_row(here: Write, kind: str, row_id: str) -> Response:
    found, row = _row(here, kind, row_id)
    actions.keep_row_as_is(here, found, row)
    return _to(here, _chapter_of(here, found).slug, "klaar=opgeslagen", f"{found.name}-{row.id}")


@router.post("/rij/{kind}/{row_id}/{column}")
def save_row(request: Request, here: Write, kind: str, row_id: str, column: str, sent: Saving) -> Response:
    found, row = _row(here, kind, row_id)
    specs = found.specs(here.pack, here.parties, reading.rows_of(here, "doel").live if found.name == "actie" else ())
    if column not in specs:
        raise NotFound
    chapter = _chapter_of(here, found)

    def drawn() -> FieldView:
        return row_pages.row_field(here, found, row, column)

    def save() -> FieldView:
        saved = save_column(here, row, column, specs[column], sent.values, sent.version)
        if saved.changed:
            record(here, f"{found.event}_changed", step=rules.STEP, part=chapter.slug, ref=row.id)
            reading.forget_rows(here, found.name)
        return after_save(drawn(), saved)

    back = f"{here.url}/plan/{chapter.slug}#{found.name}-{row.id}"
    return saved_answer(
        request,
        _chapter_shell(here, chapter),
        back,
        save,
        drawn,
        sent,
        lambda: _row_parts(here, found, row.id),
    )


def _row(here: Here, kind: str, row_id: str):
    found = _kind(kind)
    here.require_open(rules.STEP, _chapter_of(here, found).slug)
    return found, store.get_row(here.tx, here.journey, found.table, row_id)


def _row_parts(here: Here, kind: Kind, row_id: str) -> list[Part]:
    """What a save changes elsewhere: the sentence and verdict of a goal, the totals of the budget."""
    if kind.name == "doel":
        goal = next((g for g in reading.read_goals(here) if g.id == row_id), None)
        counted = measurable_text(reading.read_goals(here))
        parts = [Part("meetbaar", render("plan/_measurable.html", text=counted))]
        return [*parts, Part(f"doelzin-{row_id}", render("plan/_goal_sentence.html", goal=goal))] if goal else parts
    if kind.name == "taak":
        row = next((r for r in reading.rows_of(here, "taak").live if r.id == row_id), None)
        return [Part(f"lees-taak-{row_id}", render("plan/_duty_text.html", id=row_id, text=row.text))] if row else []
    if kind.name in ("actie", "begroting"):
        heads = [
            Part(f"kop-{kind.name}-{row_id}", render("plan/_row_head.html", row=v))
            for v in _views(here, kind)
            if v.id == row_id
        ]
        if kind.name == "actie":
            return heads
        return [*heads, Part("totalen", render("plan/_totals.html", budget=row_pages.budget_view(here, "")))]
    return []


def _views(here: Here, kind: Kind) -> tuple[row_pages.RowView, ...]:
    return row_pages.action_views(here, "") if kind.name == "actie" else row_pages.budget_view(here, "").rows


# ---- a whole chapter ----


@router.post("/vul-alles-voor")
def prefill_all(here: Write) -> Response:
    for chapter in here.pack.chapters:
        if not here.closed(rules.STEP, chapter.slug):
            actions.prefill(here, chapter)
    return RedirectResponse(f"{here.url}/plan?klaar=toegevoegd", 303)


@router.post("/cijfer/{figure}")
def put_figure(here: Write, figure: str) -> Response:
    found, chapter = figures.get_figure(here.pack, figure)
    here.require_open(rules.STEP, chapter.slug)
    paragraph = figures.put_figure(here, found, chapter)
    return _to(here, chapter.slug, "klaar=toegevoegd", f"alinea-{paragraph.id}")


@router.post("/{chapter}/vul-voor")
def prefill(here: Write, chapter: str) -> Response:
    found = _open_chapter(here, chapter)
    count = actions.prefill(here, found)
    return _to(here, found.slug, "klaar=toegevoegd" if count else "", "tekst")


@router.post("/{chapter}/alinea")
def add_paragraph(here: Write, chapter: str, form: Sent) -> Response:
    found = _open_chapter(here, chapter)
    after = form.line("na", 16) or None
    if after and not any(p.id == after for p in read_prose(here).chapter(found.slug)):
        after = None
    made = prose.add_paragraph(here, found.slug, after=after, kind=form.line("soort", 10) or "alinea")
    record(here, "paragraph_added", step=rules.STEP, part=found.slug, ref=made.id)
    return _to(here, found.slug, f"wijzig={made.id}", f"alinea-{made.id}")


@router.post("/{chapter}/visie")
def propose_vision(here: Write, chapter: str, form: Sent) -> Response:
    found = _open_chapter(here, chapter)
    conclusion, _, slug = form.line("voorbeeld", 100).partition("/")
    example = next(
        (
            e
            for c in here.pack.conclusions
            if c.slug == conclusion
            for e in c.examples
            if e.slug == slug and e.kind == "visie"
        ),
        None,
    )
    if example is None:
        raise NotFound
    made = prose.add_paragraph(
        here,
        found.slug,
        after="",
        kind="citaat",
        text=example.text,
        slot="visie",
        proposed=True,
    )
    record(here, "paragraph_added", step=rules.STEP, part=found.slug, ref=made.id)
    return _to(here, found.slug, f"wijzig={made.id}", f"alinea-{made.id}")


@router.post("/{chapter}/gebruik")
def use_piece(here: Write, chapter: str, form: Sent) -> Response:
    _open_chapter(here, chapter)
    target = _open_chapter(here, form.line("hoofdstuk", 48) or chapter)
    place = form.line("na", 16)
    after = place if any(p.id == place for p in read_prose(here).chapter(target.slug)) else None
    made = actions.use_piece(here, form.line("sleutel", 200), target, after)
    return _to(
        here,
        target.slug,
        "klaar=toegevoegd",
        f"alinea-{made}" if target.slug != chapter else "nog-niet-verwerkt",
    )


@router.post("/{chapter}/laat-weg")
def leave_out(request: Request, here: Write, chapter: str, form: Sent) -> Response:
    found = _open_chapter(here, chapter)
    key, reason, note = (
        form.line("sleutel", 200),
        form.line("reden", 24),
        next(iter(form.raw("toelichting")), ""),
    )
    try:
        actions.leave_piece_out(here, key, reason, form.text("toelichting", limit=1000))
    except Invalid as problem:
        shown = pages.chapter_page(here, found, refused=(key, problem.message, reason, note))
        return page(
            request,
            "plan/pending.html",
            _shell(here, f"Nog niet verwerkt in hoofdstuk {found.number}"),
            shown,
            problem.status,
        )
    return _to(here, found.slug, "klaar=opgeslagen", "nog-niet-verwerkt")


@router.post("/{chapter}/toch-gebruiken")
def use_again(here: Write, chapter: str, form: Sent) -> Response:
    found = _open_chapter(here, chapter)
    key = form.line("sleutel", 200)
    if not any(r.key == key and r.chapter == found.slug for r in read_prose(here).left_out):
        raise NotFound
    prose.use_again(here, key)
    return _to(here, found.slug, "klaar=teruggezet", "nog-niet-verwerkt")


@router.post("/{chapter}/afgerond")
def finish(here: Write, chapter: str) -> Response:
    found = _open_chapter(here, chapter)
    mark_step(here, rules.STEP, "afgerond", found.slug)
    return _to(here, found.slug, "klaar=afgerond")


@router.post("/{chapter}/niet-afgerond")
def reopen(here: Write, chapter: str) -> Response:
    found = _open_chapter(here, chapter)
    unmark_step(here, rules.STEP, "afgerond", found.slug)
    return _to(here, found.slug, "klaar=geopend")


@router.post("/{chapter}/sluiten")
def close(here: Facilitate, chapter: str) -> Response:
    found = rules.get_chapter(here.pack, chapter)
    mark_step(here, rules.STEP, "gesloten", found.slug)
    return _to(here, found.slug, "klaar=gesloten")


@router.post("/{chapter}/openen")
def unclose(here: Facilitate, chapter: str) -> Response:
    found = rules.get_chapter(here.pack, chapter)
    unmark_step(here, rules.STEP, "gesloten", found.slug)
    return _to(here, found.slug, "klaar=geopend")
