"""The reminder: text and recipients first, to who has not shared, one message each, never twice a day to one party."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.core import clock, limits
from app.journey.actions import mark_step
from app.journey.models import Event, Seat
from app.mail import rules
from app.people.models import Person
from tests.conftest import World

TEXT = "Morgen is het overleg.\n\nLukt het vandaag nog?"


def shown(page: str) -> str:
    """The ids of those whom the page shows as recipients."""
    return re.search(r'name="aan" value="([^"]*)"', page)[1]


@pytest.fixture
def remind(world: World, as_):
    """Opens the page, changes the text, and presses the button."""

    def press(text: str = TEXT, who: str = "marieke", aan: str | None = None):
        if aan is None:
            found = re.search(r'name="aan" value="([^"]*)"', as_(who).get(world.path("herinneren")).text)
            aan = found[1] if found else ""
        return as_(who).post(world.path("herinneren"), data={"tekst": text, "aan": aan})

    return press


def test_text_and_recipients_come_first(world: World, as_, share, mails):
    share("jan", *(t.slug for t in world.pack.themes))
    page = as_("marieke").get(world.path("herinneren")).text
    for words in ("Karin Smit (Stichting Op Weg), karin@voorbeeld.test", "Fatima Yildiz", "Noor Visser"):
        assert words in page
    assert "Jan Bakker" not in page and "Pieter Mol" not in page
    assert "Onderwerp: Herinnering: Ouderbetrokkenheid in Meerwijk" in page
    assert "Marieke de Wit van de gemeente Meerwijk herinnert u aan" in page and "Twijfelt u" in page
    assert "Verstuur aan 3 mensen" in page and "Uw organisatie heeft nog niet alles gedeeld" in page
    assert mails() == [], "looking sends nothing"


def test_each_gets_one_message_with_what_was_written(world: World, remind, share, mails):
    share("karin", "a", "b")
    answer = remind()
    assert (answer.status_code, answer.headers["location"]) == (303, f"{world.url}/berichten?klaar=herinnerd-verstuurd")
    found = {m.to_email.partition("@")[0]: m for m in mails()}
    assert set(found) == {"jan", "ellen", "karin", "fatima", "noor"}
    assert {m.state for m in found.values()} == {"waiting"} and {m.kind for m in found.values()} == {"reminder"}
    karin = found["karin"]
    assert "Beste Karin Smit," in karin.body and TEXT in karin.body
    assert f"https://lea.test{world.url}/waar-staan-we/c\n" in karin.body, "the first theme that is not shared"
    assert karin.from_name == "Marieke de Wit (gemeente Meerwijk)"


def test_never_twice_a_day_to_one_party(world: World, as_, remind, mails, monkeypatch):
    before = shown(as_("marieke").get(world.path("herinneren")).text)
    remind()
    assert len(mails()) == 5
    again = remind(aan=before)
    assert again.headers["location"].endswith("niemand-herinnerd") and len(mails()) == 5
    page = as_("marieke").get(world.path("herinneren")).text
    assert "Vandaag al herinnerd: Stichting De Linde" in page and "Er is nu niemand om te herinneren" in page
    tomorrow = clock.today() + timedelta(days=1)
    with monkeypatch.context() as patch:
        for module in ("app.messages.reminder", "app.messages.pages"):
            patch.setattr(f"{module}.today", lambda: tomorrow, raising=False)
        assert "Karin Smit" in as_("marieke").get(world.path("herinneren")).text


def test_only_who_was_shown_and_still_waits(world: World, as_, remind, share, mails):
    before = shown(as_("marieke").get(world.path("herinneren")).text).split()
    share("karin", *(t.slug for t in world.pack.themes))
    remind(aan=" ".join(i for i in before if i != world.seats["jan"]) + " onzin")
    assert {m.to_email.partition("@")[0] for m in mails()} == {"ellen", "fatima", "noor"}


def test_what_is_closed_cannot_be_shared(world: World, as_, remind, mails):
    before = shown(as_("marieke").get(world.path("herinneren")).text)
    with world.database.write() as tx:
        mark_step(world.here(tx), "waar-staan-we", "gesloten", "a")
    remind(aan=world.seats["jan"])
    assert "/waar-staan-we/b\n" in mails()[0].body, "the first theme that is open"
    with world.database.write() as tx:
        mark_step(world.here(tx), "waar-staan-we", "gesloten")
    assert "heeft de stap ‘Waar staan we?’ gesloten" in as_("marieke").get(world.path("herinneren")).text
    assert remind(aan=before).headers["location"].endswith("niemand-herinnerd") and len(mails()) == 1


def test_who_had_enough_today_does_not_hold_up_the_others(world: World, remind, mails):
    with world.database.write() as tx:
        for _ in range(rules.TO_ONE.times):
            limits.spend(tx, rules.TO_ONE, "jan@voorbeeld.test")
    assert remind().headers["location"].endswith("deels-herinnerd")
    assert {m.to_email.partition("@")[0] for m in mails()} == {"ellen", "karin", "fatima", "noor"}


def test_who_had_enough_today_is_passed_over(world: World, remind, mails, monkeypatch):
    monkeypatch.setattr(rules, "TO_ONE", rules.Limit("mail", 0, timedelta(hours=24)))
    assert remind().headers["location"].endswith("niemand-herinnerd")
    assert mails() == []
    with world.database.read() as tx:
        assert not tx.exec(select(Event).where(Event.kind == "party_reminded")).all(), "no party was reminded"


@pytest.mark.parametrize(("text", "words"), [("", "Schrijf wat u wilt zeggen"), ("x" * 3001, "korter dan 3000")])
def test_a_text_that_does_not_fit_comes_back(world: World, remind, mails, text: str, words: str):
    answer = remind(text)
    assert answer.status_code == 422 and words in answer.text and 'aria-invalid="true"' in answer.text
    assert text in answer.text and mails() == []


def test_it_stands_in_the_timeline_and_is_no_news(world: World, as_, remind):
    remind()
    assert "heeft Stichting Op Weg eraan herinnerd om te delen" in as_("karin").get(world.path("tijdlijn")).text
    assert "herinner" not in as_("karin").get(world.path("veranderd")).text


def test_only_for_facilitators(world: World, as_, mails):
    for name, status in (("jan", 403), ("fatima", 403), ("pieter", 403), ("olga", 404), ("otto", 404)):
        assert as_(name).get(world.path("herinneren")).status_code == status
        assert as_(name).post(world.path("herinneren"), data={"tekst": "x", "aan": "y"}).status_code == status
        assert as_(name).get(world.path("berichten")).status_code == status
    assert as_("nobody").post(world.path("herinneren"), data={"tekst": "x"}).headers["location"] == "/aanmelden"
    assert mails() == []


def test_removed_people_and_people_without_address(world: World, as_, remind, mails):
    with world.database.write() as tx:
        seat = tx.get(Seat, ("meerwijk", world.seats["karin"]))
        seat.removed_at = clock.now()
        noor = tx.get(Person, world.persons["noor"])
        noor.email = ""
        tx.add_all((seat, noor))
    page = as_("marieke").get(world.path("herinneren")).text
    assert "Karin Smit" not in page and "niemand die u kunt schrijven: Stichting Op Weg" in page
    assert "geen e-mailadres: Noor Visser (Welzijn Meerwijk)" in page
    remind()
    assert {m.to_email.partition("@")[0] for m in mails()} == {"jan", "ellen", "fatima"}


def test_a_name_cannot_make_a_second_message(world: World, remind, mails):
    with world.database.write() as tx:
        marieke = tx.get(Person, world.persons["marieke"])
        marieke.name = "Marieke\r\nBcc: all@evil.example"
        tx.add(marieke)
    remind("<script>alert(1)</script> {{ 7*7 }} {naam}")
    assert all("\n" not in m.from_name and "\r" not in m.from_name for m in mails())
    assert "<script>alert(1)</script> {{ 7*7 }} {naam}" in mails()[0].body, "plain text: as it was typed"


# ---- what was sent ----


def test_what_was_sent_and_what_became_of_it(world: World, as_, remind, mails):
    remind()
    page = as_("marieke").get(world.path("berichten")).text
    assert "Herinnering aan Karin Smit" in page and "Stichting Op Weg, karin@voorbeeld.test" in page
    assert "door Marieke de Wit" in page and "Wordt nu verstuurd." in page
    assert TEXT.split("\n")[0] not in page, "never the text"
    with world.database.write() as tx:
        ends = [("sent", ""), ("refused", "dit adres bestaat niet (550)"), ("bounced", "de mailbox is vol (5.2.2)")]
        for mail, (state, reason) in zip(mails()[:3], ends, strict=True):
            mail.state, mail.reason, mail.changed_at = state, reason, clock.now()
            tx.merge(mail)
    page = as_("marieke").get(world.path("berichten")).text
    for words in (
        "niet zeker of aangekomen",
        "<b>Geweigerd: dit adres bestaat niet (550).</b>",
        "Niet aangekomen: de mailbox is vol",
    ):
        assert words in page
    first = mails()[0].id
    line = as_("marieke").get(world.path(f"berichten/{first}/stand"))
    assert line.status_code == 200 and "hx-get" not in line.text and "Verzonden" in line.text
    assert as_("olga").get(f"/trajecten/{world.other}/berichten/{first}/stand").status_code == 404
