"""One value that saves by itself: how it is described, checked, and shown.

A `Spec` says what may stand in a field; `checked` turns what a browser sent into the one text that is stored
(`canonical`), or raises `Invalid` with a sentence. A `FieldView` is what `components/_field.html` needs to draw it.
Stored values are always text: choices are slugs, several choices are slugs in the order of the options separated by
a space, dates are ISO, months are `2029-06`, 'when' is either of the two, money is whole euro cents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.core.clock import MONTHS, iso_or_text, parse_date
from app.core.errors import Invalid
from app.core.text import MAX_LINE, MAX_TEXT, clean

KINDS = ("text", "line", "choice", "many", "tick", "date", "month", "when", "year", "number", "money", "select")


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    help: str = ""
    group: str = ""  # in 'many': of the options with the same group only one can be chosen


@dataclass(frozen=True)
class Spec:
    """What may stand in a field."""

    kind: str
    label: str
    options: tuple[Option, ...] = ()
    help: str = ""
    example: str = ""
    required: bool = False
    max_length: int = 0  # 0: the kind's own limit
    alone: tuple[str, ...] = ()  # in 'many': options that exclude all others
    together: bool = False  # a text that several people may write in at once (`app.prose`)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of field: {self.kind}")


def checked(spec: Spec, values: Sequence[str]) -> str:
    """The text to store for what was sent. Raises Invalid with one Dutch sentence that says what to do."""
    one = clean(values[0], lines=spec.kind == "text") if values else ""
    if spec.required and not any(clean(v) for v in values):
        raise Invalid(f"Vul hier iets in: {spec.label.lower()}.")
    if spec.kind in ("text", "line"):
        limit = spec.max_length or (MAX_TEXT if spec.kind == "text" else MAX_LINE)
        if len(one) > limit:
            raise Invalid(f"Deze tekst is te lang: {len(one)} tekens. Er passen er {limit}. Maak de tekst korter.")
        return one
    if spec.kind in ("choice", "select"):
        if one and one not in {o.value for o in spec.options}:
            raise Invalid("Kies een van de antwoorden uit de lijst.")
        return one
    if spec.kind == "many":
        chosen = {slug for v in values for slug in clean(v, lines=False).split()}
        known = [o.value for o in spec.options]
        if chosen - set(known):
            raise Invalid("Kies een of meer antwoorden uit de lijst.")
        if len(chosen) > 1 and (alone := [o for o in spec.options if o.value in chosen and o.value in spec.alone]):
            raise Invalid(f"‘{alone[0].label}’ gaat niet samen met een ander antwoord. Haal één van de twee weg.")
        first: dict[str, Option] = {}
        for option in (o for o in spec.options if o.value in chosen and o.group):
            if (other := first.setdefault(option.group, option)) is not option:
                raise Invalid(f"Kies ‘{other.label}’ of ‘{option.label}’. Allebei kan niet.")
        return " ".join(v for v in known if v in chosen)
    if spec.kind == "tick":
        sent = {clean(v, lines=False) for v in values}  # a plain form sends an empty value before the tick
        if sent - {"", "ja"}:
            raise Invalid("Zet het vinkje aan of uit.")
        return "ja" if "ja" in sent else ""
    if not one:
        return ""
    if spec.kind == "date":
        day = parse_date(one) or _dutch_date(one)
        if day is None or not 1990 <= day.year <= 2100:
            raise Invalid("Vul een datum in als dag-maand-jaar, bijvoorbeeld 12-03-2027.")
        return day.isoformat()
    if spec.kind == "month":
        return _month(one)
    if spec.kind == "when":
        day = parse_date(one) or _dutch_date(one)
        if day and 1990 <= day.year <= 2100:
            return day.isoformat()
        try:
            return _month(one)
        except Invalid:
            raise Invalid("Vul een maand of een dag in, bijvoorbeeld juni 2029 of 12-03-2029.") from None
    if spec.kind == "year":
        if not re.fullmatch(r"(19|20)[0-9][0-9]", one):
            raise Invalid("Vul een jaar in van vier cijfers, bijvoorbeeld 2028.")
        return one
    if spec.kind == "number":
        if not re.fullmatch(r"[0-9]{1,6}", one):
            raise Invalid("Vul een heel getal in, zonder letters.")
        return str(int(one))
    return _cents(one)


def _dutch_date(text: str):
    if (named := re.fullmatch(r"([0-9]{1,2}) ([a-z]+) ([0-9]{4})", text.lower())) and named[2] in MONTHS:
        text = f"{named[1]}-{MONTHS.index(named[2]) + 1}-{named[3]}"
    found = re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", text)
    return parse_date(f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}") if found else None


def _month(text: str) -> str:
    if re.fullmatch(r"(19|20)[0-9][0-9]-(0[1-9]|1[0-2])", text):
        return text
    if found := re.fullmatch(r"(0?[1-9]|1[0-2])[-/. ]((?:19|20)[0-9][0-9])", text):
        return f"{found[2]}-{int(found[1]):02}"
    found = re.fullmatch(r"([a-z]+) ((?:19|20)[0-9][0-9])", text.lower())
    if found and found[1] in MONTHS:
        return f"{found[2]}-{MONTHS.index(found[1]) + 1:02}"
    raise Invalid("Vul een maand en een jaar in, bijvoorbeeld juni 2029.")


def _cents(text: str) -> str:
    """Whole euro cents for '12.500', '€ 12.500,50' or '12500.5'."""
    plain = re.sub(r"[€\s]|euro", "", text.lower()).removesuffix(",-").removesuffix(",–")
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]{1,2})?", plain) or "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,40}(\.[0-9]{1,2})?", plain):
        raise Invalid("Vul een bedrag in, bijvoorbeeld 12.500. Weet u het nog niet? Laat het veld dan leeg.")
    whole, _, rest = plain.partition(".")
    cents = int(whole) * 100 + int(rest.ljust(2, "0"))
    if cents > 10**12:
        raise Invalid("Dit bedrag kan niet kloppen. Vul een bedrag in tussen 0 en 10 miljard euro.")
    return str(cents)


def euros(cents: int) -> str:
    """'€ 12.500' or '€ 12.500,50', with a no-break space."""
    whole, rest = divmod(cents, 100)
    return f"€\u00a0{whole:,}".replace(",", ".") + (f",{rest:02}" if rest else "")


def shown(spec: Spec, value: str) -> str:
    """The stored value as a reader sees it, outside a form. Of many answers each has its own line."""
    if spec.kind in ("choice", "select", "many"):
        labels = {o.value: o.label for o in spec.options}
        return "\n".join(labels.get(v, v) for v in value.split())
    if spec.kind == "tick":
        return "ja" if value else "nee"
    if spec.kind == "money":
        return euros(int(value)) if value else ""
    return iso_or_text(value) if spec.kind in ("date", "month", "when") else value


def typed(spec: Spec, value: str) -> str:
    """The stored value as it stands in an input box."""
    if spec.kind in ("month", "when"):
        return iso_or_text(value)
    return euros(int(value)).replace("€\u00a0", "") if spec.kind == "money" and value.isdigit() else value


@dataclass(frozen=True)
class Conflict:
    """Both texts of a refused save, and how the other was saved."""

    mine: str
    theirs: str
    who: str
    when: str
    version: int  # of theirs: saving with it is a choice made with both texts in sight


@dataclass(frozen=True)
class FieldView:
    """All that one drawn field needs. `id` is unique on the page; `url` is where it saves."""

    id: str
    url: str
    spec: Spec
    value: str = ""
    version: int = 0
    saved: str = ""  # "Opgeslagen 14:02" or ""
    error: str = ""
    conflict: Conflict | None = None
    locked: str = ""  # why it cannot be changed now; "" = it can
    look: str = "rows"  # rows | grid (2×2 on a phone) | inline | quiet (no visible label)
    heading: bool = False  # the label is also a heading of the page (h3)
    note: str = ""  # "Ingevuld door … namens u, nog niet bevestigd"
    shown: str = ""
    rows: int = 3
    attrs: dict[str, str] = field(default_factory=dict)  # extra data-attributes of the form
    together: str = ""  # where several people write in this text at once; "" = they do not
    html: str = ""  # the text with its lists, bold, italic and links, as safe HTML; "" = there is none to show

    @property
    def label(self) -> str:
        return self.spec.label

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(self.value.split()) if self.spec.kind == "many" else (self.value,)

    @property
    def box(self) -> str:
        return typed(self.spec, self.value)

    @property
    def readable(self) -> str:
        return shown(self.spec, self.value)

    def read(self, value: str) -> str:
        """Another value of this field as a reader sees it: labels, never slugs."""
        return shown(self.spec, value)

    def with_error(self, message: str, typed_value: str) -> FieldView:
        """The same field after a refused save: what was typed stays."""
        return replace(self, error=message, value=typed_value)
