"""The shape of a content pack: everything the product says about its subject, frozen and validated.

A pack is read from YAML by `app.content.load`, checked as a whole, and then never changes. A journey keeps
a frozen copy (as JSON) of the pack it started with, so an answer always belongs to the question that was
asked.
All slugs are lower-case kebab-case, unique within their list, and stable for ever: answers refer to them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.content.background import Background
from app.content.figures import Figure, FigureTable
from app.content.parts import Citation, Fact, Part, Slug, Source, Text


class Choice(Part):
    """One answer of a closed question.

    `phrase` is how a sentence says it, with the places {partij} and {punt} where it needs them and without
    a full stop, so that a quotation may follow: "{partij} heeft {punt} geborgd". Of `outcomes`, ages,
    relations, phases and ways it is only a piece of a sentence, because several can go together:
    "Afgesproken: uitwisselen en afstemmen."
    """

    slug: Slug
    label: Text
    help: str = ""
    phrase: str = ""
    phrase_plural: str = ""  # the same for more than one party: "{partij} willen afstemmen over {punt}"
    phrase_again: str = ""  # for the next party, without {punt}: "{partij} is hiermee bezig"
    weight: int | None = None  # order of 'how far'; None = says nothing (n.v.t., weet ik niet)
    counts: bool = True  # False: never counted as a difference or as a finished answer
    elements: tuple[int, ...] = ()


class Column(Part):
    slug: Slug
    kind: Literal["own", "joint"]
    title: Text  # as the source names it
    short: Text  # for tabs and narrow screens
    question: Text  # asked of who fills it in
    behalf_question: str = ""  # the same on behalf of a party: "Hoe ver is {partij} hiermee?"
    guide_question: Text  # the question of the gespreksleidraad that belongs to this column
    elements: tuple[int, ...] = ()


class Sector(Part):
    slug: Slug
    label: Text
    ages: str = ""


class PartyKind(Part):
    slug: Slug
    label: Text
    plural: Text
    column: Slug | None  # None: no own column, but wishes in the middle and remarks
    sectors: tuple[Slug, ...] = ()  # which sectors a party of this kind may choose; empty: not asked
    default_sectors: tuple[Slug, ...] = ()
    only_items: tuple[Slug, ...] = ()  # limits the own column to these items (samenwerkingsverband)
    may_lead: bool = False  # may hold the regie
    municipal: bool = False  # a gemeente
    note: str = ""  # e.g. "eigen keuze van Driekolom, niet uit de bron"


class Legal(Part):
    slug: Literal["wettelijk-verplicht", "verplicht-overlegthema"]
    label: Text
    help: Text


class Item(Part):
    """One entry of a cell of the table."""

    slug: Slug
    column: Slug
    label: Text
    kind: Literal["beleid", "belang", "agenda"]  # own columns: beleid or belang; joint column: agenda
    question: str = ""  # asked above the choices when it differs from the usual one
    explanation: str = ""
    example: str = ""  # "Bijvoorbeeld: …", under the text box
    sectors: tuple[Slug, ...] = ()  # empty: all
    legal: Legal | None = None
    phrase: Text  # the item inside a sentence, lower case: "ouderbeleid vroegschools (VVE)"
    is_title: bool = False  # middle items that carry the theme's own name
    other_policy: str = ""  # right column: its name as 'ander lokaal beleid' in the introduction: "VSV-beleid"
    elements: tuple[int, ...] = ()


class Theme(Part):
    slug: Slug
    letter: Text
    title: Text
    full_title: Text
    short: Text  # "leren thuis": for the phone's top line
    summary: Text
    own_question: Text  # "Wat doet {partij} aan onderwijsondersteunend gedrag?" with {partij}
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...]
    minutes: int = 4
    elements: tuple[int, ...] = ()

    def in_column(self, column: str) -> tuple[Item, ...]:
        return tuple(i for i in self.items if i.column == column)


class Example(Part):
    """A practice example.

    `borrowed` are names, years and programmes of the other gemeente that must be changed before an agreement
    made from it can become 'afgesproken'.
    """

    slug: Slug
    theme: Slug | None
    where: str = ""  # municipality or group; empty where the source names none
    municipalities: tuple[str, ...] = ()
    year: Text
    title: Text
    text: Text
    status: Literal["uitgevoerd", "plan", "gesprek", "idee"]
    status_text: Text  # "Was toen een plan."
    agreement: Text  # a first wording of an agreement "naar voorbeeld van"
    borrowed: tuple[str, ...] = ()
    items: tuple[Slug, ...] = ()  # middle items it belongs to; empty: the theme as a whole
    cite: Citation
    elements: tuple[int, ...] = ()


class Term(Part):
    """A policy word, explained in place."""

    slug: Slug
    term: Text
    also: tuple[str, ...] = ()
    text: Text
    today: str = ""
    cite: Citation | None = None
    elements: tuple[int, ...] = ()


class Exploration(Part):
    """Verkenning: is it worth aligning at all? A pack without it has no such step."""

    lead: Text
    reasons: tuple[Choice, ...] = ()  # ticks "speelt bij ons"
    questions: tuple[Choice, ...] = ()  # background questions, open
    # zinvol / niet-zinvol / later; with the slug 'niet-zinvol' the document is a short report
    outcomes: tuple[Choice, ...]
    facts: tuple[Fact, ...] = ()
    elements: tuple[int, ...] = ()


class Guide(Part):
    slug: Slug
    title: Text
    lead_question: Text
    help: str = ""
    questions: tuple[Choice, ...] = ()
    facts: tuple[Fact, ...] = ()
    elements: tuple[int, ...] = ()


class Option(Part):
    """An inner choice of a conclusion. `kind` says what is asked when it is ticked."""

    slug: Slug
    label: Text
    help: str = ""
    sentence: str = ""  # how the plan says it
    ask: Literal["tick", "text", "who", "date"] = "tick"
    group: str = ""  # of the options with the same group only one can be chosen; empty: a tick of its own
    checklist: str = ""  # name of the list of criteria that people fill in themselves; empty: it has none
    cite: Citation | None = None
    year: str = ""
    elements: tuple[int, ...] = ()


class ConclusionExample(Part):
    """A vision, criterion or goal to start from.

    `year` repeats the year of the source and is never offered as a new year. One with the slug of an option
    of the same conclusion belongs to that option.
    """

    slug: Slug
    kind: Literal["visie", "criterium", "impuls", "doel"]
    text: Text  # own wording, without the dated year
    quoted: str = ""  # as the example stood, with its year
    where: str = ""
    year: str = ""
    fill: str = ""  # what the user must fill in: "de criteria van het keurmerk (niet in de bron)"
    # result, indicator, target and group, for kind 'doel' and 'criterium'
    goal: dict[str, str] = Field(default_factory=dict)
    cite: Citation
    elements: tuple[int, ...] = ()


class Conclusion(Part):
    slug: Slug
    number: int
    title: Text
    short: Text
    text: Text
    excludes_others: bool = False
    leads_to_plan: bool = True
    group_label: str = ""  # heading above the options
    pick: Literal["one", "many"] = "many"
    options: tuple[Option, ...] = ()
    sources: tuple[Option, ...] = ()  # conclusion 4: where the money comes from
    notice: str = ""  # fixed notice (conclusion 1)
    examples: tuple[ConclusionExample, ...] = ()
    sentence: Text  # how report and plan say that it was chosen
    elements: tuple[int, ...] = ()


class Shape(Part):
    """Breadth, organisation and the place of parents. Each is a page of its own, offered when the pack asks something
    there; `parents_…` may be about others whom the parties want to involve."""

    breadth_lead: str = ""
    ages: tuple[Choice, ...] = ()
    ages_question: Text = "Voor welke leeftijd?"
    sectors_question: Text = "Of voor welke onderwijssectoren?"
    relations: tuple[Choice, ...] = ()
    relations_question: Text = "Op welke relatie richt u zich?"
    organisation_lead: str = ""
    organisations: tuple[Choice, ...] = ()
    parents_title: Text = "Ouders betrekken"
    parents_lead: str = ""
    parents_phrase: Text = "ouders doen mee"  # "Ouders doen mee bij de uitvoering, met een enquête."
    parent_phases: tuple[Choice, ...] = ()
    parent_ways: tuple[Choice, ...] = ()
    parents_rule: str = ""  # not employed at a party
    facts: tuple[Fact, ...] = ()
    elements: tuple[int, ...] = ()


class Words(Part):
    """Words of the subject inside sentences and examples of the product. The defaults are those of the first pack,
    because journeys keep copies that were made before these words could be chosen."""

    meeting: Text = "op de LEA"  # "… hebben op 12 maart op de LEA gesproken over …", "Wij bespreken dit op de LEA."
    legal_title: Text = "De wet en de LEA"
    division: Text = "Links staat wat de besturen doen, rechts wat de gemeente doet. Herkent ieder deze verdeling?"
    lead_help: Text = "Eén partij heeft de regie: de gemeente of een bestuur."
    # examples under the boxes of a goal
    goal_result: Text = "vindt dat de school goed helpt bij het leren thuis."
    goal_target: Text = "85 %, of: alle scholen."
    goal_group: Text = "de ouders van kinderen op de basisschool."
    goal_measured: Text = "een korte vragenlijst onder ouders."
    # conclusion that excludes the others: who picks it up, and whom to ask
    who_example: Text = "Stichting De Linde."
    contact_example: Text = "intern begeleider."


class Demand(Part):
    """What the format asks of a chapter."""

    slug: Slug
    text: Text
    optional: bool = False  # standard sentences that only hold when the parties choose so
    elements: tuple[int, ...] = ()


class Role(Part):
    """A sentence of the format about what a kind of party does; ticked in, never assumed."""

    slug: Slug
    party_kinds: tuple[Slug, ...]
    text: Text  # "legt de verbinding met ander lokaal beleid"
    hedge: str = ""  # "alleen als dat zo is: de bron zegt 'eventueel'"
    elements: tuple[int, ...] = ()


class Chapter(Part):
    slug: Slug
    number: int
    title: Text
    lead: Text
    demands: tuple[Demand, ...] = ()
    # what is pre-filled, and which rows stand in it; each kind at most once, 'vrij' (only prose) as often as wanted
    kind: Literal["inleiding", "inventarisatie", "doelen", "organisatie", "evaluatie", "stappen", "vrij"]
    standard: tuple[Demand, ...] = ()  # standard sentences offered as a proposal
    roles: tuple[Role, ...] = ()
    elements: tuple[int, ...] = ()


class Element(Part):
    """One numbered element of the sources (checklist 1–141) and where it shows."""

    number: int
    what: Text
    cls: Literal["inhoud", "achtergrond", "gedrag"]
    where: Text  # step or page
    reason: str = ""  # why it need not be reachable, or what behaviour carries it


class Pack(Part):
    slug: Slug
    version: Text
    title: Text
    subject: Text  # "ouderbetrokkenheid"
    intro: tuple[Text, ...]  # what this is, in five sentences
    legal_basis: tuple[Fact, ...] = ()
    sources: tuple[Source, ...]
    columns: tuple[Column, ...]
    sectors: tuple[Sector, ...] = ()
    party_kinds: tuple[PartyKind, ...]
    spheres: tuple[Choice, ...] = ()  # the three invloedssferen
    background: tuple[Fact, ...] = ()
    policy_states: tuple[Choice, ...] = ()  # nog-niet, bezig, uitvoering, geborgd, nvt, weet-niet
    interest_answers: tuple[Choice, ...] = ()  # ja, deels, nee
    wishes: tuple[Choice, ...] = ()  # niets, uitwisselen, afstemmen, optrekken (+ al-geregeld where legal)
    wish_when_legal: Choice | None = None  # replaces 'niets' where a legal mark stands
    outcomes: tuple[Choice, ...] = ()  # uitwisselen, afstemmen, optrekken, niets, later
    recognitions: tuple[Choice, ...]  # ja, deels, nee
    useful_answers: tuple[Choice, ...]  # lead question: ja, deels, nee
    endorsements: tuple[Choice, ...]  # onderschrijft, met-opmerking, niet
    meeting_length: str = ""
    exploration: Exploration | None = None
    guides: tuple[Guide, ...] = ()  # guide 1 (table), guide 2 (conclusions)
    themes: tuple[Theme, ...]
    examples: tuple[Example, ...] = ()
    conclusions: tuple[Conclusion, ...]
    shape: Shape = Shape()
    words: Words = Words()
    chapters: tuple[Chapter, ...]
    terms: tuple[Term, ...] = ()
    elements: tuple[Element, ...] = ()
    closing: tuple[Fact, ...] = ()
    backgrounds: tuple[Background, ...] = ()
    figure_tables: tuple[FigureTable, ...] = ()
    figures: tuple[Figure, ...] = ()
    figure_limits: tuple[Text, ...] = ()  # what none of the figures says
    intro_elements: tuple[int, ...] = ()  # elements that the intro and the length of the meeting show

    def theme(self, slug: str) -> Theme:
        """The theme with this slug. KeyError when there is none (as for all look-ups below)."""
        return _by_slug(self.themes, slug)

    def item(self, theme: str, slug: str) -> Item:
        return _by_slug(self.theme(theme).items, slug)

    def column(self, slug: str) -> Column:
        return _by_slug(self.columns, slug)

    def party_kind(self, slug: str) -> PartyKind:
        return _by_slug(self.party_kinds, slug)

    def conclusion(self, slug: str) -> Conclusion:
        return _by_slug(self.conclusions, slug)

    def chapter(self, slug: str) -> Chapter:
        return _by_slug(self.chapters, slug)

    def example(self, slug: str) -> Example:
        return _by_slug(self.examples, slug)

    def source(self, slug: str) -> Source:
        return _by_slug(self.sources, slug)

    def term(self, slug: str) -> Term:
        return _by_slug(self.terms, slug)

    @property
    def own_columns(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.kind == "own")

    @property
    def joint_column(self) -> Column | None:
        return next((c for c in self.columns if c.kind == "joint"), None)

    def tint(self, column: Column) -> Literal["left", "together", "right"]:
        """Which tint and which bar of the mark a column has: own columns in turn left and right."""
        if column.kind == "joint":
            return "together"
        return "right" if self.own_columns.index(column) % 2 else "left"

    @property
    def overlapping(self) -> bool:
        """Two own columns with the joint one between them: drawn as the joint one lying over both."""
        return [c.kind for c in self.columns] == ["own", "joint", "own"]


def _by_slug(parts, slug: str):
    for part in parts:
        if part.slug == slug:
            return part
    raise KeyError(slug)
