"""What the pages of the checklists show."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.answers.fields import column_field, dom_id
from app.answers.store import list_field_versions
from app.checklists import reading, rules, store
from app.checklists.models import Checklist, Criterion, Institution, Progress
from app.checklists.reading import ListSaid, said_of
from app.checklists.store import Said
from app.conclusions.rules import STEP
from app.core.clock import iso_or_text
from app.core.errors import Gone
from app.core.fields import FieldView
from app.core.rendering import Link
from app.core.text import counted, listing
from app.journey.gate import Here
from app.journey.models import Party
from app.journey.rules import may_report

SEEN = "Iedereen in dit traject ziet dit meteen."


@dataclass(frozen=True)
class Refused:
    """A form that came back: what was typed, and a sentence per field."""

    kept: dict[str, str]
    wrong: dict[str, str]


@dataclass(frozen=True)
class StartForm:
    choices: tuple[tuple[str, str], ...]  # key, label
    municipalities: tuple[tuple[str, str], ...]  # id, name; empty when there is only one
    kept: dict[str, str]
    wrong: dict[str, str]
    open: bool

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.wrong.items())


@dataclass(frozen=True)
class IndexPage:
    url: str
    lists: tuple[Link, ...]
    aside: str  # 'conclusie 3' when lists are there whose conclusion is not chosen
    removed: tuple[tuple[str, str], ...]  # name, url
    start: StartForm | None
    locked: str
    back: str


@dataclass(frozen=True)
class Head:
    """What stands above each page of one list."""

    said: ListSaid
    tabs: tuple[Link, ...]
    aside: str  # as in IndexPage
    locked: str
    source_link: str  # an address that can be opened
    index: str


@dataclass(frozen=True)
class PartyTable:
    """The institutions of one party: one line each, and everything in a table."""

    party: Party
    institutions: tuple[Link, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]  # criterion, state per institution


@dataclass(frozen=True)
class ProgressPage:
    head: Head
    parties: tuple[PartyTable, ...]
    next: Link | None  # what is still to be done before one can fill in


@dataclass(frozen=True)
class Line:
    """A criterion or an institution as a row that can be changed."""

    id: str
    text: str
    field: FieldView | None
    url: str
    said: str  # what goes along when it is removed, or ''
    first: bool = False
    last: bool = False


@dataclass(frozen=True)
class PasteForm:
    """Many lines at once. `parties` only for institutions."""

    url: str
    kept: str
    error: str
    parties: tuple[tuple[str, str], ...] = ()
    party: str = ""


@dataclass(frozen=True)
class CriteriaPage:
    head: Head
    source: tuple[FieldView, ...]
    lines: tuple[Line, ...]
    removed: tuple[Line, ...]
    undo: Line | None
    paste: PasteForm | None
    added: str
    remove_url: str
    goes_along: str
    next: Link


@dataclass(frozen=True)
class InstitutionsPage:
    head: Head
    parties: tuple[tuple[Party, tuple[Line, ...]], ...]
    removed: tuple[Line, ...]
    undo: Line | None
    paste: PasteForm | None
    copies: tuple[tuple[str, str, str], ...]  # id, name of the list, how many
    copy_url: str
    schools: tuple[tuple[str, str, str], ...]  # of the register: party, its name, which schools
    schools_url: str
    added: str
    may_note: str  # why somebody may name none, or ''
    next: Link


@dataclass(frozen=True)
class CriterionBlock:
    """One criterion for one institution: fields for who may say it, else what was said."""

    id: str
    number: int
    text: str
    fields: tuple[FieldView, ...]
    state: str
    dated: str
    note: str


@dataclass(frozen=True)
class InstitutionPage:
    head: Head
    institution: Institution
    party: Party
    stand: str
    blocks: tuple[CriterionBlock, ...]
    may_write: bool
    why_not: str
    previous: Link | None
    next: Link | None
    back: str


def _base(here: Here) -> str:
    return f"{here.url}/{STEP}/{rules.PART}"


def locked_text(here: Here) -> str:
    """Why nobody, or this seat, can change anything here; '' when it can."""
    if closed := here.closed_text(STEP):
        return closed
    return "" if here.may_write_joint else "U kunt dit lezen. Meelezers wijzigen niets."


def _aside(here: Here, conclusions: set[str]) -> str:
    """'conclusie 3': the conclusions of these lists that are not chosen now."""
    counting = {c.slug for c in reading.counting_list_conclusions(here)}
    numbers = [str(c.number) for c in here.pack.conclusions if c.slug in conclusions - counting]
    return f"conclusie {listing(numbers)}" if numbers else ""


def index_page(here: Here, refused: Refused | None = None) -> IndexPage:
    lists, locked = reading.read_lists(here), locked_text(here)
    found = rules.list_conclusions(here.pack)
    return IndexPage(
        url=_base(here),
        lists=tuple(Link(s.full_name, s.url, s.summary) for s in lists),
        aside=_aside(here, {s.conclusion for s in lists} or {c.slug for c in found}),
        removed=tuple(
            (said_of(here, r).full_name, f"{_base(here)}/{r.checklist.id}/terugzetten")
            for r in reading.all_lists(here)
            if r.checklist.removed_at is not None
        ),
        start=None if locked or not found else _start_form(here, lists, refused),
        locked=locked,
        back=f"{here.url}/{STEP}" + (f"#conclusie-{found[0].slug}" if found else ""),
    )


def _start_form(here: Here, lists: tuple[ListSaid, ...], refused: Refused | None) -> StartForm:
    ready = rules.ready_lists(here.pack)
    many = sum(not r.option for r in ready) > 1
    own = {r.key: "Een eigen lijst" + (f" bij conclusie {r.conclusion.number}" if many else "") for r in ready}
    begun = {f"{s.conclusion}/{s.option}" for s in lists}
    found = reading.municipalities(here)
    several = found if len(found) > 1 else ()
    first = next((r.key for r in ready if r.key not in begun or not r.option), "")
    return StartForm(
        choices=tuple((r.key, r.name or own[r.key]) for r in ready),
        municipalities=tuple((m.id, m.name) for m in several),
        kept=refused.kept if refused else {"soort": first, "naam": "", "gemeente": ""},
        wrong=refused.wrong if refused else {},
        open=not lists or refused is not None,
    )


def _head(here: Here, checklist: Checklist, current: str = "") -> Head:
    said = next(said_of(here, r) for r in reading.all_lists(here) if r.checklist.id == checklist.id)
    return Head(
        said=said,
        tabs=(
            Link("Hoe ver?", said.url, current=current == ""),
            Link("Criteria en bron", f"{said.url}/criteria", str(said.criteria), current == "criteria"),
            Link("Scholen en organisaties", f"{said.url}/scholen", str(said.institutions), current == "scholen"),
        ),
        aside=_aside(here, {checklist.conclusion}),
        locked=locked_text(here),
        source_link=checklist.source_place if rules.is_link(checklist.source_place) else "",
        index=_base(here),
    )


def progress_page(here: Here, checklist: Checklist) -> ProgressPage:
    """How far everybody is: a line per institution, and all of it in a table per party."""
    head = _head(here, checklist)
    criteria = _criteria(here, checklist)
    institutions, said = store.list_progress(here.tx, checklist)
    progress = {(s.institution_id, s.criterion_id): s for s in said}
    url = head.said.url
    following = None
    if not criteria:
        following = Link("Vul de criteria in", f"{url}/criteria")
    elif not institutions:
        following = Link("Zet scholen en organisaties erin", f"{url}/scholen")
    tables = []
    for party, mine in reading.by_party(here, institutions):
        tables.append(
            PartyTable(
                party=party,
                institutions=tuple(
                    Link(
                        i.name,
                        f"{url}/scholen/{i.id}",
                        rules.tally(len(criteria), reading.states_of(progress, [i], criteria)).words,
                    )
                    for i in mine
                ),
                names=tuple(i.name for i in mine),
                rows=tuple((c.text, tuple(_cell(progress.get((i.id, c.id))) for i in mine)) for c in criteria),
            )
        )
    return ProgressPage(head, tuple(tables), following)


def _cell(progress: Progress | Said | None) -> str:
    return rules.STATES.get(progress.state, "") if progress else ""


def _criteria(here: Here, checklist: Checklist) -> list[Criterion]:
    rows = store.list_lines(here.tx, checklist, Criterion)
    return sorted((c for c in rows if c.removed_at is None), key=lambda c: (c.position, c.id))


def list_field(here: Here, checklist: Checklist, column: str, locked: str = "", versions=None) -> FieldView:
    """One column of the list itself. Raises KeyError for a column it does not have."""
    return column_field(
        f"{_base(here)}/{checklist.id}/veld/{column}",
        checklist,
        column,
        rules.list_specs(reading.municipalities(here))[column],
        versions if versions is not None else list_field_versions(here.tx, here.journey, "checklist"),
        locked=locked,
    )


def criterion_field(here: Here, checklist: Checklist, criterion: Criterion, versions=None) -> FieldView:
    return column_field(
        f"{_base(here)}/{checklist.id}/criteria/{criterion.id}/tekst",
        criterion,
        "text",
        rules.CRITERION,
        versions if versions is not None else list_field_versions(here.tx, here.journey, "criterion"),
        look="quiet",
        rows=2,
    )


def institution_field(here: Here, checklist: Checklist, institution: Institution, versions=None) -> FieldView:
    return column_field(
        f"{_base(here)}/{checklist.id}/scholen/{institution.id}/naam",
        institution,
        "name",
        rules.INSTITUTION,
        versions if versions is not None else list_field_versions(here.tx, here.journey, "institution"),
        look="quiet",
    )


def criteria_page(
    here: Here, checklist: Checklist, *, removed: str = "", added: str = "", refused: Refused | None = None
) -> CriteriaPage:
    """The criteria and where they come from. `removed` is the criterion that was just taken away."""
    head = _head(here, checklist, current="criteria")
    versions = list_field_versions(here.tx, here.journey, "checklist", "criterion")
    rows = store.list_criteria(here.tx, checklist)
    url = f"{head.said.url}/criteria"
    live = [(c, said) for c, said in rows if c.removed_at is None]

    def line(criterion: Criterion, said: int, place: int = 0) -> Line:
        return Line(
            id=criterion.id,
            text=criterion.text,
            field=None if head.locked else criterion_field(here, checklist, criterion, versions),
            url=f"{url}/{criterion.id}",
            said=f"{rules.where(said).capitalize()} is hier iets ingevuld." if said else "",
            first=place == 0,
            last=place == len(live) - 1,
        )

    gone = tuple(line(c, said) for c, said in rows if c.removed_at is not None)
    return CriteriaPage(
        head=head,
        source=tuple(
            list_field(here, checklist, name, head.locked, versions)
            for name in rules.list_specs(reading.municipalities(here))
        ),
        lines=tuple(line(c, said, place) for place, (c, said) in enumerate(live)),
        removed=gone,
        undo=next((x for x in gone if x.id == removed), None),
        paste=None if head.locked else _paste(url, refused),
        added=added,
        remove_url=f"{head.said.url}/verwijderen",
        goes_along=_goes_along(head.said),
        next=Link("Verder naar de scholen en organisaties", f"{head.said.url}/scholen"),
    )


def _goes_along(said: ListSaid) -> str:
    """'9 criteria, 5 scholen en organisaties en wat er is ingevuld'."""
    parts = [
        counted(said.criteria, "criterium", "criteria") if said.criteria else "",
        rules.where(said.institutions).removeprefix("bij ") if said.institutions else "",
        "wat er is ingevuld" if said.filled else "",
    ]
    return listing([p for p in parts if p])


def _paste(url: str, refused: Refused | None, parties: tuple[tuple[str, str], ...] = (), party: str = "") -> PasteForm:
    kept, wrong = (refused.kept, refused.wrong) if refused else ({}, {})
    return PasteForm(url, kept.get("regels", ""), wrong.get("regels", ""), parties, kept.get("partij", party))


def institutions_page(
    here: Here, checklist: Checklist, *, removed: str = "", added: str = "", refused: Refused | None = None
) -> InstitutionsPage:
    """The schools and organisations of each party. Everybody names those of the own party, a facilitator all."""
    head = _head(here, checklist, current="scholen")
    versions = list_field_versions(here.tx, here.journey, "institution")
    rows = store.list_institutions(here.tx, checklist)
    url = f"{head.said.url}/scholen"
    mine = {p.id for p in here.parties if may_report(here.seat, p)} if not head.locked else set()

    def line(institution: Institution, said: int) -> Line:
        own = institution.party_id in mine
        return Line(
            id=institution.id,
            text=institution.name,
            field=institution_field(here, checklist, institution, versions) if own else None,
            url=f"{url}/{institution.id}",
            said=f"Bij {counted(said, 'criterium', 'criteria')} is hier iets ingevuld." if said else "",
        )

    lines = {i.id: line(i, said) for i, said in rows}
    live = [i for i, _ in rows if i.removed_at is None]
    away = [i for i, _ in rows if i.removed_at is not None and i.party_id in mine]
    options = tuple((p.id, p.name) for p in sorted(here.parties, key=lambda p: p.name.casefold()) if p.id in mine)
    others = [s for s in reading.read_lists(here) if s.id != checklist.id and s.institutions]
    own = here.party.id if here.party and not here.may_set_up else ""
    gone = tuple(lines[i.id] for i in reading.alphabetical(away))
    return InstitutionsPage(
        head=head,
        parties=tuple((p, tuple(lines[i.id] for i in found)) for p, found in reading.by_party(here, live)),
        removed=gone,
        undo=next((x for x in gone if x.id == removed), None),
        paste=_paste(url, refused, options, own) if options else None,
        copies=tuple((s.id, s.full_name, str(s.institutions)) for s in others) if options else (),
        copy_url=f"{url}/overnemen",
        schools=_schools(here, checklist, options) if options else (),
        schools_url=f"{url}/uit-register",
        added=added,
        may_note="" if options or head.locked else "U hoort niet bij een partij. U kunt dit lezen.",
        next=Link("Vul in hoe ver het is", head.said.url),
    )


def _schools(
    here: Here, checklist: Checklist, options: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str, str], ...]:
    """What the register offers for the parties of this seat."""
    offered = reading.schools_offered(here, checklist)
    return tuple((party_id, name, listing(offered[party_id])) for party_id, name in options if party_id in offered)


def institution_page(here: Here, checklist: Checklist, institution_id: str) -> InstitutionPage:
    """One school: how far it is with every criterion. Raises NotFound, and Gone when it was taken off the list."""
    head = _head(here, checklist)
    institutions, progress, versions = store.list_progress_of(here.tx, checklist, institution_id)
    institution = next((i for i in institutions if i.id == institution_id), None)
    if institution is None:
        store.get_institution(here.tx, checklist, institution_id)
        raise Gone("Iemand heeft deze school of organisatie van de lijst gehaald. U kunt haar daar terugzetten.")
    criteria = _criteria(here, checklist)
    party = here.get_party(institution.party_id)
    may = may_report(here.seat, party)
    order = [i for _, found in reading.by_party(here, institutions) for i in found]
    place = next((n for n, i in enumerate(order) if i.id == institution.id), 0)
    url = f"{head.said.url}/scholen"

    def beside(step: int) -> Link | None:
        there = 0 <= place + step < len(order)
        return Link(order[place + step].name, f"{url}/{order[place + step].id}") if there else None

    return InstitutionPage(
        head=head,
        institution=institution,
        party=party,
        stand=stand(progress, criteria),
        blocks=tuple(
            _block(here, institution, c, number, progress.get(c.id), versions, may and not head.locked)
            for number, c in enumerate(criteria, 1)
        ),
        may_write=may and not head.locked,
        why_not="" if may or head.locked else f"Mensen van {party.name} en de procesbegeleider vullen dit in.",
        previous=beside(-1),
        next=beside(1),
        back=head.said.url,
    )


def stand(progress: dict[str, Progress], criteria: list[Criterion]) -> str:
    """'4 van 9 op orde, 3 mee bezig' of one institution."""
    states = [(progress[c.id].state, 1) for c in criteria if c.id in progress]
    return rules.tally(len(criteria), states).words


def stand_now(here: Here, checklist: Checklist, institution: Institution) -> str:
    """The same, asked anew after a save."""
    _, progress, _ = store.list_progress_of(here.tx, checklist, institution.id)
    return stand(progress, _criteria(here, checklist))


def _block(
    here: Here, institution: Institution, criterion: Criterion, number: int, said: Progress | None, versions, may: bool
) -> CriterionBlock:
    return CriterionBlock(
        id=criterion.id,
        number=number,
        text=criterion.text,
        fields=tuple(
            _progress_field(here, institution, criterion, name, said, versions, number) for name in rules.PROGRESS
        )
        if may
        else (),
        state=_cell(said) or "Nog niet ingevuld",
        dated=iso_or_text(said.dated) if said else "",
        note=said.note if said else "",
    )


def _progress_field(
    here: Here, institution: Institution, criterion: Criterion, name: str, said: Progress | None, versions, number: int
) -> FieldView:
    spec = rules.PROGRESS[name]
    if name == "state":  # the criterion itself is the question
        spec = replace(spec, label=f"{number}. {criterion.text}" if number else criterion.text)
    blank = Progress(
        tenant_id=here.tenant_id,
        id="",
        journey_id=here.journey.id,
        institution_id=institution.id,
        criterion_id=criterion.id,
        saved_by="",
    )
    view = column_field(
        f"{_base(here)}/{institution.checklist_id}/scholen/{institution.id}/{criterion.id}/{name}",
        said or blank,
        name,
        spec,
        versions,
        look="grid" if name == "state" else "rows",
        heading=name == "state",
        rows=2,
    )
    return replace(view, id=dom_id(f"{institution.id}/{criterion.id}/{name}"))


def progress_field(
    here: Here, checklist: Checklist, institution: Institution, criterion: Criterion, name: str
) -> FieldView:
    """One field as it now is."""
    _, progress, versions = store.list_progress_of(here.tx, checklist, institution.id)
    criteria = [c.id for c in _criteria(here, checklist)]
    number = criteria.index(criterion.id) + 1 if criterion.id in criteria else 0
    return _progress_field(here, institution, criterion, name, progress.get(criterion.id), versions, number)
