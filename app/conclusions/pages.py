"""What the pages of the conclusions show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.answers.fields import dom_id, stored_field
from app.answers.models import BEHALF, OWN
from app.answers.reading import all_answers, joint_answers
from app.answers.view import Concepts
from app.conclusions import actions, rules
from app.conclusions.reading import ChosenConclusion, Conclusions, read_conclusions
from app.content.pack import Choice, Conclusion, ConclusionExample, Guide, Option, Pack, Theme
from app.content.shown import FactRow, fact_rows
from app.core.errors import NotFound
from app.core.fields import FieldView
from app.core.rendering import Link
from app.core.text import in_words, listing
from app.dialogue.reading import AgreementSaid, Outcome, read_dialogue
from app.journey.context import BackgroundView, context
from app.journey.gate import Here
from app.journey.models import Party
from app.journey.rules import may_answer, may_answer_on_behalf
from app.prose.joint import Place, SharedFields, offer


@dataclass(frozen=True)
class OutcomeRow:
    outcome: Outcome
    agreements: int


@dataclass(frozen=True)
class ThemeRows:
    """What was decided of one theme, and what was not."""

    theme: Theme
    useful: str  # 'Afstemmen of samenwerken is hier zinvol'
    rows: tuple[OutcomeRow, ...]
    undecided: str  # labels of the items without outcome
    agreements: int  # about the theme as a whole
    whole: tuple[AgreementSaid, ...]  # these agreements themselves, where there are no items to put them under
    url: str


@dataclass(frozen=True)
class ExampleText:
    """An example to start from, with what it was and what one must fill in."""

    example: ConclusionExample
    dated: str
    url: str  # taking it over; '' when one cannot

    @property
    def where(self) -> str:
        return self.example.where


@dataclass(frozen=True)
class FollowUp:
    """What is asked of one ticked option."""

    option: Option
    fields: tuple[FieldView, ...]
    example: ExampleText | None


@dataclass(frozen=True)
class YesNo:
    """An option that is a question of its own, and what a yes asks."""

    id: str
    ask: FieldView
    when: FieldView
    yes: bool


@dataclass(frozen=True)
class Loose:
    """An agreement that was made although nothing is done together."""

    said: AgreementSaid
    where: str
    field: FieldView


@dataclass(frozen=True)
class SupportBlock:
    """What the parties think of a conclusion."""

    id: str
    lines: tuple[tuple[str, str], ...]  # (answer, names)
    remarks: tuple[tuple[str, str], ...]  # (name, words)
    silent: str
    own: tuple[FieldView, ...]  # answer and remark of the own party
    own_name: str


_beside: list[Callable[[Here, Conclusion], Link | None]] = []


def beside_conclusion(link: Callable[[Here, Conclusion], Link | None]) -> None:
    """Lets a room above put a link at a chosen conclusion, with its state in words; None for a conclusion that it has
    nothing to say about."""
    _beside.append(link)


@dataclass(frozen=True)
class ConclusionBlock:
    conclusion: Conclusion
    id: str
    tick: FieldView
    state: str  # '' | 'chosen' | 'aside'
    options: FieldView | None
    follow_ups: tuple[FollowUp, ...]
    yes_no: tuple[YesNo, ...]
    sources: FieldView | None
    source_texts: tuple[FieldView, ...]
    vision: FieldView | None
    visions: tuple[ExampleText, ...]
    motivation: FieldView
    loose: tuple[Loose, ...]
    support: SupportBlock
    examples: tuple[ExampleText, ...]
    beside: tuple[Link, ...]  # what rooms above have for it, once it is chosen
    may_write: bool
    document_url: str


@dataclass(frozen=True)
class Standing:
    """What the choices mean together."""

    only_first: bool
    alone: str  # '1'
    aside: str  # 'conclusie 2 en 5'
    chosen: str  # '2, 4 en 5'
    next: Link
    others: tuple[Link, ...]


@dataclass(frozen=True)
class ConclusionsPage:
    guide: Guide | None
    facts: tuple[FactRow, ...]
    themes: tuple[ThemeRows, ...]
    discussed: bool  # at least one outcome
    by_item: bool  # outcomes are chosen per middle item; without a joint column there are only agreements
    choose: str  # 'De zes mogelijke conclusies'
    alone: str  # number of the conclusion that excludes the others, '' when there is none
    blocks: tuple[ConclusionBlock, ...]
    standing: Standing
    shape: tuple[Link, ...]
    backgrounds: tuple[BackgroundView, ...]
    behalf: tuple[Link, ...]  # parties for whom this seat may fill in
    url: str


@dataclass(frozen=True)
class ShapeSection:
    heading: str
    fields: tuple[FieldView, ...]
    explained: tuple[Choice, ...] = ()  # choices that return in each field, explained once


@dataclass(frozen=True)
class ShapePage:
    """One of the three short pages after the conclusions."""

    purpose: str
    tabs: tuple[Link, ...]
    sections: tuple[ShapeSection, ...]
    other_age: FieldView | None
    asks_other_age: bool
    hint: str
    not_needed: bool
    facts: tuple[FactRow, ...]
    next: Link
    back: str


@dataclass(frozen=True)
class BehalfPage:
    """What one party thinks, filled in for it."""

    party: Party
    blocks: tuple[tuple[Conclusion, tuple[FieldView, ...]], ...]
    back: str


def conclusion_fields(here: Here) -> SharedFields:
    """All joint fields of the conclusions, with what is stored."""
    ids = [a.id for a in read_dialogue(here).agreements()]
    return SharedFields(here, rules.STEP, rules.fields(here.pack, ids), joint_answers(here))


def _reason_place(here: Here, name: str) -> Place | None:
    """Where people write together why they choose something, or their vision."""
    spec = rules.fields(here.pack).get(name)
    return Place(rules.STEP, "", "conclusion_changed") if spec and spec.together else None


offer(rules.STEP, _reason_place)


def conclusions_page(here: Here) -> ConclusionsPage:
    fields, read = conclusion_fields(here), read_conclusions(here)
    guide = here.pack.guides[1] if len(here.pack.guides) > 1 else None
    themes = tuple(_theme_rows(here, t) for t in here.pack.themes)
    return ConclusionsPage(
        guide=guide,
        facts=fact_rows(here.pack, guide.facts) if guide else (),
        themes=themes,
        discussed=any(t.rows or (t.whole and (t.useful or t.agreements)) for t in themes),
        by_item=here.pack.joint_column is not None,
        choose=_choose(here.pack),
        alone=next((str(c.number) for c in here.pack.conclusions if c.excludes_others), ""),
        blocks=tuple(conclusion_block(here, c, fields, read) for c in here.pack.conclusions),
        standing=standing(here),
        shape=shape_links(here),
        backgrounds=context(here, rules.STEP).backgrounds,
        behalf=tuple(
            Link(p.name, f"{here.url}/{rules.STEP}/namens/{p.id}")
            for p in here.parties
            if may_answer_on_behalf(here.seat, p)
        ),
        url=f"{here.url}/{rules.STEP}",
    )


def _choose(pack: Pack) -> str:
    """'De zes mogelijke conclusies'."""
    number = len(pack.conclusions)
    return f"De {in_words(number)} mogelijke conclusies" if number > 1 else "De mogelijke conclusie"


def standing(here: Here) -> Standing:
    """What the choices mean together, in words."""
    read = read_conclusions(here)
    aside = listing([str(c.conclusion.number) for c in read.kept_aside])
    plan = Link("Naar het plan van aanpak", f"{here.url}/plan")
    first = next(iter(rules.shape_pages(here.pack).items()), None)
    onward = Link(f"Verder naar {first[1].lower()}", f"{here.url}/{rules.STEP}/{first[0]}") if first else None
    return Standing(
        only_first=read.only_first,
        alone=next((str(c.conclusion.number) for c in read.chosen if c.conclusion.excludes_others), ""),
        aside=f"conclusie {aside}" if aside else "",
        chosen=listing([str(c.conclusion.number) for c in read.chosen]),
        next=(Link("Bekijk het korte verslag", f"{here.url}/document") if read.only_first else onward or plan),
        others=() if onward is None and not read.only_first else (plan,),
    )


def conclusion_block(
    here: Here, conclusion: Conclusion, fields: SharedFields | None = None, read: Conclusions | None = None
) -> ConclusionBlock:
    fields, read = fields or conclusion_fields(here), read or read_conclusions(here)
    slug, specs = conclusion.slug, rules.conclusion_specs(conclusion, here.pack.words)

    def view(name: str, **extra) -> FieldView | None:
        return fields.view(f"{slug}/{name}", **extra) if f"{slug}/{name}" in specs else None

    said = read.read(conclusion)
    chosen = {c.conclusion.slug for c in read.chosen}
    aside = {c.conclusion.slug for c in read.kept_aside}
    tick = fields.view(f"{slug}/gekozen")
    examples = tuple(_example(here, conclusion, e) for e in conclusion.examples)
    return ConclusionBlock(
        conclusion=conclusion,
        id=f"conclusie-{slug}",
        tick=tick,
        state="chosen" if slug in chosen else "aside" if slug in aside else "",
        options=view("opties"),
        follow_ups=_follow_ups(here, conclusion, fields, said),
        yes_no=tuple(_yes_no(conclusion, o, fields) for o in conclusion.options if rules.is_question(o)),
        sources=view("bronnen"),
        source_texts=tuple(fields.view(f"{slug}/bron/{s.slug}") for s, _ in said.sources if s.ask == "text"),
        vision=view("visie", rows=4),
        visions=tuple(e for e in examples if e.example.kind == "visie"),
        motivation=fields.view(f"{slug}/motivering"),
        loose=_loose(here, conclusion, fields) if slug in chosen else (),
        support=support_block(here, conclusion, said),
        examples=examples,
        beside=tuple(link for made in _beside if (link := made(here, conclusion))) if slug in chosen else (),
        may_write=not tick.locked,
        document_url=f"{here.url}/document",
    )


def support_block(here: Here, conclusion: Conclusion, said: ChosenConclusion | None = None) -> SupportBlock:
    said = said or read_conclusions(here).read(conclusion)
    party = here.party
    groups: dict[str, list[str]] = {}
    for support in said.supports:
        behalf = " (namens ingevuld)" if support.said.behalf else ""
        groups.setdefault(support.choice.label, []).append(support.party.short + behalf)
    order = [c.label for c in here.pack.endorsements]
    return SupportBlock(
        id=f"steun-{conclusion.slug}",
        lines=tuple((label, listing(groups[label])) for label in order if label in groups),
        remarks=tuple((s.party.short, s.remark) for s in said.supports if s.remark),
        silent=listing([p.short for p in said.silent]),
        own=(
            tuple(support_field(here, party, conclusion, name) for name in (rules.SUPPORT, rules.REMARK))
            if party and may_answer(here.seat, party)
            else ()
        ),
        own_name=party.name if party else "",
    )


def support_field(here: Here, party: Party, conclusion: Conclusion, name: str) -> FieldView:
    """What one party says, as a field for its own people, or for who fills in on its behalf."""
    own = may_answer(here.seat, party)
    path, answers = actions.support_path(conclusion, name), all_answers(here)
    spoken = not own and bool(Concepts(answers, party.id, OWN).value(actions.support_path(conclusion, rules.SUPPORT)))
    row = Concepts(answers, party.id, OWN if own or spoken else BEHALF).row(path)
    if spoken and row is not None and row.shared_value != row.value:
        row = None  # only what everybody may see
    spec = rules.support_specs(here.pack)[name]
    base = f"{here.url}/{rules.STEP}"
    if not own:
        spec = replace(
            spec,
            label=f"Wat vindt {party.name}?" if name == rules.SUPPORT else "De opmerking van deze partij",
        )
    url = f"{base}/partij/{conclusion.slug}/{name}" if own else f"{base}/namens/{party.id}/{conclusion.slug}/{name}"
    locked = here.closed_text(rules.STEP) or (actions.SPOKEN if spoken else "")
    view = stored_field(url, path, spec, row, locked=locked)
    return view if own else replace(view, id=dom_id(f"namens/{path}"))


def behalf_page(here: Here, party: Party) -> BehalfPage:
    chosen = [c.conclusion for c in read_conclusions(here).chosen]
    return BehalfPage(
        party=party,
        blocks=tuple(
            (c, tuple(support_field(here, party, c, name) for name in (rules.SUPPORT, rules.REMARK))) for c in chosen
        ),
        back=f"{here.url}/{rules.STEP}",
    )


def shape_links(here: Here, current: str = "") -> tuple[Link, ...]:
    """The short pages after the conclusions, each with its state in words."""
    read = read_conclusions(here)
    filled = {
        "breedte": read.breadth.filled,
        "organisatie": bool(read.organisation.form or read.organisation.who),
        "ouders": bool(read.parents),
    }
    return tuple(
        Link(
            label,
            f"{here.url}/{rules.STEP}/{slug}",
            "ingevuld" if filled[slug] else "nog niet ingevuld",
            slug == current,
        )
        for slug, label in rules.shape_pages(here.pack).items()
    )


def shape_page(here: Here, which: str) -> ShapePage:
    """One of `rules.shape_pages`. Raises NotFound for a page that this pack does not offer."""
    fields, shape, offered = conclusion_fields(here), here.pack.shape, rules.shape_pages(here.pack)
    if which not in offered:
        raise NotFound
    slugs = list(offered)
    after = slugs[slugs.index(which) + 1 : slugs.index(which) + 2]
    links = shape_links(here, which)
    purpose = {
        "breedte": shape.breadth_lead,
        "organisatie": shape.organisation_lead,
        "ouders": shape.parents_lead,
    }[which]
    asked = {name: fields.view(name) for name in rules.shape_specs(here.pack) if name.startswith(f"{which}/")}
    phases = [asked[f"ouders/{p.slug}"] for p in shape.parent_phases] if which == "ouders" else []
    groups = {
        "breedte": [
            ("", [asked.get("breedte/leeftijd")], ()),
            ("", [asked.get("breedte/sectoren"), asked.get("breedte/relatie")], ()),
        ],
        "organisatie": [("", [asked.get("organisatie/vorm"), asked.get("organisatie/wie")], ())],
        "ouders": [
            ("Hoe en wanneer?", phases, shape.parent_ways),
            ("Een regel die daarbij hoort", [asked.get("ouders/afspraak")], ()),
        ],
    }[which]
    sections = tuple(
        ShapeSection(heading, found, explained)
        for heading, views, explained in groups
        if (found := tuple(v for v in views if v))
    )
    return ShapePage(
        purpose=purpose,
        tabs=links,
        sections=sections,
        other_age=asked.get("breedte/leeftijd-anders"),
        asks_other_age=bool(shape.ages) and fields.value("breedte/leeftijd") == rules.OTHER_AGE,
        hint=_age_hint(here) if which == "breedte" else "",
        not_needed=read_conclusions(here).only_first,
        facts=fact_rows(here.pack, shape.facts) if which == "breedte" else (),
        next=(
            Link(f"Verder naar {offered[after[0]].lower()}", f"{here.url}/{rules.STEP}/{after[0]}")
            if after
            else Link("Naar het plan van aanpak", f"{here.url}/plan")
        ),
        back=f"{here.url}/{rules.STEP}",
    )


def _age_hint(here: Here) -> str:
    """Which age was chosen inside a conclusion, because it may differ from the one here."""
    ages: dict[str, Choice] = {a.slug: a for a in here.pack.shape.ages}
    for chosen in read_conclusions(here).chosen:
        for option, _ in chosen.options:
            if option.slug in ages:
                return f"Bij conclusie {chosen.conclusion.number} koos u {option.label.lower()}."
    return ""


def _theme_rows(here: Here, theme: Theme) -> ThemeRows:
    dialogue = read_dialogue(here)
    outcomes = dialogue.outcomes(theme.slug)
    useful = dialogue.useful(theme.slug)
    return ThemeRows(
        theme=theme,
        useful=(useful.phrase or useful.label) if useful else "",
        rows=tuple(OutcomeRow(o, len(dialogue.agreements(theme.slug, o.item.slug))) for o in outcomes if o.discussed),
        undecided=listing([o.item.label for o in outcomes if not o.discussed]),
        agreements=len(dialogue.agreements(theme.slug, "")),
        whole=() if here.pack.joint_column else dialogue.agreements(theme.slug, ""),
        url=f"{here.url}/gesprek/{theme.slug}",
    )


def _example(here: Here, conclusion: Conclusion, example: ConclusionExample) -> ExampleText:
    return ExampleText(
        example, rules.dated(example), f"{here.url}/{rules.STEP}/neem-over/{conclusion.slug}/{example.slug}"
    )


def _follow_ups(
    here: Here, conclusion: Conclusion, fields: SharedFields, said: ChosenConclusion
) -> tuple[FollowUp, ...]:
    found = []
    for option, _ in said.options:
        if rules.is_question(option):
            continue
        example = rules.example_of(conclusion, option)
        specs = rules.option_specs(conclusion, option, here.pack.words)
        asked = tuple(fields.view(f"{conclusion.slug}/{name}") for name in specs)
        if asked:
            found.append(FollowUp(option, asked, _example(here, conclusion, example) if example else None))
    return tuple(found)


def _yes_no(conclusion: Conclusion, option: Option, fields: SharedFields) -> YesNo:
    name = f"{conclusion.slug}/wel/{option.slug}"
    return YesNo(
        id=f"wel-{conclusion.slug}-{option.slug}",
        ask=fields.view(name, look="inline"),
        when=fields.view(f"{conclusion.slug}/optie/{option.slug}"),
        yes=fields.value(name) == rules.YES,
    )


def yes_no(here: Here, conclusion: Conclusion, option: Option) -> YesNo:
    return _yes_no(conclusion, option, conclusion_fields(here))


def _loose(here: Here, conclusion: Conclusion, fields: SharedFields) -> tuple[Loose, ...]:
    if not conclusion.excludes_others:
        return ()
    themes = {t.slug: t for t in here.pack.themes}
    return tuple(
        Loose(
            a,
            f"Thema {themes[a.theme].letter}" if a.theme in themes else "",
            fields.view(rules.loose_name(conclusion, a.id)),
        )
        for a in read_dialogue(here).agreements()
    )
