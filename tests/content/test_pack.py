"""The pack on parental involvement says what its source says, cell by cell and number by number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.content.load import default_pack, pack_from_json, pack_hash, pack_json, pack_problems
from app.content.pack import Example, Pack

SLUGS = Path(__file__).parent / "slugs.txt"

# The table of the source, with its typing errors corrected. Theme, column, (slug, label, kind, element).
CELLS = {
    ("a", "besturen"): [
        (
            "schoolbeleid-ouderbetrokkenheid",
            "Schoolbeleid en bestuurlijk beleid ouderbetrokkenheid/partnerschap (po t/m mbo)",
            "beleid",
            28,
        ),
    ],
    ("a", "samen"): [
        (
            "partnerschap-op-scholen",
            "Bevorderen ouderbetrokkenheid, ofwel partnerschap op scholen (algemeen)",
            "agenda",
            35,
        ),
    ],
    ("a", "gemeente"): [
        ("vertegenwoordigt-burgers", "Vertegenwoordigt alle burgers. Ouders zijn burgers.", "belang", 47),
        ("opleidingsniveau", "Belang bij hoog opleidingsniveau bevolking", "belang", 48),
    ],
    ("b", "besturen"): [
        ("vve-vroegschools", "VVE: ouderbeleid vroegschools", "beleid", 29),
        (
            "onderwijsondersteunend-gedrag-bevorderen",
            "Bevordering onderwijsondersteunend gedrag ouders (voorschools t/m mbo)",
            "beleid",
            30,
        ),
    ],
    ("b", "samen"): [
        ("onderwijsondersteunend-gedrag", "Onderwijsondersteunend gedrag ouders", "agenda", 36),
        ("vve-afstemming", "VVE: afstemming tussen voor- en vroegschools", "agenda", 37),
        (
            "doorlopende-leerlijnen",
            "Doorlopende leerlijnen/afstemming tussen onderwijssectoren",
            "agenda",
            38,
        ),
        ("vsv-en-ouders", "Aanpak VSV en ouders", "agenda", 39),
    ],
    ("b", "gemeente"): [
        ("vve-voorschools", "VVE: ouderbeleid op voorschoolse instellingen", "beleid", 49),
        ("vsv-beleid", "VSV-beleid", "beleid", 50),
    ],
    ("c", "besturen"): [
        ("pedagogisch-beleid", "Pedagogisch beleid scholen (incl. pestbeleid)", "beleid", 31),
        ("passend-onderwijs", "Passend onderwijs", "beleid", 32),
        ("aanpak-vsv", "Aanpak VSV", "beleid", 33),
    ],
    ("c", "samen"): [
        ("opvoedingsondersteuning", "Opvoeding(sondersteuning)", "agenda", 40),
        ("onderwijs-zorg-welzijn", "Samenwerking onderwijs – zorg – welzijn", "agenda", 41),
        (
            "activiteiten-en-programmas",
            "Specifieke activiteiten/programma’s, bijv. voeding, gezondheid, seksuele voorlichting, schulden, pesten",
            "agenda",
            42,
        ),
        ("afstemming-sectoren", "Afstemming tussen onderwijssectoren", "agenda", 43),
        ("vsv-en-ouders-opvoeding", "Aanpak VSV en ouders", "agenda", 44),
    ],
    ("c", "gemeente"): [
        ("zorg-voor-jeugd", "Zorg voor jeugd (o.a. CJG, Wmo en jeugdzorg)", "beleid", 51),
        ("veiligheidsbeleid", "Veiligheidsbeleid", "beleid", 52),
        ("vsv-beleid-opvoeding", "VSV-beleid", "beleid", 53),
        ("welzijns-en-zorgbeleid", "Welzijns- en zorgbeleid", "beleid", 54),
    ],
    ("d", "besturen"): [
        ("ontlasten-scholen", "Ontlasten van scholen en docenten", "belang", 34),
    ],
    ("d", "samen"): [
        ("ouderverbanden", "Ouderverbanden", "agenda", 45),
        ("lokale-gemeenschap", "Samenwerking met lokale gemeenschap", "agenda", 46),
    ],
    ("d", "gemeente"): [
        ("sociale-cohesie", "Sociale cohesie", "belang", 55),
        (
            "welzijn-en-zorg-cohesie",
            "Welzijn- en zorgbeleid (versterking sociale cohesie, wijkbetrokkenheid, participatie, oudereducatie)",
            "beleid",
            56,
        ),
    ],
}

MUNICIPALITIES = """
    Leeuwarden, Zwolle, Almere, Emmen, Rotterdam, Amsterdam, Heerlen, Den Haag, Katwijk, Pijnacker-Nootdorp,
    Dordrecht, Breda, Gaasterland, Lemsterland, Littenseradiel, Súdwest-Fryslân, Zoetermeer, Utrecht, Assen
"""

# What each example was at the time (a plan is not a result), and the number it has in the list of elements.
EXAMPLES = {
    "leeuwarden-brede-scholen": ("a", "plan", 87),
    "zwolle-almere-werkconferenties": ("a", "uitgevoerd", 88),
    "keurmerk-llo": ("a", "uitgevoerd", 89),
    "heerlen-jaarlijks-actieplan": ("a", "gesprek", 90),
    "den-haag-rotterdam-subsidie": ("a", "uitgevoerd", 91),
    "katwijk-jonge-ouder-academie": ("b", "plan", 92),
    "pijnacker-nootdorp-actieplan": ("b", "uitgevoerd", 93),
    "dordrecht-ouderbeleid-vve": ("b", "uitgevoerd", 94),
    "g33-g4-plannen": ("b", "plan", 95),
    "breda-team-ouderbetrokkenheid": ("b", "uitgevoerd", 96),
    "g4-beleidsplannen": ("b", "uitgevoerd", 97),
    "cjg-en-scholen": ("c", "uitgevoerd", 98),
    "heerlen-gezamenlijke-visie": ("c", "gesprek", 99),
    "zuidwest-friesland-cjg": ("c", "uitgevoerd", 100),
    "zoetermeer-jeugd-en-thuiscultuur": ("c", "uitgevoerd", 101),
    "utrecht-doorgaande-lijn": ("c", "uitgevoerd", 102),
    "oudernetwerken-potje": ("d", "idee", 103),
    "assen-visie": (None, "plan", 104),
}


TERMS = [
    "lea", "rea", "vve", "vsv", "cjg", "rmc", "wmo", "ggd", "po", "vo", "mbo", "oab", "regie", "nulmeting",
    "passend-onderwijs", "samenwerkingsverband", "ondersteuningsplan", "llo-keurmerk", "doorlopende-leerlijn",
    "partnerschap", "ouderbetrokkenheid", "onderwijsondersteunend-gedrag", "pedagogische-civil-society",
    "pedagogische-driehoek", "indicator", "begrenzing", "voorschools", "vroegschools",
]  # fmt: skip


@pytest.fixture(scope="module")
def pack() -> Pack:
    return default_pack()


def parts_with(value: Any, key: str) -> Iterator[dict[str, Any]]:
    """Every block of the dumped pack that has this key."""
    if isinstance(value, dict):
        if key in value:
            yield value
        for child in value.values():
            yield from parts_with(child, key)
    elif isinstance(value, list):
        for child in value:
            yield from parts_with(child, key)


# The table


@pytest.mark.parametrize(("cell", "expected"), CELLS.items(), ids=["/".join(cell) for cell in CELLS])
def test_a_cell_has_exactly_its_items(pack: Pack, cell: tuple[str, str], expected: list[Any]) -> None:
    items = pack.theme(cell[0]).in_column(cell[1])
    assert [(i.slug, i.label, i.kind, *i.elements) for i in items] == expected


def test_the_table_has_twelve_cells_of_seven_twelve_and_ten_items(pack: Pack) -> None:
    assert pack.slug == "ouderbetrokkenheid"
    assert [t.slug for t in pack.themes] == ["a", "b", "c", "d"]
    assert [c.slug for c in pack.columns] == ["besturen", "samen", "gemeente"]
    counts = Counter(i.column for t in pack.themes for i in t.items)
    assert counts == {"besturen": 7, "samen": 12, "gemeente": 10}


def test_early_school_leaving_stands_once_left_and_twice_in_the_middle_and_right(pack: Pack) -> None:
    places = [(t.slug, i.column) for t in pack.themes for i in t.items if "VSV" in i.label]
    assert sorted(places) == [
        ("b", "gemeente"),
        ("b", "samen"),
        ("c", "besturen"),
        ("c", "gemeente"),
        ("c", "samen"),
    ]


def test_early_childhood_education_is_split_between_boards_and_municipality(pack: Pack) -> None:
    places = {i.label: (t.slug, i.column) for t in pack.themes for i in t.items if "VVE" in i.label}
    assert places == {
        "VVE: ouderbeleid vroegschools": ("b", "besturen"),
        "VVE: afstemming tussen voor- en vroegschools": ("b", "samen"),
        "VVE: ouderbeleid op voorschoolse instellingen": ("b", "gemeente"),
    }


def test_the_two_kinds_of_obligation_are_kept_apart(pack: Pack) -> None:
    marked = [(t.slug, i.slug, i.legal.slug) for t in pack.themes for i in t.items if i.legal]
    assert marked == [
        ("b", "vve-afstemming", "wettelijk-verplicht"),
        ("b", "doorlopende-leerlijnen", "verplicht-overlegthema"),
        ("c", "afstemming-sectoren", "verplicht-overlegthema"),
    ]
    assert len({i.legal for t in pack.themes for i in t.items if i.legal}) == 2, "één tekst per soort plicht"


def test_the_first_middle_item_of_a_theme_carries_its_name(pack: Pack) -> None:
    for theme in pack.themes:
        titles = [i.is_title for i in theme.in_column("samen")]
        assert titles == [True] + [False] * (len(titles) - 1)


def test_sectors_only_narrow_where_the_cell_says_so(pack: Pack) -> None:
    narrowed = {i.slug: i.sectors for t in pack.themes for i in t.items if i.sectors}
    assert narrowed == {
        "vve-vroegschools": ("vroegschools", "po"),
        "vve-afstemming": ("voorschools", "vroegschools", "po"),
        "vsv-en-ouders": ("vo", "mbo"),
        "vve-voorschools": ("voorschools",),
        "vsv-beleid": ("vo", "mbo"),
        "passend-onderwijs": ("po", "vo", "mbo"),
        "aanpak-vsv": ("vo", "mbo"),
        "vsv-en-ouders-opvoeding": ("vo", "mbo"),
        "vsv-beleid-opvoeding": ("vo", "mbo"),
    }


def test_every_kind_of_party_that_has_a_column_can_answer_something_in_every_theme(pack: Pack) -> None:
    for kind in pack.party_kinds:
        if kind.column is None or kind.only_items:
            continue
        for theme in pack.themes:
            items = theme.in_column(kind.column)
            mine = [i for i in items if not i.sectors or not kind.sectors or set(i.sectors) & set(kind.sectors)]
            assert mine, f"{kind.slug} heeft niets te doen bij thema {theme.slug}"


def test_party_kinds_have_the_right_column_and_may_lead(pack: Pack) -> None:
    assert {k.slug: (k.column, k.may_lead, k.only_items) for k in pack.party_kinds} == {
        "schoolbestuur": ("besturen", True, ()),
        "voorschool": ("besturen", True, ()),
        "gemeente": ("gemeente", True, ()),
        "samenwerkingsverband": ("besturen", False, ("passend-onderwijs",)),
        "zorg-welzijn": (None, False, ()),
        "ouders": (None, False, ()),
        "overig": (None, False, ()),
    }
    assert "keuze van Driekolom" in pack.party_kind("samenwerkingsverband").note
    assert [k.slug for k in pack.party_kinds if k.municipal] == ["gemeente"]


# Answers and sentences


def test_answers_are_the_known_ones_in_order(pack: Pack) -> None:
    assert [(s.slug, s.label) for s in pack.policy_states] == [
        ("nog-niet", "Nog niet"),
        ("bezig", "Mee bezig"),
        ("uitvoering", "Voeren wij uit"),
        ("geborgd", "Vast onderdeel van ons beleid"),
        ("nvt", "Niet van toepassing"),
        ("weet-niet", "Weet ik niet"),
    ]
    assert [s.slug for s in pack.policy_states if not s.counts] == ["nvt", "weet-niet"]
    assert [(w.slug, w.weight) for w in pack.wishes] == [
        ("niets", 0),
        ("uitwisselen", 1),
        ("afstemmen", 2),
        ("optrekken", 3),
    ]
    assert (pack.wish_when_legal.slug, pack.wish_when_legal.weight) == ("al-geregeld", 0)
    assert [o.slug for o in pack.outcomes] == ["uitwisselen", "afstemmen", "optrekken", "niets", "later"]
    for answers in (pack.interest_answers, pack.recognitions, pack.useful_answers):
        assert [a.slug for a in answers] == ["ja", "deels", "nee"]
    assert [e.slug for e in pack.endorsements] == ["onderschrijft", "met-opmerking", "niet"]
    assert [o.slug for o in pack.exploration.outcomes] == ["zinvol", "niet-zinvol", "later"]


def test_answers_read_as_sentences(pack: Pack) -> None:
    states = {s.slug: s for s in pack.policy_states}
    point = pack.item("b", "vve-vroegschools").phrase
    assert (
        states["geborgd"].phrase.format(partij="Stichting De Linde", punt=point)
        == "Stichting De Linde heeft ouderbeleid vroegschools (VVE) geborgd"
    )
    assert states["bezig"].phrase_again.format(partij="Stichting Op Weg") == "Stichting Op Weg is hiermee bezig"
    wishes = {w.slug: w for w in pack.wishes}
    assert (
        wishes["afstemmen"].phrase_plural.format(partij="Drie partijen", punt=pack.item("b", "vve-afstemming").phrase)
        == "Drie partijen willen afstemmen over VVE voor- en vroegschools"
    )


def test_sentence_pieces_have_no_full_stop(pack: Pack) -> None:
    for key in ("phrase", "phrase_plural", "phrase_again", "sentence"):
        for block in parts_with(pack.model_dump(mode="json"), key):
            assert not block[key].endswith("."), block[key]


def test_every_answer_of_a_party_can_be_said_in_a_sentence(pack: Pack) -> None:
    for choice in (*pack.policy_states, *pack.interest_answers, *pack.wishes, pack.wish_when_legal):
        assert "{partij}" in choice.phrase and "{punt}" in choice.phrase, choice.slug
        assert "{partij}" in choice.phrase_plural and "{partij}" in choice.phrase_again, choice.slug
    for choice in (*pack.recognitions, *pack.endorsements):
        assert "{partij}" in choice.phrase and "{partij}" in choice.phrase_plural, choice.slug


# Guides, conclusions, shape, plan


def test_the_guide_asks_boards_first_then_the_municipality_then_together(pack: Pack) -> None:
    table, conclusions = pack.guides
    assert [q.slug for q in table.questions] == ["besturen", "gemeente", "samen"]
    for question in table.questions:
        assert question.label == pack.column(question.slug).guide_question
    assert [n for q in table.questions for n in q.elements] == [107, 108, 109]
    assert conclusions.slug == "conclusies"


def test_the_exploration_has_five_reasons_and_three_questions(pack: Pack) -> None:
    assert [n for r in pack.exploration.reasons for n in r.elements] == [8, 9, 10, 11, 12]
    assert [q.slug for q in pack.exploration.questions] == ["schoolbesturen", "gemeente", "samen"]


def test_six_conclusions_of_which_the_first_excludes_the_others(pack: Pack) -> None:
    assert [(c.number, c.slug) for c in pack.conclusions] == [
        (1, "niet-nodig"),
        (2, "impuls"),
        (3, "criteria"),
        (4, "startimpuls"),
        (5, "visie-aanpak"),
        (6, "nulmeting"),
    ]
    assert [c.slug for c in pack.conclusions if c.excludes_others] == ["niet-nodig"]
    assert [c.slug for c in pack.conclusions if not c.leads_to_plan] == ["niet-nodig"]
    assert [c.elements for c in pack.conclusions] == [(115, n) for n in range(116, 122)]


def test_inner_choices_of_the_conclusions(pack: Pack) -> None:
    asks = {c.slug: Counter(o.ask for o in c.options) for c in pack.conclusions}
    assert asks["niet-nodig"] == {"who": 5, "date": 1}
    variants = [o.slug for o in pack.conclusion("impuls").options if o.group == "variant"]
    assert variants == ["onderwijs-ouders", "onderwijs-ouders-omgeving"]
    forms = [o.slug for o in pack.conclusion("startimpuls").options if o.ask == "tick"]
    assert forms == ["pilot", "werkconferentie", "keurmerk"]
    assert [o.slug for o in pack.conclusion("startimpuls").sources] == ["oab", "zorgbudget", "andere-bron"]
    ages = [o.slug for o in pack.conclusion("visie-aanpak").options if o.group == "leeftijd"]
    assert ages == ["0-6", "0-12", "0-18", "0-23"]
    assert Counter((c.number, e.kind) for c in pack.conclusions for e in c.examples) == {
        (2, "visie"): 3,
        (3, "criterium"): 4,
        (6, "doel"): 3,
    }
    assert "verandert niets aan de wettelijk verplichte afstemming VVE" in pack.conclusion("niet-nodig").notice


def test_years_of_the_source_are_only_quoted(pack: Pack) -> None:
    for conclusion in pack.conclusions:
        for example in conclusion.examples:
            new = " ".join([example.text, *example.goal.values()])
            assert not re.search(r"\b20\d\d\b", new), new
            if re.fullmatch(r"\d{4}", example.year):
                assert example.year in example.quoted
    goals = {e.slug: e.year for e in pack.conclusion("nulmeting").examples}
    assert goals == {
        "tevreden-over-relatie": "2016",
        "hulp-bij-leren-thuis": "2015",
        "hulp-bij-opvoeden": "2016",
    }


def test_what_the_source_does_not_give_is_left_to_fill_in(pack: Pack) -> None:
    fill = {e.slug: e.fill for e in pack.conclusion("criteria").examples}
    assert "niet in de bron" in fill["llo-criteria"]
    assert "niet in de bron" in fill["vve-indicatoren"]
    assert "geen norm" in pack.conclusion("nulmeting").examples[0].fill


def test_breadth_organisation_and_parents(pack: Pack) -> None:
    shape = pack.shape
    assert [a.slug for a in shape.ages] == ["0-6", "0-12", "4-18", "0-18", "0-23"]
    assert any("twee lijstjes" in f.text for f in shape.facts)
    assert [r.slug for r in shape.relations] == [
        "ouders-school",
        "ouders-school-zorg-welzijn",
        "ouders-school-omgeving",
    ]
    assert [o.slug for o in shape.organisations] == ["een-verantwoordelijke", "werkgroep", "externe-expert"]
    assert [p.slug for p in shape.parent_phases] == ["inventariseren", "beleid-maken", "uitvoeren"]
    assert [w.slug for w in shape.parent_ways] == ["onderzoek", "ouderadviesraad", "ouders-in-werkgroep"]
    assert "werkt niet bij een van de partijen" in shape.parents_rule


def test_the_plan_has_six_chapters(pack: Pack) -> None:
    assert [(c.number, c.slug, c.kind) for c in pack.chapters] == [
        (1, "inleiding", "inleiding"),
        (2, "inventarisatie", "inventarisatie"),
        (3, "visie-en-doelen", "doelen"),
        (4, "partijen", "organisatie"),
        (5, "monitoring", "evaluatie"),
        (6, "stappenplan", "stappen"),
    ]
    assert [c.elements for c in pack.chapters] == [(n,) for n in range(134, 140)]


def test_roles_are_hedged_where_the_source_hedges(pack: Pack) -> None:
    roles = pack.chapter("partijen").roles
    assert Counter(kind for r in roles for kind in r.party_kinds) == {
        "gemeente": 5,
        "schoolbestuur": 6,
        "voorschool": 6,
        "ouders": 1,
    }
    hedged = [r.slug for r in roles if r.hedge]
    assert hedged == ["gemeente-sturen-zorg", "gemeente-faciliteren", "ouders-meedoen"]
    standard = pack.chapter("monitoring").standard
    assert [s.slug for s in standard if s.optional] == ["extern-bureau-meet"]
    assert "begrenzing" in {d.slug for d in pack.chapter("partijen").demands}


# Examples


def test_examples_have_the_theme_and_status_of_the_source(pack: Pack) -> None:
    assert {e.slug: (e.theme, e.status, *e.elements) for e in pack.examples} == EXAMPLES


def test_nineteen_municipalities_are_named(pack: Pack) -> None:
    named = Counter(m for e in pack.examples for m in e.municipalities)
    assert set(named) == {name.strip() for name in MUNICIPALITIES.split(",")}
    assert len(named) == 19
    assert {m for m, times in named.items() if times > 1} == {
        "Rotterdam",
        "Heerlen",
        "Breda",
        "Pijnacker-Nootdorp",
    }


@pytest.mark.parametrize("example", default_pack().examples, ids=lambda e: e.slug)
def test_an_agreement_marks_every_borrowed_word(example: Example) -> None:
    assert example.borrowed
    assert all(word in example.agreement for word in example.borrowed)
    left = example.agreement
    for word in example.borrowed:
        left = left.replace(word, "")
    for municipality in example.municipalities:
        assert municipality not in left, f"{municipality} is niet gemerkt als geleend"
    assert not re.search(r"\b(19|20)\d\d\b", left), "een jaar is niet gemerkt als geleend"


def test_what_was_no_result_says_so(pack: Pack) -> None:
    for example in pack.examples:
        words = {"plan": "toen", "gesprek": "nog geen afspraak", "idee": "idee"}
        assert words.get(example.status, "") in example.status_text


# Numbers, facts and slugs


def test_all_elements_are_there_once(pack: Pack) -> None:
    assert [e.number for e in pack.elements] == list(range(1, 142))


def test_every_element_that_is_content_stands_on_a_part(pack: Pack) -> None:
    shown = set(pack.intro_elements)
    for block in parts_with(pack.model_dump(mode="json"), "elements"):
        shown.update(n for n in block["elements"] if isinstance(n, int))
    assert {e.number for e in pack.elements if e.cls == "inhoud"} <= shown
    assert all(e.reason for e in pack.elements if e.cls != "inhoud")


def test_every_fact_has_a_source_with_a_year(pack: Pack) -> None:
    for block in parts_with(pack.model_dump(mode="json"), "cite"):
        if block["cite"]:
            assert pack.source(block["cite"]["source"]).year
    assert all(term.cite for term in pack.terms)


def test_the_source_is_not_given_a_publisher_it_does_not_name(pack: Pack) -> None:
    source = pack.source("beleidsbox")
    assert (source.title, source.year, source.publisher) == (
        "Beleidsbox Ouderbetrokkenheid op de LEA",
        "omstreeks 2013",
        "",
    )


def test_terms_explain_each_word_once(pack: Pack) -> None:
    words = Counter(w.lower() for t in pack.terms for w in {t.term.lower(), *(a.lower() for a in t.also)})
    assert [w for w, times in words.items() if times > 1] == []
    assert len(pack.terms) >= 40
    for slug in TERMS:
        assert pack.term(slug).text


def all_slugs(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from all_slugs(child, f"{path}/{key}" if path else key)
    elif isinstance(value, list):
        for child in value:
            if isinstance(child, dict) and "slug" in child:
                yield f"{path}/{child['slug']}"
                yield from all_slugs(child, f"{path}/{child['slug']}")


def test_slugs_are_stable(pack: Pack) -> None:
    """Answers refer to slugs. A line may be added to slugs.txt, never changed or taken away."""
    golden = SLUGS.read_text(encoding="utf-8").split()
    current = list(all_slugs(pack.model_dump(mode="json")))
    assert set(golden) - set(current) == set(), "deze slugs zijn verdwenen; antwoorden verwijzen ernaar"
    assert set(current) - set(golden) == set(), "deze slugs zijn nieuw; zet ze erbij in slugs.txt"
    assert len(current) == len(set(current))


# A journey's own copy


def test_a_copy_as_json_comes_back_the_same(pack: Pack) -> None:
    text = pack_json(pack)
    assert pack_from_json(text) == pack
    assert pack_json(pack_from_json(text)) == text
    assert pack_hash(pack_from_json(text)) == pack_hash(pack)
    assert re.fullmatch(r"[0-9a-f]{64}", pack_hash(pack))


def test_another_text_gives_another_hash(pack: Pack) -> None:
    assert pack_hash(pack.model_copy(update={"title": "Anders"})) != pack_hash(pack)


def test_the_pack_has_no_problems_of_its_own(pack: Pack) -> None:
    assert pack_problems(pack) == []


def test_the_pack_is_read_once() -> None:
    assert default_pack() is default_pack()
