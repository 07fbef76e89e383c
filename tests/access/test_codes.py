"""A code on a new device: nobody learns whether an address is known, and no code works twice, elsewhere or for long."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from app.access import codes
from app.access.models import CodeAsked
from app.core.clock import now
from app.core.settings import Settings
from app.journey.actions import add_person, make_link
from app.journey.gate import cookie_name
from app.journey.models import Event, Seat
from app.mail import rules
from app.mail.models import Mail
from app.people.models import Person
from tests.conftest import World
from tests.databases import Databases
from tests.dump import dump

KNOWN, UNKNOWN = "jan@voorbeeld.test", "niemand@voorbeeld.test"


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


def invited(world: World, *names: str) -> None:
    with world.database.write() as tx:
        here = world.here(tx)
        for name in names:
            make_link(here, here.seats[world.seats[name]][0])


def ask(browser, address: str = KNOWN):
    return browser.post("/aanmelden/code-vragen", data={"e-mail": address})


def mailed(world: World) -> list[Mail]:
    with world.database.read() as tx:
        return list(tx.exec(select(Mail).where(Mail.kind == "device_code").order_by(Mail.id)))


def code_in(mail: Mail) -> str:
    return re.search(r"^(\d{6})$", mail.body, re.M)[1]


def give(browser, code: str):
    return browser.post("/aanmelden/code", data={"code": code})


def signed_in(browser, world: World) -> bool:
    return browser.get(world.path("opzet")).status_code == 200


# ---- the way it is meant ----


def test_a_known_person_comes_in_on_a_new_device(world: World):
    invited(world, "jan")
    phone = world.client()
    answer = ask(phone, "JAN@voorbeeld.test")
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden/code")
    for flag in ("HttpOnly", "Secure", "SameSite=lax", "Max-Age=600", "Path=/"):
        assert flag in answer.headers["set-cookie"]
    page = phone.get("/aanmelden/code").text
    assert 'autocomplete="one-time-code"' in page and 'inputmode="numeric"' in page
    (mail,) = mailed(world)
    assert mail.to_email == KNOWN and mail.until is not None, "no use after the ten minutes"
    assert (
        "Marieke de Wit" in mail.body.splitlines()[0] and "Ouderbetrokkenheid in Meerwijk" in mail.body.splitlines()[0]
    )
    code = code_in(mail)
    answer = give(phone, f"{code[:3]} {code[3:]} ")
    assert (answer.status_code, answer.headers["location"]) == (303, world.url)
    assert signed_in(phone, world)
    assert "driekolom-code" not in {c for c in phone.cookies if phone.cookies[c]}


def test_somebody_who_knows_no_address_is_told_at_the_field(world: World):
    for typed in ("", "jan", "a@b", "a@b.example\r\nBcc: x@y.example", "x" * 9000):
        answer = ask(world.client(), typed)
        assert answer.status_code == 422 and "e-mail-fout" in answer.text, typed


def test_the_page_of_the_code_needs_a_question_first(world: World):
    for method, url in (
        ("GET", "/aanmelden/code"),
        ("POST", "/aanmelden/code"),
        ("GET", "/aanmelden/kiezen"),
        ("POST", "/aanmelden/kiezen"),
    ):
        answer = world.client().request(method, url, data={"code": "123456"} if method == "POST" else None)
        assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden/code-vragen"), url


# ---- nothing is learned ----


def heads(answer) -> dict[str, str]:
    return {k: re.sub(r"code=[^;]+", "code=…", v) for k, v in answer.headers.items() if k != "date"}


def test_known_and_unknown_get_the_same_answers(world: World):
    invited(world, "jan")
    said = []
    for address in (KNOWN, UNKNOWN):
        browser = world.client()
        asked = ask(browser, address)
        shown = browser.get("/aanmelden/code")
        wrong = [give(browser, "999999x") for _ in range(codes.TRIES + 1)]
        said.append([(a.status_code, a.text, heads(a)) for a in (asked, shown, *wrong)])
    assert said[0] == said[1]
    assert len(mailed(world)) == 1


def test_asking_does_the_same_work_for_every_address(world: World, monkeypatch: pytest.MonkeyPatch):
    """What an address is about is looked up after the answer: while answering nothing differs that could be timed."""
    from sqlalchemy import event

    invited(world, "jan")
    monkeypatch.setattr(codes, "answer_asked", lambda *args: None)
    ask(world.client(), "eerst@voorbeeld.test")  # what is over is swept away now and then
    counted = {}
    for address in (KNOWN, UNKNOWN):
        statements: list[str] = []
        engine = world.database.engine

        def note(conn, cursor, statement, *rest, said=statements):
            said.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        ask(world.client(), address)
        event.remove(engine, "before_cursor_execute", note)
        counted[address] = statements
    assert counted[KNOWN] == counted[UNKNOWN] and not any("FROM person" in s for s in counted[KNOWN])


def test_of_an_unknown_address_nothing_is_kept(world: World):
    ask(world.client(), UNKNOWN)
    assert UNKNOWN not in dump(world.database)


def test_no_code_and_no_secret_stands_in_the_database_but_in_the_mail(world: World):
    invited(world, "jan")
    browser = world.client()
    ask(browser)
    secret = next(v for k, v in browser.cookies.items() if k.endswith("code"))
    (mail,) = mailed(world)
    with world.database.read() as tx:
        row = tx.exec(select(CodeAsked)).one()
    assert code_in(mail) not in repr(row) and secret not in dump(world.database)


@pytest.mark.parametrize("why", ["removed", "revoked", "never invited"])
def test_who_may_not_come_in_gets_no_code(world: World, why: str):
    if why != "never invited":
        invited(world, "jan")
    with world.database.write() as tx:
        seat = tx.get(Seat, ("meerwijk", world.seats["jan"]))
        if why == "removed":
            seat.removed_at = now()
        if why == "revoked":
            seat.stopped_at = now()
        tx.add(seat)
    assert ask(world.client()).status_code == 303
    assert mailed(world) == []


def test_access_that_was_taken_back_after_asking_is_not_given(world: World, as_):
    invited(world, "jan")
    phone = world.client()
    ask(phone)
    code = code_in(mailed(world)[0])
    as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/intrekken"))
    assert mailed(world)[0].state == "stopped", "what was not sent yet is not sent any more"
    answer = give(phone, code)
    assert answer.status_code == 422 and codes.OVER in answer.text and not signed_in(phone, world)


# ---- guessing, stealing, using again ----


def test_five_tries_and_then_the_right_code_is_wrong_too(world: World):
    invited(world, "jan")
    phone = world.client()
    ask(phone)
    code = code_in(mailed(world)[0])
    for left in (4, 3, 2, 1):
        refused = give(phone, "000000" if code != "000000" else "111111")
        assert refused.status_code == 422 and f"nog {left} keer" in refused.text
    assert codes.OVER in give(phone, "abc").text
    assert give(phone, code).status_code == 422 and not signed_in(phone, world)
    said = dump(world.database, log=True)
    person = world.persons["jan"][1]
    assert len(re.findall(rf"audit_entry: .*'{person}'.*'signed_in', 'wijze:code', 'klopt-niet'", said)) == 5


def test_a_code_works_once(world: World):
    invited(world, "jan")
    phone = world.client()
    ask(phone)
    cookie = {k: v for k, v in phone.cookies.items() if k.endswith("code")}
    code = code_in(mailed(world)[0])
    assert give(phone, code).status_code == 303
    again = world.client()
    for name, value in cookie.items():
        again.cookies.set(name, value, domain="lea.test")
    assert give(again, code).status_code == 422 and not signed_in(again, world)


def test_a_code_works_only_in_the_browser_that_asked(world: World):
    invited(world, "jan")
    phone, thief = world.client(), world.client()
    ask(phone)
    code = code_in(mailed(world)[0])
    ask(thief, UNKNOWN)
    assert give(thief, code).status_code == 422
    thief.cookies.clear()
    assert give(thief, code).headers["location"] == "/aanmelden/code-vragen"
    assert not signed_in(thief, world)
    assert give(phone, code).status_code == 303


def test_after_ten_minutes_it_is_over(world: World):
    invited(world, "jan")
    phone = world.client()
    ask(phone)
    with world.database.write() as tx:
        row = tx.exec(select(CodeAsked)).one()
        row.expires_at = now() - timedelta(seconds=1)
        tx.add(row)
    assert give(phone, code_in(mailed(world)[0])).status_code == 422
    ask(world.client(), UNKNOWN)
    with world.database.read() as tx:
        assert len(tx.exec(select(CodeAsked)).all()) == 1, "what is over is swept away"


def test_nobody_is_flooded_with_codes(world: World):
    invited(world, "jan")
    said = [ask(world.client(), a) for a in (KNOWN, "Jan+x@voorbeeld.test", "JAN@voorbeeld.test", KNOWN, KNOWN, KNOWN)]
    assert [a.status_code for a in said] == [303] * 5 + [429]
    assert len(mailed(world)) <= 5
    assert ask(world.client(), UNKNOWN).status_code == 303
    for _ in range(4):
        ask(world.client(), UNKNOWN)
    assert ask(world.client(), UNKNOWN).status_code == 429, "unknown addresses are counted just so"


def test_of_one_address_there_are_so_many_codes_a_day_and_then_none_to_guess(world: World, monkeypatch):
    invited(world, "jan")
    monkeypatch.setattr(rules, "TO_ONE_ASKED", replace(rules.TO_ONE_ASKED, times=1))
    first, second = world.client(), world.client()
    assert [ask(first).status_code, ask(second).status_code] == [303, 303], "the same answer"
    (mail,) = mailed(world)
    with world.database.read() as tx:
        assert sorted(bool(a.code_hash) for a in tx.exec(select(CodeAsked))) == [False, True]
    for guess in (code_in(mail), "", "000000"):
        assert give(second, guess).status_code == 422
    assert give(first, code_in(mail)).status_code == 303


def test_together_strangers_ask_so_many_codes_an_hour(world: World, monkeypatch):
    monkeypatch.setattr(codes, "ASKED_BY_ALL", replace(codes.ASKED_BY_ALL, times=2))
    said = [ask(world.client(), f"wie{n}@voorbeeld.test").status_code for n in range(4)]
    assert said == [303, 303, 429, 429]


def test_a_code_is_six_digits_whatever_is_typed(world: World):
    """A text without end costs nothing, and what is no digit of ours is none."""
    invited(world, "jan")
    phone = world.client()
    ask(phone)
    code = code_in(mailed(world)[0])
    for typed in (code + "0" * 5000, "٣" * 6, f"{code}{code}"):
        assert give(phone, typed).status_code == 422
    assert give(phone, f" {code[:3]}-{code[3:]}").status_code == 303


def test_another_website_cannot_ask_or_give(world: World):
    browser = world.client()
    browser.headers["sec-fetch-site"] = "cross-site"
    assert ask(browser).status_code == 403 and give(browser, "123456").status_code == 403


# ---- one address at two places ----


def second_place(world: World) -> str:
    """Jan takes part in a traject of another gemeente as well, with the same address. Returns its person."""
    with world.database.write() as tx:
        from app.journey.actions import here_for
        from app.journey.models import Journey

        otto = tx.get(Person, world.persons["otto"])
        journey = tx.exec(select(Journey).where(Journey.id == world.foreign)).one()
        seat = tx.exec(select(Seat).where(Seat.journey_id == journey.id)).one()
        here = here_for(tx, world.settings, otto, journey, seat)
        new = add_person(here, here.parties[0], "Jan B.", KNOWN)
        make_link(here, new)
        return new.person_id


def test_one_address_at_two_gemeenten_chooses_after_the_code(world: World):
    invited(world, "jan")
    other = second_place(world)
    phone = world.client()
    ask(phone)
    (mail,) = mailed(world)
    assert "Anderstad" not in mail.body or "Ouderbetrokkenheid" not in mail.body, "the one does not tell of the other"
    assert phone.get("/aanmelden/kiezen").status_code == 303, "not before the code"
    assert give(phone, code_in(mail)).headers["location"] == "/aanmelden/kiezen"
    page = phone.get("/aanmelden/kiezen").text
    assert "Traject van Anderstad" in page and "Ouderbetrokkenheid in Meerwijk" in page
    stranger = world.persons["karin"][1]
    assert phone.post("/aanmelden/kiezen", data={"persoon": stranger}).headers["location"] == "/aanmelden/code-vragen"
    answer = phone.post("/aanmelden/kiezen", data={"persoon": other})
    assert answer.headers["location"] == f"/trajecten/{world.foreign}"
    assert not signed_in(phone, world)
    assert phone.post("/aanmelden/kiezen", data={"persoon": other}).headers["location"] == "/aanmelden/code-vragen"


# ---- read out ----


def read_out(as_, world: World, name: str = "jan", by: str = "marieke"):
    return as_(by).post(world.path(f"toegang/mensen/{world.seats[name]}/code"))


def shown_code(text: str) -> str:
    return "".join(re.search(r"(\d{3}) (\d{3})</p>", text).groups())


def test_the_procesbegeleider_reads_a_code_out(world: World, as_):
    invited(world, "jan")
    assert read_out(as_, world).status_code == 422, "nobody waits"
    phone = world.client()
    ask(phone)
    assert "Vraagt nu een code." in as_("marieke").get(world.path("toegang")).text
    assert "Toon de code" in as_("marieke").get(world.path(f"toegang/mensen/{world.seats['jan']}")).text
    assert "Vraagt nu een code." not in as_("ellen").get(world.path("toegang")).text
    answer = read_out(as_, world)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    code = shown_code(answer.text)
    if code != code_in(mailed(world)[0]):
        assert give(phone, code_in(mailed(world)[0])).status_code == 422, "the mailed one stopped"
    assert give(phone, code).status_code == 303 and signed_in(phone, world)
    with world.database.read() as tx:
        event = tx.exec(select(Event).where(Event.kind == "code_read_out")).one()
        assert (event.ref, event.party_id) == (world.seats["jan"], world.parties["linde"])
    assert "een code voorgelezen aan iemand van Stichting De Linde" in as_("ellen").get(world.path("tijdlijn")).text
    assert (
        "bekeek een code om voor te lezen" in as_("ellen").get(world.path(f"toegang/mensen/{world.seats['jan']}")).text
    )


def test_a_code_is_read_out_by_the_right_people_only(world: World, as_):
    invited(world, "jan")
    ask(world.client())
    for name in ("karin", "ellen", "pieter", "fatima"):
        assert read_out(as_, world, by=name).status_code == 403, name
    for name in ("otto", "olga"):
        assert read_out(as_, world, by=name).status_code == 404, name
    assert read_out(as_, world, "karin").status_code == 422, "for who waits, and not for another"


def test_a_code_that_is_read_out_opens_nothing_of_another_gemeente(world: World, as_):
    """The procesbegeleider of one gemeente cannot get into the place that the same address has at another."""
    invited(world, "jan")
    second_place(world)
    phone = world.client()
    ask(phone)
    answer = give(phone, shown_code(read_out(as_, world).text))
    assert answer.headers["location"] == world.url
    assert phone.get(f"/trajecten/{world.foreign}").status_code == 404


def test_reading_out_has_an_end(world: World, as_):
    invited(world, "jan")
    ask(world.client())
    assert [read_out(as_, world).status_code for _ in range(11)] == [200] * 10 + [429]


def test_entering_is_written_in_the_log(world: World):
    invited(world, "jan")
    phone = world.client()
    ask(phone)
    give(phone, code_in(mailed(world)[0]))
    said = dump(world.database, log=True)
    assert re.search(r"audit_entry: .*'signed_in'", said)
    assert phone.cookies.get(cookie_name(world.settings))


def test_without_a_mail_server_it_says_who_to_call(world: World, databases: Databases, tmp_path: Path):
    from app.main import build
    from tests.conftest import make_world

    url = databases.fresh(tmp_path, "other")
    settings = Settings(mode="server", base_url=world.settings.base_url, database_url=url)
    app = build(settings)
    other = make_world(app, settings, world.pack)
    invited(other, "jan")
    phone = other.client()
    assert ask(phone).status_code == 303
    assert "Bel de procesbegeleider" in phone.get("/aanmelden/code").text
    assert mailed(other) == []
    marieke = other.client("marieke")
    code = shown_code(marieke.post(other.path(f"toegang/mensen/{other.seats['jan']}/code")).text)
    assert give(phone, code).status_code == 303
    app.state.database.close()
