"""Pages and verbs of versions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import Invalid, Stale
from app.core.forms import Sent
from app.core.rendering import page
from app.core.turn import Router
from app.journey.gate import Gate, Here, View
from app.journey.pages import shell
from app.journey.rules import may_write_joint
from app.plan import rules
from app.versions import actions, pages

router = Router(prefix="/trajecten/{journey_id}/versies")
Write = Annotated[Here, Depends(Gate(may_write_joint, step=rules.STEP))]


@router.get("")
def show_list(request: Request, here: View) -> Response:
    return _list(request, here)


def _list(request: Request, here: Here, name: str = "", error: str = "", status: int = 200) -> Response:
    frame = shell(here, "Versies van het plan", rules.STEP)
    return page(request, "versions/list.html", frame, pages.list_page(here, name, error), status)


@router.get("/vergelijk")
def compare(request: Request, here: View, van: str = pages.NOW, naar: str = pages.NOW, alles: str = "") -> Response:
    found = pages.compare_page(here, van[:16], naar[:16], only_changes=not alles)
    return _compare(request, here, found)


def _compare(request: Request, here: Here, found: pages.ComparePage, status: int = 200) -> Response:
    return page(request, "versions/compare.html", shell(here, found.heading, rules.STEP), found, status)


@router.post("")
def keep(request: Request, here: Write, form: Sent) -> Response:
    name = form.line("naam", 10_000)
    try:
        actions.name_version(here, name)
    except Invalid as problem:
        return _list(request, here, name, problem.fields.get("naam", problem.message), problem.status)
    return RedirectResponse(f"{here.url}/versies?klaar=opgeslagen", 303)


@router.get("/{version_id}")
def show(request: Request, here: View, version_id: str) -> Response:
    return _compare(request, here, pages.version_page(here, version_id))


@router.post("/{version_id}/naam")
def rename(request: Request, here: Write, version_id: str, form: Sent) -> Response:
    name = form.line("naam", 10_000)
    try:
        actions.rename(here, version_id, name)
    except Invalid as problem:
        return _compare(request, here, pages.version_page(here, version_id, name, problem.message), problem.status)
    return RedirectResponse(f"{here.url}/versies/{version_id}?klaar=opgeslagen", 303)


@router.post("/{version_id}/terugzetten/alinea/{paragraph_id}")
def put_text_back(request: Request, here: Write, version_id: str, paragraph_id: str, form: Sent) -> Response:
    try:
        chapter = actions.put_text_back(here, version_id, paragraph_id, form.number("versie", -1))
    except Stale as problem:
        found = pages.compare_page(here, version_id, pages.NOW)
        sentence = f"{problem.message} Er is niets teruggezet. Hieronder staat de tekst van nu."
        return _compare(request, here, pages.replace(found, error=sentence), problem.status)
    return RedirectResponse(f"{here.url}/plan/{chapter}?klaar=teruggezet#alinea-{paragraph_id}", 303)


@router.post("/{version_id}/terugzetten/{chapter}")
def put_chapter_back(here: Write, version_id: str, chapter: str) -> Response:
    found = rules.get_chapter(here.pack, chapter)
    actions.put_chapter_back(here, version_id, found)
    return RedirectResponse(f"{here.url}/plan/{found.slug}?klaar=teruggezet", 303)
