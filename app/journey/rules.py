"""Who may do what: the permission matrix on one screen, as pure predicates. Templates receive their results."""

from app.journey.models import ROLES, Party, Seat
from app.people.models import Person

FACILITATORS = ("procesbegeleider", "mede-begeleider")


def may_view(seat: Seat) -> bool:
    """Everybody with a seat sees what is shared and joint, unless their access was taken back."""
    return seat.removed_at is None and seat.stopped_at is None


def may_set_up(seat: Seat) -> bool:
    """Title, gemeenten, parties, dates; open and close steps; say that a step is done."""
    return may_view(seat) and seat.role in FACILITATORS


def may_export(seat: Seat) -> bool:
    """Keep what is shared and joint as a file."""
    return may_set_up(seat)


def may_invite(seat: Seat, party: Party | None) -> bool:
    """Add people and make personal links: everywhere for facilitators, in the own party for a partijbeheerder."""
    own = party is not None and seat.party_id == party.id
    return may_set_up(seat) or (may_view(seat) and seat.role == "partijbeheerder" and own)


def may_invite_someone(seat: Seat) -> bool:
    """Add people somewhere, and keep the list of who has access: facilitators, and a partijbeheerder."""
    return may_set_up(seat) or (may_view(seat) and seat.role == "partijbeheerder" and seat.party_id is not None)


def may_see_addresses(seat: Seat, party: Party | None) -> bool:
    """See e-mail addresses, the state of invitations and who was here when: whoever invites there."""
    return may_invite(seat, party)


def may_appoint(seat: Seat) -> bool:
    """Make somebody procesbegeleider or mede-begeleider. Never a partijbeheerder."""
    return may_set_up(seat)


def roles_to_give(seat: Seat, party: Party | None) -> tuple[str, ...]:
    """The roles that this seat may give to people of a party, or of none."""
    roles = ROLES if may_appoint(seat) else tuple(r for r in ROLES if r not in FACILITATORS)
    return roles if party else tuple(r for r in roles if r not in ("deelnemer", "partijbeheerder"))


def may_change_seat(seat: Seat, theirs: Seat, party: Party | None) -> bool:
    """Change somebody's function, role and mandate, or remove them."""
    return may_invite(seat, party) and (may_appoint(seat) or theirs.role not in FACILITATORS)


def may_change_person(seat: Seat, theirs: Seat, person: Person, party: Party | None) -> bool:
    """Change somebody's name and address. Who starts journeys is the same person in each, so only they may."""
    return seat.id == theirs.id or (may_change_seat(seat, theirs, party) and not (person.may_start or person.local))


def may_make_link(seat: Seat, theirs: Seat, person: Person, party: Party | None) -> bool:
    """Give somebody a personal link or read out a code. Never for somebody whose session opens other journeys as well,
    oneself excepted."""
    return not person.local and may_change_person(seat, theirs, person, party)


def may_see_log(seat: Seat) -> bool:
    """Read who came in, gave access, shared and took things out: facilitators of everything, a partijbeheerder of what
    concerns the own party."""
    return may_set_up(seat) or (may_view(seat) and seat.role == "partijbeheerder" and seat.party_id is not None)


def may_hand_over(seat: Seat, person: Person) -> bool:
    """Give one's own place to a colleague of the same party. Who leads a traject asks somebody else who leads it."""
    return may_view(seat) and seat.party_id is not None and seat.role not in FACILITATORS and not person.may_start


def may_decide_access(seat: Seat) -> bool:
    """Say yes or no to somebody who asks for access."""
    return may_set_up(seat)


def may_agree(seat: Seat, party: Party) -> bool:
    """Agree on behalf of a party: only its own people with a mandate."""
    return may_answer(seat, party) and seat.mandate


def may_answer(seat: Seat, party: Party) -> bool:
    """Fill in, see concept answers of, and share for a party: only its own people, meelezers excepted."""
    return may_view(seat) and seat.party_id == party.id and seat.role != "meelezer"


def may_see_concepts(seat: Seat, party: Party) -> bool:
    """Concept answers are for the party itself, its meelezers included. The procesbegeleider is no exception."""
    return may_view(seat) and seat.party_id == party.id


def may_answer_on_behalf(seat: Seat, party: Party) -> bool:
    """Fill in *namens* another party, to be confirmed by it."""
    return may_set_up(seat) and seat.party_id != party.id


def may_report(seat: Seat, party: Party) -> bool:
    """Name the schools of a party and say how far they are: its own people, and the facilitators for all. Everybody
    sees it at once."""
    return may_answer(seat, party) or may_set_up(seat)


def may_write_joint(seat: Seat) -> bool:
    """Uitkomst, afspraken, conclusies, plan."""
    return may_view(seat) and role_writes_joint(seat.role)


def role_writes_joint(role: str) -> bool:
    """The same, of a seat that is known to be there still."""
    return role != "meelezer"


def may_remark(seat: Seat) -> bool:
    """Say something at what is shared or joint, answer, and propose a change: everybody, meelezers too."""
    return may_view(seat)


def may_decide(seat: Seat) -> bool:
    """Settle what somebody else remarked, and take over or decline what somebody proposed."""
    return may_write_joint(seat)
