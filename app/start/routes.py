"""The front page and everything that can be read without changing anything."""

from fastapi import Request
from fastapi.responses import FileResponse, PlainTextResponse, Response
from sqlalchemy import text

from app.content.cover import read_cover
from app.core.errors import NotFound
from app.core.rendering import page
from app.core.settings import Settings
from app.core.turn import Router, Tx
from app.journey.gate import Visitor
from app.journey.packs import installed_pack
from app.journey.pages import outside_shell
from app.people.rules import may_manage
from app.start import pages
from app.style.store import find_marked

router = Router()
PICTURE = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}  # a logo colours itself


@router.get("/")
def front(request: Request, tx: Tx, person: Visitor) -> Response:
    settings: Settings = request.app.state.settings
    shown = pages.start_page(tx, read_cover(settings.content_dir), person, request.app.state.examples)
    return page(request, "start/front.html", outside_shell(settings, shown.title, person), shown)


@router.get("/over")
def about(request: Request, person: Visitor) -> Response:
    settings: Settings = request.app.state.settings
    shown = pages.about_page(installed_pack(settings.content_dir))
    return page(request, "start/about.html", outside_shell(settings, "Over Driekolom", person), shown)


@router.get("/privacy")
def privacy(request: Request, person: Visitor) -> Response:
    settings: Settings = request.app.state.settings
    shown = pages.PrivacyPage(settings.session_hours, settings.link_days, settings.local, settings.person_months)
    return page(request, "start/privacy.html", outside_shell(settings, "Uw gegevens", person), shown)


@router.get("/huisstijl/{name}")
def house_style_file(request: Request, name: str) -> Response:
    """The look of the gemeente. Only the two files of the settings, whatever the address says."""
    settings: Settings = request.app.state.settings
    path = {"theme.css": settings.theme_css, "logo": settings.logo}.get(name, "")
    if not path:
        raise NotFound
    kind = "text/css" if name == "theme.css" else ("image/svg+xml" if path.endswith(".svg") else "image/png")
    return FileResponse(path, media_type=kind, headers={"cache-control": "public, max-age=300"})


@router.get("/huisstijl/{tenant_id}/{mark}/{name}")
def own_house_style_file(tx: Tx, person: Visitor, tenant_id: str, mark: str, name: str) -> Response:
    """The theme or the logo of one gemeente. What is only being looked at is for who manages the installation."""
    found = find_marked(tx, tenant_id, mark)
    if found is None or (found.taken_at is None and not (person and may_manage(person))):
        raise NotFound
    files = {"theme.css": (found.theme_css.encode(), "text/css"), "logo": (found.logo, found.logo_kind)}
    body, kind = files.get(name, (b"", ""))
    if not body:
        raise NotFound
    keep = "public, max-age=31536000, immutable" if found.taken_at else "no-store"
    return Response(body, media_type=kind, headers={"cache-control": keep, **({} if name == "theme.css" else PICTURE)})


@router.get("/gezond")
def healthy(tx: Tx) -> Response:
    tx.exec(text("SELECT 1"))  # type: ignore[call-overload]
    return PlainTextResponse("goed")


@router.get("/-/onderdelen")
def catalogue(request: Request) -> Response:
    settings: Settings = request.app.state.settings
    if not settings.local:
        raise NotFound
    picture = pages.columns_picture(read_cover(settings.content_dir))
    return page(request, "catalogue/index.html", outside_shell(settings, "Onderdelen"), picture)
