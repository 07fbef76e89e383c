"""The words of an invitation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.core.clock import date_text
from app.core.text import listing
from app.journey.models import Journey
from app.journey.names import not_in_title


def invitation_text(
    journey: Journey,
    subject: str,
    municipalities: Sequence[str],
    inviter: str,
    name: str,
    party: str,
    may: str,
    link: str,
    until: date,
) -> str:
    """The letter that goes with a personal link."""
    dates = []
    if journey.meeting_on:
        dates.append(f"Het overleg is op {date_text(journey.meeting_on)}.")
    if journey.share_by:
        dates.append(f"Wilt u uw antwoorden delen vóór {date_text(journey.share_by)}?")
    elsewhere = not_in_title(journey, municipalities)
    where = f" in {listing(elsewhere)}" if elsewhere else ""
    blocks = [
        f"Beste {name},",
        f"Ik nodig u uit voor ‘{journey.title}’{where}. "
        f"Wij kijken samen hoe het staat met {subject}, en wat wij samen willen doen.",
        f"{f'U doet mee voor {party}. ' if party else ''}{may}",
        f"Open uw persoonlijke link:\n{link}",
        "De link is van u alleen; stuur hem niet door. U hebt geen wachtwoord nodig. "
        f"De link werkt tot {date_text(until)}.",
        " ".join(dates),
        f"Met vriendelijke groet,\n{inviter}",
    ]
    return "\n\n".join(b for b in blocks if b)
