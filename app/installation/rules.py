"""What can be set for a gemeente, and when it is right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.errors import Invalid
from app.core.settings import is_telephone
from app.people.actions import looks_like_email

MOST_MONTHS, MOST_YEARS = 240, 100
KINDS = (("gemeente", "Een gemeente"), ("samenwerkingsverband", "Een samenwerkingsverband"))
# Anybody can get an address there, so such a domain would let anybody in.
OF_EVERYBODY = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "outlook.nl", "hotmail.com", "hotmail.nl", "live.nl", "live.com",
    "msn.com", "yahoo.com", "icloud.com", "me.com", "ziggo.nl", "kpnmail.nl", "kpnplanet.nl", "planet.nl", "xs4all.nl",
    "home.nl", "telfort.nl", "proton.me", "gmx.net",
})  # fmt: skip
_DOMAIN = re.compile(r"(?=.{4,100}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")


@dataclass(frozen=True)
class Line:
    """One field of the page: its name on the form, the column it is kept in, and what stands with it."""

    name: str
    column: str
    label: str
    help: str = ""
    most: int = 0  # of a number; 0 for a text
    begins: str = ""  # the heading of the group that it begins


LINES = (
    Line(
        "telefoon",
        "telephone",
        "Telefoonnummer",
        "Staat in de mails, zodat iemand kan nabellen of een uitnodiging echt is.",
        begins="Mails",
    ),
    Line(
        "afzender",
        "sender_name",
        "Naam van de afzender van mails",
        "Mag leeg blijven: dan is het de naam van de gemeente.",
    ),
    Line(
        "afzender-adres",
        "sender_email",
        "E-mailadres van de afzender",
        "Mag leeg blijven: dan is het dat van deze installatie. Uw mailserver moet namens dit adres mogen versturen.",
    ),
    Line(
        "domeinen",
        "mail_domains",
        "E-maildomeinen waarmee iemand een traject mag starten",
        "Bijvoorbeeld meerwijk.nl. Meer domeinen? Zet er een spatie tussen. Leeg: alleen wie u zelf uitnodigt.",
        begins="Starten",
    ),
    Line(
        "archiveren",
        "archive_months",
        "Naar het archief: na hoeveel maanden zonder wijziging?",
        "0 betekent: nooit vanzelf.",
        MOST_MONTHS,
        "Bewaren",
    ),
    Line(
        "verwijderen",
        "purge_months",
        "Verwijderen: hoeveel maanden na het archief?",
        "0 betekent: nooit vanzelf.",
        MOST_MONTHS,
    ),
    Line(
        "document",
        "document_years",
        "Een vastgesteld document bewaren: hoeveel jaar?",
        "0 betekent: altijd. Kijk in de selectielijst van uw gemeente.",
        MOST_YEARS,
    ),
)
PROPOSED = {"archive_months": "24", "purge_months": "12", "document_years": "10"}  # for a gemeente that is new


def checked_lines(typed: Mapping[str, str]) -> dict[str, str | int]:
    """The values of `LINES` by column. Raises Invalid with a sentence per field, all at once."""
    wrong: dict[str, str] = {}
    made: dict[str, str | int] = {}
    for line in LINES:
        value = typed[line.name]
        try:
            made[line.column] = _number(line, value) if line.most else _CHECKS[line.name](value)
        except ValueError as problem:
            wrong[line.name] = str(problem)
    if wrong:
        raise Invalid("Dit is nog niet opgeslagen.", wrong)
    return made


def checked_name(name: str, kind: str) -> dict[str, str | int]:
    wrong = {}
    if not 0 < len(name) <= 100:
        wrong["naam"] = "Vul de naam in, van hoogstens 100 tekens."
    if kind not in {value for value, _ in KINDS}:
        wrong["soort"] = "Kies of dit een gemeente of een samenwerkingsverband is."
    if wrong:
        raise Invalid("Dit is nog niet opgeslagen.", wrong)
    return {"name": name, "kind": kind}


def _number(line: Line, value: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", value or "0", re.ASCII) or int(value or "0") > line.most:
        raise ValueError(f"Vul een heel getal in van 0 tot en met {line.most}.")
    return int(value or "0")


def _telephone(value: str) -> str:
    if value and not is_telephone(value):
        raise ValueError("Vul een telefoonnummer in, zoals 0123 456 789 of +31 123 456 789.")
    return value


def _sender(value: str) -> str:
    if len(value) > 80:
        raise ValueError("Maak deze naam korter dan 80 tekens.")
    if re.search(r'[<>@"]', value):
        raise ValueError("Vul hier alleen een naam in. Het adres staat in het volgende veld.")
    return value


def _address(value: str) -> str:
    if value and not (looks_like_email(value) and value.isascii()):
        raise ValueError("Dit is geen volledig e-mailadres. Een adres ziet eruit als naam@gemeente.nl.")
    return value


def _domains(value: str) -> str:
    found = list(dict.fromkeys(d.removeprefix("@") for d in re.split(r"[\s,;]+", value.casefold()) if d))
    for domain in found:
        if not _DOMAIN.fullmatch(domain):
            raise ValueError(f"‘{domain[:60]}’ is geen domein. Een domein is wat in een e-mailadres achter @ staat.")
        if domain in OF_EVERYBODY:
            raise ValueError(f"Iedereen kan een adres van {domain} krijgen, en zou dan een traject mogen starten.")
    if len(" ".join(found)) > 500:
        raise ValueError("Dit zijn te veel domeinen. Er passen 500 tekens.")
    return " ".join(found)


_CHECKS = {"telefoon": _telephone, "afzender": _sender, "afzender-adres": _address, "domeinen": _domains}
