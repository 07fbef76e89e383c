"""Reading a logo: a picture that shows, and does nothing else. Pure: bytes in, bytes or a sentence out.

An svg is written anew from the elements and attributes that draw; whatever runs, fetches or animates is refused. A png
keeps its picture and loses its notes.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from app.core.errors import Invalid

MOST = 200_000  # bytes
MOST_PIXELS = 3_000  # of a side
MOST_PARTS, MOST_DEPTH, MOST_COPIES = 5_000, 40, 50
SVG, PNG = "image/svg+xml", "image/png"
NAMES = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
HOW = "Vraag wie het logo maakte om een eenvoudige svg, of kies een png."

DRAWS = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title",
    "desc", "defs", "symbol", "use", "clipPath", "linearGradient", "radialGradient", "stop", "style",
})  # fmt: skip
LEFT_OUT = frozenset({"metadata", "namedview"})  # what drawing programs note for themselves
ATTRIBUTES = frozenset({
    "id", "class", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "d", "points",
    "width", "height", "viewBox", "preserveAspectRatio", "transform", "version", "gradientUnits",
    "gradientTransform", "spreadMethod", "offset", "clipPathUnits", "href", "style", "dx", "dy", "textLength",
    "lengthAdjust",
})  # fmt: skip
LOOKS = frozenset({
    "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin",
    "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "stroke-opacity", "opacity", "color",
    "stop-color", "stop-opacity", "clip-path", "clip-rule", "display", "visibility", "font-family",
    "font-size", "font-weight", "font-style", "text-anchor", "letter-spacing", "paint-order",
    "enable-background", "isolation", "mix-blend-mode", "shape-rendering", "text-rendering",
})  # fmt: skip
_INSIDE = re.compile(r"url\(\s*['\"]?#[\w.-]+['\"]?\s*\)")


def checked_logo(content: bytes) -> tuple[str, bytes]:
    """Kind and bytes of a logo that may be shown. Raises Invalid with one sentence."""
    if not content:
        raise Invalid("Dit bestand is leeg.")
    if len(content) > MOST:
        raise Invalid(f"Dit logo is te groot: {len(content) // 1000} kB. Er past {MOST // 1000} kB.")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG, _png(content)
    return SVG, _svg(content)


# ---- png ----

_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"IDAT", b"IEND")


def _png(content: bytes) -> bytes:
    parts, place, kinds = [content[:8]], 8, []
    while place < len(content):
        head = content[place : place + 8]
        size = struct.unpack(">I", head[:4])[0] if len(head) == 8 else 0
        body, end = content[place + 8 : place + 8 + size], content[place + 8 + size : place + 12 + size]
        if len(end) != 4 or zlib.crc32(head[4:] + body) != struct.unpack(">I", end)[0]:
            raise Invalid("Deze png is niet heel. Bewaar het logo opnieuw.")
        kinds.append(head[4:])
        if head[4:] in _KEPT:
            parts.append(content[place : place + 12 + size])
        place += 12 + size
        if head[4:] == b"IEND":
            break
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or b"IDAT" not in kinds:
        raise Invalid("Deze png is niet heel. Bewaar het logo opnieuw.")
    width, height = struct.unpack(">II", content[16:24])
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise Invalid(f"Deze png is {width} bij {height} beeldpunten. Maak hem hoogstens {MOST_PIXELS} breed en hoog.")
    return b"".join(parts)


# ---- svg ----


def _svg(content: bytes) -> bytes:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("Dit bestand is geen svg of png. Kies een logo dat op .svg of .png eindigt.") from None
    if "<!ENTITY" in text or re.search(r"<!DOCTYPE[^>]*\[", text):
        raise Invalid(f"In deze svg staan eigen afkortingen (<!ENTITY>). Die kunnen niet. {HOW}")
    text = re.sub(r"<!DOCTYPE[^>]*>", "", text)
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - without a document type there are no entities to expand
    except (ElementTree.ParseError, ValueError, RecursionError):
        raise Invalid("Dit bestand is geen svg of png, of het is niet heel. Bewaar het logo opnieuw.") from None
    if root.tag != f"{{{NAMES}}}svg":
        raise Invalid("Dit bestand is geen svg of png. Kies een logo dat op .svg of .png eindigt.")
    count = [0]
    made = _element(root, 0, count)
    _no_copies_of_copies(made)
    if "viewBox" not in made.attrib and not {"width", "height"} <= made.attrib.keys():
        raise Invalid(f"In deze svg staat niet hoe groot het logo is (viewBox). {HOW}")
    ElementTree.register_namespace("", NAMES)
    clean = ElementTree.tostring(made, encoding="utf-8")
    if len(clean) > 2 * MOST:
        raise Invalid(f"Dit logo is te groot. {HOW}")
    return clean


def _element(found: ElementTree.Element, depth: int, count: list[int]) -> ElementTree.Element:
    count[0] += 1
    if depth > MOST_DEPTH or count[0] > MOST_PARTS:
        raise Invalid(f"Dit logo bestaat uit te veel delen. {HOW}")
    made = ElementTree.Element(found.tag, _attributes(found))
    made.text, made.tail = found.text, found.tail if depth else None
    if _name(found) == "style":
        made.text = _rules(found.text or "")
    for child in found:
        space, _, name = child.tag[1:].rpartition("}") if isinstance(child.tag, str) else ("", "", "")
        if space != NAMES or name in LEFT_OUT:
            continue  # notes of a drawing program
        if name not in DRAWS:
            raise Invalid(f"In deze svg staat ‘{name[:40]}’. Dat kan niet in een logo. {HOW}")
        made.append(_element(child, depth + 1, count))
    return made


def _name(found: ElementTree.Element) -> str:
    return found.tag.rpartition("}")[2]


def _attributes(found: ElementTree.Element) -> dict[str, str]:
    made = {}
    for name, value in found.attrib.items():
        if name.lower().startswith("on"):
            raise Invalid(f"In deze svg staat iets wat uitgevoerd wordt (‘{name[:40]}’). Dat kan niet. {HOW}")
        if name == LINK:
            name = "href"
        if name == "href" and not re.fullmatch(r"#[\w.-]+", value):
            raise Invalid(f"Deze svg verwijst naar een andere plek (‘{value[:40]}’). Dat kan niet. {HOW}")
        if name not in ATTRIBUTES and name not in LOOKS:
            continue
        if name == "style":
            value = _looks(value)
        elif _fetches(value):
            raise Invalid(f"Deze svg verwijst naar een andere plek (‘{value[:40]}’). Dat kan niet. {HOW}")
        made[name] = value
    return made


def _fetches(value: str) -> bool:
    """Whether a value may point outside the picture. Escapes are not looked through: they do not belong in a logo."""
    rest = _INSIDE.sub("", value).casefold()
    return "url" in rest or "\\" in rest or ":" in rest or "@" in rest


def _looks(text: str) -> str:
    """The declarations that say how something looks."""
    import tinycss2

    kept = []
    for one in tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True):
        if one.type == "declaration" and one.lower_name in LOOKS:
            value = tinycss2.serialize(one.value).strip()
            if _fetches(value):
                raise Invalid(f"Deze svg verwijst naar een andere plek (‘{value[:40]}’). Dat kan niet. {HOW}")
            kept.append(f"{one.lower_name}:{value}")
    return ";".join(kept)


def _rules(text: str) -> str:
    """The rules of a style sheet inside the picture, of plain names and classes only."""
    import tinycss2

    made = []
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule":
            raise Invalid(f"In deze svg staat ‘@{rule.at_keyword[:40]}’. Dat kan niet in een logo. {HOW}")
        if rule.type == "qualified-rule":
            selector = tinycss2.serialize(rule.prelude).strip()
            if re.fullmatch(r"[\w.#, -]+", selector):
                made.append(f"{selector}{{{_looks(tinycss2.serialize(rule.content))}}}")
    return "".join(made)


def _no_copies_of_copies(root: ElementTree.Element) -> None:
    """A copy of something with copies in it doubles at every step."""
    uses = list(root.iter(f"{{{NAMES}}}use"))
    targets = {use.get("href", "")[1:] for use in uses}
    copied = [part for part in root.iter() if part.get("id") in targets]
    if len(uses) > MOST_COPIES or any(_holds_copy(part) for part in copied):
        raise Invalid(f"In deze svg wordt te veel gekopieerd (‘use’). {HOW}")


def _holds_copy(part: Any) -> bool:
    inner: Iterator[Any] = part.iter(f"{{{NAMES}}}use")
    return next(inner, None) is not None
