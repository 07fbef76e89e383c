"""The verbs of the remarks: place one, answer, settle, take up again, withdraw, propose a change, decide about it."""

from __future__ import annotations

from app.core.clock import now
from app.core.errors import Closed, Gone, Invalid, NotAllowed, NotFound, require_room
from app.journey.events import record
from app.journey.gate import Here
from app.journey.rules import may_decide
from app.remarks import store
from app.remarks.models import DECLINED, TAKEN, Remark
from app.remarks.reading import forget_remarks
from app.remarks.subjects import Subject, find_subject, get_subject

MAX_REMARK = 3_000  # characters
MOST_REMARKS = 2_000  # in a journey, answers included


def place(here: Here, key: str, text: str, about_id: str = "") -> Remark:
    """A remark at a subject, or at what one party said there. Raises NotFound, Closed, Gone, Invalid."""
    subject = _writable(here, key)
    about = next((p for p in subject.parties if p.id == about_id), None)
    if about_id and about is None:
        raise NotFound
    remark = _added(here, subject, _checked(text), about_party_id=about.id if about else None)
    _happened(here, "remark_placed", remark)
    return remark


def propose(here: Here, key: str, field: str, proposed: str, why: str = "") -> Remark:
    """Another text for one of the texts of a subject, with or without a reason.

    Raises what `place` raises; Invalid also when nothing would change.
    """
    subject = _writable(here, key)
    wording = subject.wording(field)
    if not proposed:
        sentence = "Schrijf eerst de tekst die u voorstelt."
        raise Invalid(sentence, {"voorstel": sentence})
    if len(proposed) > wording.most:
        sentence = f"Deze tekst is te lang: {len(proposed)} tekens. Er passen er {wording.most}. Maak de tekst korter."
        raise Invalid(sentence, {"voorstel": sentence})
    if proposed == wording.text:
        sentence = "Uw voorstel is gelijk aan wat er staat. Wijzig de tekst, of plaats een opmerking."
        raise Invalid(sentence, {"voorstel": sentence})
    remark = _added(here, subject, _checked(why) if why else "")
    remark.field, remark.proposed, remark.found = field, proposed, wording.text
    here.tx.add(remark)
    here.tx.flush()
    _happened(here, "proposal_made", remark)
    return remark


def answer(here: Here, remark_id: str, text: str) -> Remark:
    """An answer to a remark; to an answer it goes to the remark that is about. Raises as `place`."""
    first = _first(here, remark_id)
    subject = _writable(here, first.subject)
    made = _added(here, subject, _checked(text), reply_to=first.id)
    _happened(here, "remark_answered", made)
    return made


def settle(here: Here, remark_id: str) -> Remark:
    """Says that this is dealt with. It folds, and can be taken up again. Twice changes nothing."""
    remark = _first(here, remark_id)
    _require_open(here, remark)
    _require_settling(here, remark)
    if remark.proposed is not None and not remark.decided:
        raise Invalid("Dit is een voorstel. Neem het over, of wijs het af.")
    if remark.settled_at is None:
        _settled(here, remark)
        _happened(here, "remark_settled", remark)
    return remark


def take_up(here: Here, remark_id: str) -> Remark:
    """Opens a settled remark again. A proposal that was decided stays decided: what it says is in the text, or not."""
    remark = _first(here, remark_id)
    _require_open(here, remark)
    _require_settling(here, remark)
    if remark.decided:
        raise Invalid("Over dit voorstel is al beslist. Doe zo nodig een nieuw voorstel.")
    if remark.settled_at is not None:
        remark.settled_at, remark.settled_by = None, ""
        here.tx.add(remark)
        here.tx.flush()
        _happened(here, "remark_taken_up", remark)
    return remark


def withdraw(here: Here, remark_id: str) -> Remark:
    """Takes one's own remark or answer away; of one that was answered only the words.

    NotAllowed when it is somebody else's."""
    remark = store.get_remark(here.tx, here.journey, remark_id)
    _require_open(here, remark)
    if remark.seat_id != here.seat.id:
        raise NotAllowed("U kunt alleen uw eigen opmerking intrekken.")
    if remark.decided:
        raise Invalid("Over dit voorstel is al beslist. Het blijft staan.")
    if any(r.reply_to == remark.id for r in store.list_remarks(here.tx, here.journey)):
        remark.text, remark.proposed, remark.found, remark.removed_at = "", None, "", now()
        here.tx.add(remark)
    else:
        here.tx.delete(remark)
    here.tx.flush()
    forget_remarks(here)
    return remark


def take_over(here: Here, remark_id: str, version: int) -> Remark:
    """Puts the proposed text in place of version `version` of what stands there now.

    Raises Stale when somebody changed it after the page was opened, and what a save of that text raises.
    """
    remark, subject = _undecided(here, remark_id)
    subject.wording(remark.field).take(remark.proposed or "", version)
    _decide(here, remark, TAKEN, "proposal_taken")
    return remark


def decline(here: Here, remark_id: str) -> Remark:
    """The text stays as it is; the proposal stays to be read."""
    remark, _ = _undecided(here, remark_id)
    _decide(here, remark, DECLINED, "proposal_declined")
    return remark


def _undecided(here: Here, remark_id: str) -> tuple[Remark, Subject]:
    remark = _first(here, remark_id)
    subject = _writable(here, remark.subject)
    here.require(may_decide(here.seat), "Meelezers beslissen niet over een voorstel.")
    if remark.proposed is None:
        raise NotFound
    if remark.decided:
        raise Closed("Over dit voorstel is al beslist.")
    return remark, subject


def _decide(here: Here, remark: Remark, word: str, kind: str) -> None:
    remark.decided = word
    _settled(here, remark)
    _happened(here, kind, remark)


def _settled(here: Here, remark: Remark) -> None:
    remark.settled_at, remark.settled_by = now(), here.seat.id
    here.tx.add(remark)
    here.tx.flush()


def _first(here: Here, remark_id: str) -> Remark:
    """The remark that a thread begins with."""
    found = store.get_remark(here.tx, here.journey, remark_id)
    return store.get_remark(here.tx, here.journey, found.reply_to) if found.reply_to else found


def _writable(here: Here, key: str) -> Subject:
    """The subject, when something may be said at it now."""
    subject = get_subject(here, key)
    here.require_open(subject.step, subject.part)
    if subject.gone:
        raise Gone("Dit is intussen verwijderd. Er kan niets meer bij gezegd worden.")
    return subject


def _require_open(here: Here, remark: Remark) -> None:
    here.require_open(remark.step, remark.part)


def _require_settling(here: Here, remark: Remark) -> None:
    own = remark.seat_id == here.seat.id
    here.require(own or may_decide(here.seat), "Meelezers handelen alleen hun eigen opmerkingen af.")


def _checked(text: str) -> str:
    if not text:
        raise Invalid("Schrijf eerst uw opmerking.", {"opmerking": "Schrijf eerst uw opmerking."})
    if len(text) > MAX_REMARK:
        sentence = f"Deze opmerking is te lang: {len(text)} tekens. Er passen er {MAX_REMARK}. Maak de tekst korter."
        raise Invalid(sentence, {"opmerking": sentence})
    return text


def _added(here: Here, subject: Subject, text: str, **more: str | None) -> Remark:
    require_room(len(store.list_remarks(here.tx, here.journey)), MOST_REMARKS, "opmerkingen")
    remark = Remark(
        tenant_id=here.tenant_id,
        journey_id=here.journey.id,
        subject=subject.key,
        step=subject.step,
        part=subject.part,
        seat_id=here.seat.id,
        by_party_id=here.seat.party_id or "",
        text=text,
        **more,
    )
    here.tx.add(remark)
    here.tx.flush()
    return remark


def _happened(here: Here, kind: str, remark: Remark) -> None:
    forget_remarks(here)
    record(here, kind, step=remark.step, part=remark.part, ref=remark.subject)


def place_of(here: Here, remark: Remark) -> str:
    """Where to go to see this remark: its own page when what it stands at is gone."""
    subject = find_subject(here, remark.subject)
    first = remark.reply_to or remark.id
    if subject is None or subject.gone:
        return f"{here.url}/opmerkingen#opmerking-{remark.id}"
    return f"{subject.page}?opmerking={first}#opmerking-{remark.id}"
