"""What is said of somebody's access, in words; and the list of all of them as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.core.clock import aware, date_text
from app.journey.models import Seat, SeatLink
from app.people.models import Person

# What is told on the page of a person: who did what. Each also is an event in the timeline.
HISTORY = {
    "person_added": "voegde deze persoon toe",
    "person_changed": "wijzigde gegevens",
    "role_changed": "wijzigde de rol",
    "mandate_given": "gaf mandaat",
    "mandate_taken": "nam het mandaat terug",
    "link_made": "maakte een persoonlijke link",
    "link_sent": "stuurde een persoonlijke link",
    "link_extended": "liet de link langer werken",
    "link_revoked": "trok de toegang in",
    "code_read_out": "bekeek een code om voor te lezen",
    "seat_handed_over": "gaf de eigen plek door aan deze persoon",
    "access_allowed": "liet deze persoon toe",
}


@dataclass(frozen=True)
class Standing:
    """How far an invitation is. `kind`: nieuw, gemaakt, onderweg, mis, binnen, verlopen or ingetrokken."""

    kind: str
    words: str

    @property
    def soon(self) -> bool:
        """Whether the message is being sent at this moment: look again in a second or two."""
        return self.words.startswith(SENDING)


def standing(seat: Seat, person: Person, link: SeatLink | None, moment: datetime, mail: str = "") -> Standing:
    """`link` is the newest of this seat, `mail` what became of the message it went in (see FAILED)."""
    if person.local:
        return Standing("binnen", "Werkt op deze computer en heeft geen link nodig.")
    if seat.stopped_at:
        return Standing("ingetrokken", f"De toegang is ingetrokken op {date_text(seat.stopped_at)}.")
    if link is None:
        if seat.last_seen_on:
            return Standing("binnen", "Meldt zich aan zonder link.")
        return Standing("nieuw", "Nog niet uitgenodigd.")
    until = date_text(link.expires_at)
    if link.revoked_at:
        return Standing("ingetrokken", f"De link is ingetrokken op {date_text(link.revoked_at)}.")
    if aware(link.expires_at) <= moment:
        return Standing("verlopen", f"De link is verlopen op {until}.")
    if link.used_at:
        return Standing("binnen", f"Binnengekomen met de link op {date_text(link.used_at)}. De link werkt tot {until}.")
    if mail:
        words, failed = mail.removeprefix(FAILED), mail.startswith(FAILED)
        return Standing("mis" if failed else "onderweg", words if failed else f"{words} De link werkt tot {until}.")
    made = date_text(link.created_at)
    return Standing("gemaakt", f"Link gemaakt op {made}, nog niet gebruikt. De link werkt tot {until}.")


FAILED = "mis: "
SENDING = "Wordt verstuurd."


def fate_words(state: str, at: datetime, reason: str = "") -> str:
    """What became of a message, as a sentence; it begins with FAILED when it did not come. Sent is not arrived."""
    day, why = date_text(at), f": {reason}" if reason else ""
    return {
        "ready": f"Staat klaar bij Uitgaande post sinds {day}.",
        "waiting": f"Nog niet verzonden{why}." if reason else SENDING,
        "sent": f"Verzonden op {day}. Niet zeker of het is aangekomen.",
        "refused": f"{FAILED}Niet verstuurd{why}.",
        "bounced": f"{FAILED}Niet aangekomen{why}.",
        "stopped": f"{FAILED}Niet verstuurd{why}.",
    }.get(state, "")


def seen_text(day: date | None, today: date) -> str:
    """'vandaag', '12 maart 2027' or 'nog niet'."""
    return "nog niet" if day is None else "vandaag" if day == today else date_text(day)


HEAD = ("Partij", "Naam", "Functie", "Rol", "Mandaat", "E-mailadres", "Uitnodiging", "Laatst gezien")
