"""Passkeys: signing in with what opens one's own device. Only the public half of a key is kept.

The challenge is made from the trip that the browser is on (`app.signin.trip`): it works in that browser, once, and for
a quarter of an hour. Nothing is stored for whoever only asks.
"""

from __future__ import annotations

import json
import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import NotFound, require_room
from app.core.limits import Limit, minutes, spend
from app.core.settings import Settings
from app.mail.letters import passkey_added
from app.mail.queue import can_send
from app.mail.rules import fit
from app.people.actions import write_mail
from app.people.models import Person
from app.people.store import find_tenant
from app.signin import store
from app.signin.models import Passkey
from app.signin.organisations import NotLetIn, use_once
from app.signin.trip import Trip

LOG = logging.getLogger(__name__)
MOST = 10  # per person
TRIES = Limit("passkey", 10, minutes(10))
LONGEST = 8_000  # characters of what a device answers
SIGN_IN = "passkey"
NOT_KNOWN = (
    "Aanmelden met vingerafdruk, gezicht of pincode lukte niet. Misschien is dit op een ander apparaat ingesteld, of "
    "weggehaald. Kom op een andere manier binnen en stel het opnieuw in."
)
NOT_MADE = "Dit is niet ingesteld. Probeer het opnieuw, of gebruik een ander apparaat."


def goal_of_new(person: Person) -> str:
    """What a trip to make a passkey is for: of one person only."""
    return f"new passkey {person.tenant_id} {person.id}"


def host(settings: Settings) -> str:
    """What a passkey is bound to: the name of this server."""
    return urlsplit(settings.address).hostname or ""


def options_to_make(tx: Session, settings: Settings, person: Person, begun: Trip) -> str:
    """What the browser needs to make a passkey, as JSON."""
    import webauthn
    from webauthn.helpers import structs

    tenant = find_tenant(tx, person.tenant_id)
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=host(settings),
            rp_name="Driekolom",
            user_id=_handle(person).encode(),
            user_name=f"{person.name} ({tenant.name})" if tenant else person.name,
            user_display_name=person.name,
            challenge=_challenge(tx, begun),
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                structs.PublicKeyCredentialDescriptor(id=_bytes(p.credential_id))
                for p in store.list_passkeys(tx, person)
            ],
        )
    )


def options_to_use(tx: Session, settings: Settings, begun: Trip) -> str:
    """What the browser needs to sign in with a passkey, as JSON. It names nobody: the device knows who it is of."""
    import webauthn
    from webauthn.helpers import structs

    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=host(settings),
            challenge=_challenge(tx, begun),
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
    )


def make(tx: Session, settings: Settings, person: Person, begun: Trip | None, answer: str, device: str) -> Passkey:
    """Keeps the public half of a new passkey. Raises NotLetIn, and Invalid when there are too many."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    if begun is None:
        raise NotLetIn(NOT_MADE)
    require_room(len(store.list_passkeys(tx, person)), MOST, "sleutels")
    use_once(tx, begun.seed)
    try:
        checked = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=_challenge(tx, begun),
            expected_rp_id=host(settings),
            expected_origin=settings.address,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError) as problem:
        LOG.warning("passkey not made: %s", type(problem).__name__)
        raise NotLetIn(NOT_MADE) from None
    credential_id = _text(checked.credential_id)
    if len(credential_id) > 1400 or len(checked.credential_public_key) > 1400 or store.find_passkey(tx, credential_id):
        raise NotLetIn(NOT_MADE)
    passkey = Passkey(
        tenant_id=person.tenant_id,
        person_id=person.id,
        credential_id=credential_id,
        public_key=_text(checked.credential_public_key),
        sign_count=checked.sign_count,
        label=device,
    )
    tx.add(passkey)
    _tell(tx, settings, person, device)
    return passkey


def _tell(tx: Session, settings: Settings, person: Person, device: str) -> None:
    """Whoever leaves a way in on an unlocked computer of somebody else does not do so unseen. Raises TooOften: what
    cannot be told is not made."""
    if can_send(settings) and fit(person.email):
        letter = passkey_added(person.name, device, now(), f"{settings.address}/account")
        write_mail(tx, settings, person, letter)


def person_of(tx: Session, settings: Settings, begun: Trip | None, answer: str) -> Person:
    """Who signs in with a passkey. Raises NotLetIn in the same words whatever is wrong, and TooOften."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    if begun is None:
        raise NotLetIn("Dit aanmelden begon in een andere browser of duurde te lang. Begin opnieuw.")
    use_once(tx, begun.seed)
    try:
        said = _read(answer)
        spend(tx, TRIES, str(said.get("id", ""))[:2000])
        found = store.find_passkey(tx, str(said.get("id", "")))
        if found is None:
            raise NotLetIn(NOT_KNOWN)
        passkey, person = found
        if _bytes(str((said.get("response") or {}).get("userHandle") or "")) != _handle(person).encode():
            raise NotLetIn(NOT_KNOWN)
        checked = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=_challenge(tx, begun),
            expected_rp_id=host(settings),
            expected_origin=settings.address,
            credential_public_key=_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError) as problem:
        LOG.warning("passkey refused: %s", type(problem).__name__)
        raise NotLetIn(NOT_KNOWN) from None
    passkey.sign_count, passkey.used_at = checked.new_sign_count, now()
    tx.add(passkey)
    return person


def remove(tx: Session, person: Person, passkey_id: str) -> None:
    """Takes one's own passkey away. Raises NotFound."""
    for passkey in store.list_passkeys(tx, person):
        if passkey.id == passkey_id:
            tx.delete(passkey)
            return
    raise NotFound


def _handle(person: Person) -> str:
    """What the device keeps of who it is for: says nothing to others."""
    return f"{person.tenant_id}/{person.id}"


def _challenge(tx: Session, begun: Trip) -> bytes:
    return _bytes(begun.part(tx, "challenge"))


def _read(answer: str) -> dict[str, Any]:
    """What the device answered. Raises ValueError."""
    if len(answer) > LONGEST:
        raise ValueError("too long")
    try:
        said = json.loads(answer)
    except RecursionError:  # a list in a list in a list
        raise ValueError("too deep") from None
    if not isinstance(said, dict):
        raise ValueError("no object")
    return said


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
