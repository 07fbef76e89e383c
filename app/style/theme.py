"""Reading a theme.css: custom properties only, and what can be read. Pure: text in, text or sentences out.

What may be in it is written down here; all else is refused. What came in is never passed on: the rule is written anew
from what was understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.core.errors import Invalid
from app.core.rendering import STATIC
from app.core.text import capital

SELECTOR = ".gemeente-theme"
MOST = 200_000  # characters
MOST_SENTENCES = 12
MOST_STEPS = 500  # from one token to others, all together
FUNCTIONS = ("var", "rgb", "rgba", "hsl", "hsla", "hwb", "calc", "min", "max", "clamp")
# What a value may be made of; a bracket, a brace or an at-sign is no part of any token of NL Design System.
PARTS = (
    "ident",
    "number",
    "percentage",
    "dimension",
    "hash",
    "string",
    "whitespace",
    "comment",
    "function",
    "() block",
)
MARKS = (",", "/", "+", "-", "*")
_NAME = re.compile(r"--[A-Za-z0-9_][A-Za-z0-9_-]{0,98}")
ELSEWHERE = ("url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "element", "attr", "expression")

Tokens = Mapping[str, list[Any]]  # the name of a custom property → its value as tinycss2 reads it


@dataclass(frozen=True)
class Pair:
    """A colour that stands on another, and how much they must differ at least."""

    words: str  # "tekst op de achtergrond"
    front: str
    back: str
    least: float = 4.5


_TINTS = (("de linkerkolom", "--dk-left"), ("de middelste kolom", "--dk-together"), ("de rechterkolom", "--dk-right"))
_FIELD = ("een invulveld", "--dk-field")
_GROUNDS = (("de achtergrond", "--dk-paper"), ("een grijs vlak", "--dk-shade"), *_TINTS)
WHITE = "#fff"
PAIRS = (
    *(Pair(f"tekst op {words}", "--dk-ink", back) for words, back in (*_GROUNDS, _FIELD)),
    *(Pair(f"kleine tekst op {words}", "--dk-quiet", back) for words, back in (*_GROUNDS, _FIELD)),
    *(Pair(f"een link op {words}", "--dk-link", back) for words, back in (*_GROUNDS, _FIELD)),
    *(Pair(f"een link met de muis erop, op {words}", "--dk-link-hover", back) for words, back in _GROUNDS),
    Pair("de tekst op een knop", "--dk-button-ink", "--dk-button"),
    Pair("de tekst op een knop met de muis erop", "--dk-button-hover-ink", "--dk-button-hover"),
    Pair("de tekst op een vlak in de hoofdkleur", "--dk-on-action", "--dk-action"),
    Pair("tekst in de hoofdkleur op de achtergrond", "--dk-action", "--dk-paper"),
    Pair("een foutmelding op de achtergrond", "--dk-wrong", "--dk-paper"),
    Pair("een foutmelding op haar eigen vlak", "--dk-wrong", "--dk-wrong-tint"),
    Pair("tekst op papier", "--dk-ink", WHITE),
    Pair("kleine tekst op papier", "--dk-quiet", WHITE),
    Pair("de hoofdkleur op papier", "--dk-action", WHITE),
    *(Pair(f"de lijn om wat u aanwijst, op {words}", "--dk-focus", back, 3) for words, back in _GROUNDS),
    Pair("de rand van een invulveld op de achtergrond", "--dk-field-line", "--dk-paper", 3),
    Pair("de rand van een invulveld op het veld zelf", "--dk-field-line", "--dk-field", 3),
    *(Pair(f"de rand van een keuzevakje op {words}", "--dk-line", back, 3) for words, back in _GROUNDS),
)
# Colours that nothing has to be read by. They must be one: with a comma in it, a shadow could cover the page.
LINES = ("--dk-hair", "--dk-left-line", "--dk-together-line", "--dk-right-line", "--dk-action-hover")
# Tokens of ours that are no colour, and what a theme may make of them.
FONTS, WEIGHTS, LENGTHS = ("--dk-font", "--dk-font-head"), ("--dk-bold",), ("--dk-button-radius", "--dk-radius")
_GENERIC = ("sans-serif", "serif", "system-ui", "ui-sans-serif", "ui-serif", "ui-rounded", "monospace", "ui-monospace")
_NO_LETTERS = re.compile("wingding|webding|dingbat|symbol|emoji|marlett|icon|awesome|barcode|mtextra|braille|bookshelf")
_WEIGHT = re.compile("normal|bold|[3-9]00")
_LENGTH = re.compile(r"0|[0-9]{1,3}(\.[0-9]{1,3})?(px|rem|em|pt|%)")


def checked_theme(text: str) -> str:
    """The theme written anew. Raises Invalid whose message holds a sentence on each line."""
    problems, tokens = _read(text)
    if not problems:
        problems = list(dict.fromkeys([*contrast_problems(tokens), *shape_problems(tokens)]))
    if problems:
        more = len(problems) - MOST_SENTENCES
        raise Invalid("\n".join([*problems[:MOST_SENTENCES], *([f"En nog {more}."] if more > 0 else [])]))
    return written(tokens)


def unreadable(text: str) -> list[str]:
    """What cannot be read with the theme of the server itself, whose file may hold more than values."""
    _, tokens = _read(text)
    return list(dict.fromkeys([*contrast_problems(tokens), *shape_problems(tokens)]))


def written(tokens: Tokens, selector: str = SELECTOR) -> str:
    import tinycss2

    lines = (f"  {name}: {tinycss2.serialize(value).strip()};" for name, value in tokens.items())
    return "\n".join([f"{selector} {{", *lines, "}", ""])


def for_paper(css: str) -> str:
    """The same tokens for a document, which has no body with a class. `css` is what `checked_theme` gave."""
    return css.replace(SELECTOR, ":root", 1)


def _read(text: str) -> tuple[list[str], dict[str, list[Any]]]:
    """Sentences about what cannot be, and the tokens."""
    import tinycss2

    if len(text) > MOST:
        return [f"Dit bestand is te groot. Er passen {MOST} tekens in."], {}
    found: dict[str, list[Any]] = {}
    problems: list[str] = []
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        where = f"Regel {rule.source_line}"
        if rule.type == "at-rule":
            problems.append(f"{where}: ‘@{rule.at_keyword}’ kan niet. Hier passen alleen kleuren en andere waarden.")
        elif rule.type != "qualified-rule":
            problems.append(f"{where} is niet te lezen.")
        elif tinycss2.serialize(rule.prelude).strip() != SELECTOR:
            named = tinycss2.serialize(rule.prelude).strip()[:60]
            problems.append(f"{where}: ‘{named}’ kan niet. Zet alles in één blok: {SELECTOR} {{ … }}.")
        else:
            for one in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
                if problem := _declaration_problem(one):
                    problems.append(f"Regel {one.source_line}{problem}")
                else:
                    found[one.name] = _without_comments(one.value)
    if not problems and not found:
        problems.append(f"In dit bestand staat geen enkele waarde. Het begint met {SELECTOR} {{ --basis-… }}.")
    return problems, found


def _declaration_problem(one: Any) -> str:
    """What is wrong with one line of the block, behind its number; '' when nothing is."""
    if one.type != "declaration":
        return " is niet te lezen. Elke regel ziet eruit als --naam: waarde;"
    if not one.name.startswith("--"):
        return f": ‘{one.name[:40]}’ kan niet. Hier passen alleen namen met twee streepjes ervoor."
    if not _NAME.fullmatch(one.name):  # written out again, another sign could end the rule
        return f": ‘{one.name[:40]}’ kan geen naam zijn. Gebruik letters, cijfers en streepjes."
    if one.name.startswith("--dk-") or one.name in _own_names():
        return f": ‘{one.name[:40]}’ is een naam van Driekolom zelf. Gebruik de naam die met --basis- of --nl- begint."
    for token in _walk(one.value):
        if token.type == "error":
            return " is niet te lezen."
        name = {"function": getattr(token, "lower_name", ""), "url": "url"}.get(token.type, "")
        if name in ELSEWHERE:
            return f": ‘{name}(…)’ kan niet. Een huisstijl haalt niets van een andere plek."
        if name and name not in FUNCTIONS:
            return f": ‘{name[:40]}(…)’ kent Driekolom niet. Schrijf de uitkomst op, bijvoorbeeld #0b4a57."
        if token.type not in PARTS and not (token.type == "literal" and token.value in MARKS):
            return ": dit kan niet in een waarde."
    return ""


def _walk(tokens: list[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        inner = getattr(token, "arguments", None) if token.type == "function" else getattr(token, "content", None)
        yield from _walk(inner or [])


def _without_comments(tokens: list[Any]) -> list[Any]:
    return [t for t in tokens if t.type != "comment"]


# ---- contrast ----


class _NoColour(Exception):
    """A value that is no colour that can be worked out; the message says of which token."""


def contrast_problems(tokens: Tokens) -> list[str]:
    """A sentence for each pair of colours of the product that cannot be read well with these tokens."""
    body, usual = _own_tokens()
    known = {**body, **usual, **tokens}
    problems: dict[str, None] = {}
    for value in tokens.values():
        try:
            _resolved(value, known, [0])
        except _NoColour as problem:
            return [str(problem)]
    for pair in PAIRS:
        try:
            ratio = contrast(_colour(pair.front, known), _colour(pair.back, known))
        except _NoColour as problem:
            problems[str(problem)] = None
            continue
        if ratio < pair.least:
            said, least = (f"{number:.1f}".replace(".", ",") for number in (int(ratio * 10) / 10, pair.least))
            what = f"{capital(pair.words)} is niet goed te {'lezen' if pair.least > 3 else 'zien'}"
            colours = f"{_hex(_colour(pair.front, known))} op {_hex(_colour(pair.back, known))}"
            problems[f"{what}: het contrast is {said} en moet minstens {least} zijn ({colours})."] = None
    return list(problems)


def shape_problems(tokens: Tokens) -> list[str]:
    """A sentence for each line, letter, weight and corner that would make text a riddle."""
    body, usual = _own_tokens()
    known = {**body, **usual, **tokens}
    problems: dict[str, None] = {}
    try:
        for name in LINES:
            _colour(name, known)
    except _NoColour as problem:
        return [str(problem)]
    for names, fine, words in (
        (FONTS, _fine_font, "Schrijf namen van letters met een komma ertussen, en eindig met sans-serif of serif."),
        (WEIGHTS, lambda value: bool(_WEIGHT.fullmatch(value)), "Schrijf hoe dik een kop is als 400, 600 of 700."),
        (LENGTHS, lambda value: bool(_LENGTH.fullmatch(value)), "Schrijf hoe rond een hoek is als 0, 4px of 0.5rem."),
    ):
        for name in names:
            try:
                value = _text(name, known)
            except _NoColour as problem:
                return [str(problem)]
            if not fine(value):
                problems[f"‘{value[:40]}’ (bij {_spoken(name, known)}) kan niet. {words}"] = None
    return list(problems)


def _fine_font(value: str) -> bool:
    """Whether these are fonts with letters: they end in a kind that every browser has, and none is of pictures."""
    import tinycss2

    families: list[list[Any]] = [[]]
    for token in tinycss2.parse_component_value_list(value):
        if token.type == "literal" and token.value == ",":
            families.append([])
        elif token.type != "whitespace":
            families[-1].append(token)
    names = []
    for family in families:
        words = [getattr(token, "value", "") for token in family if token.type in ("ident", "string")]
        if not words or len(words) != len(family) or (len(family) > 1 and any(t.type == "string" for t in family)):
            return False
        names.append("".join(words).casefold().replace(" ", ""))
    kinds = ("cursive", "fantasy", "math", "fangsong", "inherit", "initial", "unset", "revert")
    return names[-1] in _GENERIC and not any(name in kinds or _NO_LETTERS.search(name) for name in names)


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """The contrast ratio of WCAG 2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(colour: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(c * 255):02x}" for c in colour)


def _colour(name: str, known: Tokens) -> tuple[float, ...]:
    """The colour that a token comes down to. Raises _NoColour."""
    import tinycss2.color4 as colours

    if name == WHITE:
        return (1.0, 1.0, 1.0)
    value = _text(name, known)
    said = f"‘{value[:40]}’ (bij {_spoken(name, known)})"
    try:
        found = colours.parse_color(value)
        plain = found.to("srgb") if isinstance(found, colours.Color) else None
    except (NotImplementedError, ValueError, TypeError):
        plain = None
    if plain is None:
        raise _NoColour(f"{said} is geen kleur die Driekolom kan uitrekenen. Schrijf haar als #rrggbb.")
    if plain.alpha is None or plain.alpha < 1:
        raise _NoColour(f"{said} is doorzichtig. Dan is niet zeker of tekst te lezen is. Schrijf haar als #rrggbb.")
    return tuple(min(max(float(c or 0), 0.0), 1.0) for c in plain.coordinates)


def _text(name: str, known: Tokens) -> str:
    """The value that a token comes down to."""
    import tinycss2

    return tinycss2.serialize(_resolved(known[name], known, [0])).strip()


def _spoken(name: str, known: Tokens) -> str:
    """The name as a theme writes it: the first token that one of ours is made from."""
    for token in _walk(list(known[name])):
        if token.type == "ident" and token.value.startswith("--"):
            inner = token.value
            return _spoken(inner, known) if inner.startswith("--dk-") and inner in known else inner
    return name


def _resolved(value: list[Any], known: Tokens, steps: list[int]) -> list[Any]:
    """The value with every var() filled in. `steps` counts them. Raises _NoColour for tokens that point at each other,
    and for those that point at others too often: what becomes of them would have no end."""
    steps[0] += 1
    if steps[0] > MOST_STEPS:
        raise _NoColour("Namen in dit bestand verwijzen in een kring naar elkaar, of veel te vaak. Geef ze een kleur.")
    made: list[Any] = []
    for token in value:
        if token.type != "function" or token.lower_name != "var":
            made.append(token)
            continue
        parts = [t for t in token.arguments if t.type not in ("whitespace", "comment")]
        name = parts[0].value if parts and parts[0].type == "ident" else ""
        comma = next((n for n, t in enumerate(token.arguments) if t.type == "literal" and t.value == ","), None)
        if name in known:
            made += _resolved(known[name], known, steps)
        elif comma is not None:
            made += _resolved(token.arguments[comma + 1 :], known, steps)
    return made


@lru_cache(maxsize=1)
def _own_tokens() -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Our names (`--dk-…`), and what the tokens of NL Design System are without a theme."""
    names: dict[str, list[Any]] = {}
    usual: dict[str, list[Any]] = {}
    for file in ("vendor/nlds/theme.css", "css/driekolom.css"):
        for selector, name, value in _declarations((STATIC / file).read_text("utf-8")):
            if name.startswith("--dk-") and selector == "body":
                names[name] = value
            elif name.startswith("--") and selector == ".voorbeeld-theme":
                usual[name] = value
    return names, usual


@lru_cache(maxsize=1)
def _own_names() -> frozenset[str]:
    """Every name of our own files, on the screen and on paper: given a value by a theme, it would come over ours."""
    css = "".join((STATIC / file).read_text("utf-8") for file in ("css/driekolom.css", "css/paper.css"))
    return frozenset(re.findall(r"(?<![a-z0-9-])--(?!(?:basis|nl|utrecht|voorbeeld)-)[a-z0-9-]+", css))


def _declarations(css: str) -> Iterator[tuple[str, str, list[Any]]]:
    import tinycss2

    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            for one in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
                if one.type == "declaration":
                    yield tinycss2.serialize(rule.prelude).strip(), one.name, one.value
