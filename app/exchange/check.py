"""Is this a journey? Everything in the file is looked at before anything is written.

`check` gives the rows as they will stand in the database, with new ids, or raises `Wrong` with place and reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.content.load import ContentError, pack_from_json, pack_problems
from app.content.pack import Pack
from app.core.errors import Invalid
from app.core.fields import Spec, checked
from app.core.ids import new_id
from app.core.text import MAX_LINE, MAX_TEXT
from app.exchange.fields import CHOSEN, answer_fields, joint_fields
from app.exchange.kinds import Book, Wrong, first, string
from app.exchange.parse import NOT_A_JOURNEY
from app.exchange.sheets import (
    ALL,
    FORMAT,
    JOURNEY,
    MUST,
    SCOPES,
    SHEETS,
    VERSION,
    VERSION_COLUMNS,
    VERSIONS_LIST,
    WITH_VERSIONS,
    Column,
    Sheet,
)
from app.journey.models import Party
from app.plan.rows import KINDS
from app.plan.rules import STEP as PLAN
from app.plan.subjects import PARAGRAPH
from app.screening.rules import STEP as SCREENING
from app.screening.subjects import KIND as POINT

TOP = ("format", "version", "reikwijdte", "inhoud", JOURNEY.name, *(s.name for s in SHEETS), VERSIONS_LIST)
# The usual pack is a fifth of this at most. Every theme, chapter and conclusion asks something of every party or
# agreement: a small file with thousands of each would ask for all memory there is.
MOST_PACK = 4_000_000  # characters
MOST_IN_PACK = 50_000  # values
MOST_IN_LIST = 1_000
MOST_ASKING = 60
ASKING = ("themes", "chapters", "conclusions", "party_kinds", "columns", "sectors")
MOST_VERSIONS = 200_000


@dataclass
class Checked:
    """A journey as it will be stored, but for the tenant. `rows` are by the name of their list."""

    scope: str
    pack: Pack
    id: str
    journey: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)


def check(found: Any) -> Checked:
    """Raises Wrong for the first thing that is not right."""
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Wrong(NOT_A_JOURNEY, "format" if isinstance(found, dict) else "bestand")
    version = found.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise Wrong("hier hoort het nummer van de versie", "version")
    if version > VERSION:
        raise Wrong(
            f"dit bestand is gemaakt met een nieuwere Driekolom (versie {version}); deze leest versie {VERSION}",
            "version",
        )
    _names(found, TOP)
    scope = found["reikwijdte"]
    if scope not in SCOPES:
        raise Wrong(f"hier hoort {' of '.join(f'‘{s}’' for s in SCOPES)}", "reikwijdte")
    pack = _pack(found["inhoud"])
    book = Book(known=_known(pack))
    made = Checked(scope, pack, new_id(), {})
    book.ids[JOURNEY.name] = made.id
    for sheet in SHEETS:
        made.rows[sheet.name] = _ids(sheet, found[sheet.name], book)
    made.journey = {"id": made.id, **_row(JOURNEY.of(scope), found[JOURNEY.name], book, JOURNEY.name), **JOURNEY.fixed}
    if (made.journey["period_start"] or 0) > (made.journey["period_end"] or 9999):
        raise Wrong("dit jaar ligt voor het eerste jaar", f"{JOURNEY.name}.tot")
    if not made.rows["gemeenten"]:
        raise Wrong("een traject heeft minstens één gemeente", "gemeenten")
    for sheet in SHEETS:
        _sheet(sheet, scope, found[sheet.name], made.rows[sheet.name], book)
    _together(made)
    _answers(made, book)
    made.versions = _versions(found[VERSIONS_LIST], made, book)
    return made


def _names(block: Mapping[str, Any], names: Sequence[str], newer: Sequence[str] = ()) -> None:
    """Exactly these names; those that are newer than the first files may be absent."""
    for name in block:
        if name not in names:
            raise Wrong(f"‘{first(name)}’ hoort hier niet")
    for name in names:
        if name not in block and name not in newer:
            raise Wrong(f"‘{name}’ ontbreekt")


def _pack(found: Any) -> Pack:
    if not isinstance(found, dict):
        raise Wrong("hier hoort een blok met de inhoud", "inhoud")
    text = json.dumps(found)
    if len(text) > MOST_PACK:
        raise Wrong("deze inhoud is te groot", "inhoud")
    try:
        for name in ASKING:
            _list(found.get(name), name, MOST_ASKING)
        if _count(found) > MOST_IN_PACK:
            raise Wrong("in deze inhoud staat te veel")
    except Wrong as problem:
        raise problem.inside("inhoud") from None
    try:
        pack = pack_from_json(text)
        problems = pack_problems(pack)
    except ContentError as problem:
        problems = problem.problems
    if problems:
        place, _, message = problems[0].partition(": ")
        more = f" (en nog {len(problems) - 1})" if len(problems) > 1 else ""
        raise Wrong(message + more, "" if place == "pakket" else place).inside("inhoud")
    return pack


def _count(value: Any) -> int:
    """How many values stand in it. Raises Wrong at a list that no pack has."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, list) and len(value) > MOST_IN_LIST:
        raise Wrong(f"deze lijst is te lang: er passen er {MOST_IN_LIST}")
    count = 1
    for name, one in inner:
        try:
            count += _count(one)
        except Wrong as problem:
            raise problem.inside(name) from None
    return count


def _known(pack: Pack) -> dict[str, frozenset[str]]:
    themes, chapters = {t.slug for t in pack.themes}, {c.slug for c in pack.chapters}
    return {
        "thema": frozenset(themes),
        "hoofdstuk": frozenset(chapters),
        "deel": frozenset(themes | chapters),
        "punt": frozenset(i.slug for t in pack.themes for i in t.items),
        "sector": frozenset(s.slug for s in pack.sectors),
        "soort partij": frozenset(k.slug for k in pack.party_kinds),
        "conclusie": frozenset(c.slug for c in pack.conclusions),
    }


def _row(columns: Sequence[Column], block: Any, book: Book, place: str, extra: Sequence[str] = ()) -> dict[str, Any]:
    """The columns of one block. Raises Wrong with the place."""
    try:
        if not isinstance(block, dict):
            raise Wrong("hier hoort een blok met namen en waarden")
        newer = [c.called for c in columns if c.absent is not MUST]
        _names(block, (*extra, *(c.called for c in columns)), newer)
    except Wrong as problem:
        raise problem.inside(place) from None
    made = {}
    for column in columns:
        try:
            there = column.called in block
            made[column.name] = column.kind.read(block[column.called], book) if there else column.absent
        except Wrong as problem:
            raise problem.inside(f"{place}.{column.called}") from None
    return made


def _list(found: Any, name: str, most: int) -> list[Any]:
    if not isinstance(found, list):
        raise Wrong("hier hoort een lijst", name)
    if len(found) > most:
        raise Wrong(f"deze lijst is te lang: er passen er {most}", name)
    return found


def _ids(sheet: Sheet, found: Any, book: Book) -> list[dict[str, Any]]:
    """New ids for the rows, in their order; ids of the file are written in the book."""
    made = []
    for number, block in enumerate(_list(found, sheet.name, sheet.most)):
        row = {"id": new_id()}
        if sheet.prefix and isinstance(block, dict):
            place = f"{sheet.name}[{number}].id"
            given = block.get("id")
            if not isinstance(given, str) or not _fits(given, sheet.prefix):
                raise Wrong(f"hier hoort een kenmerk zoals ‘{sheet.prefix}:1’", place)
            if given in book.ids:
                raise Wrong(f"‘{given}’ staat er twee keer", place)
            book.ids[given] = row["id"]
        made.append(row)
    return made


def _fits(given: str, prefix: str) -> bool:
    start, _, number = given.partition(":")
    return start == prefix and number.isascii() and number.isdigit() and len(number) < 7 and number[0] != "0"


def _sheet(sheet: Sheet, scope: str, found: list[Any], rows: list[dict[str, Any]], book: Book) -> None:
    once: set[tuple[Any, ...]] = set()
    for number, (block, row) in enumerate(zip(found, rows, strict=True)):
        place = f"{sheet.name}[{number}]"
        row |= {**sheet.fixed, **_row(sheet.of(scope), block, book, place, ("id",) if sheet.prefix else ())}
        if sheet.once:
            key = tuple(row[name].casefold() for name in sheet.once)
            if key in once:
                names = ", ".join(c.called for c in sheet.columns if c.name in sheet.once)
                raise Wrong(f"dit staat er al: {names} komen samen maar één keer voor", place)
            once.add(key)


def _together(made: Checked) -> None:
    """What has to agree between columns."""
    if made.scope != ALL:
        for number, row in enumerate(made.rows["antwoorden"]):
            if row["shared_value"] is None:
                raise Wrong("in dit bestand horen alleen gedeelde antwoorden", f"antwoorden[{number}].gedeeld")
            row |= {"value": row["shared_value"], "version": 1, "saved_at": row["shared_at"]}
            row["saved_by"] = row["shared_by"]
    for number, row in enumerate(made.rows["antwoorden"]):
        if (row["shared_value"] is None) != (row["shared_at"] is None):
            raise Wrong("bij wat gedeeld is, hoort wanneer", f"antwoorden[{number}].gedeeld_op")
    lists = {row["id"]: row["checklist_id"] for name in ("criteria", "instellingen") for row in made.rows[name]}
    for number, row in enumerate(made.rows["voortgang"]):
        if lists[row["institution_id"]] != lists[row["criterion_id"]]:
            raise Wrong("dit criterium staat op een andere lijst dan deze instelling", f"voortgang[{number}].criterium")
    themes = {t.slug: {i.slug for i in t.items} for t in made.pack.themes}
    for number, row in enumerate(made.rows["afspraken"]):
        if row["item"] and row["item"] not in themes.get(row["theme"], ()):
            raise Wrong(f"punt ‘{row['item']}’ hoort niet bij dit thema", f"afspraken[{number}].punt")
    _remarks(made, themes)


def _remarks(made: Checked, themes: dict[str, set[str]]) -> None:
    """A remark stands at something that can be remarked on, in its own theme or chapter; an answer stands with what it
    answers."""
    rows = {row["id"]: row for row in made.rows["opmerkingen"]}
    for number, row in enumerate(made.rows["opmerkingen"]):
        place = f"opmerkingen[{number}]"
        kind, _, rest = row["subject"].partition("/")
        if kind == POINT:
            theme, _, item = rest.partition("/")
            if item not in themes.get(theme, ()) or (row["step"], row["part"]) != (SCREENING, theme):
                raise Wrong(f"punt ‘{item}’ hoort niet bij dit thema", f"{place}.bij")
        elif kind not in (PARAGRAPH, *KINDS) or row["step"] != PLAN:
            raise Wrong("hierbij kan geen opmerking staan", f"{place}.bij")
        first = rows.get(row["reply_to"])
        if first and (first["reply_to"] is not None or first["subject"] != row["subject"]):
            raise Wrong("een antwoord hoort bij een opmerking op dezelfde plek", f"{place}.antwoord_op")


def _answers(made: Checked, book: Book) -> None:
    """Each answer belongs to a field that exists, and can stand in it."""
    kinds = answer_fields(made.pack)
    for number, row in enumerate(made.rows["antwoorden"]):
        place = f"antwoorden[{number}]"
        spec = _spec(kinds, row["path"], place)
        for name, called in (("value", "waarde"), ("shared_value", "gedeeld")):
            if row[name] is not None:
                row[name] = _fit(spec, row[name], book, f"{place}.{called}")
    parties = [Party(tenant_id="", journey_id="", **row) for row in made.rows["partijen"]]
    kinds = joint_fields(made.pack, parties, [row["id"] for row in made.rows["afspraken"]])
    for number, row in enumerate(made.rows["samen"]):
        place = f"samen[{number}]"
        row["value"] = _fit(_spec(kinds, row["path"], place), row["value"], book, f"{place}.waarde")


def _spec(kinds: Mapping[str, Spec], path: str, place: str) -> Spec:
    if path not in kinds:
        raise Wrong("dit is geen vraag uit de inhoud van dit bestand", f"{place}.pad")
    return kinds[path]


def _fit(spec: Spec, value: str, book: Book, place: str) -> str:
    """The value as it is stored: of a choice the ids are those of the database."""
    try:
        if spec.kind in ("text", "line"):
            most = spec.max_length or (MAX_TEXT if spec.kind == "text" else MAX_LINE)
            if len(value) > most:
                raise Wrong(f"deze tekst is te lang: {len(value)} tekens, er passen er {most}")
            return value
        if spec.kind in CHOSEN:
            pieces = [book.found(one) if ":" in one else one for one in value.split(" ")] if value else []
            if len(set(pieces)) < len(pieces):
                raise Wrong("dit staat er twee keer")
            value = " ".join(pieces)
            if sorted(checked(spec, [value]).split()) != sorted(pieces):
                raise Wrong("dit kan hier niet staan")
        elif checked(spec, [value]) != value:
            raise Wrong(f"‘{first(value)}’ kan hier niet staan")
    except Invalid as problem:
        raise Wrong(problem.message[:1].lower() + problem.message[1:].rstrip("."), place) from None
    except Wrong as problem:
        raise problem.inside(place) from None
    return value


def _versions(found: Any, made: Checked, book: Book) -> list[dict[str, Any]]:
    """Versions of single columns, each of a row and a column that stand in the file."""
    versions, once = [], set()
    persons = {row["id"]: row["person_id"] for row in _persons(made)}
    for number, block in enumerate(_list(found, VERSIONS_LIST, MOST_VERSIONS)):
        place = f"{VERSIONS_LIST}[{number}]"
        row = _row(VERSION_COLUMNS, block, book, place, ("van", "veld"))
        try:
            record = book.found(string(block["van"]))
        except Wrong as problem:
            raise problem.inside(f"{place}.van") from None
        columns = WITH_VERSIONS[block["van"].partition(":")[0]].stored(made.scope)
        if not isinstance(block["veld"], str) or block["veld"] not in columns:
            raise Wrong("dit veld bestaat niet", f"{place}.veld")
        kind, name = columns[block["veld"]]
        if (record, kind, name) in once:
            raise Wrong("dit veld staat er al", place)
        once.add((record, kind, name))
        record = persons[record] if kind == "person" else record
        versions.append({"id": new_id(), "kind": kind, "record_id": record, "field": name, **row})
    return versions


def _persons(made: Checked) -> Iterator[dict[str, Any]]:
    """Every seat gets a person of its own, who cannot come in until somebody makes a link."""
    for row in made.rows["deelnemers"]:
        row.setdefault("person_id", new_id())
        yield row
