"""Names of gemeenten as people write them, and what somebody is called who is no longer there."""

from collections.abc import Iterable, Sequence

from app.journey.models import Journey, Municipality


def plain_name(municipality: str) -> str:
    """'Meerwijk' for 'gemeente Meerwijk'."""
    first, _, rest = municipality.partition(" ")
    return rest.strip() or municipality if first.casefold() == "gemeente" else municipality


def not_in_title(journey: Journey, municipalities: Iterable[str]) -> list[str]:
    """The gemeenten that the title of the journey does not name already."""
    return [name for name in municipalities if name.casefold() not in journey.title.casefold()]


def chair_of(journey: Journey, municipalities: Sequence[Municipality]) -> Municipality | None:
    """The gemeente that leads a journey of several gemeenten (*trekker*); None while nobody chose."""
    several = len(municipalities) > 1
    return next((m for m in municipalities if several and m.id == journey.chair_id), None)


def chair_first(journey: Journey, municipalities: Sequence[Municipality]) -> list[str]:
    """The names of the gemeenten, of the chair before the others."""
    chair = chair_of(journey, municipalities)
    return [m.name for m in sorted(municipalities, key=lambda m: m is not chair)]


def chair_named(journey: Journey, municipalities: Sequence[Municipality]) -> list[str]:
    """The same, and it says which is the chair: 'Meerwijk (trekker)', 'Oosterdam'."""
    first, *others = chair_first(journey, municipalities) or [""]
    named = f"{first} (trekker)" if chair_of(journey, municipalities) else first
    return [named, *others] if named else []


def not_told_yet(journey: Journey, municipalities: Sequence[Municipality]) -> list[str]:
    """The gemeenten that somebody who read the title still has to be told: all of them when one is the chair."""
    if chair_of(journey, municipalities):
        return chair_named(journey, municipalities)
    return not_in_title(journey, (m.name for m in municipalities))


def former_name(role: str, function: str, party: str) -> str:
    """How somebody who is no longer in a journey is called, everywhere: 'bestuurder van Stichting De Linde'."""
    return f"{function or role} van {party}" if party else function or role
