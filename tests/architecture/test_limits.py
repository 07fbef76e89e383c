"""What one person could do by accident or on purpose that others would notice: twice, too many, or as somebody else."""

from __future__ import annotations

import pytest
from sqlmodel import select

from app.dialogue import actions as dialogue
from app.journey import actions as journey
from app.journey.models import Journey
from app.plan import actions as plan
from app.prose import actions as prose
from app.remarks import actions as remarks
from tests.conftest import World

PART = {"driekolom-deel": "1"}
START = {
    "titel": "Ouders in Meerwijk",
    "gemeente": "Meerwijk",
    "partij-1-soort": "schoolbestuur",
    "partij-1-naam": "De Linde",
    "regels": "6",
}


def test_pressing_start_twice_makes_one_journey(world: World, as_):
    first = as_("marieke").post("/trajecten", data=START)
    again = as_("marieke").post("/trajecten", data=START)
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    other = as_("marieke").post("/trajecten", data={**START, "partij-1-naam": "Op Weg"})
    assert other.status_code == 303 and other.headers["location"] != first.headers["location"], "another wish"
    assert as_("olga").post("/trajecten", data=START).headers["location"] != first.headers["location"], "another person"
    with world.database.read() as tx:
        assert len(list(tx.exec(select(Journey).where(Journey.title == START["titel"])))) == 3


def test_a_window_of_somebody_else_saves_nothing(world: World, as_):
    """Jan's page is still open when Karin signs in on the same computer: his text is not hers."""
    url = world.path("waar-staan-we/a/veld/verdeling-anders")
    data = {"waarde": "van Jan", "versie": "0"}
    refused = as_("karin").post(url, data=data, headers={**PART, "driekolom-plek": world.seats["jan"]})
    assert refused.status_code == 401 and "iemand anders" in refused.text
    assert "van Jan" not in as_("karin").get(world.path("waar-staan-we/a")).text
    assert as_("jan").post(url, data=data, headers={**PART, "driekolom-plek": world.seats["jan"]}).status_code == 200


def test_a_form_in_a_window_of_somebody_else_does_nothing(world: World, as_):
    """The same without a script, and for what is no field: each form says whose page it stood on."""
    shown = as_("jan").get(world.path("waar-staan-we/a")).text
    own = f'<input type="hidden" name="plek" value="{world.seats["jan"]}">'
    assert shown.count('method="post"') == shown.count(own) > 2
    party = {"soort": "schoolbestuur", "naam": "Van een ander"}
    url, names = world.path("opzet/partijen"), lambda: as_("marieke").get(world.path("opzet")).text
    refused = as_("marieke").post(url, data={**party, "plek": world.seats["jan"]})
    assert refused.status_code == 403 and "intussen iemand anders aangemeld" in refused.text
    assert "Van een ander" not in names()
    assert as_("marieke").post(url, data={**party, "plek": world.seats["marieke"]}).status_code == 303
    assert "Van een ander" in names()


@pytest.mark.parametrize(
    "room, name, url, data",
    [
        (journey, "MOST_PARTIES", "opzet/partijen", {"soort": "schoolbestuur", "naam": "Nummer {}"}),
        (journey, "MOST_MUNICIPALITIES", "opzet/gemeenten", {"gemeente": "Plaats {}"}),
        (journey, "MOST_PEOPLE", "opzet/mensen", {"naam": "Persoon {}", "rol": "meelezer"}),
        (dialogue, "MOST", "gesprek/a/afspraak", {"wat": "Afspraak {}"}),
        (remarks, "MOST_REMARKS", "opmerkingen/bij/punt/b/{item}", {"opmerking": "Opmerking {}"}),
        (plan, "MOST", "plan/rij/doel", {"result": "Doel {}"}),
        (plan, "MOST", "plan/rij/begroting", {"what": "Geld {}"}),
        (prose, "MOST", "plan/inleiding/alinea", {}),
    ],
)
def test_there_is_an_end_to_how_many(world: World, as_, monkeypatch, room, name: str, url: str, data: dict[str, str]):
    monkeypatch.setattr(room, name, 9)
    item = world.pack.theme("b").items[0].slug
    for number in range(10):
        sent = {k: v.replace("{item}", item).replace("{}", str(number)) for k, v in data.items()}
        answer = as_("marieke").post(world.path(url.replace("{item}", item)), data=sent)
        if answer.status_code != 303:
            break
    assert answer.status_code == 422 and "Er zijn al 9 " in answer.text and "Meer passen er niet." in answer.text


def test_a_journey_does_not_start_with_too_many_gemeenten(world: World, as_):
    many = {**START, "gemeente": [f"Plaats {n}" for n in range(41)]}
    answer = as_("marieke").post("/trajecten", data=many)
    assert answer.status_code == 422 and "Er passen 40 gemeenten" in answer.text
