"""Who a message of this journey comes from."""

from sqlmodel import Session

from app.core.text import inside
from app.journey import store
from app.journey.gate import Here
from app.journey.models import Journey
from app.journey.names import chair_first, plain_name
from app.mail.letters import Sender
from app.people.store import find_tenant


def sender_of(here: Here) -> Sender:
    """Who is doing this, for whom they work, and their gemeente: a message always says both."""
    tenant = find_tenant(here.tx, here.tenant_id)
    names = [plain_name(name) for name in chair_first(here.journey, here.municipalities)]
    municipality = (tenant.sender_name if tenant else "") or (f"gemeente {names[0]}" if names else "")
    party = here.party
    if party is not None and not here.kind_of(party).municipal:
        return Sender(here.person.name, inside(party.name), municipality, here.person.email, "", here.person.id)
    if party is not None and len(names) > 1:  # a gemeente among others speaks for itself
        municipality = party.name.replace("Gemeente ", "gemeente ", 1)
    return Sender(
        here.person.name,
        municipality,
        email=here.person.email,
        phone=tenant.telephone if tenant else "",
        person_id=here.person.id,
    )


def sender_for(tx: Session, journey: Journey) -> Sender:
    """Driekolom itself, on behalf of the gemeente of this journey: for what nobody sends."""
    tenant = find_tenant(tx, journey.tenant_id)
    names = [plain_name(name) for name in chair_first(journey, store.list_municipalities(tx, journey))]
    own = tenant.sender_name if tenant else ""
    return Sender(
        "Driekolom", own or (f"gemeente {names[0]}" if names else ""), phone=tenant.telephone if tenant else ""
    )
