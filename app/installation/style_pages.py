"""What the pages of the house style show, and the sample that somebody looks at before taking a style over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.core.clock import date_text, now
from app.core.settings import Settings
from app.core.text import capital
from app.document.blocks import Chapter, Document, Fact, Heading, Para
from app.document.facts import iso
from app.document.pages import paper_html
from app.document.press import with_usual
from app.installation.pages import URL
from app.people.models import Tenant
from app.people.rules import full_name
from app.style.actions import get_offered
from app.style.models import HouseStyle
from app.style.reading import PaperStyle, look_offered, paper_style
from app.style.store import find_offered, find_taken


@dataclass(frozen=True)
class StyleView:
    """A house style in words. `values` is how many tokens its theme sets."""

    values: int
    logo_url: str
    logo_alt: str
    since: str
    mark: str


@dataclass(frozen=True)
class StylePage:
    title: str
    url: str
    back: str
    taken: StyleView | None
    offered: StyleView | None
    alt: str
    wrong: Mapping[str, tuple[str, ...]]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Of a field with more than one sentence only that there are: they stand at the field."""
        more = "Met deze kleuren is niet alles goed te lezen, of het bestand klopt niet. Bij het veld staat wat."
        return [(name, said[0] if len(said) == 1 else more) for name, said in self.wrong.items()]


def style_page(tx: Session, tenant: Tenant, wrong: Mapping[str, str], alt: str = "") -> StylePage:
    """`wrong` holds one or more lines per field; `alt` is what was typed with a logo that was refused."""
    taken, offered = find_taken(tx, tenant.id), find_offered(tx, tenant.id)
    last = offered or taken
    return StylePage(
        title=f"Huisstijl van {full_name(tenant)}",
        url=f"{URL}/{tenant.id}/huisstijl",
        back=f"{URL}/{tenant.id}",
        taken=_view(taken),
        offered=_view(offered),
        alt=alt or (last.logo_alt if last and last.logo_alt else capital(full_name(tenant))),
        wrong={name: tuple(text.split("\n")) for name, text in wrong.items()},
    )


def _view(style: HouseStyle | None) -> StyleView | None:
    if style is None:
        return None
    look = look_offered(style)
    moment = style.taken_at or style.offered_at
    values = style.theme_css.count("\n  --")
    return StyleView(values, look.get("logo_url", ""), style.logo_alt, date_text(moment), style.mark)


@dataclass(frozen=True)
class SamplePage:
    title: str
    back: str
    name: str


def sample_page(tx: Session, tenant: Tenant) -> SamplePage:
    """Raises Gone when there is nothing to look at."""
    get_offered(tx, tenant.id)
    return SamplePage("Voorbeeld van de huisstijl", f"{URL}/{tenant.id}/huisstijl", capital(full_name(tenant)))


def sample_look(tx: Session, tenant: Tenant) -> dict[str, str]:
    return look_offered(get_offered(tx, tenant.id))


def sample_paper(tx: Session, settings: Settings, tenant: Tenant) -> tuple[str, PaperStyle]:
    """The cover and one page of a made-up plan, as HTML, and the style to print it in. Raises Gone."""
    style, moment, place = paper_style(get_offered(tx, tenant.id)), now(), capital(full_name(tenant))
    doc = Document(
        title="Voorbeeld van een plan van aanpak",
        place=place,
        subtitle="Zo ziet een document in deze huisstijl eruit",
        status="Voorbeeld",
        period="",
        dated=date_text(moment),
        iso=iso(moment),
        author=place,
        colophon=(Fact("Versie", "Dit is een voorbeeld. Er staat niets in van een traject."),),
        chapters=(
            Chapter(
                "hoofdstuk-1",
                "Zo ziet een hoofdstuk eruit",
                (
                    Para("Dit is gewone tekst. Zij moet goed te lezen zijn, ook op papier."),
                    Heading("Een kopje"),
                    Para("Onder een kopje staat weer tekst."),
                ),
                mark="1",
            ),
        ),
    )
    style = with_usual(settings, style)
    return paper_html(doc, style), style
