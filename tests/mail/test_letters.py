"""Every letter, as it goes over the line: `golden/<kind>.txt`. `GOLDEN=1 pytest -n 0 tests/mail/test_letters.py` writes
them anew; read what changed before you commit it."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from app.core.settings import Settings
from app.mail import envelope, letters
from app.mail.letters import KINDS, MOST_SUBJECT, DigestItem, DigestPart, Letter, Sender
from app.mail.models import Mail
from app.mail.reading import delivery

PLACE = Path(__file__).with_name("golden")
SETTINGS = Settings(
    mode="server", base_url="https://lea.test", smtp_host="mail.test", mail_from="driekolom@meerwijk.example"
)
TITLE, HOST = "Ouderbetrokkenheid in Meerwijk", "https://lea.meerwijk.example"
LINK = f"{HOST}/toegang/-VXcUbzCqTzmV5nYI0Xlhm1QO8pRfkW2dGJ7aEsNt9o"
MAY = "U vult in hoe ver uw organisatie is, en u schrijft mee aan wat u samen afspreekt."
KARIN = Sender("Karin de Wit", "gemeente Meerwijk", email="k.dewit@meerwijk.example", phone="14 0999")
FATIMA = Sender("Fatima Yildiz", "Kinderopvang Ark", "gemeente Meerwijk", "fatima@ark.example")
ITSELF = Sender("Driekolom", "gemeente Meerwijk", phone="14 0999")
BEA = Sender("Bea Beheer", "het beheer van Driekolom", email="bea@meerwijk.example")
UNTIL = date(2027, 5, 12)


def everything(
    title: str = TITLE, karin: Sender = KARIN, fatima: Sender = FATIMA
) -> dict[str, tuple[Sender | None, Letter]]:
    """Each kind of letter, by the name of its file."""
    url = f"{HOST}/trajecten/06h04rf6k1p85cay"
    items = (
        DigestItem("12 maart 2027", "Stichting De Linde deelde thema A", f"{url}/waar-staan-we/a/naast-elkaar"),
        DigestItem("12 maart 2027", "Stichting De Linde werkte aan de afspraken van thema B", f"{url}/gesprek/b#afspraak-06h04rf6n67w6r35"),
        *(DigestItem("11 maart 2027", f"de gemeente Meerwijk rondde hoofdstuk {n} van het plan af", f"{url}/plan/h{n}") for n in range(1, 8)),
    )  # fmt: skip
    off = f"{HOST}/berichten/uit/9o1QO8pRfkW2dGJ7aEsNt-VXcUbzCqTzmV5nYI0Xlhm"
    elsewhere = DigestPart(
        "Taal in Dorpstad", replace(karin, of="gemeente Dorpstad", phone=""), items[:1], f"{url}/veranderd"
    )
    one = DigestPart(title, karin, items, f"{url}/veranderd")
    return {
        "invitation": (karin, letters.invitation(karin, "Jan Bakker", title, LINK, UNTIL, about="ouderbetrokkenheid", party="Stichting De Linde", may=MAY, meeting=date(2027, 4, 1), share_by=date(2027, 3, 25))),
        "invitation-colleague": (fatima, letters.invitation(fatima, "Sanne Vos", title, LINK, UNTIL, about="ouderbetrokkenheid", where=["Dorpstad"], party="Kinderopvang Ark", may=MAY)),
        "handed_over": (fatima, letters.handed_over(fatima, "Sanne Vos", title, LINK, UNTIL, party="Kinderopvang Ark", may=MAY)),
        "seat_moved": (fatima, letters.seat_moved(fatima, "Karin de Wit", title, "Sanne Vos", "sanne@ark.example", "Kinderopvang Ark", f"{url}/toegang")),
        "device_code": (karin, letters.device_code(karin, "Jan Bakker", title, "482 913", datetime(2027, 3, 12, 13, 10, tzinfo=UTC))),
        "access_request": (Sender("Driekolom", "gemeente Meerwijk"), letters.access_request(karin, "Karin de Wit", title, "Tom Smit", "tom@delinde.example", "Ik neem het over van Jan Bakker.", f"{url}/opzet/mensen")),
        "starter": (BEA, letters.starter(BEA, "Marieke de Boer", LINK, UNTIL, "de gemeente Meerwijk", "14 0999")),
        "reminder": (karin, letters.reminder(karin, "Jan Bakker", title, "Op 1 april 2027 praten wij verder. Uw organisatie heeft nog niet alles gedeeld. Lukt dat vóór 25 maart 2027?\n\nPer thema kost het een paar minuten.", f"{url}/waar-staan-we/b")),
        "digest": (karin, letters.digest("Jan Bakker", [one], 6, off)),
        "digest-two": (karin, letters.digest("Jan Bakker", [one, elsewhere], 6, off)),
        "passkey_added": (ITSELF, letters.passkey_added("Jan Bakker", "Firefox op Windows", datetime(2027, 3, 12, 13, 10, tzinfo=UTC), f"{HOST}/account")),
        "keeping_ends": (ITSELF, letters.keeping_ends(ITSELF, "Jan Bakker", title, f"{url}/bewaren", UNTIL)),
        "test": (None, letters.test("beheer@meerwijk.example")),
    }  # fmt: skip


def on_the_line(sender: Sender | None, letter: Letter) -> tuple[str, str]:
    """The headers that a reader sees, and the text in its short lines."""
    mail = Mail(
        tenant_id="t", id="06h04rf6k1p85cay", to_name="Jan Bakker", to_email="jan@delinde.example", kind=letter.kind,
        from_name=sender.shown if sender else "Driekolom", reply_to=sender.email if sender else "",
        subject=letter.subject, body=letter.body, off_url=letter.off_url, message_id="<id@meerwijk.example>",
    )  # fmt: skip
    sent = message_from_bytes(envelope.make_message(SETTINGS, mail).as_bytes(), policy=default)
    names = (
        "From",
        "Reply-To",
        "To",
        "Subject",
        "Content-Language",
        "Auto-Submitted",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "Content-Type",
    )
    heads = "".join(f"{name}: {sent[name]}\n" for name in names if sent[name])
    return heads, sent.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize("name", everything())
def test_letter_is_as_it_was_read(name: str):
    heads, text = on_the_line(*everything()[name])
    made = f"{heads}\n{text}".replace(" \n", "␠\n")
    path = PLACE / f"{name}.txt"
    if os.environ.get("GOLDEN"):
        path.write_text(made)
    assert made == path.read_text()


def test_every_kind_has_a_golden_letter():
    assert {letter.kind for _, letter in everything().values()} == set(KINDS)
    assert {path.stem for path in PLACE.iterdir()} == set(everything())


LONG = "Samenwerkenaanouderbetrokkenheid " * 6


@pytest.mark.parametrize("title", [TITLE, LONG.strip()[:200], "W" * 200, "👩‍👩‍👧 ouders"])
def test_what_holds_for_every_letter(title: str):
    who = replace(KARIN, name="Karin van der Meulen-de Wit " * 4)
    for name, (_, letter) in everything(title, who, replace(FATIMA, name="Fatima " * 15)).items():
        heads, text = on_the_line(who, letter)
        first, lines = letter.body.split("\n")[0], text.split("\n")
        assert len(letter.subject) <= MOST_SUBJECT, name
        assert "klik hier" not in text.casefold() and "<" not in text, name
        for line in lines:
            assert len(line) <= 72 or re.fullmatch(r"https?://\S+", line) or len(line.split()) == 1, (name, line)
            assert "http" not in line or re.fullmatch(r"https?://\S+", line), "an address stands on a line of its own"
        assert "Content-Language: nl" in heads and "Auto-Submitted: auto-generated" in heads
        if name not in ("test", "starter", "passkey_added"):
            assert title in first, "the first line names the traject"
        if name not in ("test", "keeping_ends", "passkey_added"):
            assert any(n in first for n in (who.name.strip(), "Fatima", BEA.words)), "the first line names who invites"
        if name not in ("test", "access_request"):
            assert "Twijfelt u of dit bericht echt is?" in text
        if name not in ("test", "access_request", "keeping_ends", "passkey_added"):
            assert "vraag naar" in " ".join(lines)


def test_a_subject_holds_nothing_secret():
    """It stays in the list of what was sent; the text does not."""
    for _, letter in everything().values():
        assert "482" not in letter.subject and "http" not in letter.subject


def test_lines_are_joined_again_by_who_reads():
    text = "Een regel die zo lang is dat zij in een brief niet op één regel past, en dus wordt gebroken. " * 3
    lines = envelope.flowed(f"{text}\nFrom Jan\n> pas op").split("\n")
    joined = "".join(line if line.endswith(" ") else f"{line}\n" for line in lines[:-1])
    assert joined.split("\n")[0] == text.strip()
    assert " From Jan" in lines and " > pas op" in lines, "RFC 3676: such lines begin with a space"


def test_each_state_is_a_sentence():
    said = {
        "ready": "Staat klaar bij Uitgaande post.",
        "waiting": "Wordt nu verstuurd.",
        "refused": "Geweigerd: dit adres bestaat niet.",
        "bounced": "Niet aangekomen: dit adres bestaat niet.",
        "stopped": "Niet verzonden: dit adres bestaat niet.",
    }
    for state, words in said.items():
        reason = "" if state in ("ready", "waiting") else "dit adres bestaat niet"
        mail = Mail(tenant_id="t", to_name="", to_email="", subject="", body="", state=state, reason=reason)
        assert delivery(mail).words == words
    sent = delivery(Mail(tenant_id="t", to_name="", to_email="", subject="", body="", state="sent"))
    assert re.fullmatch(r"Verzonden \d\d:\d\d, niet zeker of aangekomen\.", sent.words)
