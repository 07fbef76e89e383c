"""Mail goes to a real server: encrypted, with clean headers, never lost, never for nothing twice, and never told in a log."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from app.core.clock import aware, now
from app.core.errors import Invalid
from app.core.limits import TooOften
from app.journey.senders import sender_of
from app.mail import letters, queue, rules
from app.mail.envelope import make_message
from app.mail.letters import Letter, Sender
from app.mail.models import Mail
from app.mail.sender import Refused, SenderThread, Trouble, connection, hand_over, send_waiting
from app.people.actions import write_mail
from app.people.models import Person
from tests.conftest import World
from tests.mail.conftest import PASSWORD, Server

SECRET = "https://lea.test/toegang/geheim-geheim"


def write(world: World, to: str = "jan", letter: Letter | None = None, by: str = "marieke") -> str:
    with world.database.write() as tx:
        here = world.here(tx, by)
        letter = letter or letters.invitation(
            sender_of(here), "Jan Bakker", here.journey.title, SECRET, now().date(), may="U leest mee."
        )
        person = tx.get(Person, world.persons[to])
        return write_mail(tx, world.settings, person, letter, sender=sender_of(here), journey_id=here.journey.id).id


def only(world: World) -> Mail:
    with world.database.read() as tx:
        return tx.exec(select(Mail)).one()


def due(world: World) -> None:
    """As if it were time to try again."""
    with world.database.write() as tx:
        for mail in tx.exec(select(Mail).where(Mail.state == "waiting")):
            mail.next_at = now() - timedelta(seconds=1)
            tx.add(mail)


def test_a_letter_goes_out_encrypted_with_all_its_headers(world: World, server: Server, send):
    write(world)
    assert only(world).state == "waiting"
    assert send() == 1
    mail, got = only(world), server.got[0]
    assert (mail.state, mail.reason, mail.next_at) == ("sent", "", None)
    assert server.encrypted == [True]
    assert server.envelopes == [("terug@meerwijk.example", ["jan@voorbeeld.test"])]
    assert got["From"] == '"Marieke de Wit (gemeente Meerwijk)" <driekolom@meerwijk.example>'
    assert got["To"] == "Jan Bakker <jan@voorbeeld.test>"
    assert got["Message-ID"] == mail.message_id
    assert (got["Content-Language"], got["Auto-Submitted"]) == ("nl", "auto-generated")
    assert got["Content-Type"].params["format"] == "flowed"
    assert got.get_content_type() == "text/plain" and SECRET in got.get_content().splitlines()
    assert send() == 0 and len(server.got) == 1, "once"


def test_nothing_secret_stays_once_it_is_sent(world: World, send):
    write(world)
    assert SECRET in only(world).body
    send()
    assert only(world).body == ""


def test_what_was_sent_long_ago_is_forgotten(world: World, send):
    write(world)
    send()
    assert queue.forget_old(world.database) == 0
    with world.database.write() as tx:
        mail = tx.exec(select(Mail)).one()
        mail.changed_at = now() - rules.KEPT - timedelta(days=1)
        tx.add(mail)
    write(world, "karin")
    assert queue.forget_old(world.database) == 1 and only(world).state == "waiting"


def test_an_answer_goes_to_who_invited(world: World, server: Server, send):
    with world.database.write() as tx:
        marieke = tx.get(Person, world.persons["marieke"])
        marieke.email = "m.dewit@meerwijk.example"
        tx.add(marieke)
    write(world)
    send()
    assert server.got[0]["Reply-To"] == "m.dewit@meerwijk.example"


def test_the_sender_of_another_organisation_names_the_gemeente_too(world: World, server: Server, send):
    write(world, by="fatima")
    send()
    assert server.got[0]["From"].startswith('"Fatima Yildiz (Kinderopvang Ark, gemeente Meerwijk)"')


@pytest.mark.parametrize(
    ("name", "said", "state", "words"),
    [
        ("jan", "550 5.1.1 no such user", "refused", "dit adres bestaat waarschijnlijk niet (5.1.1)"),
        ("jan", "550 nee", "refused", "dit adres bestaat waarschijnlijk niet (550)"),
        ("jan", "552 5.2.2 full", "refused", "de mailbox is vol (5.2.2)"),
        ("jan", "554 5.7.1 <script>", "refused", "de mailserver van dit adres houdt ons bericht tegen (5.7.1)"),
        ("jan", "554 <script>alert(1)</script>", "refused", "de mailserver weigerde het bericht (554)"),
        ("jan", "450 4.2.0 greylisted", "waiting", "de mailserver neemt het nu niet aan (4.2.0)"),
    ],
)
def test_what_the_server_says_becomes_a_state(world: World, server: Server, send, name, said, state, words):
    server.answer[name] = said
    write(world)
    send()
    mail = only(world)
    assert (mail.state, mail.reason) == (state, words)
    assert bool(mail.body) == (state == "waiting"), "a refused letter keeps no link"


def test_a_refusal_of_one_does_not_hold_up_the_others(world: World, server: Server, send):
    server.answer.update(jan="550 5.1.1 weg", karin="451 later")
    for name in ("jan", "karin", "fatima"):
        write(world, name)
    assert send() == 1
    assert [got["To"] for got in server.got] == ["Fatima Yildiz <fatima@voorbeeld.test>"]


def test_refused_after_all_was_said(world: World, server: Server, send):
    server.data = "554 5.6.0 no"
    write(world)
    send()
    assert only(world).state == "refused"


def test_it_is_tried_again_six_times_and_then_given_up(world: World, server: Server, send):
    server.answer["jan"] = "451 4.3.0 later"
    write(world)
    waits = []
    for _ in rules.RETRY:
        send()
        mail = only(world)
        assert mail.state == "waiting"
        waits.append(round((aware(mail.next_at) - now()) / timedelta(minutes=1)))
        due(world)
    assert waits == [1, 5, 30, 120, 360]
    send()
    mail = only(world)
    assert (mail.state, mail.attempts, mail.body) == ("stopped", 6, "")


def test_it_arrives_when_the_server_is_back(world: World, server: Server, send):
    port, world.settings = server.port, replace(world.settings, smtp_port=1)
    write(world)
    assert send_waiting(world.database, world.settings) == 0
    assert only(world).reason == "de mailserver (127.0.0.1, poort 1) is nu niet te bereiken"
    due(world)
    assert send_waiting(world.database, replace(world.settings, smtp_port=port)) == 1


# ---- never lost, never by two at once ----


class Killed(BaseException):
    """The process stops here."""


def test_killed_between_accept_and_commit_it_is_sent_again(world: World, server: Server, send, monkeypatch):
    write(world)
    with monkeypatch.context() as patch:

        def killed(*_args):
            raise Killed

        patch.setattr(queue, "settle", killed)
        with pytest.raises(Killed):
            send()
    assert len(server.got) == 1 and only(world).state == "waiting"
    assert send() == 0, "it may still be on its way: another sender leaves it alone"
    due(world)
    assert send() == 1
    assert only(world).state == "sent"
    assert server.got[0]["Message-ID"] == server.got[1]["Message-ID"], "so that the mailbox can see that it is the same"


def test_killed_before_it_was_handed_over_it_is_not_lost(world: World, server: Server, send, monkeypatch):
    write(world)
    from app.mail import sender

    with monkeypatch.context() as patch:

        def killed(*_args):
            raise Killed

        patch.setattr(sender, "hand_over", killed)
        with pytest.raises(Killed):
            send()
    assert not server.got
    due(world)
    assert send() == 1 and len(server.got) == 1


def test_four_senders_at_once_send_everything_once(world: World, server: Server):
    for name in ("jan", "karin", "fatima", "noor", "ellen"):
        for _ in range(4):
            write(world, name)
    senders = [threading.Thread(target=send_waiting, args=(world.database, world.settings)) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    ids = [got["Message-ID"] for got in server.got]
    assert len(ids) == 20 and len(set(ids)) == 20


def test_a_letter_of_a_write_that_was_refused_never_leaves(world: World, server: Server, send):
    with pytest.raises(RuntimeError), world.database.write() as tx:
        write_mail(tx, world.settings, tx.get(Person, world.persons["jan"]), letters.test("x@y.nl"))
        raise RuntimeError
    assert send() == 0 and not server.got


@contextmanager
def asleep(world: World, server: Server) -> Iterator[None]:
    """The thread that sends, asleep; what is written in here must have woken it within seconds."""
    thread = SenderThread(world.database, world.settings)
    thread.start()
    try:
        time.sleep(0.3)
        yield
        until = time.monotonic() + 5
        while not server.got and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        thread.stop()
    assert len(server.got) == 1


def test_the_thread_sends_at_once_after_the_commit(world: World, server: Server):
    with asleep(world, server):
        write(world)


def test_the_thread_is_woken_by_the_commit_and_not_by_a_savepoint(world: World, server: Server):
    """Some letters are written within a savepoint: woken at the end of that, it would see nothing and sleep on."""
    with asleep(world, server), world.database.write() as tx:
        with tx.begin_nested():
            write_mail(tx, world.settings, tx.get(Person, world.persons["jan"]), letters.test("x@y.nl"))
        time.sleep(0.5)


# ---- the line is safe ----


def test_without_encryption_nothing_is_said(world: World, server: Server, monkeypatch):
    """A server (or somebody in between) that leaves out STARTTLS gets no password and no letter."""
    import smtplib

    monkeypatch.setattr(smtplib.SMTP, "has_extn", lambda self, name: name != "starttls")
    with pytest.raises(Trouble, match="versleutelen"), connection(world.settings):
        raise AssertionError("connected")


def test_an_unknown_certificate_is_not_trusted(world: World):
    with pytest.raises(Trouble, match="certificaat"), connection(replace(world.settings, mail_ca="")):
        raise AssertionError("connected")


def test_a_wrong_password_is_trouble_and_no_refusal(world: World, server: Server, caplog):
    wrong = replace(world.settings, smtp_password="canary-wachtwoord")
    write(world)
    with caplog.at_level(logging.DEBUG):
        send_waiting(world.database, wrong)
    mail = only(world)
    assert mail.state == "waiting" and "wachtwoord van Driekolom" in mail.reason
    for secret in ("canary", PASSWORD, SECRET, "jan@voorbeeld.test"):
        assert secret not in caplog.text
    assert "canary" not in repr(wrong)


@pytest.mark.parametrize(
    "bad", ["Jan\r\nBcc: all@evil.example", "Jan\nSubject: x", "J\u202ean", 'Jan" <x@evil.example>, "']
)
def test_nothing_is_smuggled_into_the_headers(world: World, server: Server, send, bad: str):
    with world.database.write() as tx:
        sender = Sender(bad, "gemeente Meerwijk", email="a@b.nl\r\nBcc: c@d.nl")
        letter = Letter("test", f"Hallo {bad}"[:100], "Dag")
        queue.put(
            tx, world.settings, letter, tenant_id="meerwijk", to_name=bad, to_email="jan@voorbeeld.test", sender=sender
        )
    send()
    got = server.got[0]
    assert server.envelopes[0][1] == ["jan@voorbeeld.test"]
    assert got["Bcc"] is None and got["Reply-To"] is None and len(got.get_all("Subject")) == 1
    assert [a.addr_spec for a in got["To"].addresses] == ["jan@voorbeeld.test"]
    assert [a.addr_spec for a in got["From"].addresses] == ["driekolom@meerwijk.example"]


SMUGGLED = "Jan\r\nBcc: all@evil.example\r\n\r\nHallo"


def test_headers_are_cleaned_where_they_are_written_too(world: World):
    """A row that came in the table by any other way than the queue."""
    mail = Mail(
        tenant_id="meerwijk", to_name=SMUGGLED, to_email="jan@voorbeeld.test", from_name=SMUGGLED, subject=SMUGGLED,
        body="Dag", message_id="<x@lea.test>",
    )  # fmt: skip
    made = make_message(world.settings, mail)
    assert made["Bcc"] is None and b"\r\nBcc:" not in made.as_bytes()
    assert "\n" not in made["Subject"] and "\n" not in str(made["To"]) and "\n" not in str(made["From"])


def test_what_is_kept_is_clean(world: World):
    with world.database.write() as tx:
        letter, sender = Letter("test", SMUGGLED, "Dag"), Sender(SMUGGLED, "gemeente Meerwijk")
        kept = queue.put(
            tx,
            world.settings,
            letter,
            tenant_id="meerwijk",
            to_name=SMUGGLED,
            to_email="jan@voorbeeld.test",
            sender=sender,
        )
        assert not any(c in text for text in (kept.to_name, kept.from_name, kept.subject) for c in "\r\n")


def test_a_password_that_the_line_cannot_carry_is_trouble(world: World):
    with pytest.raises(Trouble), connection(replace(world.settings, smtp_password="gehéim\ud800")):
        raise AssertionError("connected")


def test_a_text_that_cannot_be_sent_is_refused_and_stops_nothing(world: World, server: Server):
    odd = Mail(
        tenant_id="m", to_name="Jan", to_email="jan@voorbeeld.test", subject="x", body="\ud800", message_id="<a@b.c>"
    )
    with connection(world.settings) as line, pytest.raises(Refused):
        hand_over(line, world.settings, odd)
    assert not server.got


@pytest.mark.parametrize(
    "address",
    ["", "jan", "jan@huis", "a@b.nl, c@d.nl", "a@b.nl\nBcc: x@y.nl", "<a@b.nl>", "a b@c.nl", "é@b.nl", ".a@b.nl"],
)
def test_what_is_no_address_is_refused_before_it_is_kept(world: World, address: str):
    with pytest.raises(Invalid, match="geen volledig e-mailadres"), world.database.write() as tx:
        queue.put(tx, world.settings, letters.test("x"), tenant_id="meerwijk", to_name="Jan", to_email=address)


# ---- not too much ----


def test_one_address_gets_at_most_so_many_messages_a_day(world: World):
    for number in range(rules.TO_ONE.times):
        with world.database.write() as tx:
            to_email = f"Jan+{number}@Voorbeeld.test" if number % 2 else "jan@voorbeeld.test"
            tenant = "meerwijk" if number % 3 else "anderstad"
            queue.put(tx, world.settings, letters.test("x"), tenant_id=tenant, to_name="Jan", to_email=to_email)
    with pytest.raises(TooOften, match="al genoeg berichten"):
        write(world)
    write(world, "karin")


def test_what_a_stranger_asks_for_does_not_use_up_the_rest(world: World):
    code = Letter("device_code", "Code", "123")
    for _ in range(rules.TO_ONE_ASKED.times):
        write(world, "jan", code)
    with pytest.raises(TooOften, match="al genoeg berichten"):
        write(world, "jan", code)
    write(world, "jan")


def test_what_a_stranger_asks_for_is_not_sent_by_who_invited(world: World, monkeypatch):
    """Codes for many addresses would use up what the procesbegeleider may send in a day."""
    monkeypatch.setattr(rules, "BY_ONE", replace(rules.BY_ONE, times=1))
    for name in ("jan", "karin", "noor", "ellen"):
        write(world, name, Letter("device_code", "Code", "123"))
    with world.database.read() as tx:
        assert {m.by_person for m in tx.exec(select(Mail))} == {""}
    write(world)


def test_one_person_sends_at_most_so_many_messages_a_day(world: World, monkeypatch):
    monkeypatch.setattr(rules, "BY_ONE", replace(rules.BY_ONE, times=3))
    for name in ("jan", "karin", "noor"):
        write(world, name)
    with pytest.raises(TooOften, match="heel veel berichten"):
        write(world, "ellen")
    write(world, "ellen", by="fatima")


def test_what_is_withdrawn_or_too_late_is_not_sent(world: World, server: Server, send):
    write(world)
    with world.database.write() as tx:
        queue.withdraw(tx, *world.persons["jan"])
    assert only(world).state == "stopped" and only(world).body == ""
    late = Letter("device_code", "Code", "123", until=now() - timedelta(seconds=1))
    write(world, "karin", late)
    assert send() == 0 and not server.got
    with world.database.read() as tx:
        assert {m.state for m in tx.exec(select(Mail))} == {"stopped"}


def test_without_a_mail_server_a_server_writes_nothing(world: World):
    world.settings = replace(world.settings, smtp_host="")
    with pytest.raises(Invalid, match="verstuurt hier geen e-mail"):
        write(world)
