"""The verbs of the conversation: change agreements; say for whom an outcome holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.answers.actions import Saved, save_column, save_joint
from app.content.pack import Example, Theme
from app.core.clock import now
from app.core.errors import Invalid, NotFound, Refusal, Stale, require_room
from app.core.fields import checked
from app.core.text import listing
from app.dialogue import rules
from app.dialogue.models import Agreement
from app.dialogue.reading import all_agreements, forget_agreements
from app.journey.events import record
from app.journey.gate import Here

MOST = 400  # agreements in a journey


class StillBorrowed(Refusal):
    """The text still holds names, years or programmes of the gemeente it was taken from."""

    status = 409


@dataclass(frozen=True)
class NewAgreement:
    """An agreement as it was sent: texts as typed, ids of parties."""

    what: str
    owner_id: str = ""
    with_parties: tuple[str, ...] = ()
    by_when: str = ""


def check_place(here: Here, theme: str, item: str) -> Theme:
    """The theme. Raises NotFound for an unknown theme or middle item; '' is the theme as a whole."""
    found = here.get_theme(theme)
    if item and item not in {i.slug for i in rules.joint_items(here.pack, found)}:
        raise NotFound
    return found


def get_example(here: Here, theme: str, slug: str) -> Example:
    """A practice example of this theme. Raises NotFound."""
    found = next((e for e in rules.examples(here.pack, theme) if e.slug == slug), None)
    if found is None:
        raise NotFound
    return found


def add_agreement(here: Here, theme: str, item: str, new: NewAgreement, example: str = "") -> Agreement:
    """Adds an agreement under a middle item ('' for the theme). Made from an example it is a proposal first.

    Raises Invalid with a sentence per column, Closed, and NotFound for an unknown theme, item or example.
    """
    check_place(here, theme, item)
    here.require_open(rules.STEP, theme)
    require_room(sum(a.removed_at is None for a in all_agreements(here)), MOST, "afspraken", "what")
    source = get_example(here, theme, example) if example else None
    sent = {
        "what": [new.what],
        "owner_id": [new.owner_id],
        "with_parties": list(new.with_parties),
        "by_when": [new.by_when],
    }
    columns, wrong = {}, {}
    for name, spec in rules.agreement_specs(here.parties).items():
        try:
            columns[name] = checked(spec, sent[name])
        except Invalid as problem:
            wrong[name] = problem.message
    if wrong:
        raise Invalid("Deze afspraak is nog niet toegevoegd.", wrong)
    agreement = Agreement(
        tenant_id=here.tenant_id,
        journey_id=here.journey.id,
        theme=theme,
        item=item,
        what=columns["what"],
        owner_id=columns["owner_id"] or None,
        with_parties=columns["with_parties"],
        by_when=columns["by_when"],
        state=rules.PROPOSED if source else rules.AGREED,
        example=source.slug if source else "",
        position=max((a.position for a in all_agreements(here)), default=-1) + 1,
        made_by=here.seat.id,
    )
    here.tx.add(agreement)
    here.tx.flush()
    _done(here, "agreement_added", agreement)
    return agreement


def change_agreement(here: Here, agreement: Agreement, column: str, values: Sequence[str], version: int) -> Saved:
    """Saves one column of an agreement. Raises Invalid, Stale, Closed, and Gone when it was removed."""
    here.require_open(rules.STEP, agreement.theme)
    saved = save_column(here, agreement, column, rules.agreement_specs(here.parties)[column], values, version)
    if saved.changed:
        _done(here, "agreement_changed", agreement)
    forget_agreements(here)
    return saved


def remove_agreement(here: Here, agreement: Agreement) -> None:
    """Takes an agreement away; it can be put back. Twice is the same as once."""
    here.require_open(rules.STEP, agreement.theme)
    if agreement.removed_at is None:
        agreement.removed_at = now()
        _done(here, "agreement_removed", agreement)


def restore_agreement(here: Here, agreement: Agreement) -> None:
    """Puts a removed agreement back as it was."""
    here.require_open(rules.STEP, agreement.theme)
    if agreement.removed_at is not None:
        agreement.removed_at = None
        _done(here, "agreement_restored", agreement)


def settle_agreement(here: Here, agreement: Agreement) -> None:
    """Makes a proposal an agreement. Raises StillBorrowed while words of the example stand there."""
    here.require_open(rules.STEP, agreement.theme)
    if agreement.removed_at is not None:
        raise NotFound("Deze afspraak is verwijderd. Zet haar eerst terug.")
    example = next((e for e in here.pack.examples if e.slug == agreement.example), None)
    left = rules.borrowed_left(agreement.what, example.borrowed) if example else ()
    if left:
        raise StillBorrowed(
            f"Dit kan nog geen afspraak zijn. Deze woorden horen bij het voorbeeld: {listing(left)}. "
            "Wijzig ze in wat voor u geldt, of haal ze weg."
        )
    if agreement.state != rules.AGREED:
        agreement.state = rules.AGREED
        _done(here, "agreement_settled", agreement)


def inverted(here: Here, ids: str) -> str:
    """The other parties: ids separated by a space, in the order of the parties."""
    given = set(ids.split())
    return " ".join(p.id for p in here.parties if p.id not in given)


def save_holds_for(here: Here, theme: str, item: str, values: Sequence[str], version: int) -> Saved:
    """Saves for which parties an outcome holds. Stored are the ones it does not hold for, so that a party
    that joins later is included. Raises Invalid and Stale, both in terms of who it holds for."""
    check_place(here, theme, item)
    here.require_open(rules.STEP, theme)
    spec = rules.item_specs(here.pack, here.parties)["niet-voor"]
    holds = checked(spec, values)
    if not holds:
        raise Invalid("Zo geldt dit voor niemand. Laat ten minste één partij staan, of kies een andere uitkomst.")
    try:
        saved = save_joint(here, f"{rules.STEP}/{theme}/{item}/niet-voor", spec, [inverted(here, holds)], version)
    except Stale as problem:
        theirs = replace(problem.theirs, value=inverted(here, problem.theirs.value))
        raise Stale(holds, theirs) from None
    if saved.changed:
        record(here, "outcome_changed", step=rules.STEP, part=theme, ref=f"{theme}/{item}/niet-voor"[:120])
    return replace(saved, value=holds)


def _done(here: Here, event: str, agreement: Agreement) -> None:
    here.tx.add(agreement)
    here.tx.flush()
    forget_agreements(here)
    record(here, event, step=rules.STEP, part=agreement.theme, ref=agreement.id)
