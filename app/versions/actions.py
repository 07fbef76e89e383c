"""The verbs of versions: keep one, give it a name, put back what stood there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from app.answers.actions import save_column
from app.content.pack import Chapter
from app.core.clock import NL, aware, today
from app.core.errors import Invalid, NotFound, Stale, Theirs, require_room
from app.journey.events import record
from app.journey.gate import Here, before_write
from app.journey.models import Journey
from app.plan import actions as plan
from app.plan import reading, rules
from app.plan.rows import KINDS
from app.prose import actions as prose
from app.prose.actions import Kept
from app.prose.reading import read_prose
from app.versions import store
from app.versions.content import ChapterThen, Text, content_of, packed, unpacked
from app.versions.models import PlanVersion

MOST_NAMED = 200
MOST_REMEMBERED = 10_000
_busy_today: dict[str, date] = {}  # journeys whose plan changed today, committed: nothing is left to keep of before
NAME = 120  # characters


def keep_yesterday(tx: Session, journey: Journey) -> None:
    """Before the first change of a day: keeps the plan as the last day with changes left it. Does nothing when that day
    was kept already, or when nothing ever changed."""
    if _busy_today.get(journey.id) == today():
        return
    last = store.find_last_change(tx, journey, rules.STEP)
    if last is None:
        return
    day = aware(last.at).astimezone(NL).date()
    if day >= today():
        if len(_busy_today) > MOST_REMEMBERED:
            _busy_today.clear()
        _busy_today[journey.id] = today()
    elif store.find_last_day(tx, journey) != day:
        store.hold(tx, journey)  # another process may be keeping it at this moment
        if store.find_last_day(tx, journey) != day:
            _keep(tx, journey, day)


before_write(rules.STEP, keep_yesterday)


def name_version(here: Here, name: str) -> PlanVersion:
    """Keeps the plan as it now stands under a name. Raises Invalid without a name, or with one that is known."""
    _checked(here, name)
    require_room(sum(v.name != "" for v in store.list_versions(here.tx, here.journey)), MOST_NAMED, "versies", "naam")
    last = store.find_last_change(here.tx, here.journey, rules.STEP)
    day = aware(last.at).astimezone(NL).date() if last else today()
    version = _keep(here.tx, here.journey, day, name, here.seat.id)
    record(here, "version_named", step=rules.STEP)
    return version


def rename(here: Here, version_id: str, name: str) -> PlanVersion:
    """Gives a version (also one of a day) another name."""
    version = store.get_version(here.tx, here.journey, version_id)
    if name != version.name:
        _checked(here, name)
        version.name, version.by_seat = name, version.by_seat or here.seat.id
        here.tx.add(version)
        here.tx.flush()
        record(here, "version_named", step=rules.STEP)
    return version


def _checked(here: Here, name: str) -> None:
    sentence = ""
    if not name:
        sentence = "Geef deze versie een naam, bijvoorbeeld ‘Versie voor het overleg van 12 maart’."
    elif len(name) > NAME:
        sentence = f"Deze naam is te lang: er passen {NAME} tekens."
    elif any(v.name == name for v in store.list_versions(here.tx, here.journey)):
        sentence = "Er is al een versie met deze naam. Kies een andere naam."
    if sentence:
        raise Invalid(sentence, {"naam": sentence})


def _keep(tx: Session, journey: Journey, day: date, name: str = "", seat_id: str = "") -> PlanVersion:
    version = PlanVersion(
        tenant_id=journey.tenant_id,
        journey_id=journey.id,
        name=name,
        day=day,
        by_seat=seat_id,
        content=packed(content_of(tx, journey)),
    )
    tx.add(version)
    tx.flush()
    return version


def put_text_back(here: Here, version_id: str, paragraph_id: str, seen: int) -> str:
    """Gives a paragraph the text of that version, as a new change; one that was removed comes back.

    `seen` is the version of the paragraph that the page showed. Raises NotFound, Closed, and Stale when somebody
    changed it meanwhile. Returns the slug of its chapter.
    """
    content = unpacked(store.get_version(here.tx, here.journey, version_id).content)
    for then in content.chapters:
        for text in then.texts:
            if text.id == paragraph_id:
                here.require_open(rules.STEP, then.slug)
                paragraph = next((p for p in read_prose(here).all if p.id == paragraph_id), None)
                if paragraph is not None and paragraph.version != seen:
                    who = here.seat_name(paragraph.saved_by) if paragraph.saved_by else "iemand anders"
                    raise Stale(text.text, Theirs(paragraph.text, paragraph.version, who, ""))
                now_there = [Kept(p.id, p.kind, p.text, p.rich) for p in read_prose(here).chapter(then.slug)]
                prose.put_back(here, then.slug, _with(now_there, then, text))
                record(here, "paragraph_put_back", step=rules.STEP, part=then.slug, ref=paragraph_id)
                return then.slug
    raise NotFound


def _with(now_there: Sequence[Kept], then: ChapterThen, text: Text) -> list[Kept]:
    """The chapter of now with this one paragraph of then: in its place, or behind what stood before it."""
    kept = Kept(text.id, text.kind, text.text, text.rich)
    if any(p.id == text.id for p in now_there):
        return [kept if p.id == text.id else p for p in now_there]
    before = [t.id for t in then.texts[: then.texts.index(text)]]
    place = max((i + 1 for i, p in enumerate(now_there) if p.id in before), default=0)
    return [*now_there[:place], kept, *now_there[place:]]


def put_chapter_back(here: Here, version_id: str, chapter: Chapter) -> PlanVersion:
    """Makes a chapter read as it did, as new changes: texts, goals, duties, steps and budget lines. What was added
    since is taken out, and can be put back like anything that was removed. How it stood before is kept as a version."""
    here.require_open(rules.STEP, chapter.slug)
    version = store.get_version(here.tx, here.journey, version_id)
    before = _keep(here.tx, here.journey, today(), _free_name(here, chapter), here.seat.id)
    then = unpacked(version.content).chapter(chapter.slug)
    prose.put_back(here, then.slug, [Kept(t.id, t.kind, t.text, t.rich) for t in then.texts])
    _put_rows_back(here, then)
    here.tx.flush()
    record(here, "chapter_put_back", step=rules.STEP, part=chapter.slug)
    return before


def _free_name(here: Here, chapter: Chapter) -> str:
    known = {v.name for v in store.list_versions(here.tx, here.journey)}
    name, number = f"Vóór het terugzetten van hoofdstuk {chapter.number}", 1
    while (full := name if number == 1 else f"{name} ({number})") in known:
        number += 1
    return full


def _put_rows_back(here: Here, then: ChapterThen) -> None:
    chapter = next(c for c in here.pack.chapters if c.slug == then.slug)
    for kind in KINDS.values():
        if kind.chapter_kind != chapter.kind:
            continue
        wanted = {r.id: r for r in then.rows if r.kind == kind.name}
        for row in reading.rows_of(here, kind.name).all:
            if row.id not in wanted:
                if row.removed_at is None:
                    plan.remove_row(here, kind, row)
                continue
            if row.removed_at is not None:
                plan.restore_row(here, kind, row)
            specs = kind.specs(here.pack, here.parties, reading.rows_of(here, "doel").live)
            versions = reading.rows_of(here, kind.name).versions
            for name, value in wanted[row.id].columns.items():
                known = versions.get((row.id, name))
                if name in specs:
                    values = value.split() if specs[name].kind == "many" else [value]
                    save_column(here, row, name, specs[name], values, known.version if known else 0)
            reading.forget_rows(here, kind.name)
