"""Names of gemeenten, as people write them."""

from collections.abc import Iterable

from app.journey.models import Journey


def plain_name(municipality: str) -> str:
    """'Meerwijk' for 'gemeente Meerwijk'."""
    first, _, rest = municipality.partition(" ")
    return rest.strip() or municipality if first.casefold() == "gemeente" else municipality


def not_in_title(journey: Journey, municipalities: Iterable[str]) -> list[str]:
    """The gemeenten that the title of the journey does not name already."""
    return [name for name in municipalities if name.casefold() not in journey.title.casefold()]
