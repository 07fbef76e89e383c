"""The answers of a journey, read once per request and shared by all rooms that need them."""

from __future__ import annotations

from app.answers import store
from app.answers.models import OWN, Answer, JointAnswer
from app.answers.view import Concepts, Shared
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


def concepts(here: Here, party_id: str, layer: str = OWN, theme: str = "") -> Concepts:
    """What one party filled in, of one theme or of all: for its own people, or who fills in on its behalf."""
    known: dict[tuple[str, str, str], Concepts] = here.extra.setdefault("concepts", {})  # type: ignore[assignment]
    key = (party_id, layer, theme)
    if key not in known:
        known[key] = Concepts(store.list_concepts(here.tx, here.journey, party_id, layer, theme), party_id, layer)
    return known[key]


def shared_answers(here: Here) -> Shared:
    """What everybody may see."""
    if "shared" not in here.extra:
        here.extra["shared"] = Shared(all_answers(here))
    return here.extra["shared"]  # type: ignore[return-value]


def forget(here: Here) -> None:
    """After a save within this request: the next reading asks the database again."""
    for name in ("joint", "answers", "shared", "concepts"):
        here.extra.pop(name, None)
