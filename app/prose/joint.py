"""Joint answers that are texts: drawn, saved by a form, and written together. A room gives its set of fields and says
with `offer` which of them may be opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from app.answers.actions import Saved
from app.answers.joint import JointFields
from app.answers.models import JointAnswer
from app.answers.reading import joint_answers
from app.answers.store import find_joint
from app.core.fields import FieldView
from app.core.forms import SavedForm
from app.journey.gate import Here
from app.prose import fieldtext, log


@dataclass(frozen=True)
class Place:
    """Where a text stands: what may be closed, and how a change is called in the memory of the journey."""

    step: str
    part: str
    event: str


_offered: dict[str, Callable[[Here, str], Place | None]] = {}


def offer(step: str, find: Callable[[Here, str], Place | None]) -> None:
    """Lets people write together in the answers of this step. `find` gets the name of a field, without the step."""
    _offered[step] = find


def find_place(here: Here, path: str) -> Place | None:
    """The place of a text that may be written together; None when there is none."""
    step, _, name = path.partition("/")
    return _offered[step](here, name) if step in _offered and name else None


class SharedFields(JointFields):
    """Joint fields of which those with `together` are texts that several people write in."""

    def _drawn(self, name: str, row: JointAnswer | None, part: str, extra: dict[str, Any]) -> FieldView:
        view = super()._drawn(name, row, part, extra)
        if not self.specs[name].together:
            return view
        return replace(
            view,
            together="" if view.locked else f"{self.here.url}/samen/{self.step}/{name}",
            html=fieldtext.html(row.value, row.rich) if row and row.value else "",
        )

    def store(self, name: str, sent: SavedForm) -> Saved:
        if not self.specs[name].together:
            return super().store(name, sent)
        with answer_written(self.here, f"{self.step}/{name}"):
            return super().store(name, sent)


def answer_html(here: Here, path: str) -> Markup:
    """A text as safe HTML, for who reads it; empty while nobody wrote anything."""
    row = joint_answers(here).get(path)
    return fieldtext.html(row.value, row.rich) if row else fieldtext.NOTHING


@contextmanager
def answer_written(here: Here, path: str) -> Iterator[None]:
    """Around everything that changes such an answer past the editor: whoever writes in it gets the change too, in the
    same transaction, and what was bold stays so."""
    document = log.find_document(here.tx, here.tenant_id, here.journey.id, path)
    row = joint_answers(here).get(path)
    before = (row.value, row.rich) if row else ("", "")
    yield
    row = find_joint(here.tx, here.journey, path)
    if row is None or row.value == before[0]:
        return
    if document is not None:
        blocks = log.carry_answer(here.tx, document, row.value, here.seat.id)
    elif before[1]:
        blocks = fieldtext.reworded(fieldtext.read(*before), row.value)
    else:
        return
    if (rich := fieldtext.rich_of(blocks)) != row.rich:
        row.rich = rich
        here.tx.add(row)
        here.tx.flush()
