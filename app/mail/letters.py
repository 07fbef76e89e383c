"""The letters: who writes, and the words of each. The text of a letter is one template in `templates/mail`.

A paragraph is one line here; it is broken into short lines when it is sent. An address of a page stands on a line of
its own. The first line says who writes and about which traject, so that it can be judged before it is opened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core.clock import clock_text, date_text
from app.core.rendering import ROOT
from app.core.text import capital, clean, first_words, listing, sentence

MOST_SUBJECT = 60


@dataclass(frozen=True)
class Sender:
    """Who a message comes from: a person, for whom they work, and in which gemeente."""

    name: str
    of: str  # "gemeente Meerwijk", or the organisation: "Kinderopvang Ark"
    municipality: str = ""  # "gemeente Meerwijk" when `of` is another organisation
    email: str = ""  # where an answer goes
    phone: str = ""  # a number of `of` that can be called to check
    person_id: str = ""

    @property
    def shown(self) -> str:
        """'Karin de Wit (gemeente Meerwijk)'."""
        works = ", ".join(w for w in (self.of, self.municipality) if w)
        return f"{self.name} ({works})" if works else self.name

    @property
    def words(self) -> str:
        """'Karin de Wit van de gemeente Meerwijk'."""
        return f"{self.name} van {self._of}"

    @property
    def _of(self) -> str:
        return f"de {self.of}" if self.of.startswith("gemeente ") else self.of

    @property
    def check(self) -> str:
        """How to find out by telephone whether this message is real."""
        if self.phone:
            number = self.phone.replace(" ", "\u00a0")  # stays on one line
            return (
                f"Twijfelt u of dit bericht echt is? Bel {self._of}, telefoon {number}, en vraag naar {self.name}. "
                "Staat dit nummer niet op hun website? Bel dan het nummer dat daar wel staat."
            )
        return (
            f"Twijfelt u of dit bericht echt is? Zoek zelf het telefoonnummer van {self._of} op, bel, "
            f"en vraag naar {self.name}."
        )


@dataclass(frozen=True)
class Letter:
    """A message that can be sent."""

    kind: str
    subject: str
    body: str
    until: datetime | None = None  # no use after this moment
    off_url: str = ""  # where one click stops messages like this


# What a kind is called for who reads what was sent.
KINDS = {
    "invitation": "uitnodiging",
    "handed_over": "overgedragen plek",
    "seat_moved": "bericht over een doorgegeven plek",
    "device_code": "code om aan te melden",
    "access_request": "vraag om toegang",
    "starter": "link om een traject te starten",
    "reminder": "herinnering",
    "digest": "dagelijks overzicht",
    "passkey_added": "melding van een nieuwe manier van aanmelden",
    "keeping_ends": "melding dat een traject wordt gewist",
    "test": "proefbericht",
}


def invitation(
    sender: Sender,
    name: str,
    title: str,
    link: str,
    until: date,
    *,
    about: str = "",
    where: Sequence[str] = (),
    party: str = "",
    may: str = "",
    meeting: date | None = None,
    share_by: date | None = None,
) -> Letter:
    """A personal link. `about` is what the traject is about, `where` the gemeenten that its title does not name."""
    return _letter(
        "invitation",
        _subject("Uitnodiging", title),
        sender=sender,
        name=name,
        title=title,
        link=link,
        until=date_text(until),
        about=about,
        where=listing(list(where)),
        party=party,
        may=may,
        meeting=date_text(meeting) if meeting else "",
        share_by=date_text(share_by) if share_by else "",
    )


def handed_over(
    sender: Sender, name: str, title: str, link: str, until: date, *, party: str = "", may: str = ""
) -> Letter:
    """A personal link to the place of a colleague; `sender` is who handed it over."""
    return _letter(
        "handed_over",
        _subject("Uw plek", title),
        sender=sender,
        name=name,
        title=title,
        link=link,
        until=date_text(until),
        party=party,
        may=may,
    )


def seat_moved(sender: Sender, name: str, title: str, colleague: str, email: str, party: str, link: str) -> Letter:
    """To the procesbegeleider: `sender` gave the own place to a colleague. `link` leads to who has access."""
    return _letter(
        "seat_moved",
        _subject("Plek doorgegeven", title),
        sender=sender,
        name=name,
        title=title,
        colleague=colleague,
        email=email,
        party=party,
        link=link,
    )


def device_code(sender: Sender, name: str, title: str, code: str, until: datetime) -> Letter:
    """A code to sign in on another device. `sender` is who invited this person, `title` the traject ('' for none)."""
    return _letter(
        "device_code",
        "Uw code om u aan te melden bij Driekolom",
        ends=until,
        sender=sender,
        name=name,
        title=title,
        code=code,
        clock=clock_text(until),
    )


def access_request(sender: Sender, name: str, title: str, asked: str, email: str, words: str, link: str) -> Letter:
    """To somebody who may invite: `asked` wants to take part. `link` leads to the page where that can be arranged."""
    return _letter(
        "access_request",
        _subject("Vraag om toegang", title),
        sender=sender,
        name=name,
        title=title,
        asked=asked,
        email=email,
        words=words,
        link=link,
    )


def starter(sender: Sender, name: str, link: str, until: date, where: str, phone: str = "") -> Letter:
    """A personal link for somebody who may start a traject for `where` ("de gemeente Meerwijk"); `sender` is who runs
    this installation. When that has no number, whoever doubts calls `where`, at `phone`."""
    return _letter(
        "starter",
        "Uw link om een traject te starten in Driekolom",
        sender=sender,
        name=name,
        link=link,
        until=date_text(until),
        where=where,
        phone=phone.replace(" ", "\u00a0"),
    )


def passkey_added(name: str, device: str, when: datetime, link: str) -> Letter:
    """To whoever can sign in with a new passkey from now on: if somebody else made it, they hear of it. `link` leads to
    where it can be taken away."""
    return _letter(
        "passkey_added",
        "Nieuwe manier om u aan te melden bij Driekolom",
        name=name,
        device=device,
        day=date_text(when),
        clock=clock_text(when),
        link=link,
    )


def reminder(sender: Sender, name: str, title: str, text: str, link: str) -> Letter:
    """`text` was written by the procesbegeleider; `link` leads to what this party has not shared."""
    return _letter(
        "reminder", _subject("Herinnering", title), sender=sender, name=name, title=title, text=text, link=link
    )


@dataclass(frozen=True)
class DigestItem:
    """One thing that somebody did, and where it can be seen."""

    day: str
    words: str  # without a full stop
    url: str


@dataclass(frozen=True)
class DigestPart:
    """What is new in one traject, newest first."""

    title: str
    sender: Sender  # its procesbegeleider
    items: tuple[DigestItem, ...]
    url: str  # where all of it stands
    own: bool = False  # the reader is its procesbegeleider; `sender` is Driekolom then


@dataclass(frozen=True)
class _Shown:
    title: str
    sender: Sender
    days: tuple[tuple[str, tuple[DigestItem, ...]], ...]
    left: int  # how many more there are
    url: str
    own: bool


def digest(name: str, parts: Sequence[DigestPart], lines: int, off_url: str) -> Letter:
    """What is new in somebody's trajecten, in at most so many lines; `off_url` turns these messages off."""
    each, shown = max(1, lines // len(parts)), []
    for part in parts:
        kept = part.items[:each]
        days = tuple((day, tuple(same)) for day, same in groupby(kept, lambda item: item.day))
        shown.append(_Shown(part.title, part.sender, days, len(part.items) - len(kept), part.url, part.own))
    subject = _subject("Nieuw", parts[0].title) if len(parts) == 1 else f"Nieuw in {len(parts)} trajecten"
    body = letter_text("digest", name=name, parts=shown, sender=parts[0].sender, off_url=off_url)
    return Letter("digest", subject, body, off_url=off_url)


def keeping_ends(sender: Sender, name: str, title: str, link: str, day: date) -> Letter:
    """To a begeleider of an archived traject: it will be removed for good on this day."""
    return _letter(
        "keeping_ends",
        _subject("Traject wordt gewist", title),
        sender=sender,
        name=name,
        title=title,
        link=link,
        day=date_text(day),
    )


def test(address: str) -> Letter:
    """To see whether mail arrives."""
    return _letter("test", "Proefbericht van Driekolom", address=address)


def _letter(kind: str, subject: str, *, ends: datetime | None = None, **words) -> Letter:
    return Letter(kind, subject, letter_text(kind, **words), ends)


def letter_text(kind: str, **words) -> str:
    """The text of a letter of this kind."""
    text = _environment().get_template(f"{kind}.txt").render(**words)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" +\n", "\n", clean(text)))


def _subject(what: str, title: str) -> str:
    """At most 60 characters, whatever the length of the title."""
    return f"{what}: {first_words(title, MOST_SUBJECT - len(what) - 4)}"


@lru_cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates" / "mail"),
        autoescape=False,  # noqa: S701 - plain text, never HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(capital=capital, sentence=sentence)
    return made
