"""The conclusions as the rooms above need them: what counts, what was put aside, and the shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.answers.models import JointAnswer
from app.answers.reading import joint_answers, joint_value, shared_answers
from app.answers.view import Said, Shared
from app.conclusions import rules
from app.content.pack import Choice, Conclusion, ConclusionExample, Option, Pack, Sector
from app.core.text import listing, sentence
from app.dialogue.reading import AgreementSaid, Dialogue, read_dialogue
from app.journey.gate import Here
from app.journey.models import Party
from app.prose import fieldtext


@dataclass(frozen=True)
class Support:
    """What one party says of a conclusion."""

    party: Party
    choice: Choice
    remark: str
    said: Said


@dataclass(frozen=True)
class ChosenConclusion:
    conclusion: Conclusion
    options: tuple[tuple[Option, str], ...]  # ticked options, each with what was filled in
    declined: tuple[Option, ...]  # yes/no options that were answered with no
    sources: tuple[tuple[Option, str], ...]
    motivation: str
    motivation_html: Markup  # the same with its lists, bold, italic and links
    vision: str
    vision_html: Markup
    vision_from: ConclusionExample | None  # the example the vision was taken from
    supports: tuple[Support, ...]
    silent: tuple[Party, ...]  # parties that have not said yet what they think

    @property
    def support(self) -> tuple[tuple[Party, Choice, str], ...]:
        return tuple((s.party, s.choice, s.remark) for s in self.supports)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The conclusion and its inner choices, as sentences of a report."""
        return rules.conclusion_sentences(self.conclusion, self.options, self.sources)


@dataclass(frozen=True)
class Breadth:
    ages: str  # 'kinderen van 0 tot 12 jaar', or as typed; '' while open
    sectors: tuple[Sector, ...]
    relation: Choice | None

    @property
    def filled(self) -> bool:
        return bool(self.ages or self.sectors or self.relation)


@dataclass(frozen=True)
class Organisation:
    form: Choice | None
    who: str


@dataclass(frozen=True)
class LooseAgreement:
    """An agreement that was made before conclusion 1, and whether it stands: 'ja', 'nee' or '' (open)."""

    agreement: AgreementSaid
    stands: str


class Conclusions:
    """Everything of the step Conclusies."""

    def __init__(
        self,
        pack: Pack,
        parties: Sequence[Party],
        joint: Mapping[str, JointAnswer],
        shared: Shared,
        dialogue: Dialogue,
    ):
        self.pack = pack
        self._parties = tuple(parties)
        self._joint = joint
        self._shared = shared
        self._dialogue = dialogue
        ticked = [c for c in pack.conclusions if self._value(f"{c.slug}/gekozen")]
        counting, aside = rules.counting(ticked)
        self.chosen: tuple[ChosenConclusion, ...] = tuple(self.read(c) for c in counting)
        self.kept_aside: tuple[ChosenConclusion, ...] = tuple(self.read(c) for c in aside)

    @property
    def only_first(self) -> bool:
        """The conclusion that excludes the others was chosen: no plan is needed."""
        return any(c.conclusion.excludes_others for c in self.chosen)

    @property
    def breadth(self) -> Breadth:
        age, other = self._value("breedte/leeftijd"), self._value("breedte/leeftijd-anders")
        found = next((c for c in self.pack.shape.ages if c.slug == age), None)
        sectors = self._value("breedte/sectoren").split()
        return Breadth(
            ages=(found.phrase or found.label) if found else other,
            sectors=tuple(s for s in self.pack.sectors if s.slug in sectors),
            relation=_choice(self.pack.shape.relations, self._value("breedte/relatie")),
        )

    @property
    def organisation(self) -> Organisation:
        form = _choice(self.pack.shape.organisations, self._value("organisatie/vorm"))
        return Organisation(form, self._value("organisatie/wie"))

    @property
    def parents(self) -> tuple[tuple[Choice, tuple[Choice, ...]], ...]:
        """Per phase the ways in which parents are involved; phases without a way are left out."""
        shape = self.pack.shape
        chosen = [(p, self._value(f"ouders/{p.slug}").split()) for p in shape.parent_phases]
        return tuple((p, tuple(w for w in shape.parent_ways if w.slug in ways)) for p, ways in chosen if ways)

    @property
    def parents_rule(self) -> bool:
        """The parties confirmed that a parent in the working group does not work at a party."""
        return bool(self._value("ouders/afspraak"))

    @property
    def loose(self) -> tuple[LooseAgreement, ...]:
        """With conclusion 1: the agreements that were already made. Else nothing."""
        alone = next((c.conclusion for c in self.chosen if c.conclusion.excludes_others), None)
        if alone is None:
            return ()
        return tuple(LooseAgreement(a, self._value(rules.loose_name(alone, a.id))) for a in self._dialogue.agreements())

    @property
    def vision(self) -> tuple[str, ConclusionExample | None] | None:
        """The vision that was chosen or written, with the example it came from."""
        return next(((c.vision, c.vision_from) for c in self.chosen if c.vision), None)

    @property
    def summary_sentences(self) -> tuple[str, ...]:
        """What was concluded, as sentences; empty while nothing was chosen."""
        return tuple(s for c in self.chosen for s in c.sentences)

    @property
    def shape_sentences(self) -> tuple[str, ...]:
        """Breadth, organisation and parents as sentences; what is open is left out."""
        breadth, organisation, said = self.breadth, self.organisation, []
        about = [breadth.ages] if breadth.ages else []
        if breadth.sectors:
            about.append(f"de sectoren {listing([s.label.lower() for s in breadth.sectors])}")
        if breadth.relation:
            about.append(breadth.relation.phrase or breadth.relation.label)
        if about:
            said.append(sentence(f"De afspraken gaan over {listing(about)}"))
        if organisation.form:
            who = f" ({organisation.who})" if organisation.who else ""
            said.append(sentence(f"{organisation.form.phrase or organisation.form.label}{who}"))
        for phase, ways in self.parents:
            how = listing([w.phrase or w.label.lower() for w in ways])
            said.append(sentence(f"{self.pack.shape.parents_phrase} {phase.phrase or phase.label.lower()}, {how}"))
        if self.parents_rule:
            said.append(sentence(self.pack.shape.parents_rule))
        return tuple(said)

    def read(self, conclusion: Conclusion) -> ChosenConclusion:
        """What was filled in at one conclusion, chosen or not."""
        ticked = self._value(f"{conclusion.slug}/opties").split()
        asked = {
            o.slug: self._value(f"{conclusion.slug}/wel/{o.slug}") for o in conclusion.options if rules.is_question(o)
        }
        taken = [
            o for o in conclusion.options if asked.get(o.slug) == rules.YES or o.slug not in asked and o.slug in ticked
        ]
        money = self._value(f"{conclusion.slug}/bronnen").split()
        from_example = self._value(f"{conclusion.slug}/visie-van")
        supports = self._supports(conclusion)
        return ChosenConclusion(
            conclusion=conclusion,
            options=tuple((o, self._option_text(conclusion, o)) for o in taken),
            declined=tuple(o for o in conclusion.options if asked.get(o.slug) == rules.NO),
            sources=tuple(
                (s, self._value(f"{conclusion.slug}/bron/{s.slug}")) for s in conclusion.sources if s.slug in money
            ),
            motivation=self._value(f"{conclusion.slug}/motivering"),
            motivation_html=self._html(f"{conclusion.slug}/motivering"),
            vision=self._value(f"{conclusion.slug}/visie"),
            vision_html=self._html(f"{conclusion.slug}/visie"),
            vision_from=next((e for e in rules.visions(conclusion) if e.slug == from_example), None),
            supports=supports,
            silent=tuple(p for p in self._parties if p.id not in {s.party.id for s in supports}),
        )

    def _option_text(self, conclusion: Conclusion, option: Option) -> str:
        text = self._value(f"{conclusion.slug}/optie/{option.slug}")
        contact = self._value(f"{conclusion.slug}/contact/{option.slug}")
        return "; ".join(t for t in (text, f"aanspreekpunt: {contact}" if contact else "") if t)

    def _supports(self, conclusion: Conclusion) -> tuple[Support, ...]:
        found = []
        for party in self._parties:
            said = self._shared.find(party.id, f"{rules.STEP}/{conclusion.slug}/{rules.SUPPORT}")
            choice = _choice(self.pack.endorsements, said.value) if said else None
            if said and choice:
                remark = self._shared.value(party.id, f"{rules.STEP}/{conclusion.slug}/{rules.REMARK}")
                found.append(Support(party, choice, remark, said))
        return tuple(found)

    def _value(self, name: str) -> str:
        row = self._joint.get(f"{rules.STEP}/{name}")
        return row.value if row else ""

    def _html(self, name: str) -> Markup:
        row = self._joint.get(f"{rules.STEP}/{name}")
        return fieldtext.html(row.value, row.rich) if row else fieldtext.NOTHING


def _choice(choices: Sequence[Choice], slug: str) -> Choice | None:
    return next((c for c in choices if c.slug == slug), None)


def read_conclusions(here: Here) -> Conclusions:
    """The conclusions until now; read once per request (and again after a save within it)."""
    source = (joint_answers(here), shared_answers(here), read_dialogue(here))
    known = here.extra.get("conclusions")
    if known is None or any(a is not b for a, b in zip(known[0], source, strict=True)):  # type: ignore[index]
        known = (source, Conclusions(here.pack, here.parties, *source))
        here.extra["conclusions"] = known
    return known[1]  # type: ignore[index]


def counting_conclusions(here: Here) -> tuple[Conclusion, ...]:
    """The chosen conclusions that count, without what was filled in at them: asks only for the joint answers."""
    return rules.counting(c for c in here.pack.conclusions if joint_value(here, f"{rules.STEP}/{c.slug}/gekozen"))[0]


def plan_not_needed(here: Here) -> bool:
    """The conclusion that excludes the others was chosen: the plan need not be written, but stays open."""
    return _without_plan(here) is not None


def _without_plan(here: Here) -> Conclusion | None:
    excluding = (c for c in here.pack.conclusions if c.excludes_others)
    return next((c for c in excluding if joint_value(here, f"{rules.STEP}/{c.slug}/gekozen")), None)


def plan_words(here: Here) -> str:
    """What the stepper says at the plan: 'niet nodig (conclusie 1)', or ''."""
    chosen = _without_plan(here)
    return f"niet nodig (conclusie {chosen.number})" if chosen else ""
