"""The memory of a journey: past-tense events, and the sentence for each."""

from app.audit.actions import note_event
from app.journey.gate import Here
from app.journey.models import Event


def record(here: Here, kind: str, *, step: str = "", part: str = "", ref: str = "", party_id: str = "") -> None:
    """Writes down that something happened. `kind` is a past-tense slug with a template `events/<kind>.html`;
    `part` is a theme or chapter, `ref` a slug or id. Never a text that somebody typed. What the log of access is about
    (`app.audit.deeds`), gets a line there too."""
    happened = Event(
        tenant_id=here.tenant_id,
        journey_id=here.journey.id,
        seat_id=here.seat.id,
        party_id=party_id or here.seat.party_id or "",
        kind=kind,
        step=step,
        part=part,
        ref=ref,
    )
    here.tx.add(happened)
    note_event(here.tx, happened)
