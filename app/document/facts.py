"""What stands on the cover and in the colophon: names, dates, sources."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from app.answers.reading import all_answers, joint_answers
from app.core.clock import aware, date_text
from app.core.text import listing
from app.document.blocks import Fact
from app.document.store import last_row_change
from app.journey.gate import Here
from app.journey.names import chair_first, chair_named, chair_of
from app.journey.rules import FACILITATORS
from app.prose.reading import read_prose

STATUS = "Concept"
MANY = 12


def place(here: Here) -> str:
    """'Gemeente Meerwijk', 'Gemeenten Meerwijk en Oosterdam'."""
    names = chair_first(here.journey, here.municipalities)
    return f"{'Gemeente' if len(names) < 2 else 'Gemeenten'} {listing(names)}".strip()


def on_behalf(here: Here) -> str:
    """'Namens de gemeenten Meerwijk (trekker), Oosterdam en Zuid'; '' for one gemeente, or without a chair."""
    if chair_of(here.journey, here.municipalities) is None:
        return ""
    return f"Namens de gemeenten {listing(chair_named(here.journey, here.municipalities))}"


def period(here: Here) -> str:
    """'2027–2031', 'vanaf 2027' or ''."""
    start, end = here.journey.period_start, here.journey.period_end
    if start and end and start != end:
        return f"{start}–{end}"
    if start and not end:
        return f"vanaf {start}"
    return str(start or (f"tot en met {end}" if end else ""))


def last_change(here: Here) -> datetime:
    """When something changed that stands in the document. What a party has not shared yet does not count."""
    prose = read_prose(here).all
    moments = [
        here.journey.created_at,
        *(a.saved_at for a in joint_answers(here).values()),
        *(a.shared_at for a in all_answers(here)),
        *(m for p in prose for m in (p.saved_at, p.removed_at)),
        last_row_change(here.tx, here.journey),
    ]
    return max(aware(m) for m in moments if m)


def iso(moment: datetime) -> str:
    return aware(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def colophon(here: Here, changed: datetime) -> tuple[Fact, ...]:
    """Who took part, when, which version, which sources, how it was made."""
    guides = [
        person.name for seat, person in here.seats.values() if seat.role in FACILITATORS and seat.removed_at is None
    ]
    meeting = (
        date_text(here.journey.meeting_on)
        if here.journey.meeting_on
        else "De datum van het overleg is nog niet ingevuld."
    )
    sources = "; ".join(f"{s.title}{'' if s.year in s.title else f' ({s.year})'}" for s in here.pack.sources)
    return (
        Fact("Wie deden mee", took_part(here)),
        *([Fact("Gemeenten", f"{on_behalf(here)}.")] if on_behalf(here) else []),
        Fact("Procesbegeleiding", listing(guides) or "Nog niet bekend."),
        Fact("Besproken op", meeting),
        Fact("Looptijd", period(here) or "Nog niet ingevuld."),
        Fact(
            "Versie",
            f"{STATUS}, laatst gewijzigd op {date_text(changed)}. "
            "De partijen hebben dit document nog niet vastgesteld.",
        ),
        Fact("Bronnen", f"{sources}."),
        Fact(
            "Hoe dit is gemaakt",
            "Gemaakt met Driekolom. Elke partij vulde eerst de eigen kolom in en deelde de antwoorden. "
            "Daarna spraken de partijen er samen over. "
            "Antwoorden die een partij niet heeft gedeeld, staan niet in dit document.",
        ),
    )


def took_part(here: Here) -> str:
    """The names, or how many there are when there are many: the list of parties has them all."""
    if len(here.parties) > MANY:
        return f"{len(here.parties)} partijen. Zij staan in het deel ‘Deelnemende partijen’."
    return listing([p.name for p in here.parties]) or "Nog geen partijen."


def file_name(title: str, where: str, status: str) -> str:
    """'Plan van aanpak ouderbetrokkenheid gemeente Meerwijk – concept.pdf', safe on every computer."""
    name = f"{title} {where[:1].lower()}{where[1:]} – {status.lower()}"
    return re.sub(r'[\\/:*?"<>|\s]+', " ", name).strip()[:150] + ".pdf"
