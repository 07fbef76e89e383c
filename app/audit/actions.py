"""Writing a line: in the transaction of the deed, or apart from it for what only reads or was refused."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar

from fastapi import Request
from sqlmodel import Session

from app.audit.deeds import DEEDS, EVENTS, RESULTS
from app.audit.models import AuditEntry
from app.core.database import Busy, Database
from app.core.errors import Closed, NotAllowed, NotFound, Refusal
from app.core.turn import Actor, turn_of

AGAIN = 600  # seconds in which the same look or the same refusal of the same person is one line
MOST_REFUSALS = 120  # lines per person in that time
REMEMBERED = 5_000
_ID = re.compile("0[0-9a-hjkmnp-tv-z]{15}")

Handler = TypeVar("Handler", bound=Callable[..., Any])


class Recent:
    """What this process wrote down a moment ago, so that pressing F5 a thousand times is one line."""

    def __init__(self) -> None:
        self._seen: OrderedDict[Hashable, float] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, key: Hashable, seconds: float = AGAIN) -> bool:
        """Whether this was not said in the last so many seconds. Says it."""
        moment = time.monotonic()
        with self._lock:
            if moment - self._seen.get(key, -seconds) < seconds:
                return False
            self._seen[key] = moment
            self._seen.move_to_end(key)
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
            return True

    def room(self, who: Hashable) -> bool:
        """Whether this person has lines left: one is used up."""
        return any(self.first((who, number)) for number in range(MOST_REFUSALS))


def note(
    tx: Session,
    what: str,
    actor: Actor,
    *,
    journey_id: str = "",
    party_id: str = "",
    object: str = "",
    result: str = "gelukt",
) -> None:
    """Writes a line that stands or falls with this transaction. `what` is a deed of `app.audit.deeds`, `object` a kind
    and an id ('plek:…'), never a text that somebody typed."""
    if what not in DEEDS or result not in RESULTS:
        raise ValueError(f"say in app/audit/deeds.py what {what} ({result}) is")
    tx.add(
        AuditEntry(
            tenant_id=actor.tenant_id,
            journey_id=journey_id,
            seat_id=actor.seat_id,
            person_id="" if actor.seat_id else actor.person_id,
            party_id=party_id or actor.party_id,
            what=what,
            object=object[:120],
            result=result,
        )
    )


def note_event(tx: Session, event: Any) -> None:
    """Writes a line for an event of a journey, when it is one that the log is about."""
    if event.kind not in EVENTS:
        return
    actor = Actor(event.tenant_id, "", event.seat_id, event.party_id)
    note(tx, event.kind, actor, journey_id=event.journey_id, object=_event_object(event))


def _event_object(event: Any) -> str:
    kind = event.kind.partition("_")[0]
    if kind in ("person", "link", "role", "mandate", "seat", "code", "access") and event.ref:
        return f"plek:{event.ref}"
    if event.kind == "document_fixed":
        return f"stuk:{event.ref}"
    if kind == "party" and event.ref:
        return f"partij:{event.ref}"
    if event.step and event.step != "opzet":
        return f"stap:{event.step}" + (f"/{event.part}" if event.part else "")
    return ""


def audited(what: str, *, once: bool = False, by_itself: bool = False) -> Callable[[Handler], Handler]:
    """Says at a route that whoever gets through, or is refused, is written down as doing `what`.

    A write gets its line in its own transaction; an answer that only reads gets it before it is handed out, so nothing
    leaves without a line. `once`: looking again within ten minutes is the same look. `by_itself`: the action writes the
    line when it succeeds. The handler takes `request`.
    """
    if what not in DEEDS:
        raise ValueError(f"say in app/audit/deeds.py what {what} is")

    def wrap(handler: Handler) -> Handler:
        @wraps(handler)
        def run(**values: Any) -> Any:
            request: Request = values["request"]
            answer = handler(**values)
            if getattr(answer, "status_code", 200) < 400 and not by_itself:
                _write_down(request, what, once)
            return answer

        run.audited = what  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return wrap


def _write_down(request: Request, what: str, once: bool) -> None:
    turn = turn_of(request)
    actor, journey_id, about = turn.actor, _journey_id(request), _about(request)
    if actor is None:
        return
    if request.method not in ("GET", "HEAD"):
        note(turn.tx, what, actor, journey_id=journey_id, object=about)
        return
    if once and not _recent(request).first((actor.person_id, what, journey_id, about)):
        return
    database: Database = request.app.state.database
    with database.write() as tx:
        note(tx, what, actor, journey_id=journey_id, object=about)


def note_refusal(request: Request, problem: Refusal) -> None:
    """Writes down that somebody who is signed in was refused something, in a transaction of its own. The same again
    within ten minutes is the same line, and one person fills a log only so far. Never makes the answer worse: when the
    database is busy, there is no line."""
    result = _result(problem)
    actor = turn_of(request).actor
    if not result or actor is None:
        return
    journey_id = _journey_id(request)
    route = request.scope.get("route")
    known = getattr(getattr(route, "endpoint", None), "audited", "")
    if result == "niet-gevonden" and not (journey_id or known):
        return
    what = known or ("page_refused" if request.method in ("GET", "HEAD") else "change_refused")
    about = _about(request) or ("" if known else _page(request))
    recent = _recent(request)
    key = (actor.tenant_id, actor.person_id, what, journey_id, about, result)
    if not recent.first(key) or not recent.room((actor.tenant_id, actor.person_id)):
        return
    database: Database = request.app.state.database
    try:
        with database.write() as tx:
            note(tx, what, actor, journey_id=journey_id, object=about, result=result)
    except Busy:
        return


def _result(problem: Refusal) -> str:
    for kind, result in ((NotAllowed, "mag-niet"), (NotFound, "niet-gevonden"), (Closed, "gesloten")):
        if isinstance(problem, kind):
            return result
    return ""


def _recent(request: Request) -> Recent:
    state = request.app.state
    if not hasattr(state, "recent"):
        state.recent = Recent()
    return state.recent


def _journey_id(request: Request) -> str:
    """The journey in the address; '' when what stands there cannot be one."""
    found = request.path_params.get("journey_id", "")
    return found if _ID.fullmatch(found) else ""


def _about(request: Request) -> str:
    """The seat or the party in the address."""
    for name, kind in (("seat_id", "plek"), ("party_id", "partij")):
        if _ID.fullmatch(found := request.path_params.get(name, "")):
            return f"{kind}:{found}"
    return ""


def _page(request: Request) -> str:
    """The first word of the page after the journey, when it is a fixed part of the address."""
    route = getattr(request.scope.get("route"), "path", "")
    first = route.partition("{journey_id}/")[2].partition("/")[0]
    return f"pagina:{first}" if first and "{" not in first else ""
