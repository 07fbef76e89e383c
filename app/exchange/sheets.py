"""What stands in the file: per table which columns, what they are called there, and what is left out and why.

A table or column that is neither here nor in `LEFT_OUT` fails a test, so what a later room adds is never forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.answers.models import BEHALF, OWN, Answer, JointAnswer
from app.checklists.models import Checklist, Criterion, Institution, Progress
from app.dialogue.models import Agreement
from app.exchange.kinds import (
    Book,
    Day,
    Kind,
    Moment,
    OneOf,
    Path,
    Ref,
    Refs,
    Text,
    Whole,
    Word,
    Words,
    Written,
    YesNo,
    line,
)
from app.journey.models import ROLES, Event, Journey, Municipality, Party, Seat, StepState
from app.journey.steps import STEPS
from app.plan.models import ACTION_STATES, Action, BudgetLine, Goal, Responsibility
from app.prose.models import LeftOut, Paragraph, ParagraphOrigin
from app.remarks.models import DECLINED, TAKEN, Remark
from app.screening.models import Share

FORMAT, VERSION = "driekolom-traject", 1
JOINT, ALL = "traject", "beheer"
SCOPES = (JOINT, ALL)

SAID = 40_000  # a sentence that was made of what somebody typed, with names around it
VERSIONS = 1_000_000_000
Row = Mapping[str, Any]
MUST = object()


@dataclass(frozen=True)
class Column:
    """One column. A name with a dot is of another table that goes along: 'person.name'. `absent` is what it holds when
    a file from before does not have it; MUST means that every file has."""

    name: str
    called: str
    kind: Kind
    scopes: tuple[str, ...] = SCOPES
    absent: Any = MUST


@dataclass(frozen=True)
class Sheet:
    """One list of the file, and the table it comes from.

    `prefix` is what the ids of its rows begin with in the file, '' when nothing refers to them. `order` sorts the rows
    as they are written; they get new ids in that order, so it must agree with every `ORDER BY` that ends in the id.
    `keep` says which rows belong in the scope 'traject'; `fixed` are the columns that no file fills; `once` are columns
    that together occur only once.
    """

    name: str
    table: type[Any]
    columns: tuple[Column, ...]
    prefix: str = ""
    order: Callable[[Row, Book], Any] = field(default=lambda row, book: row["id"])
    keep: Callable[[Row], bool] = field(default=lambda row: True)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    once: tuple[str, ...] = ()
    most: int = 5_000

    def of(self, scope: str) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if scope in c.scopes)

    def stored(self, scope: str) -> dict[str, tuple[str, str]]:
        """Table and column by what a column is called in the file."""
        found = {}
        for column in self.of(scope):
            table, _, name = column.name.rpartition(".")
            found[column.called] = (table or str(self.table.__tablename__), name)
        return found


def number_of(book: Book, stored: str | None) -> int:
    """The number an id has in the file: what belongs to something follows its order."""
    return int((book.told(stored) or ":0").partition(":")[2])


def _seat(name: str, called: str, **more: Any) -> Column:
    return Column(name, called, Ref("deelnemer", blank=""), **more)


def _gone() -> Column:
    return Column("removed_at", "verwijderd_op", Moment(null=True))


def _made() -> tuple[Column, ...]:
    return (Column("made_at", "gemaakt_op", Moment()), _seat("made_by", "gemaakt_door"), _gone())


_POSITION = Column("position", "plaats", Whole())
_LAYER = Column("layer", "laag", OneOf((OWN, BEHALF)))
_PARTY = Column("party_id", "partij", Ref("partij", must=True))
_ORIGIN = Column("origin", "herkomst", Path(200))
_THEME = Column("theme", "thema", Word(known="thema"))
_THEME_OR_NONE = Column("theme", "thema", Word(known="thema", empty=True))
_OWNER = Column("owner_id", "wie", Ref("partij"))
_WITH = Column("with_parties", "met", Refs("partij"))
_PREFILLED = Column("prefilled", "voorgesteld", Text(SAID))
_LIST = Column("checklist_id", "lijst", Ref("lijst", must=True))
_AT, _BY = Column("at", "op", Moment()), _seat("by_seat", "door")


def _saved(*scopes: str) -> tuple[Column, ...]:
    return (
        Column("version", "versie", Whole(1, VERSIONS), scopes),
        Column("saved_at", "opgeslagen_op", Moment(), scopes),
        _seat("saved_by", "opgeslagen_door", scopes=scopes),
    )


JOURNEY = Sheet(
    "traject",
    Journey,
    (
        Column("title", "titel", line(200, 1)),
        Column("period_start", "van", Whole(1900, 2099, null=True)),
        Column("period_end", "tot", Whole(1900, 2099, null=True)),
        Column("meeting_on", "overleg_op", Day()),
        Column("share_by", "delen_voor", Day()),
        Column("chair_id", "trekker", Ref("gemeente", blank=""), absent=""),
        Column("created_at", "gestart_op", Moment()),
    ),
    fixed={"example": "", "changes": 0},
)

SHEETS = (
    Sheet(
        "gemeenten",
        Municipality,
        (
            Column("name", "naam", line(120, 1)),
            Column("code", "code", Word(8, empty=True)),
            _POSITION,
        ),
        prefix="gemeente",
        most=40,
    ),
    Sheet(
        "partijen",
        Party,
        (
            Column("kind", "soort", Word(known="soort partij")),
            Column("name", "naam", line(120, 1)),
            Column("short", "kort", line(40, 1)),
            Column("sectors", "sectoren", Words("sector")),
            Column("register_code", "bevoegd_gezag", Word(8, empty=True, shape="[0-9]{1,8}"), absent=""),
            _POSITION,
        ),
        prefix="partij",
        once=("name",),
        most=80,
    ),
    Sheet(
        "deelnemers",
        Seat,
        (
            Column("person.name", "naam", line(120, 1)),
            Column("person.email", "email", line(200), (ALL,)),
            Column("role", "rol", OneOf(ROLES)),
            Column("party_id", "partij", Ref("partij")),
            Column("mandate", "mandaat", YesNo()),
            Column("function", "functie", line(120)),
            Column("created_at", "toegevoegd_op", Moment()),
            _gone(),
            Column("stopped_at", "toegang_ingetrokken_op", Moment(null=True), (ALL,), absent=None),
        ),
        prefix="deelnemer",
        fixed={"seen": "", "last_seen_on": None, "stopped_at": None}
        | {"person.local": False, "person.may_start": False, "person.email": ""},
    ),
    Sheet(
        "antwoorden",
        Answer,
        (
            _PARTY,
            _LAYER,
            Column("path", "pad", Path(160, empty=False)),
            Column("value", "waarde", Text(), (ALL,)),
            *_saved(ALL),
            Column("shared_value", "gedeeld", Text(null=True)),
            Column("shared_at", "gedeeld_op", Moment(null=True)),
            _seat("shared_by", "gedeeld_door"),
        ),
        order=lambda row, book: (number_of(book, row["party_id"]), row["layer"], row["path"]),
        keep=lambda row: row["shared_value"] is not None,
        once=("party_id", "layer", "path"),
        most=60_000,
    ),
    Sheet(
        "gedeelde_themas",
        Share,
        (
            _PARTY,
            _LAYER,
            _THEME,
            _AT,
            _BY,
            Column("confirmed_at", "bevestigd_op", Moment(null=True)),
            _seat("confirmed_by", "bevestigd_door"),
        ),
        once=("party_id", "layer", "theme"),
    ),
    Sheet(
        "afspraken",
        Agreement,
        (
            _THEME_OR_NONE,
            Column("item", "punt", Word(known="punt", empty=True)),
            Column("what", "wat", Text()),
            _OWNER,
            _WITH,
            Column("by_when", "wanneer", Written()),
            Column("state", "staat", OneOf(("voorstel", "afgesproken"))),
            Column("example", "voorbeeld", Word(empty=True)),
            _POSITION,
            *_made(),
        ),
        prefix="afspraak",
    ),
    Sheet(
        "samen",
        JointAnswer,
        (
            Column("path", "pad", Path(160, empty=False)),
            Column("value", "waarde", Text(50_000)),
            Column("rich", "opmaak", Text(400_000), absent=""),
            *_saved(*SCOPES),
        ),
        order=lambda row, book: Path().write(row["path"], book),
        once=("path",),
    ),
    Sheet(
        "lijsten",
        Checklist,
        (
            Column("municipality_id", "gemeente", Ref("gemeente")),
            Column("conclusion", "conclusie", Word(known="conclusie")),
            Column("option", "keuze", Word(empty=True)),
            Column("name", "naam", line(120)),
            Column("source", "bron", Text()),
            Column("source_place", "vindplaats", Text()),
            Column("source_year", "jaar", Whole(1900, 2099, null=True)),
            _POSITION,
            *_made(),
        ),
        prefix="lijst",
    ),
    Sheet(
        "criteria",
        Criterion,
        (_LIST, Column("text", "tekst", Text()), _POSITION, *_made()),
        prefix="criterium",
    ),
    Sheet(
        "instellingen",
        Institution,
        (_LIST, _PARTY, Column("name", "naam", line(120)), *_made()),
        prefix="instelling",
    ),
    Sheet(
        "voortgang",
        Progress,
        (
            Column("institution_id", "instelling", Ref("instelling", must=True)),
            Column("criterion_id", "criterium", Ref("criterium", must=True)),
            Column("state", "stand", OneOf(("", "nog-niet", "bezig", "op-orde", "nvt"))),
            Column("note", "toelichting", Text()),
            Column("dated", "wanneer", Written()),
            Column("saved_at", "opgeslagen_op", Moment()),
            _seat("saved_by", "opgeslagen_door"),
        ),
        prefix="voortgang",
        once=("institution_id", "criterion_id"),
        most=60_000,
    ),
    Sheet(
        "alineas",
        Paragraph,
        (
            Column("chapter", "hoofdstuk", Word(known="hoofdstuk")),
            _POSITION,
            Column("kind", "soort", OneOf(("alinea", "kop", "citaat", "subkop", "punt", "nummer"))),
            Column("text", "tekst", Text(400_000)),
            Column("rich", "opmaak", Text(800_000)),
            Column("prefilled", "voorgesteld", Text()),
            Column("slot", "vak", Path(80)),
            Column("version", "versie", Whole(0, VERSIONS)),
            Column("made_at", "gemaakt_op", Moment()),
            Column("saved_at", "opgeslagen_op", Moment()),
            _seat("saved_by", "opgeslagen_door"),
            _gone(),
            _seat("removed_by", "verwijderd_door"),
        ),
        prefix="alinea",
        order=lambda row, book: (row["chapter"], row["position"], row["id"]),
    ),
    Sheet(
        "herkomsten",
        ParagraphOrigin,
        (
            Column("paragraph_id", "alinea", Ref("alinea", must=True)),
            Column("key", "bron", Path(200, empty=False)),
            Column("said", "zei", Text(SAID)),
        ),
        order=lambda row, book: (number_of(book, row["paragraph_id"]), row["id"]),
        once=("paragraph_id", "key"),
        fixed={"via": ""},
        most=20_000,
    ),
    Sheet(
        "weggelaten",
        LeftOut,
        (
            Column("chapter", "hoofdstuk", Word(known="hoofdstuk")),
            Column("key", "bron", Path(200, empty=False)),
            Column("said", "zei", Text(SAID)),
            Column("reason", "reden", Word(24)),
            Column("note", "toelichting", Text()),
            _AT,
            _BY,
        ),
        once=("key",),
    ),
    Sheet(
        "doelen",
        Goal,
        (
            _POSITION,
            _THEME_OR_NONE,
            Column("result", "resultaat", Text()),
            Column("target_group", "doelgroep", Text()),
            Column("indicator", "indicator", Text()),
            Column("baseline_known", "nu_bekend", OneOf(("", "lokaal", "onbekend"))),
            Column("baseline", "nu", Text()),
            Column("baseline_source", "bron", Text()),
            Column("target", "streefwaarde", Text()),
            Column("target_on", "bereikt_op", Written()),
            _OWNER,
            Column("measured_how", "hoe_gemeten", Text()),
            Column("measured_when", "wanneer_gemeten", Text()),
            _ORIGIN,
            *_made(),
        ),
        prefix="doel",
    ),
    Sheet(
        "verantwoordelijkheden",
        Responsibility,
        (
            _PARTY,
            Column("side", "kant", OneOf(("doet", "doet-niet"))),
            Column("text", "tekst", Text(SAID)),
            _POSITION,
            _ORIGIN,
            _PREFILLED,
            *_made(),
        ),
        prefix="verantwoordelijkheid",
    ),
    Sheet(
        "acties",
        Action,
        (
            _POSITION,
            Column("what", "wat", Text(SAID)),
            _OWNER,
            _WITH,
            Column("start_on", "begin", Written()),
            Column("end_on", "eind", Written()),
            Column("status", "staat", OneOf(ACTION_STATES)),
            Column("goal_id", "doel", Ref("doel")),
            _ORIGIN,
            _PREFILLED,
            *_made(),
        ),
        prefix="actie",
    ),
    Sheet(
        "begroting",
        BudgetLine,
        (
            _POSITION,
            Column("what", "wat", Text(SAID)),
            Column("year", "jaar", Whole(1900, 2099, null=True)),
            Column("amount", "bedrag_in_centen", Whole(0, 10**12, null=True)),
            Column("source", "bron", Text(SAID)),
            Column("certain", "zekerheid", OneOf(("", "zeker", "onzeker"))),
            _ORIGIN,
            _PREFILLED,
            *_made(),
        ),
        prefix="begrotingsregel",
    ),
    Sheet(
        "opmerkingen",
        Remark,
        (
            Column("subject", "bij", Path(120, empty=False)),
            Column("step", "stap", OneOf(tuple(s.slug for s in STEPS))),
            Column("part", "deel", Word(known="deel")),
            Column("about_party_id", "over", Ref("partij")),
            Column("reply_to", "antwoord_op", Ref("opmerking")),
            _seat("seat_id", "door"),
            Column("by_party_id", "door_partij", Ref("partij", blank="")),
            Column("text", "tekst", Text()),
            _AT,
            _gone(),
            Column("settled_at", "afgehandeld_op", Moment(null=True)),
            _seat("settled_by", "afgehandeld_door"),
            Column("field", "voorstel_voor", Word(24, empty=True, shape="[a-z_]+")),
            Column("proposed", "voorstel", Text(null=True)),
            Column("found", "stond_er", Text()),
            Column("decided", "besluit", OneOf(("", TAKEN, DECLINED))),
        ),
        prefix="opmerking",
    ),
    Sheet(
        "stappen",
        StepState,
        (
            Column("step", "stap", OneOf(tuple(s.slug for s in STEPS))),
            Column("part", "deel", Word(known="deel", empty=True)),
            Column("state", "staat", OneOf(("gesloten", "afgerond", "overgeslagen"))),
            _AT,
            _BY,
        ),
        once=("step", "part", "state"),
    ),
    Sheet(
        "gebeurtenissen",
        Event,
        (
            _AT,
            _seat("seat_id", "deelnemer"),
            Column("party_id", "partij", Ref("partij", blank="")),
            Column("kind", "soort", Word(40, shape="[a-z]+(_[a-z]+)*")),
            Column("step", "stap", Word(24, empty=True)),
            Column("part", "deel", Word(empty=True)),
            Column("ref", "over", Path(120)),
        ),
        keep=lambda row: row["kind"] != "answer_changed_back",  # it tells of what was not shared
        most=200_000,
    ),
)

# Versions of single columns of rows: the only list that is about other lists, so it comes last and has its own shape.
VERSIONS_LIST = "veldversies"
VERSION_COLUMNS = _saved(*SCOPES)
WITH_VERSIONS = {JOURNEY.name: JOURNEY, **{s.prefix: s for s in SHEETS if s.prefix}}  # by how ids begin

_BY_ITSELF = "van de installatie, niet van het traject"
_OPEN = f"open gegevens: {_BY_ITSELF}"
_PLACE = "wijst alleen naar het traject of de gemeente waarin de rij staat"
_KEEPS = "hoe lang een traject blijft, bepaalt de server waar het staat"
LEFT_OUT: dict[str, str] = {
    "tenant": f"de gemeente die Driekolom gebruikt is {_BY_ITSELF}",
    "house_style": f"de huisstijl van een gemeente is {_BY_ITSELF}",
    "rate_limit": "hoe vaak iets geprobeerd is, is van de installatie",
    "plan_version": "eerdere versies blijven waar zij gemaakt zijn: het bestand is het traject zoals het nu is",
    "installation_key": f"de sleutel waarmee een server ondertekent, is {_BY_ITSELF}",
    "identity": "hoe iemand zich aanmeldt, verhuist niet mee",
    "oidc_provider": f"waar mensen zich aanmelden, is {_BY_ITSELF}",
    "passkey": "hoe iemand zich aanmeldt, verhuist niet mee",
    "seat.last_seen_on": "wanneer iemand keek, gaat niemand anders aan",
    "sign_in": "wie is aangemeld, verhuist niet mee",
    "person_link": "een persoonlijke link werkt alleen waar hij gemaakt is",
    "access_request": "wie om toegang vraagt, doet nog niet mee",
    "code_asked": "een code om aan te melden werkt tien minuten, alleen hier",
    "seat_link": "een persoonlijke link werkt alleen waar hij gemaakt is",
    "digest": "wie een dagelijks overzicht wil, is van de persoon, niet van het traject",
    "mail": f"uitgaande post is {_BY_ITSELF}",
    "audit_entry": "het logboek zegt wat er op deze server gebeurde",
    "archive_record": "een vastgesteld stuk blijft op de server waar het werd vastgelegd; u haalt het daar op",
    "journey.archived_at": _KEEPS,
    "journey.archived_by": _KEEPS,
    "journey.purge_on": _KEEPS,
    "purge_line": "het logboek zegt wat er op deze server gebeurde",
    "register_municipality": _OPEN,
    "register_board": _OPEN,
    "register_school": _OPEN,
    "register_import": _OPEN,
    "journey.pack_hash": "de inhoud zelf staat in het bestand",
    "journey.changes": "telt alleen op deze server, om te weten wat nog klopt van wat is onthouden",
    "journey.example": "wie een voorbeeld meeneemt, krijgt een gewoon traject dat niet wordt teruggezet",
    "pack_copy.hash": "volgt uit de inhoud zelf",
    "seat.person_id": "naam en e-mailadres staan bij de deelnemer zelf",
    "seat.seen": "leesmerk: wat iemand heeft gezien, gaat niemand aan",
    "prose_document": "de tekst staat bij de alinea’s en de antwoorden; samen schrijven begint elders opnieuw",
    "prose_update": "elke toetsaanslag apart; wat er staat, staat bij de alinea’s en de antwoorden",
    "paragraph_origin.via": "een herkomst hoort na het verhuizen bij de alinea zelf",
    "person.local": f"wie deze computer gebruikt, is {_BY_ITSELF}",
    "person.may_start": f"wie een traject mag starten, is {_BY_ITSELF}",
    "person.created_at": "staat bij de plek van de deelnemer",
    "*.tenant_id": _PLACE,
    "*.journey_id": _PLACE,
    "*.id": "het bestand heeft eigen, leesbare ids",
}
