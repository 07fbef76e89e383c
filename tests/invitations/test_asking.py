"""Asking for access gives everybody the same answer; a place goes to a colleague of the same party and no further."""

import re

import pytest
from sqlmodel import select

from app.core.clock import now
from app.core.ids import fingerprint
from app.core.settings import Settings
from app.invitations.actions import stop_access
from app.invitations.models import AccessRequest
from app.journey.actions import make_link
from app.journey.models import Event, Seat, SeatLink
from app.mail.models import Mail
from app.people.models import Person
from tests.conftest import World
from tests.dump import dump

NEW = "tom@delinde.example"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With a mail server: what is written waits for it."""
    return Settings(
        mode="server",
        base_url=settings.base_url,
        database_url=settings.database_url,
        smtp_host="mail.example",
        mail_from="driekolom@meerwijk.example",
    )


@pytest.fixture(autouse=True)
def marieke_has_an_address(world: World) -> None:
    with world.database.write() as tx:
        marieke = tx.get(Person, world.persons["marieke"])
        marieke.email = "marieke@meerwijk.example"
        tx.add(marieke)


def link(world: World, name: str = "jan", state: str = "") -> str:
    with world.database.write() as tx:
        here = world.here(tx)
        secret = make_link(here, here.seats[world.seats[name]][0])
        found = tx.exec(select(SeatLink).where(SeatLink.token_hash == fingerprint(secret))).one()
        if state == "expired":
            found.expires_at = now()
            tx.add(found)
        if state == "revoked":
            stop_access(here, *here.seats[world.seats[name]])
    return secret


def ask(world: World, email: str = NEW, secret: str = "", **more: str):
    data = {"naam": "Tom Smit", "e-mail": email, "organisatie": "Stichting De Linde", "link": secret, **more}
    return world.client().post("/toegang-vragen", data=data)


def requests(world: World) -> list[AccessRequest]:
    with world.database.read() as tx:
        return list(tx.exec(select(AccessRequest).order_by(AccessRequest.id)))


def mails(world: World, kind: str) -> list[Mail]:
    with world.database.read() as tx:
        return list(tx.exec(select(Mail).where(Mail.kind == kind).order_by(Mail.id)))


# ---- asking ----


def test_a_broken_link_leads_to_asking(world: World):
    secret = link(world, state="expired")
    page = world.client().get(f"/toegang/{secret}")
    assert page.status_code == 404 and 'href="?vragen=1"' in page.text and secret not in page.text
    form = world.client().get(f"/toegang/{secret}?vragen=1")
    assert form.status_code == 200 and f'value="{secret}"' in form.text
    assert world.client().get("/toegang-vragen").status_code == 200
    strange = world.client().get("/toegang/%22%3E%3Cb%3Ex?vragen=1")
    assert "<b>x" not in strange.text


@pytest.mark.parametrize("state", ["expired", "revoked", ""])
def test_a_question_with_a_link_that_once_worked_reaches_the_procesbegeleider(world: World, as_, state: str):
    secret = link(world, state=state)
    assert ask(world, secret=secret).headers["location"] == "/aanmelden/code?gevraagd=1"
    (asked,) = requests(world)
    assert (asked.journey_id, asked.seat_id, asked.email) == (world.journey, world.seats["jan"], NEW)
    (mail,) = mails(world, "access_request")
    assert mail.to_email == "marieke@meerwijk.example" and "Tom Smit van Stichting De Linde" in mail.body
    page = as_("marieke").get(world.path("toegang")).text
    assert "Vragen om toegang" in page and "oude link van <bdi>Jan Bakker</bdi> (Stichting De Linde)" in page
    for name in ("jan", "fatima", "pieter"):
        assert NEW not in as_(name).get(world.path("toegang")).text, name
    assert "om toegang gevraagd" in as_("ellen").get(world.path("tijdlijn")).text
    ask(world, secret=secret)
    assert len(requests(world)) == 1, "asking again is the same question"


def test_a_question_without_a_link_or_with_an_unknown_one_goes_nowhere(world: World):
    for secret in ("", "x" * 43, "\x00"):
        ask(world, f"w{len(secret)}@x.example", secret)
    assert requests(world) == [] and mails(world, "access_request") == []
    assert NEW not in dump(world.database)


def test_a_known_address_gets_a_code_and_no_question(world: World):
    link(world)
    secret = link(world, "karin", "expired")
    assert ask(world, "jan@voorbeeld.test", secret).status_code == 303
    assert requests(world) == [] and len(mails(world, "device_code")) == 1


def test_known_unknown_and_with_a_link_get_the_same_answer(world: World):
    link(world)
    said = []
    for email, secret in (("jan@voorbeeld.test", ""), ("wie@x.example", ""), (NEW, link(world, "karin", "revoked"))):
        browser = world.client()
        answer = browser.post("/toegang-vragen", data={"naam": "Tom", "e-mail": email, "link": secret})
        shown = browser.get(answer.headers["location"])
        cookie = re.sub("code=[^;]+", "", answer.headers["set-cookie"])
        said.append((answer.status_code, answer.headers["location"], cookie, answer.text, shown.text))
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize(
    "field, typed, sentence",
    [
        ("naam", "", "Vul de naam in"),
        ("naam", "x" * 121, "korter dan 120"),
        ("naam", "Win op https://kwaad.example", "geen webadres"),
        ("organisatie", "www.kwaad.example", "geen webadres"),
        ("e-mail", "tom", "geen volledig"),
        ("e-mail", "tom@x.example\r\nBcc: y@z.example", "geen volledig"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_lost(world: World, field: str, typed: str, sentence: str):
    answer = ask(world, secret="abc", **{field: typed})
    assert answer.status_code == 422 and sentence in answer.text and f'id="{field}-fout"' in answer.text
    assert 'value="abc"' in answer.text and 'autocomplete="name"' in answer.text


def test_a_name_is_one_line_in_the_mail(world: World):
    ask(world, secret=link(world, state="expired"), naam="Tom\r\nBcc: x@y.example", organisatie="")
    (mail,) = mails(world, "access_request")
    assert "\n" not in mail.subject and "Tom Bcc: x@y.example" in mail.body.splitlines()[0]


def test_nobody_is_flooded_with_questions(world: World):
    secret = link(world, state="expired")
    for number in range(8):
        assert ask(world, f"p{number}@x.example", secret).status_code == 303
    assert len(mails(world, "access_request")) == 5, "the procesbegeleider gets so many messages in a day"
    assert len(requests(world)) <= 8
    answers = [ask(world, "zelfde@x.example").status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


# ---- deciding ----


def asked(world: World, email: str = NEW, name: str = "jan", state: str = "expired") -> str:
    ask(world, email, link(world, name, state))
    return world.path(f"toegang/vragen/{requests(world)[-1].id}")


def test_who_is_allowed_gets_a_place_at_that_party_and_a_link(world: World, as_):
    url = asked(world)
    answer = as_("marieke").post(f"{url}/toelaten", data={"rol": "deelnemer"})
    assert answer.status_code == 303 and "klaar=verstuurd" in answer.headers["location"]
    with world.database.read() as tx:
        here = world.here(tx)
        seat = next(s for s, p in here.seats.values() if p.email == NEW)
        assert (seat.party_id, seat.role, seat.mandate) == (world.parties["linde"], "deelnemer", False)
        kinds = [e.kind for e in tx.exec(select(Event).where(Event.ref == seat.id).order_by(Event.id))]
    assert kinds == ["person_added", "access_allowed", "link_sent"] and requests(world) == []
    assert mails(world, "invitation")[0].to_email == NEW
    assert as_("marieke").post(f"{url}/toelaten", data={"rol": "deelnemer"}).status_code == 404, "once"


def test_somebody_whose_link_was_taken_back_gets_the_own_place_back(world: World, as_):
    url = asked(world, "jan@voorbeeld.test", state="revoked")
    assert mails(world, "device_code") == [], "taking back a link is not undone by asking"
    assert "Had hier al een plek" in as_("marieke").get(world.path("toegang")).text
    as_("marieke").post(f"{url}/toelaten", data={"rol": ""})
    with world.database.read() as tx:
        assert len([p for _, p in world.here(tx).seats.values() if p.email == "jan@voorbeeld.test"]) == 1
    assert mails(world, "invitation")[0].to_email == "jan@voorbeeld.test"


def test_of_whose_link_it_was_no_more_is_said_than_may_be(world: World, as_):
    asked(world)
    assert (
        "Gebruikte een oude link van <bdi>Jan Bakker</bdi> (Stichting De Linde)"
        in as_("marieke").get(world.path("toegang")).text
    )
    as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/verwijderen"))
    page = as_("marieke").get(world.path("toegang")).text
    assert "van iemand die niet meer meedoet (Stichting De Linde)" in page and "Jan Bakker" not in page


def test_who_is_declined_gets_nothing_and_nothing_is_kept(world: World, as_):
    url = asked(world)
    assert as_("marieke").post(f"{url}/afwijzen").status_code == 303
    assert requests(world) == [] and mails(world, "invitation") == []
    assert "heeft een vraag om toegang afgewezen" in as_("marieke").get(world.path("tijdlijn")).text


@pytest.mark.parametrize("verb", ["toelaten", "afwijzen"])
def test_only_who_leads_this_traject_decides(world: World, as_, verb: str):
    url = f"{asked(world, name='fatima')}/{verb}"
    for name in ("fatima", "jan", "pieter"):
        assert as_(name).post(url, data={"rol": "deelnemer"}).status_code == 403, name
    for name in ("otto", "olga"):
        assert as_(name).post(url, data={"rol": "deelnemer"}).status_code == 404, name
    elsewhere = url.replace(world.journey, world.other)
    assert as_("olga").post(elsewhere, data={"rol": "deelnemer"}).status_code == 404, "of another traject"
    assert len(requests(world)) == 1
    assert as_("marieke").post(f"{url.rpartition('/')[0]}/toelaten", data={"rol": "koning"}).status_code == 422


# ---- handing over ----


def hand_over(world: World, secret: str, **more: str):
    data = {"naam": "Sanne Vos", "e-mail": "sanne@delinde.example", "functie": "directeur", **more}
    return world.client().post(f"/toegang/{secret}/doorgeven", data=data)


def test_a_place_goes_to_a_colleague(world: World, as_):
    secret = link(world)
    jan = as_("jan")
    with world.database.write() as tx:
        seat = tx.get(Seat, ("meerwijk", world.seats["jan"]))
        seat.mandate = True
        tx.add(seat)
    assert "geef de plek door aan een collega" in world.client().get(f"/toegang/{secret}").text
    assert "Stichting De Linde" in world.client().get(f"/toegang/{secret}/doorgeven").text
    done = hand_over(world, secret)
    assert done.status_code == 200 and "Sanne Vos" in done.text
    with world.database.read() as tx:
        here = world.here(tx)
        new = next(s for s, p in here.seats.values() if p.name == "Sanne Vos")
        old = here.seats[world.seats["jan"]][0]
        assert (new.party_id, new.role, new.mandate, new.function) == (old.party_id, "deelnemer", False, "directeur")
        assert old.removed_at is not None and here.seat_name(old.id)
    (mail,) = mails(world, "handed_over")
    assert mail.to_email == "sanne@delinde.example" and "Jan Bakker" in mail.body.splitlines()[0]
    (told,) = mails(world, "seat_moved")
    assert told.to_email == "marieke@meerwijk.example" and "Sanne Vos" in told.body
    assert jan.get(world.path("opzet")).status_code == 303, "who gave it away is out"
    assert world.client().get(f"/toegang/{secret}").status_code == 404
    assert hand_over(world, secret, **{"e-mail": "nog@x.example"}).status_code == 404, "once"
    theirs = re.search(r"/toegang/(\S+)", mail.body)[1]
    assert world.client().post(f"/toegang/{theirs}").headers["location"] == world.url
    assert (
        "de eigen plek doorgegeven aan een collega van Stichting De Linde"
        in as_("ellen").get(world.path("tijdlijn")).text
    )
    page = as_("ellen").get(world.path(f"toegang/mensen/{new.id}")).text
    assert "gaf de eigen plek door aan deze persoon" in page


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_a_link_that_does_not_work_hands_nothing_over(world: World, state: str):
    secret = link(world, state=state)
    assert hand_over(world, secret).status_code == 404
    assert world.client().get(f"/toegang/{secret}/doorgeven").status_code == 404


def test_who_leads_the_traject_cannot_give_that_away_by_a_link(world: World, as_):
    with world.database.write() as tx:
        seat = tx.get(Seat, ("meerwijk", world.seats["jan"]))
        seat.role = "mede-begeleider"
        tx.add(seat)
    secret = link(world)
    assert "doorgeven" not in world.client().get(f"/toegang/{secret}").text
    assert world.client().get(f"/toegang/{secret}/doorgeven").status_code == 404
    assert hand_over(world, secret).status_code == 403


@pytest.mark.parametrize(
    "field, typed, sentence",
    [
        ("naam", "", "Vul de naam in"),
        ("naam", "x" * 200, "korter dan 120"),
        ("e-mail", "", "geen volledig"),
        ("e-mail", "Jan@voorbeeld.test", "waarop u zelf bent uitgenodigd"),
        ("e-mail", "karin@voorbeeld.test", "doet al mee"),
        ("e-mail", "a@x.example,b@y.example", "geen volledig"),
    ],
)
def test_a_wrong_colleague_is_said_at_the_field(world: World, field: str, typed: str, sentence: str):
    secret = link(world)
    before = dump(world.database)
    answer = hand_over(world, secret, **{field: typed})
    assert answer.status_code == 422 and sentence in answer.text and 'value="directeur"' in answer.text
    assert dump(world.database) == before
    assert world.client().get(f"/toegang/{secret}").status_code == 200


def test_handing_over_has_an_end(world: World):
    secret = link(world)
    for number in range(10):
        assert hand_over(world, secret, **{"e-mail": f"p{number}@x.example"}).status_code == 200, number
        secret = re.search(r"/toegang/(\S+)", mails(world, "handed_over")[-1].body)[1]
    assert hand_over(world, secret, **{"e-mail": "p11@x.example"}).status_code == 429


def test_another_website_hands_nothing_over(world: World):
    browser = world.client()
    browser.headers["sec-fetch-site"] = "cross-site"
    answer = browser.post(f"/toegang/{link(world)}/doorgeven", data={"naam": "X", "e-mail": "x@y.example"})
    assert answer.status_code == 403


# ---- links ----


def test_a_mail_scanner_changes_nothing_and_a_link_leaks_to_no_other_site(world: World):
    secret = link(world)
    before = dump(world.database)
    for url in (
        f"/toegang/{secret}",
        f"/toegang/{secret}?vragen=1",
        f"/toegang/{secret}/doorgeven",
        "/toegang-vragen",
        "/aanmelden/code-vragen",
    ):
        for method in ("GET", "HEAD"):
            answer = world.client().request(method, url)
            assert answer.headers["referrer-policy"] == "no-referrer", url
            assert "set-cookie" not in answer.headers, url
            assert not re.search(r'(href|src|action)="(https?:)?//', answer.text), url
    assert dump(world.database) == before


def test_links_cannot_be_guessed(world: World):
    secret = link(world)
    assert len(secret) >= 43 and secret not in dump(world.database)
    for near in (secret[:-1], secret + "x", secret.swapcase(), secret[::-1]):
        assert world.client().post(f"/toegang/{near}").status_code == 404
