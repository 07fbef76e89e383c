"""Which fields the conclusions have, which of the chosen ones count, and how they read as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.answers.fields import options
from app.content.pack import Conclusion, ConclusionExample, Option, Pack, Words
from app.core import fields as core
from app.core.clock import iso_or_text, parse_date
from app.core.errors import NotFound
from app.core.fields import Spec
from app.core.text import sentence

STEP = "conclusies"
YES, NO = "ja", "nee"
OTHER_AGE = "andere"
SUPPORT, REMARK = "steun", "steun-opmerking"


def get_conclusion(pack: Pack, slug: str) -> Conclusion:
    """Raises NotFound."""
    try:
        return pack.conclusion(slug)
    except KeyError:
        raise NotFound from None


def counting(chosen: Iterable[Conclusion]) -> tuple[tuple[Conclusion, ...], tuple[Conclusion, ...]]:
    """The chosen conclusions that count, and those that one which excludes the others has put aside."""
    chosen = tuple(chosen)
    alone = tuple(c for c in chosen if c.excludes_others)[:1]
    kept = alone or chosen
    return kept, tuple(c for c in chosen if c not in kept)


def is_question(option: Option) -> bool:
    """An option that asks for a date is a question of its own: yes, first on …, or no."""
    return option.ask == "date"


def example_of(conclusion: Conclusion, option: Option) -> ConclusionExample | None:
    """The example that belongs to this option: a text to start with."""
    return next((e for e in conclusion.examples if e.slug == option.slug), None)


def visions(conclusion: Conclusion) -> tuple[ConclusionExample, ...]:
    return tuple(e for e in conclusion.examples if e.kind == "visie")


def is_plain_year(year: str) -> bool:
    """Whether this is a plain year."""
    return len(year) == 4 and year.isdigit()


def dated(example: ConclusionExample) -> str:
    """'Voorbeeld uit 2014: kies zelf een jaar.'"""
    if is_plain_year(example.year):
        return f"Voorbeeld uit {example.year}: kies zelf een jaar."
    return f"Voorbeeld van {example.year}." if example.year else "Voorbeeld."


def option_specs(conclusion: Conclusion, option: Option, words: Words) -> dict[str, Spec]:
    """What is asked once this option is ticked, by name (path without `conclusies/{slug}/`)."""
    name = f"optie/{option.slug}"
    if is_question(option):
        yes_no = (core.Option(YES, "Ja"), core.Option(NO, "Nee"))
        return {
            f"wel/{option.slug}": Spec("choice", f"{option.label}?", yes_no, help=option.help),
            name: Spec("when", "Wanneer voor het eerst?", help="Een maand of een dag, bijvoorbeeld juni 2029."),
        }
    if option.ask == "who":
        if conclusion.excludes_others:
            return {
                name: Spec("line", "Wie pakt dit op?", example=words.who_example),
                f"contact/{option.slug}": Spec(
                    "line", "Welke functie is het aanspreekpunt?", example=words.contact_example
                ),
            }
        return {name: Spec("line", "Wie?")}
    if option.ask == "text" or example_of(conclusion, option):
        return {name: Spec("text", "Hoe zegt u dit?")}
    return {}


def conclusion_specs(conclusion: Conclusion, words: Words) -> dict[str, Spec]:
    """The joint fields of one conclusion by name (path without `conclusies/`)."""
    ticks = tuple(o for o in conclusion.options if not is_question(o))
    one_of_all = conclusion.pick == "one"
    specs = {"gekozen": Spec("tick", f"Wij kiezen conclusie {conclusion.number}")}
    if ticks:
        options = tuple(core.Option(o.slug, o.label, o.help, "keuze" if one_of_all else o.group) for o in ticks)
        specs["opties"] = Spec("many", conclusion.group_label or "Wat kiest u hierbij?", options)
    for option in conclusion.options:
        specs |= option_specs(conclusion, option, words)
    if conclusion.sources:
        options = tuple(core.Option(s.slug, s.label, s.help, s.group) for s in conclusion.sources)
        specs["bronnen"] = Spec("many", "Waar komt het geld vandaan?", options)
        specs |= {f"bron/{s.slug}": Spec("line", "Welke bron?") for s in conclusion.sources if s.ask == "text"}
    if examples := visions(conclusion):
        specs["visie"] = Spec("text", "Onze visie", together=True)
        specs["visie-van"] = Spec("choice", "Naar voorbeeld van", tuple(core.Option(e.slug, e.text) for e in examples))
    specs["motivering"] = Spec("text", "Waarom kiest u dit?", together=True)
    return {f"{conclusion.slug}/{name}": spec for name, spec in specs.items()}


def loose_name(conclusion: Conclusion, agreement_id: str) -> str:
    """The field that asks whether an agreement stands although nothing is done together."""
    return f"{conclusion.slug}/afspraak/{agreement_id}"


LOOSE = Spec(
    "choice",
    "Blijft deze afspraak staan?",
    (core.Option(YES, "Ja, deze afspraak blijft staan"), core.Option(NO, "Nee, deze afspraak vervalt")),
)


def shape_pages(pack: Pack) -> dict[str, str]:
    """The pages of breadth, organisation and who is involved, as far as this pack asks something there: part of the
    address → title."""
    shape = pack.shape
    asked = {
        "breedte": ("Breedte", bool(shape.ages or shape.relations)),
        "organisatie": ("Organisatie", bool(shape.organisations)),
        "ouders": (shape.parents_title, bool(shape.parent_phases and shape.parent_ways)),
    }
    return {slug: title for slug, (title, used) in asked.items() if used}


def shape_specs(pack: Pack) -> dict[str, Spec]:
    """The fields of breadth, organisation and who is involved."""
    shape, offered = pack.shape, shape_pages(pack)
    ages = (*options(shape.ages), core.Option(OTHER_AGE, "Een andere leeftijd"))
    sectors = tuple(core.Option(s.slug, s.label, s.ages) for s in pack.sectors)
    ways = tuple(core.Option(w.slug, w.label) for w in shape.parent_ways)  # explained once, above the grid
    specs: dict[str, Spec] = {}
    if shape.ages:
        specs["breedte/leeftijd"] = Spec("choice", shape.ages_question, ages)
        specs["breedte/leeftijd-anders"] = Spec("line", "Welke leeftijd?", example="2 tot 14 jaar.")
    if "breedte" in offered and sectors:
        specs["breedte/sectoren"] = Spec("many", shape.sectors_question, sectors)
    if shape.relations:
        specs["breedte/relatie"] = Spec("choice", shape.relations_question, options(shape.relations))
    if "organisatie" in offered:
        specs["organisatie/vorm"] = Spec("choice", "Wie werkt het plan uit?", options(shape.organisations))
        specs["organisatie/wie"] = Spec(
            "line", "Wie is dat, of wie zitten erin?", help="Noem liever de functie dan de naam."
        )
    if "ouders" in offered:
        specs |= {f"ouders/{p.slug}": Spec("many", p.label, ways) for p in shape.parent_phases}
        if shape.parents_rule:
            help_text = "Zet hier een vinkje als u dit samen afspreekt."
            specs["ouders/afspraak"] = Spec("tick", shape.parents_rule, help=help_text)
    return specs


def fields(pack: Pack, agreements: Sequence[str] = ()) -> dict[str, Spec]:
    """All joint fields of the conclusions. `agreements` are the ids of the agreements that now exist."""
    specs = shape_specs(pack)
    for conclusion in pack.conclusions:
        specs |= conclusion_specs(conclusion, pack.words)
        if conclusion.excludes_others:
            specs |= {loose_name(conclusion, i): LOOSE for i in agreements}
    return specs


def support_specs(pack: Pack) -> dict[str, Spec]:
    """What each party says of a conclusion."""
    return {
        SUPPORT: Spec("choice", "Wat vindt uw partij van deze conclusie?", options(pack.endorsements)),
        REMARK: Spec("text", "Uw opmerking (mag leeg blijven)"),
    }


def option_sentence(option: Option, text: str) -> str:
    """The option as one sentence of a plan or report, with what was filled in."""
    said = option.sentence or option.label
    if option.ask == "date":
        return sentence(
            f"{said}, voor het eerst {'op ' if parse_date(text) else 'in '}{iso_or_text(text)}" if text else said
        )
    if option.ask == "who":
        return sentence(f"{said} ({text})" if text else said)
    if option.ask == "text":
        return sentence(f"{said}: {text}" if text else said)
    return sentence(text or said)


def conclusion_sentences(
    conclusion: Conclusion, options: Iterable[tuple[Option, str]], sources: Iterable[tuple[Option, str]]
) -> tuple[str, ...]:
    """The conclusion and its inner choices as sentences."""
    money = [text or source.sentence or source.label for source, text in sources]
    paid = (sentence(f"Het geld komt {' en '.join(money)}"),) if money else ()
    return (sentence(conclusion.sentence), *(option_sentence(o, t) for o, t in options), *paid)
