"""The answers of a journey, read once per request and shared by all rooms that need them."""

from __future__ import annotations

from app.answers import store
from app.answers.models import Answer, JointAnswer
from app.answers.view import Shared
from app.journey.gate import Here


def joint_answers(here: Here) -> dict[str, JointAnswer]:
    """All joint answers by path; read once per request."""
    if "joint" not in here.extra:
        here.extra["joint"] = store.list_joint(here.tx, here.journey)
    return here.extra["joint"]  # type: ignore[return-value]


def joint_value(here: Here, path: str) -> str:
    """The stored text of one joint answer, '' while nobody answered."""
    row = joint_answers(here).get(path)
    return row.value if row else ""


def all_answers(here: Here) -> list[Answer]:
    """Answers of all parties, concepts included. Never hand these to a page: use `Shared` or `Concepts`."""
    if "answers" not in here.extra:
        here.extra["answers"] = store.list_answers(here.tx, here.journey)
    return here.extra["answers"]  # type: ignore[return-value]


def shared_answers(here: Here) -> Shared:
    """What everybody may see."""
    if "shared" not in here.extra:
        here.extra["shared"] = Shared(all_answers(here))
    return here.extra["shared"]  # type: ignore[return-value]


def forget(here: Here) -> None:
    """After a save within this request: the next reading asks the database again."""
    for name in ("joint", "answers", "shared"):
        here.extra.pop(name, None)
