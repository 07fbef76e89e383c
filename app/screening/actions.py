"""The verbs of the screening: share, go back to what was shared, confirm."""

from __future__ import annotations

from app.answers import actions as answers
from app.answers.models import BEHALF, OWN, Answer
from app.answers.reading import all_answers
from app.answers.view import Concepts
from app.content.pack import Item, Theme
from app.core.clock import now
from app.core.errors import Closed, Invalid, NotFound
from app.journey.events import record
from app.journey.gate import Here
from app.journey.models import Party
from app.journey.rules import may_answer, may_answer_on_behalf
from app.screening import rules, store
from app.screening.models import Share


def require_answering(here: Here, party: Party, layer: str) -> None:
    """Raises NotAllowed unless this seat may fill in for the party in this layer."""
    allowed = may_answer(here.seat, party) if layer == OWN else may_answer_on_behalf(here.seat, party)
    here.require(allowed, "U kunt alleen invullen voor uw eigen partij.")


def require_writable(here: Here, party: Party, theme: Theme, layer: str) -> None:
    """Raises NotAllowed, or Closed: the theme is closed, or (namens) the party has shared it itself."""
    require_answering(here, party, layer)
    here.require_open(rules.STEP, theme.slug)
    if layer == BEHALF and store.find_share(here.tx, here.journey, party.id, OWN, theme.slug):
        raise Closed(f"{party.name} heeft dit thema zelf gedeeld. U vult hier niets meer namens deze partij in.")


def concepts(here: Here, party: Party, theme: Theme, layer: str = OWN) -> list[Answer]:
    """All answers of one party at one theme, as they stand now."""
    return Concepts(all_answers(here), party.id, layer).under(f"{theme.slug}/")


def share_theme(here: Here, party: Party, theme: Theme, layer: str = OWN) -> None:
    """Shows everybody what the party filled in at this theme. Sharing again without a change does nothing.

    Raises Invalid when nothing is filled in; see `require_writable` for the other refusals.
    """
    require_writable(here, party, theme, layer)
    rows = concepts(here, party, theme, layer)
    share = store.find_share(here.tx, here.journey, party.id, layer, theme.slug)
    if share is None and not any(a.value for a in rows):
        raise Invalid(f"U hebt bij thema {theme.letter} nog niets ingevuld. Vul eerst een punt in en deel daarna.")
    changed = answers.share(here, rows)
    if share is None:
        kind = "theme_shared" if layer == OWN else "behalf_shared"
        share = Share(
            tenant_id=here.tenant_id,
            journey_id=here.journey.id,
            party_id=party.id,
            layer=layer,
            theme=theme.slug,
            by_seat=here.seat.id,
        )
    elif changed:
        kind = "theme_shared_again" if layer == OWN else "behalf_shared"
        share.at, share.by_seat = now(), here.seat.id
    else:
        return
    here.tx.add(share)
    _happened(here, kind, theme, party)


def back_to_shared(here: Here, party: Party, theme: Theme, layer: str = OWN) -> None:
    """Throws away what was changed since sharing. NotFound when nothing was shared."""
    require_writable(here, party, theme, layer)
    if store.find_share(here.tx, here.journey, party.id, layer, theme.slug) is None:
        raise NotFound
    answers.unshare_changes(here, concepts(here, party, theme, layer))
    _happened(here, "answer_changed_back", theme, party)


def take_over(here: Here, party: Party, theme: Theme) -> None:
    """'Aanpassen': what was shared namens the party becomes its own concept, where it has none itself."""
    require_writable(here, party, theme, OWN)
    _unconfirmed(here, party, theme)
    answers.take_over_behalf(here, party, concepts(here, party, theme, BEHALF))
    here.extra.pop("screening", None)


def confirm_behalf(here: Here, party: Party, theme: Theme) -> None:
    """'Klopt': the party makes what was shared in its name its own, and so shared by itself.

    Raises Invalid when it has begun an answer of its own: then it shares that, or takes over what is missing.
    """
    require_writable(here, party, theme, OWN)
    share = _unconfirmed(here, party, theme)
    if any(a.value for a in concepts(here, party, theme)):
        raise Invalid("U hebt dit thema zelf al voor een deel ingevuld. Neem over wat ontbreekt en deel het daarna.")
    answers.take_over_behalf(here, party, concepts(here, party, theme, BEHALF))
    answers.share(here, concepts(here, party, theme))
    share.confirmed_at, share.confirmed_by = now(), here.seat.id
    here.tx.add(share)
    here.tx.add(
        Share(
            tenant_id=here.tenant_id,
            journey_id=here.journey.id,
            party_id=party.id,
            theme=theme.slug,
            by_seat=here.seat.id,
        )
    )
    _happened(here, "behalf_confirmed", theme, party)


def _unconfirmed(here: Here, party: Party, theme: Theme) -> Share:
    share = store.find_share(here.tx, here.journey, party.id, BEHALF, theme.slug)
    if share is None or store.find_share(here.tx, here.journey, party.id, OWN, theme.slug):
        raise NotFound
    return share


def same_here(here: Here, party: Party, theme: Theme, item_slug: str, layer: str = OWN) -> Item:
    """'Ook hier': copies the choice given at the same point of another theme. NotFound when there is none."""
    require_writable(here, party, theme, layer)
    item = next((i for i in theme.items if i.slug == item_slug), None)
    name = rules.choice_name(item) if item else ""
    specs = rules.specs(here.pack, party, theme)
    if item is None or name not in specs:
        raise NotFound
    known = Concepts(all_answers(here), party.id, layer)
    for other, found in rules.before(here.pack, theme, item):
        if value := known.value(f"{other.slug}/{rules.choice_name(found)}"):
            row = known.row(f"{theme.slug}/{name}")
            version = row.version if row else 0
            answers.save_answer(here, party, f"{theme.slug}/{name}", specs[name], [value], version, layer)
            return item
    raise NotFound


def _happened(here: Here, kind: str, theme: Theme, party: Party) -> None:
    here.tx.flush()
    here.extra.pop("screening", None)
    record(here, kind, step=rules.STEP, part=theme.slug, ref=party.id, party_id=party.id)
