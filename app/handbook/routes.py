"""The handbook, for everybody."""

from fastapi import Request
from fastapi.responses import FileResponse, Response

from app.core.rendering import page
from app.core.settings import Settings
from app.core.turn import Router
from app.handbook import pages
from app.journey.gate import Visitor
from app.journey.pages import outside_shell

router = Router()


@router.get("/handleiding")
def contents(request: Request, person: Visitor) -> Response:
    return chapter(request, person, "")


@router.get("/handleiding/{name}")
def chapter(request: Request, person: Visitor, name: str) -> Response:
    settings: Settings = request.app.state.settings
    shown = pages.handbook_page(name)
    return page(request, "handbook/page.html", outside_shell(settings, shown.chapter.title, person), shown)


@router.get("/handleiding/beeld/{name}")
def picture(name: str) -> Response:
    headers = {"cache-control": "public, max-age=300"}
    return FileResponse(pages.picture(name), media_type="image/png", headers=headers)
