"""What cannot be delivered comes back to a mailbox, and is said at the message it is about. Nothing else there counts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from app.core.settings import Settings
from app.mail import letters
from app.mail.bounces import Mailbox, read_bounce, read_mailbox
from app.mail.models import Mail
from app.mail.reading import list_deliveries
from app.mail.sender import Trouble
from app.people.actions import write_mail
from app.people.models import Person
from tests.conftest import World
from tests.mail.imap import Box, ImapServer

REPORT = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mail.delinde.example>
To: terug@meerwijk.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grens"

--grens
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--grens
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.delinde.example
Arrival-Date: Fri, 12 Mar 2027 14:02:00 +0100

Final-Recipient: rfc822; jan@voorbeeld.test
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 <script>alert(1)</script>

--grens
Content-Type: {kind}

From: driekolom@meerwijk.example
To: jan@voorbeeld.test
Subject: Uitnodiging
Message-ID: {message_id}

--grens--
"""


def report(message_id: str, action: str = "failed", status: str = "5.1.1", kind: str = "text/rfc822-headers") -> bytes:
    return REPORT.format(message_id=message_id, action=action, status=status, kind=kind).encode()


@pytest.fixture
def box(certificate: Path) -> Iterator[Box]:
    with ImapServer(found := Box(), certificate):
        yield found


@pytest.fixture
def settings(settings: Settings, box: Box) -> Settings:
    return replace(settings, imap_host="127.0.0.1", imap_port=box.port, imap_user="terug", imap_password=box.password)


@pytest.fixture
def sent(world: World, send) -> Mail:
    """An invitation that the mail server took."""
    with world.database.write() as tx:
        jan = tx.get(Person, world.persons["jan"])
        letter = replace(letters.test("x"), kind="invitation")
        write_mail(tx, world.settings, jan, letter, journey_id=world.journey)
    send()
    return mail(world)


def mail(world: World) -> Mail:
    with world.database.read() as tx:
        return tx.exec(select(Mail)).one()


def test_what_came_back_is_said_at_the_person(world: World, box: Box, sent: Mail):
    box.put(report(sent.message_id))
    assert read_mailbox(world.database, world.settings) == 1
    assert (mail(world).state, mail(world).reason) == ("bounced", "dit adres bestaat waarschijnlijk niet (5.1.1)")
    with world.database.read() as tx:
        [said] = list_deliveries(tx, "meerwijk", world.journey)
    assert said.person_id == world.persons["jan"][1]
    assert said.failed and said.words == "Niet aangekomen: dit adres bestaat waarschijnlijk niet (5.1.1)."
    assert box.messages == {}, "the report holds an address: it is gone once it is written down"


def test_a_whole_message_may_be_quoted_as_well(sent: Mail):
    found = read_bounce(report(sent.message_id, status="5.2.2", kind="message/rfc822"))
    assert found and (found.message_id, found.reason) == (sent.message_id, "de mailbox is vol (5.2.2)")


@pytest.mark.parametrize(
    "content",
    [
        b"From: jan@voorbeeld.test\nSubject: Afwezig\nAuto-Submitted: auto-replied\n\nIk ben er niet.",
        b"",
        b"\x00\xff\xfe" * 100,
        b"Content-Type: multipart/report; boundary=x\n\n"
        + b"--x\nContent-Type: message/delivery-status\n\nAction: failed\n" * 50,
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 3000,
        report("<van-een-ander@voorbeeld.test>"),
        report("", action="failed"),
    ],
    ids=["out of office", "empty", "noise", "no id", "nested", "somebody else's", "without id"],
)
def test_all_else_is_left_alone(world: World, box: Box, sent: Mail, content: bytes):
    uid = box.put(content)
    later = box.put(report(sent.message_id))
    assert read_mailbox(world.database, world.settings) == 1, "the one behind it is still found"
    assert uid in box.messages and box.flags[uid] == {"\\Seen"} and later not in box.messages
    assert read_mailbox(world.database, world.settings) == 0


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", ""])
def test_only_a_final_failure_counts(world: World, box: Box, sent: Mail, action: str):
    box.put(report(sent.message_id, action=action))
    assert read_mailbox(world.database, world.settings) == 0 and mail(world).state == "sent"


def test_nobody_can_guess_which_message_to_name(world: World, box: Box, sent: Mail):
    box.put(report(f"<{sent.id}@meerwijk.example>"))
    assert read_mailbox(world.database, world.settings) == 0 and mail(world).state == "sent"


def test_a_mailbox_that_cannot_be_read_is_trouble_without_secrets(world: World, box: Box, caplog):
    for changes, words in (
        ({"imap_password": "canary"}, "weigert de naam of het wachtwoord"),
        ({"mail_ca": ""}, "certificaat"),
        ({"imap_folder": "Weg"}, "geen map ‘Weg’"),
        ({"imap_port": 1}, "niet te bereiken"),
    ):
        wrong = replace(world.settings, **changes)
        with pytest.raises(Trouble, match=words):
            read_mailbox(world.database, wrong)
    with caplog.at_level(logging.DEBUG):
        Mailbox(world.database, replace(world.settings, imap_password="canary"), every=1)()
    assert "canary" not in caplog.text and "wachtwoord van Driekolom" in caplog.text
