"""Dutch sentences made of what parties said. Pure; the words come from the pack, the grammar from here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.content.pack import Choice
from app.core.text import capital, first_words, in_words, listing, sentence

QUOTE = 300  # longer quotations are cut off in the text of the plan; the source keeps them whole
MANY = 6  # more names than this become a number, with the names behind it
PLACE = "dit punt"
UNCONFIRMED = " en nog niet bevestigd"
BEHALF_ONE, BEHALF_MORE = "namens deze partij ingevuld", "namens deze partijen ingevuld"


@dataclass(frozen=True)
class Line:
    """One party's answer to one question."""

    who: str  # as it stands inside a sentence: "de gemeente Meerwijk"
    choice: Choice | None  # None: only words
    quote: str = ""
    behalf: bool = False


def quoted(text: str, limit: int = QUOTE) -> str:
    """'‘elke school heeft een startgesprek’': one line, at most `limit` characters, no double quotation
    marks around it."""
    one = " ".join(text.split())
    while len(one) > 1 and one[0] in "\"'‘“" and one[-1] in "\"'’”":
        one = one[1:-1].strip()
    return f"‘{first_words(one, limit).replace('‘', '“').replace('’ ', '” ')}’" if one else ""


def ended(text: str) -> str:
    """The text as a sentence; a quotation that ends itself gets no second full stop."""
    text = text.strip()
    if text.endswith("’") and text[-2:-1] in ".!?…":
        return capital(text)
    return sentence(text)


def subject(names: Sequence[str]) -> tuple[str, str]:
    """The parties as the subject of a sentence, and what comes behind the sentence when there are too many
    to name."""
    if len(names) <= MANY:
        return listing(list(names)), ""
    return f"{in_words(len(names))} partijen", f" ({listing(list(names))})"


def plural_again(choice: Choice) -> str:
    """'{partij} zijn hiermee bezig': the words of `phrase_again` with the plural verb of `phrase_plural`."""
    again, plural = choice.phrase_again, choice.phrase_plural
    if not again:
        return plural or choice.phrase
    verb = re.match(r"\{partij\} (\S+)", plural)
    return re.sub(r"^\{partij\} \S+", f"{{partij}} {verb[1]}", again) if verb else again


def clause(choice: Choice, names: Sequence[str], point: str, *, first: bool = True) -> str:
    """One or more parties and what they answered, without a full stop or a capital."""
    who, behind = subject(names)
    if len(names) == 1:
        frame = choice.phrase if first else choice.phrase_again or choice.phrase
    else:
        frame = choice.phrase_plural or choice.phrase if first else plural_again(choice)
    frame = frame or f"{{partij}}: {choice.label.lower()}"
    text = frame.replace("{partij}", who).replace("{punt}", point) + behind
    return text[:1].lower() + text[1:] if frame[:1].isupper() else text


def alone(line: Line, point: str) -> str:
    """The sentence of one party on its own: for a card, and to see whether it has changed."""
    if line.choice is None:
        return ended(f"{line.who} zegt over {point}: {quoted(line.quote)}")
    text = clause(line.choice, [line.who], point) + _behalf([line.who] if line.behalf else [])
    return ended(f"{text}: {quoted(line.quote)}" if line.quote else text)


def _behalf(names: Sequence[str]) -> str:
    if not names:
        return ""
    return f" ({BEHALF_ONE if len(names) == 1 else BEHALF_MORE}{UNCONFIRMED})"


def said_once(text: str) -> str:
    """A paragraph in which 'namens deze partij ingevuld' stands the first time only."""
    first, found, rest = text.partition(f"{UNCONFIRMED})")
    for behalf in (BEHALF_ONE, BEHALF_MORE):
        rest = rest.replace(f" ({behalf}{UNCONFIRMED})", " (nog niet bevestigd)")
    return first + found + rest


def _weight(line: Line) -> int:
    return (line.choice.weight or 0) if line.choice else 0


def together(lines: Iterable[Line], point: str) -> str:
    """All answers to one question: parties with the same answer in one sentence, quotations behind it."""
    groups: dict[tuple[str, bool], list[Line]] = {}
    words: list[Line] = []
    for line in lines:
        if line.choice is None:
            words.append(line)
        else:
            groups.setdefault((line.choice.slug, line.behalf), []).append(line)
    ordered = sorted(groups.values(), key=lambda g: (g[0].behalf, -_weight(g[0])))
    said: list[str] = []
    for place, group in enumerate(ordered):
        names = [line.who for line in group]
        text = clause(group[0].choice, names, point, first=place == 0)  # type: ignore[arg-type]
        text += _behalf(names if group[0].behalf else [])
        if len(group) == 1 and group[0].quote:
            said.append(ended(f"{text}: {quoted(group[0].quote)}"))
            continue
        said.append(ended(text))
        said += explained(group)
    said += [
        ended(f"{line.who} zegt {'daarover' if said else 'over ' + point}: {quoted(line.quote)}") for line in words
    ]
    return " ".join(said)


def explained(lines: Iterable[Line]) -> list[str]:
    """'Stichting Op Weg licht toe: ‘…’.' for every party that wrote something."""
    return [ended(f"{line.who} licht toe: {quoted(line.quote)}") for line in lines if line.quote]


def counted_wishes(lines: Sequence[Line], point: str, everybody: int) -> str:
    """'Drie van de vijf partijen willen afstemmen over VVE; de gemeente Meerwijk wil hierbij gezamenlijk
    optrekken.'"""
    groups: dict[tuple[str, bool], list[Line]] = {}
    for line in lines:
        if line.choice is not None:
            groups.setdefault((line.choice.slug, line.behalf), []).append(line)
    alike = {slug: group for (slug, behalf), group in groups.items() if behalf and (slug, False) in groups}
    ordered = sorted(
        (g for g in groups.values() if g not in alike.values()),
        key=lambda g: (g[0].behalf, -len(g), -_weight(g[0])),
    )
    parts: list[str] = []
    for place, group in enumerate(ordered):
        names = [line.who for line in group]
        choice = group[0].choice
        if choice is None:
            continue
        if len(group) >= 3 and choice.phrase_plural:
            every = len(group) == everybody
            who = (
                f"alle {in_words(everybody)} partijen"
                if every
                else f"{in_words(len(group))} van de {in_words(everybody)} partijen"
            )
            frame = choice.phrase_plural if place == 0 else plural_again(choice)
            text = frame.replace("{partij}", who).replace("{punt}", point)
            text = text[:1].lower() + text[1:] if frame[:1].isupper() else text
        else:
            text = clause(choice, names, point, first=place == 0)
        text += _behalf(names if group[0].behalf else [])
        if same := [line.who for line in alike.get(choice.slug, ())]:  # what is not confirmed is never counted
            text += f", {listing(same)} ook{_behalf(same)}"
        parts.append(text)
    if not parts:
        return " ".join(ended(f"{line.who} zegt over {point}: {quoted(line.quote)}") for line in lines if line.quote)
    return " ".join([ended("; ".join(parts)), *explained(lines)])


def no_answer(names: Sequence[str], what: str = "antwoord") -> str:
    """'Van Kinderopvang Ark is geen antwoord ontvangen.'"""
    who, behind = subject(names)
    return f"Van {who} is geen {what} ontvangen{behind}." if names else ""


def because(text: str) -> str:
    """A reason behind an outcome: '. De reden: ‘…’.'"""
    return f" De reden: {ended(quoted(text))}" if text.strip() else ""
