"""Reading answers with the right eyes: the only way from stored answers to a page. Concepts of others never pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.answers.models import BEHALF, OWN, Answer


@dataclass(frozen=True)
class Said:
    """What one party said, as the others see it."""

    party_id: str
    path: str
    value: str
    at: datetime
    by_seat: str
    behalf: bool = False  # filled in by the procesbegeleider, not confirmed


class Shared:
    """Everything that is shared: own answers first, else what was shared *namens* a party."""

    def __init__(self, answers: Iterable[Answer]):
        self._said: dict[tuple[str, str], Said] = {}
        for layer in (BEHALF, OWN):
            for a in answers:
                if a.layer == layer and a.shared_value is not None and a.shared_at is not None:
                    said = Said(a.party_id, a.path, a.shared_value, a.shared_at, a.shared_by, layer == BEHALF)
                    self._said[a.party_id, a.path] = said

    def find(self, party_id: str, path: str) -> Said | None:
        """None when nothing was shared, or what was shared is empty."""
        said = self._said.get((party_id, path))
        return said if said and said.value else None

    def value(self, party_id: str, path: str) -> str:
        said = self.find(party_id, path)
        return said.value if said else ""


class Concepts:
    """One layer of one party, for its own people (or for who fills in on its behalf)."""

    def __init__(self, answers: Iterable[Answer], party_id: str, layer: str = OWN):
        self._rows = {a.path: a for a in answers if a.party_id == party_id and a.layer == layer}

    def row(self, path: str) -> Answer | None:
        return self._rows.get(path)

    def value(self, path: str) -> str:
        row = self._rows.get(path)
        return row.value if row else ""

    def under(self, prefix: str) -> list[Answer]:
        """All answers whose path begins with `prefix`."""
        return [a for p, a in sorted(self._rows.items()) if p.startswith(prefix)]

    def changed_since_share(self, prefix: str) -> bool:
        return any(
            (a.shared_value or "") != a.value for a in self.under(prefix) if a.shared_value is not None or a.value
        )
