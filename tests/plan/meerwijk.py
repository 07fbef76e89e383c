"""A full fictional journey of Meerwijk, made through the same actions as people use: three parties that
answered, one
*namens*, one silent; wishes, outcomes, agreements, conclusions, breadth, organisation and parents."""

from __future__ import annotations

from datetime import date

from app.answers.actions import save_answer, save_joint
from app.answers.models import BEHALF, OWN
from app.conclusions import rules as conclusions
from app.dialogue import rules as dialogue
from app.dialogue.actions import NewAgreement, add_agreement
from app.exploration import rules as exploration
from app.remarks.actions import place as place_remark
from app.screening import rules as screening
from app.screening.actions import share_theme
from tests.conftest import World

AFTER = date(2027, 4, 2)  # a day after the meeting

ANSWERS = {
    ("jan", "linde", OWN): {
        "a": {
            "schoolbeleid-ouderbetrokkenheid/stand": "uitvoering",
            "schoolbeleid-ouderbetrokkenheid/toelichting": "Elke school bespreekt in september met ouders "
            "wat zij van elkaar verwachten.",
            "partnerschap-op-scholen/wens": "uitwisselen",
        },
        "b": {
            "vve-vroegschools/stand": "geborgd",
            "vve-vroegschools/toelichting": "elke school heeft een startgesprek",
            "onderwijsondersteunend-gedrag-bevorderen/stand": "bezig",
            "vve-afstemming/wens": "afstemmen",
            "onderwijsondersteunend-gedrag/wens": "uitwisselen",
            "verdeling": "ja",
        },
    },
    ("karin", "opweg", OWN): {
        "b": {
            "vve-vroegschools/stand": "nvt",
            "onderwijsondersteunend-gedrag-bevorderen/stand": "bezig",
            "vve-afstemming/wens": "afstemmen",
            "onderwijsondersteunend-gedrag/wens": "niets",
            "onderwijsondersteunend-gedrag/waarom": "Op onze school gaat het goed.",
            "verdeling": "deels",
            "verdeling-anders": "VSV hoort ook bij de besturen.",
        },
    },
    ("marieke", "gemeente", OWN): {
        "a": {"opleidingsniveau/herkent": "ja", "vertegenwoordigt-burgers/herkent": "deels"},
        "b": {
            "vve-voorschools/stand": "geborgd",
            "vsv-beleid/stand": "uitvoering",
            "vsv-beleid/toelichting": "Bij verzuim nodigen wij ouders uit.",
            "vve-afstemming/wens": "optrekken",
            "vve-afstemming/waarom": "Ouders merken het als voorschool en school elkaar niet kennen.",
            "onderwijsondersteunend-gedrag/wens": "afstemmen",
            "verdeling": "ja",
        },
        "c": {"zorg-voor-jeugd/stand": "uitvoering", "vsv-beleid-opvoeding/stand": "uitvoering"},
    },
    ("noor", "welzijn", OWN): {"b": {"vve-afstemming/wens": "afstemmen"}},
}
BEHALF_ANSWERS = {
    ("marieke", "ark", BEHALF): {
        "b": {
            "onderwijsondersteunend-gedrag-bevorderen/stand": "uitvoering",
            "vve-afstemming/wens": "afstemmen",
        },
    },
}
DIALOGUE = {
    "b/vve-afstemming/uitkomst": ["afstemmen"],
    "b/vve-afstemming/omdat": ["Zo hoeven ouders hun verhaal maar één keer te doen."],
    "b/onderwijsondersteunend-gedrag/uitkomst": ["later"],
    "b/onderwijsondersteunend-gedrag/later-op": ["2027-11-15"],
    "b/zinvol": ["ja"],
    "b/erkend": ["ja"],
    "b/vraag/samen": ["Iedereen wil beginnen bij het startgesprek."],
}
EXPLORATION = {"redenen": ["ouderbeleid-scholen", "vsv-en-pesten"], "uitkomst": ["zinvol"]}
CONCLUSIONS = {
    "impuls/gekozen": ["ja"],
    "impuls/opties": ["onderwijs-ouders", "veld-informeren"],
    "impuls/optie/veld-informeren": ["de beleidsmedewerker onderwijs"],
    "impuls/visie": ["Ouders en scholen in Meerwijk zijn partners. Zij helpen elk kind samen verder."],
    "impuls/motivering": ["Wij doen al veel, maar ieder voor zich."],
    "criteria/gekozen": ["ja"],
    "criteria/opties": ["ouderparagraaf"],
    "startimpuls/gekozen": ["ja"],
    "startimpuls/opties": ["pilot"],
    "startimpuls/bronnen": ["oab"],
    "nulmeting/gekozen": ["ja"],
    "nulmeting/opties": ["tevreden-over-relatie"],
    "breedte/leeftijd": ["0-12"],
    "breedte/relatie": ["ouders-school-zorg-welzijn"],
    "organisatie/vorm": ["werkgroep"],
    "organisatie/wie": ["de beleidsmedewerker onderwijs en van elk bestuur één directeur"],
    "ouders/inventariseren": ["onderzoek"],
    "ouders/uitvoeren": ["ouders-in-werkgroep"],
    "ouders/afspraak": ["ja"],
}


def tell(world: World) -> None:
    """Everything that was said, in the order in which it happens."""
    with world.database.write() as tx:
        here = world.here(tx)
        here.journey.meeting_on, here.journey.period_start, here.journey.period_end = (
            date(2027, 3, 12),
            2027,
            2029,
        )
        tx.add(here.journey)
        joint(world, exploration.STEP, exploration.fields(here.pack), EXPLORATION, tx=tx)
    for (name, party, layer), themes in (ANSWERS | BEHALF_ANSWERS).items():
        answer(world, name, party, themes, layer)
    with world.database.write() as tx:
        here = world.here(tx, "karin")
        place_remark(
            here,
            "punt/b/vve-voorschools",
            "Wij horen hier weinig over.",
            world.parties["gemeente"],
        )
        here = world.here(tx)
        joint(world, dialogue.STEP, dialogue.fields(here.pack, here.parties), DIALOGUE, tx=tx)
        ids = world.parties
        add_agreement(
            here,
            "b",
            "vve-afstemming",
            NewAgreement(
                "Voorschool en school houden samen het startgesprek.",
                ids["linde"],
                (ids["ark"],),
                "2028-06-01",
            ),
        )
        add_agreement(
            here,
            "b",
            "",
            NewAgreement("Wij maken een overzicht van alle tips voor thuis", ids["gemeente"], (), "2028-02"),
        )
        joint(world, conclusions.STEP, conclusions.fields(here.pack), CONCLUSIONS, tx=tx)


def joint(world: World, step: str, specs, values: dict[str, list[str]], *, tx) -> None:
    here = world.here(tx)
    for name, sent in values.items():
        save_joint(here, f"{step}/{name}", specs[name], sent, 0)


def answer(
    world: World,
    name: str,
    party: str,
    themes: dict[str, dict[str, str]],
    layer: str = OWN,
    share: bool = True,
) -> None:
    """Fills in for a party and shares each theme."""
    with world.database.write() as tx:
        here = world.here(tx, name)
        found = here.get_party(world.parties[party])
        for slug, values in themes.items():
            theme = here.get_theme(slug)
            specs = screening.specs(here.pack, found, theme)
            for field, value in values.items():
                row = next(
                    (a for a in _rows(here) if (a.party_id, a.layer, a.path) == (found.id, layer, f"{slug}/{field}")),
                    None,
                )
                save_answer(here, found, f"{slug}/{field}", specs[field], [value], row.version if row else 0, layer)
            if share:
                share_theme(here, found, theme, layer)


def _rows(here):
    from app.answers.reading import all_answers

    return all_answers(here)
