"""Pages and verbs of the remarks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import Invalid, Refusal, Stale
from app.core.forms import Sent
from app.core.rendering import Shell, page
from app.core.turn import Router
from app.journey.gate import Gate, Here, View
from app.journey.pages import kept_page, shell
from app.journey.rules import may_decide, may_remark
from app.remarks import actions, pages
from app.remarks.models import Remark
from app.remarks.pages import Typed
from app.remarks.store import get_remark
from app.remarks.subjects import Subject, get_subject

router = Router(prefix="/trajecten/{journey_id}/opmerkingen")
Say = Annotated[Here, Depends(Gate(may_remark))]
Decide = Annotated[Here, Depends(Gate(may_decide))]
FAR_TOO_LONG = 100_000  # characters: what is longer than it may be comes back with a sentence, up to here


@router.get("")
def show_all(request: Request, here: View, toon: str = "") -> Response:
    def make() -> tuple[Shell, pages.AllPage]:
        return shell(here, "Opmerkingen"), pages.all_page(here, toon == "alles")

    return kept_page(request, here, "remarks/all.html", make)


@router.get("/bij/{key:path}")
def show(request: Request, here: View, key: str, opmerking: str = "") -> Response:
    return _subject(request, here, get_subject(here, key), shown=opmerking[:16])


@router.post("/bij/{key:path}")
def place(request: Request, here: Say, key: str, form: Sent) -> Response:
    text, about = form.text("opmerking", limit=FAR_TOO_LONG), form.line("over", 20)
    try:
        remark = actions.place(here, key, text, about)
    except Invalid as problem:
        typed = Typed("opmerking", text, about=about, error=problem.message)
        return _subject(request, here, get_subject(here, key), typed=typed, status=problem.status)
    return _to(here, remark, "toegevoegd")


@router.post("/voorstel/{field}/{key:path}")
def propose(request: Request, here: Say, field: str, key: str, form: Sent) -> Response:
    text, why = form.text("voorstel", limit=FAR_TOO_LONG), form.text("opmerking", limit=FAR_TOO_LONG)
    try:
        remark = actions.propose(here, key, field, text, why)
    except Invalid as problem:
        typed = Typed(f"voorstel/{field}", text, why, error=problem.message)
        return _subject(request, here, get_subject(here, key), typed=typed, status=problem.status)
    return _to(here, remark, "toegevoegd")


@router.post("/{remark_id}/antwoord")
def answer(request: Request, here: Say, remark_id: str, form: Sent) -> Response:
    text = form.text("opmerking", limit=FAR_TOO_LONG)
    try:
        remark = actions.answer(here, remark_id, text)
    except Invalid as problem:
        return _again(request, here, remark_id, problem, text)
    return _to(here, remark, "toegevoegd")


@router.post("/{remark_id}/afhandelen")
def settle(request: Request, here: Say, remark_id: str) -> Response:
    try:
        return _to(here, actions.settle(here, remark_id), "opgeslagen")
    except Invalid as problem:
        return _again(request, here, remark_id, problem)


@router.post("/{remark_id}/heropenen")
def take_up(request: Request, here: Say, remark_id: str) -> Response:
    try:
        return _to(here, actions.take_up(here, remark_id), "opgeslagen")
    except Invalid as problem:
        return _again(request, here, remark_id, problem)


@router.post("/{remark_id}/intrekken")
def withdraw(request: Request, here: Say, remark_id: str) -> Response:
    try:
        remark = actions.withdraw(here, remark_id)
    except Invalid as problem:
        return _again(request, here, remark_id, problem)
    subject = get_subject(here, remark.subject)
    return RedirectResponse(f"{subject.page}?klaar=verwijderd#{subject.anchor}", 303)


@router.post("/{remark_id}/overnemen")
def take_over(request: Request, here: Decide, remark_id: str, form: Sent) -> Response:
    try:
        return _to(here, actions.take_over(here, remark_id, form.number("versie", -1)), "opgeslagen")
    except (Invalid, Stale) as problem:
        return _again(request, here, remark_id, problem)


@router.post("/{remark_id}/afwijzen")
def decline(here: Decide, remark_id: str) -> Response:
    return _to(here, actions.decline(here, remark_id), "opgeslagen")


def _to(here: Here, remark: Remark, done: str) -> Response:
    url, _, anchor = actions.place_of(here, remark).partition("#")
    return RedirectResponse(f"{url}{'&' if '?' in url else '?'}klaar={done}#{anchor}", 303)


def _again(request: Request, here: Here, remark_id: str, problem: Refusal, text: str = "") -> Response:
    """The page of the thing that the remark is about, with what was refused."""
    remark = get_remark(here.tx, here.journey, remark_id)
    first = remark.reply_to or remark.id
    typed = Typed(first, text, error=problem.message)
    return _subject(request, here, get_subject(here, remark.subject), first, typed, problem.status)


def _subject(
    request: Request, here: Here, subject: Subject, shown: str = "", typed: Typed | None = None, status: int = 200
) -> Response:
    frame = shell(here, f"Opmerkingen bij {subject.title}", subject.step)
    return page(request, "remarks/subject.html", frame, pages.subject_page(here, subject, shown, typed), status)
