"""Pages and saves of the checklists."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.answers.fields import after_save
from app.checklists import actions, pages, reading, rules, store
from app.checklists.models import Checklist
from app.conclusions.pages import beside_conclusion
from app.conclusions.rules import STEP
from app.content.pack import Conclusion
from app.core.errors import Invalid, NotFound
from app.core.fields import FieldView
from app.core.forms import Part, Saving, Sent, saved_answer
from app.core.rendering import Link, Shell, page, render
from app.core.text import counted
from app.core.turn import Router
from app.journey.gate import Gate, Here, View
from app.journey.pages import shell
from app.journey.rules import may_write_joint

router = Router(prefix=f"/trajecten/{{journey_id}}/{STEP}/{rules.PART}")
Write = Annotated[Here, Depends(Gate(may_write_joint, step=STEP))]


def lists_link(here: Here, conclusion: Conclusion) -> Link | None:
    """What stands at a chosen conclusion: its lists, and how far everybody is."""
    if not rules.has_lists(conclusion):
        return None
    mine = [s for s in reading.read_lists(here) if s.conclusion == conclusion.slug]
    told = "; ".join(f"{s.full_name}: {s.summary}" for s in mine)
    return Link("Lijsten met criteria", f"{here.url}/{STEP}/{rules.PART}", told or "nog geen lijst begonnen")


beside_conclusion(lists_link)


def _shell(here: Here, title: str, may: str = "") -> Shell:
    may = may or ("U vult dit samen in." if here.may_write_joint else "U leest mee.")
    return shell(here, title, STEP, audience=pages.SEEN, may=may)


def _to(here: Here, rest: str = "", query: str = "", anchor: str = "") -> Response:
    url = f"{here.url}/{STEP}/{rules.PART}{rest}"
    return RedirectResponse(f"{url}{'?' + query if query else ''}{'#' + anchor if anchor else ''}", 303)


# ---- lists ----


@router.get("")
def show_lists(request: Request, here: View) -> Response:
    return page(request, "checklists/index.html", _shell(here, "Lijsten met criteria"), pages.index_page(here))


@router.post("")
def start_list(request: Request, here: Write, form: Sent) -> Response:
    kept = {name: next(iter(form.raw(name)), "") for name in ("soort", "naam", "gemeente")}
    try:
        made = actions.start_list(here, form.line("soort", 100), form.line("naam"), form.line("gemeente", 16))
    except Invalid as problem:
        shown = pages.index_page(here, pages.Refused(kept, problem.fields or {"naam": problem.message}))
        return page(request, "checklists/index.html", _shell(here, "Lijsten met criteria"), shown, problem.status)
    return _to(here, f"/{made.id}/criteria", "klaar=toegevoegd")


@router.get("/{checklist_id}")
def show_progress(request: Request, here: View, checklist_id: str) -> Response:
    checklist = actions.get_live(here, checklist_id)
    shown = pages.progress_page(here, checklist)
    return page(request, "checklists/progress.html", _shell(here, checklist.name), shown)


@router.post("/{checklist_id}/veld/{column}")
def save_column(request: Request, here: Write, checklist_id: str, column: str, sent: Saving) -> Response:
    checklist = actions.get_live(here, checklist_id)
    if column not in rules.list_specs(reading.municipalities(here)):
        raise NotFound

    def drawn() -> FieldView:
        return pages.list_field(here, checklist, column)

    def save() -> FieldView:
        return after_save(drawn(), actions.change_list(here, checklist, column, sent.values, sent.version))

    back = f"{here.url}/{STEP}/{rules.PART}/{checklist.id}/criteria"
    return saved_answer(request, _shell(here, checklist.name), back, save, drawn, sent)


@router.post("/{checklist_id}/verwijderen")
def remove_list(here: Write, checklist_id: str) -> Response:
    actions.remove_list(here, store.get_checklist(here.tx, here.journey, checklist_id))
    return _to(here, query="klaar=verwijderd", anchor="weggehaald")


@router.post("/{checklist_id}/terugzetten")
def restore_list(request: Request, here: Write, checklist_id: str) -> Response:
    checklist = store.get_checklist(here.tx, here.journey, checklist_id)
    actions.restore_list(here, checklist)
    return _to(here, f"/{checklist.id}", "klaar=teruggezet")


# ---- criteria ----


def _added(fresh: int, double: int, one: str, many: str) -> str:
    """'7 criteria toegevoegd. 2 stonden er al.'; '' when nothing was said of it."""
    if not fresh and not double:
        return ""
    already = f" {double} {'stond' if double == 1 else 'stonden'} er al." if double else ""
    return f"{counted(fresh, one, many).capitalize()} toegevoegd.{already}"


@router.get("/{checklist_id}/criteria")
def show_criteria(
    request: Request, here: View, checklist_id: str, weg: str = "", erbij: int = 0, dubbel: int = 0
) -> Response:
    checklist = actions.get_live(here, checklist_id)
    told = _added(erbij, dubbel, "criterium", "criteria")
    shown = pages.criteria_page(here, checklist, removed=weg[:16], added=told)
    return page(request, "checklists/criteria.html", _shell(here, f"Criteria: {checklist.name}"), shown)


@router.post("/{checklist_id}/criteria")
def add_criteria(request: Request, here: Write, checklist_id: str, form: Sent) -> Response:
    checklist = actions.get_live(here, checklist_id)
    typed = next(iter(form.raw("regels")), "")
    try:
        added = actions.add_criteria(here, checklist, typed)
    except Invalid as problem:
        refused = pages.Refused({"regels": typed}, {"regels": problem.message})
        shown = pages.criteria_page(here, checklist, refused=refused)
        title = f"Criteria: {checklist.name}"
        return page(request, "checklists/criteria.html", _shell(here, title), shown, problem.status)
    return _to(here, f"/{checklist.id}/criteria", f"erbij={added.fresh}&dubbel={added.double}", "criteria")


@router.post("/{checklist_id}/criteria/{criterion_id}/tekst")
def save_criterion(request: Request, here: Write, checklist_id: str, criterion_id: str, sent: Saving) -> Response:
    checklist = actions.get_live(here, checklist_id)
    criterion = store.get_criterion(here.tx, checklist, criterion_id)

    def drawn() -> FieldView:
        return pages.criterion_field(here, checklist, criterion)

    def save() -> FieldView:
        saved = actions.change_criterion(here, checklist, criterion, sent.values, sent.version)
        return after_save(drawn(), saved)

    back = f"{here.url}/{STEP}/{rules.PART}/{checklist.id}/criteria#criterium-{criterion.id}"
    return saved_answer(request, _shell(here, checklist.name), back, save, drawn, sent)


@router.post("/{checklist_id}/criteria/{criterion_id}/verwijderen")
def remove_criterion(here: Write, checklist_id: str, criterion_id: str) -> Response:
    checklist = actions.get_live(here, checklist_id)
    actions.remove_criterion(here, checklist, store.get_criterion(here.tx, checklist, criterion_id))
    return _to(here, f"/{checklist.id}/criteria", f"weg={criterion_id}", "weg")


@router.post("/{checklist_id}/criteria/{criterion_id}/terugzetten")
def restore_criterion(here: Write, checklist_id: str, criterion_id: str) -> Response:
    checklist = actions.get_live(here, checklist_id)
    actions.restore_criterion(here, checklist, store.get_criterion(here.tx, checklist, criterion_id))
    return _to(here, f"/{checklist.id}/criteria", "klaar=teruggezet", f"criterium-{criterion_id}")


@router.post("/{checklist_id}/criteria/{criterion_id}/omhoog")
def move_up(here: Write, checklist_id: str, criterion_id: str) -> Response:
    return _move(here, checklist_id, criterion_id, -1)


@router.post("/{checklist_id}/criteria/{criterion_id}/omlaag")
def move_down(here: Write, checklist_id: str, criterion_id: str) -> Response:
    return _move(here, checklist_id, criterion_id, 1)


def _move(here: Here, checklist_id: str, criterion_id: str, steps: int) -> Response:
    checklist = actions.get_live(here, checklist_id)
    actions.move_criterion(here, checklist, store.get_criterion(here.tx, checklist, criterion_id), steps)
    return _to(here, f"/{checklist.id}/criteria", anchor=f"criterium-{criterion_id}")


# ---- schools and organisations ----


@router.get("/{checklist_id}/scholen")
def show_institutions(
    request: Request, here: View, checklist_id: str, weg: str = "", erbij: int = 0, dubbel: int = 0
) -> Response:
    checklist = actions.get_live(here, checklist_id)
    told = _added(erbij, dubbel, "school of organisatie", "scholen en organisaties")
    shown = pages.institutions_page(here, checklist, removed=weg[:16], added=told)
    return page(request, "checklists/institutions.html", _institutions_shell(here, checklist), shown)


def _institutions_shell(here: Here, checklist: Checklist) -> Shell:
    may = "U noemt de scholen van alle partijen." if here.may_set_up else ""
    if here.party and here.may_write_joint and not here.may_set_up:
        may = f"U noemt de scholen en organisaties van {here.party.name}."
    return _shell(here, f"Scholen en organisaties: {checklist.name}", may)


def _refused_institutions(
    request: Request, here: Here, checklist: Checklist, refused: pages.Refused, problem: Invalid
) -> Response:
    shown = pages.institutions_page(here, checklist, refused=refused)
    return page(request, "checklists/institutions.html", _institutions_shell(here, checklist), shown, problem.status)


@router.post("/{checklist_id}/scholen")
def add_institutions(request: Request, here: Write, checklist_id: str, form: Sent) -> Response:
    checklist = actions.get_live(here, checklist_id)
    typed, party_id = next(iter(form.raw("regels")), ""), form.line("partij", 16)
    try:
        if not party_id:
            raise Invalid("Kies eerst bij welke partij deze scholen horen.")
        added = actions.add_institutions(here, checklist, here.get_party(party_id), typed)
    except Invalid as problem:
        refused = pages.Refused({"regels": typed, "partij": party_id}, {"regels": problem.message})
        return _refused_institutions(request, here, checklist, refused, problem)
    return _to(here, f"/{checklist.id}/scholen", f"erbij={added.fresh}&dubbel={added.double}", "scholen")


@router.post("/{checklist_id}/scholen/overnemen")
def copy_institutions(request: Request, here: Write, checklist_id: str, form: Sent) -> Response:
    checklist = actions.get_live(here, checklist_id)
    other = actions.get_live(here, form.line("lijst", 16))
    try:
        fresh = actions.copy_institutions(here, checklist, other)
    except Invalid as problem:
        return _refused_institutions(request, here, checklist, pages.Refused({}, {"regels": problem.message}), problem)
    return _to(here, f"/{checklist.id}/scholen", f"erbij={fresh}" if fresh else "klaar=opgeslagen", "scholen")


@router.post("/{checklist_id}/scholen/uit-register")
def add_schools(request: Request, here: Write, checklist_id: str, form: Sent) -> Response:
    checklist = actions.get_live(here, checklist_id)
    try:
        fresh = actions.add_schools(here, checklist, here.get_party(form.line("partij", 16)))
    except Invalid as problem:
        return _refused_institutions(request, here, checklist, pages.Refused({}, {"regels": problem.message}), problem)
    return _to(here, f"/{checklist.id}/scholen", f"erbij={fresh}" if fresh else "klaar=opgeslagen", "scholen")


@router.get("/{checklist_id}/scholen/{institution_id}")
def show_institution(request: Request, here: View, checklist_id: str, institution_id: str) -> Response:
    checklist = actions.get_live(here, checklist_id)
    shown = pages.institution_page(here, checklist, institution_id)
    may = f"U vult dit in voor {shown.party.name}." if shown.may_write else "U leest mee."
    return page(request, "checklists/institution.html", _shell(here, shown.institution.name, may), shown)


@router.post("/{checklist_id}/scholen/{institution_id}/naam")
def rename_institution(request: Request, here: Write, checklist_id: str, institution_id: str, sent: Saving) -> Response:
    checklist = actions.get_live(here, checklist_id)
    institution = store.get_institution(here.tx, checklist, institution_id)

    def drawn() -> FieldView:
        return pages.institution_field(here, checklist, institution)

    def save() -> FieldView:
        saved = actions.rename_institution(here, checklist, institution, sent.values, sent.version)
        return after_save(drawn(), saved)

    back = f"{here.url}/{STEP}/{rules.PART}/{checklist.id}/scholen#school-{institution.id}"
    return saved_answer(request, _shell(here, checklist.name), back, save, drawn, sent)


@router.post("/{checklist_id}/scholen/{institution_id}/verwijderen")
def remove_institution(here: Write, checklist_id: str, institution_id: str) -> Response:
    checklist = actions.get_live(here, checklist_id)
    actions.remove_institution(here, checklist, store.get_institution(here.tx, checklist, institution_id))
    return _to(here, f"/{checklist.id}/scholen", f"weg={institution_id}", "weg")


@router.post("/{checklist_id}/scholen/{institution_id}/terugzetten")
def restore_institution(here: Write, checklist_id: str, institution_id: str) -> Response:
    checklist = actions.get_live(here, checklist_id)
    actions.restore_institution(here, checklist, store.get_institution(here.tx, checklist, institution_id))
    return _to(here, f"/{checklist.id}/scholen", "klaar=teruggezet", f"school-{institution_id}")


@router.post("/{checklist_id}/scholen/{institution_id}/{criterion_id}/{column}")
def save_progress(
    request: Request,
    here: Write,
    checklist_id: str,
    institution_id: str,
    criterion_id: str,
    column: str,
    sent: Saving,
) -> Response:
    if column not in rules.PROGRESS:
        raise NotFound
    checklist = actions.get_live(here, checklist_id)
    institution = store.get_institution(here.tx, checklist, institution_id)
    criterion = store.get_criterion(here.tx, checklist, criterion_id)

    def drawn() -> FieldView:
        return pages.progress_field(here, checklist, institution, criterion, column)

    def save() -> FieldView:
        saved = actions.save_progress(here, checklist, institution, criterion, column, sent.values, sent.version)
        return after_save(drawn(), saved)

    def parts() -> list[Part]:
        told = pages.stand_now(here, checklist, institution)
        return [Part("stand", render("checklists/_stand.html", stand=told))] if column == "state" else []

    back = f"{here.url}/{STEP}/{rules.PART}/{checklist.id}/scholen/{institution.id}#criterium-{criterion.id}"
    return saved_answer(request, _shell(here, institution.name), back, save, drawn, sent, parts)
