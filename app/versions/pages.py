"""What the pages of versions show."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.content.pack import Chapter
from app.core.clock import date_text, when_text
from app.core.rendering import Link
from app.journey.gate import Here
from app.plan import rules
from app.prose.reading import read_prose
from app.versions import store
from app.versions.compare import ChapterBoth, compare_chapters
from app.versions.content import Content, content_of, unpacked
from app.versions.models import PlanVersion

NOW = "nu"


@dataclass(frozen=True)
class VersionLine:
    id: str
    label: str  # its name, or the day
    when: str
    named: bool
    url: str  # to read it


@dataclass(frozen=True)
class ListPage:
    versions: tuple[VersionLine, ...]
    options: tuple[tuple[str, str], ...]  # what can be compared: (id or 'nu', label), newest first
    url: str
    plan_url: str
    may_write: bool
    name: str = ""  # what was typed
    error: str = ""


@dataclass(frozen=True)
class ChapterView:
    chapter: Chapter
    both: ChapterBoth
    url: str
    may_put_back: bool
    put_back_url: str
    versions: dict[str, int]  # of the paragraphs that are there now, by id


@dataclass(frozen=True)
class ComparePage:
    heading: str
    lead: str
    older: str  # label
    newer: str
    chapters: tuple[ChapterView, ...]
    single: bool  # one version that is read, not two that are compared
    options: tuple[tuple[str, str], ...]
    chosen: tuple[str, str]
    url: str
    only_changes: bool
    switch: Link | None
    may_rename: bool
    rename_url: str
    name: str
    error: str = ""


def label_of(version: PlanVersion) -> str:
    return version.name or f"Eind van {date_text(version.day)}"


def _options(versions: list[PlanVersion]) -> tuple[tuple[str, str], ...]:
    return ((NOW, "Zoals het nu is"), *((v.id, label_of(v)) for v in versions))


def list_page(here: Here, name: str = "", error: str = "") -> ListPage:
    versions = store.list_versions(here.tx, here.journey)
    url = f"{here.url}/versies"
    return ListPage(
        versions=tuple(
            VersionLine(
                v.id,
                label_of(v),
                f"bewaard {when_text(v.at)}" + (f" door {here.seat_name(v.by_seat)}" if v.by_seat else ""),
                v.name != "",
                f"{url}/{v.id}",
            )
            for v in versions
        ),
        options=_options(versions),
        url=url,
        plan_url=f"{here.url}/plan",
        may_write=here.may_write_joint,
        name=name,
        error=error,
    )


def _content(here: Here, name: str) -> tuple[str, Content]:
    """Label and content of a version, or of the plan as it is now. Raises NotFound."""
    if name == NOW:
        return "Zoals het nu is", content_of(here.tx, here.journey)
    version = store.get_version(here.tx, here.journey, name)
    return label_of(version), unpacked(version.content)


def compare_page(here: Here, older: str, newer: str, only_changes: bool = True) -> ComparePage:
    """Two versions as one page; ids, or 'nu'. What can be put back is what the older one says."""
    (older_label, before), (newer_label, after) = _content(here, older), _content(here, newer)
    query = f"van={older}&naar={newer}"
    url = f"{here.url}/versies"
    return replace(
        _page(here, before, after, older if newer == NOW else ""),
        heading="Wat is er gewijzigd in het plan?",
        lead=f"Van ‘{older_label}’ naar ‘{newer_label}’.",
        older=older_label,
        newer=newer_label,
        chosen=(older, newer),
        only_changes=only_changes,
        switch=Link("Toon ook wat gelijk bleef", f"{url}/vergelijk?{query}&alles=1")
        if only_changes
        else Link("Toon alleen wat is gewijzigd", f"{url}/vergelijk?{query}"),
    )


def version_page(here: Here, version_id: str, name: str | None = None, error: str = "") -> ComparePage:
    """One version, to read."""
    version = store.get_version(here.tx, here.journey, version_id)
    content = unpacked(version.content)
    by = f" door {here.seat_name(version.by_seat)}" if version.by_seat else ""
    return replace(
        _page(here, content, content, ""),
        heading=label_of(version),
        lead=f"Zo stond het plan er op {date_text(version.day)}. Bewaard {when_text(version.at)}{by}.",
        single=True,
        may_rename=here.may_write_joint,
        rename_url=f"{here.url}/versies/{version.id}/naam",
        chosen=(version.id, NOW),
        name=version.name if name is None else name,
        error=error,
    )


def _page(here: Here, before: Content, after: Content, put_back: str) -> ComparePage:
    url = f"{here.url}/versies"
    current = {p.id: p.version for p in read_prose(here).all} if put_back else {}
    chapters = []
    for chapter in here.pack.chapters:
        both = compare_chapters(before.chapter(chapter.slug), after.chapter(chapter.slug))
        may = bool(put_back) and here.may_write_joint and not here.closed_text(rules.STEP, chapter.slug)
        chapters.append(
            ChapterView(
                chapter,
                both,
                f"{here.url}/plan/{chapter.slug}",
                may and both.changed,
                f"{url}/{put_back}/terugzetten",
                current,
            )
        )
    return ComparePage(
        heading="",
        lead="",
        older="",
        newer="",
        chapters=tuple(chapters),
        single=False,
        options=_options(store.list_versions(here.tx, here.journey)),
        chosen=("", ""),
        url=url,
        only_changes=False,
        switch=None,
        may_rename=False,
        rename_url="",
        name="",
    )
