"""What can go wrong, as things that were refused. The edge turns each into a page or a fragment."""

from dataclasses import dataclass

NOT_THERE = "Deze pagina bestaat niet, of u hebt er geen toegang toe."
UNFIT = "Wat is opgestuurd, past niet bij deze pagina. Ga terug en probeer het opnieuw."


class Refusal(Exception):
    """Base of all refusals. `message` is one plain Dutch sentence for the reader, `wait` after how many seconds it
    may go well; 0 when waiting does not help."""

    status = 400
    wait = 0

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class NotFound(Refusal):
    """Not there, or not yours: the same answer."""

    status = 404

    def __init__(self, message: str = NOT_THERE):
        super().__init__(message)


class NotSignedIn(Refusal):
    status = 401

    def __init__(self, message: str = "U bent niet (meer) aangemeld."):
        super().__init__(message)


class NotAllowed(Refusal):
    status = 403

    def __init__(self, message: str = "Dit mag u met uw rol niet doen."):
        super().__init__(message)


class Closed(Refusal):
    """The step or theme is closed."""

    status = 409


class Gone(Refusal):
    """What was to be changed has been removed meanwhile."""

    status = 410


class Invalid(Refusal):
    """Bad input. `fields` maps a field's name to its sentence; `kept` is what was typed."""

    status = 422

    def __init__(self, message: str, fields: dict[str, str] | None = None):
        super().__init__(message)
        self.fields = fields or {}


def require_room(count: int, most: int, things: str, field: str = "") -> None:
    """Raises Invalid (at this field of the form) when there are `most` of these things: pages must stay readable."""
    if count >= most:
        sentence = f"Er zijn al {count} {things}. Meer passen er niet. Verwijder er eerst één."
        raise Invalid(sentence, {field: sentence} if field else {})


@dataclass(frozen=True)
class Theirs:
    """What stands in the database where a stale save was refused."""

    value: str
    version: int
    who: str
    when: str


class Stale(Refusal):
    """Someone saved this field after the page was opened. Carries both texts; nothing was changed."""

    status = 409

    def __init__(self, mine: str, theirs: Theirs):
        super().__init__("Iemand anders heeft dit intussen gewijzigd.")
        self.mine = mine
        self.theirs = theirs
