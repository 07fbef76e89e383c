"""A journey filled to the brim through the real actions, with a mark in every text: what everybody may
see must stand in the document, what a party keeps to itself must not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.answers.actions import save_answer, save_joint, share
from app.answers.models import BEHALF, OWN
from app.answers.reading import all_answers, forget
from app.conclusions import rules as conclusions
from app.core.fields import Spec
from app.dialogue import rules as dialogue
from app.dialogue.actions import NewAgreement, add_agreement
from app.exploration import rules as exploration
from app.journey.gate import Here
from app.journey.models import Party
from app.plan.actions import add_row, prefill
from app.plan.models import Responsibility
from app.plan.reading import rows_of
from app.plan.rows import KINDS
from app.prose.actions import add_paragraph
from app.remarks.actions import place as place_remark
from app.screening import rules as screening
from app.screening.actions import share_theme
from tests.conftest import World

Words = Callable[[str], str]


@dataclass
class Marks:
    """Makes marks: one word per text, found again in the text of the PDF."""

    shown: dict[str, str] = field(default_factory=dict)  # mark → where it was written
    hidden: dict[str, str] = field(default_factory=dict)
    around: Words = lambda mark: f"Dit is {mark} hier."

    def shared(self, where: str) -> str:
        return self._made("KAN", self.shown, where)

    def concept(self, where: str) -> str:
        return self._made("GEH", self.hidden, where)

    def _made(self, kind: str, kept: dict[str, str], where: str) -> str:
        mark = f"{kind}{len(kept) + 1:04}"
        kept[mark] = where
        return self.around(mark)


def sent(spec: Spec, turn: int, text: Callable[[], str]) -> list[str]:
    """A good value for a field of this kind; choices rotate."""
    if spec.kind in ("text", "line"):
        return [text()]
    if spec.kind in ("choice", "select"):
        return [spec.options[turn % len(spec.options)].value]
    if spec.kind == "many":
        return [spec.options[turn % len(spec.options)].value] if spec.options else []
    by_kind = {
        "tick": "ja",
        "date": "2028-03-01",
        "month": "2028-03",
        "when": "2028-03",
        "year": "2028",
        "number": "4",
        "money": "1250000",
    }
    return [by_kind[spec.kind]]


def fill_party(here: Here, party: Party, marks: Marks, layer: str = OWN, themes: Sequence[str] = ()) -> None:
    """Every field of a party, shared per theme; then one text is changed again and stays concept."""
    for number, theme in enumerate(here.pack.themes):
        if themes and theme.slug not in themes:
            continue
        specs = screening.specs(here.pack, party, theme)
        for turn, (name, spec) in enumerate(specs.items()):
            path = f"{theme.slug}/{name}"
            save_answer(
                here,
                party,
                path,
                spec,
                sent(spec, turn + number, lambda p=path: marks.shared(f"{party.short} {p}")),
                0,
                layer,
            )
        forget(here)
        share_theme(here, party, theme, layer)


def change_after_sharing(here: Here, party: Party, theme_slug: str, marks: Marks) -> None:
    """One text of this theme changes and is not shared again: the shared one stays in the document."""
    theme = here.get_theme(theme_slug)
    specs = screening.specs(here.pack, party, theme)
    name = next(n for n, s in specs.items() if s.kind == "text")
    save_answer(here, party, f"{theme.slug}/{name}", specs[name], [marks.concept(f"{party.short} {name}")], 1)
    forget(here)


def only_concepts(here: Here, party: Party, marks: Marks) -> None:
    """Every field of a party that shares nothing."""
    for theme in here.pack.themes:
        for turn, (name, spec) in enumerate(screening.specs(here.pack, party, theme).items()):
            save_answer(
                here,
                party,
                f"{theme.slug}/{name}",
                spec,
                sent(spec, turn, lambda n=name: marks.concept(f"{party.short} {n}")),
                0,
            )
    forget(here)


def fill_joint(here: Here, step: str, specs: dict[str, Spec], marks: Marks, skip: Sequence[str] = ()) -> None:
    """All joint fields of a step; a field whose name holds one of `skip` is left alone."""
    for turn, (name, spec) in enumerate(specs.items()):
        if not any(s in name for s in skip):
            save_joint(here, f"{step}/{name}", spec, sent(spec, turn, lambda n=name: marks.shared(f"{step}/{n}")), 0)
    forget(here)


def fill_exploration(here: Here, marks: Marks) -> None:
    fill_joint(here, exploration.STEP, exploration.fields(here.pack), marks)
    save_joint(here, "verkenning/uitkomst", exploration.fields(here.pack)["uitkomst"], ["zinvol"], 1)
    forget(here)


def fill_dialogue(here: Here, marks: Marks) -> None:
    fill_joint(here, dialogue.STEP, dialogue.fields(here.pack, here.parties), marks, skip=("uitkomst", "niet-voor"))
    for turn, theme in enumerate(here.pack.themes):
        for number, item in enumerate(dialogue.joint_items(here.pack, theme)):
            specs = dialogue.item_specs(here.pack, here.parties)
            base = f"gesprek/{theme.slug}/{item.slug}"
            save_joint(here, f"{base}/uitkomst", specs["uitkomst"], [here.pack.outcomes[(turn + number) % 3].slug], 0)
            if number == 1:
                save_joint(here, f"{base}/niet-voor", specs["niet-voor"], [here.parties[-1].id], 0)
            new = NewAgreement(
                marks.shared(f"afspraak {item.slug}"), here.parties[0].id, (here.parties[1].id,), "2028-06"
            )
            add_agreement(here, theme.slug, item.slug, new)
    forget(here)


def fill_conclusions(here: Here, marks: Marks, chosen: Sequence[str] | None = None) -> None:
    """Chooses these conclusions (all but the one that excludes the others) with every inner option, and
    each party's view."""
    wanted = [c for c in here.pack.conclusions if (c.slug in chosen if chosen is not None else not c.excludes_others)]
    for conclusion in wanted:
        for turn, (name, spec) in enumerate(conclusions.conclusion_specs(conclusion, here.pack.words).items()):
            values = sent(spec, turn, lambda n=name: marks.shared(f"conclusies/{n}"))
            if spec.kind == "many":
                groups = {o.group or o.value: o.value for o in spec.options}
                values = [v for v in groups.values()]
            if name.startswith(f"{conclusion.slug}/wel/"):
                values = ["ja"]
            dropped = {o.slug for o in conclusion.options if o.group} - {v for v in _chosen_slugs(conclusion)}
            if name.rsplit("/", 1)[-1] in dropped:
                continue
            save_joint(here, f"conclusies/{name}", spec, values, 0)
        for number, party in enumerate(here.parties[:-1]):
            specs = conclusions.support_specs(here.pack)
            for part, spec in specs.items():
                path = f"conclusies/{conclusion.slug}/{part}"
                save_answer(
                    here,
                    party,
                    path,
                    spec,
                    sent(spec, number, lambda p=path, q=party: marks.shared(f"{q.short} {p}")),
                    0,
                )
            forget(here)
            share(
                here,
                [
                    a
                    for a in all_answers(here)
                    if a.party_id == party.id and a.path.startswith(f"conclusies/{conclusion.slug}/")
                ],
            )
    fill_joint(here, "conclusies", conclusions.shape_specs(here.pack), marks, skip=("leeftijd-anders",))


def fill_plan(here: Here, marks: Marks) -> None:
    """Every chapter pre-filled, a paragraph and every kind of row written by hand, one thing left out."""
    for chapter in here.pack.chapters:
        prefill(here, chapter)
        add_paragraph(here, chapter.slug, text=marks.shared(f"alinea {chapter.slug}"))
    here.extra.clear()
    party = here.parties[1].id
    for kind in KINDS.values():
        goals = rows_of(here, "doel").live
        specs = kind.specs(here.pack, here.parties, goals)
        values = {
            n: sent(s, 0, lambda k=kind.name, n=n: marks.shared(f"{k} {n}"))[0]
            for n, s in specs.items()
            if sent(s, 0, str)
        }
        fixed = {"party_id": party, "side": "doet-niet"} if kind.table is Responsibility else {}
        add_row(here, kind, values, **fixed)
    here.extra.clear()


def _chosen_slugs(conclusion) -> list[str]:
    return list({o.group or o.slug: o.slug for o in conclusion.options}.values())


def set_up(here: Here) -> None:
    here.journey.period_start, here.journey.period_end = 2027, 2031
    here.journey.meeting_on = date(2027, 3, 12)
    here.tx.add(here.journey)


def fill_world(world: World, marks: Marks) -> None:
    """The whole cast: two boards and the gemeente share everything, Ark is filled in *namens*, Welzijn
    keeps all to itself."""
    with world.database.write() as tx:
        here = world.here(tx, "marieke")
        set_up(here)
        by_name = {n: here.get_party(i) for n, i in world.parties.items()}
        for seat, party in (("jan", "linde"), ("karin", "opweg"), ("marieke", "gemeente")):
            fill_party(world.here(tx, seat), by_name[party], marks)
        fill_party(here, by_name["ark"], marks, BEHALF)
        change_after_sharing(world.here(tx, "jan"), by_name["linde"], here.pack.themes[1].slug, marks)
        only_concepts(world.here(tx, "noor"), by_name["welzijn"], marks)
        only_concepts(world.here(tx, "fatima"), by_name["ark"], marks)
        here = world.here(tx, "marieke")
        for theme in here.pack.themes:
            item = next(i for i in theme.items if i.column == here.kind_of(by_name["linde"]).column)
            key = f"punt/{theme.slug}/{item.slug}"
            place_remark(here, key, marks.shared(f"opmerking {theme.slug}"), by_name["linde"].id)
        fill_exploration(here, marks)
        fill_dialogue(here, marks)
        fill_conclusions(here, marks)
