"""A set of joint fields of one step: draw them, save them. For every room with questions that are answered together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from app.answers.actions import Saved, save_joint
from app.answers.fields import after_save, stored_field
from app.answers.models import JointAnswer
from app.answers.store import find_joint
from app.core.errors import NotFound
from app.core.fields import FieldView, Spec
from app.core.forms import Part, SavedForm, saved_answer
from app.core.rendering import Shell
from app.journey.events import record
from app.journey.gate import Here


class JointFields:
    """The joint fields of one step. `specs` maps a name (`b/omdat`) to what may stand there; the stored path is
    `<step>/<name>` and a field saves at `<traject>/<step>/veld/<name>`."""

    def __init__(self, here: Here, step: str, specs: Mapping[str, Spec], rows: Mapping[str, JointAnswer] | None = None):
        self.here = here
        self.step = step
        self.specs = specs
        self.rows = rows or {}

    def value(self, name: str) -> str:
        """The stored text; '' when nobody answered."""
        row = self.rows.get(f"{self.step}/{name}")
        return row.value if row else ""

    def view(self, name: str, *, part: str = "", **extra: Any) -> FieldView:
        """The field as it is now. `part` is the theme or chapter that may be closed; `extra` goes to FieldView."""
        path = f"{self.step}/{name}"
        return self._drawn(name, self.rows.get(path), part, extra)

    def _drawn(self, name: str, row: JointAnswer | None, part: str, extra: dict[str, Any]) -> FieldView:
        here = self.here
        locked = here.closed_text(self.step, part)
        if not here.may_write_joint:
            locked = "U kunt dit lezen. Meelezers wijzigen niets."
        extra.setdefault("locked", locked)
        return stored_field(
            f"{here.url}/{self.step}/veld/{name}", f"{self.step}/{name}", self.specs[name], row, **extra
        )

    def store(self, name: str, sent: SavedForm) -> Saved:
        """Saves what was sent, and nothing else. Raises Invalid and Stale."""
        return save_joint(self.here, f"{self.step}/{name}", self.specs[name], sent.values, sent.version)

    def save(
        self,
        request: Request,
        shell: Shell,
        name: str,
        sent: SavedForm,
        *,
        back: str,
        event: str,
        part: str = "",
        parts: Callable[[], Sequence[Part]] = tuple,
        **extra: Any,
    ) -> Response:
        """Saves one field and answers with it. NotFound for a name that is not in the set, Closed when `part` is.

        `back` is the page (with #anchor) for a plain form; `event` the past-tense kind that is recorded when the value
        changed; `parts` are drawn after saving.
        """
        if name not in self.specs:
            raise NotFound
        here, path = self.here, f"{self.step}/{name}"
        here.require_open(self.step, part)

        def drawn() -> FieldView:
            return self._drawn(name, find_joint(here.tx, here.journey, path), part, extra)

        def save() -> FieldView:
            saved = self.store(name, sent)
            if saved.changed:
                record(here, event, step=self.step, part=part, ref=name[:120])
            return after_save(drawn(), saved)

        return saved_answer(request, shell, back, save, drawn, sent, parts)
