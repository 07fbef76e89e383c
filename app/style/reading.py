"""What the house style of a gemeente gives to pages and to paper."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.style import store
from app.style.models import HouseStyle


@dataclass(frozen=True)
class PaperStyle:
    """`theme` is css for a document; the logo is its kind and bytes, None when there is none."""

    theme: str = ""
    logo: tuple[str, bytes] | None = None
    alt: str = ""


def look_of(tx: Session, tenant_id: str) -> dict[str, str]:
    """What the style in use adds to every `Shell`; empty when this gemeente has none. The addresses change with what
    they show, so a browser may keep it."""
    found = store.find_look(tx, tenant_id)
    return _look(tenant_id, *found) if found else {}


def look_offered(style: HouseStyle) -> dict[str, str]:
    """The same for a style that is only being looked at."""
    return _look(style.tenant_id, style.mark, bool(style.theme_css), style.logo_kind, style.logo_alt)


def _look(tenant_id: str, mark: str, themed: bool, logo_kind: str, alt: str) -> dict[str, str]:
    url, made = f"/huisstijl/{tenant_id}/{mark}", {}
    if themed:
        made["theme_css"] = f"{url}/theme.css"
    if logo_kind:
        made |= {"logo_url": f"{url}/logo", "logo_alt": alt}
    return made


def paper_of(tx: Session, tenant_id: str) -> PaperStyle | None:
    """The style in use, for a document; None when this gemeente has none."""
    found = store.find_taken(tx, tenant_id)
    return paper_style(found) if found else None


def paper_style(style: HouseStyle) -> PaperStyle:
    from app.style.theme import for_paper  # only a document needs it, and no start

    logo = (style.logo_kind, style.logo) if style.logo_kind else None
    return PaperStyle(for_paper(style.theme_css), logo, style.logo_alt)
