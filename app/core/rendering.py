"""Pages and fragments: one template environment, one typed object for each template.

A template gets `page` (a frozen dataclass of its room) and `shell` (what stands around every page). Undefined names
are errors. A fragment is a file that starts with an underscore; it is included by its page and sent on its own when a
part of the page changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from app.core import clock, text
from app.core.compiled import FOLDER, digest
from app.core.fields import euros
from app.core.settings import Settings

if TYPE_CHECKING:
    from app.core.difference import Difference, Piece

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "static"


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    state: str = ""  # in words: "4 van 5 gedeeld"
    current: bool = False


@dataclass(frozen=True)
class Shell:
    """What stands around a page. Empty parts are not drawn."""

    title: str  # of the page; the h1 starts with it
    who: str = ""  # "J. Bakker, Stichting De Linde"
    hats: str = ""  # "procesbegeleider en gemeente Meerwijk"
    journey: str = ""  # title of the traject
    journey_url: str = ""
    steps: tuple[Link, ...] = ()
    audience: str = ""  # who can see this page: "Iedereen in dit traject ziet dit."
    may: str = ""  # what you may do here
    banner: str = ""  # e.g. "Dit is een voorbeeld met verzonnen namen."
    notice: str = ""  # one sentence about what just happened
    signed_in: bool = False
    local: bool = False
    personal: bool = False  # local mode: signed in by a personal link, "Afmelden" brings the procesbegeleider back
    wide: bool = False  # the three columns use the whole width
    seat: str = ""  # whose unsaved text the browser keeps
    seats: tuple[str, ...] = ()  # outside a journey: all of this person, to look for unsaved text when they sign out
    breadcrumbs: tuple[Link, ...] = ()
    accessibility_url: str = ""
    theme_css: str = ""
    logo_url: str = ""
    logo_alt: str = "Logo van de gemeente"
    live: str = ""  # the address of the traject, on a page that shows at once what others do
    stand: int = 0  # how many changes the traject has had, on such a page
    extra: dict[str, Any] = field(default_factory=dict)


def house_style(settings: Settings) -> dict[str, str]:
    """What the settings add to every `Shell`: the look of the gemeente and its accessibility statement."""
    return {
        "accessibility_url": settings.accessibility_url,
        "theme_css": "/huisstijl/theme.css" if settings.theme_css else "",
        "logo_url": "/huisstijl/logo" if settings.logo else "",
    }


@lru_cache
def _digest(name: str, stamp: int) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """The address of a static file, with a mark of its content so that it may be kept for a year."""
    path = STATIC / name
    return f"/static/{name}?v={_digest(name, path.stat().st_mtime_ns)}"


def paragraphs(value: str) -> Markup:
    """Typed text as paragraphs: a blank line begins a new one, a single newline a new line. Everything is escaped."""
    blocks = [b.strip() for b in value.split("\n\n")]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in b.split("\n"))) for b in blocks if b
    )


def lines(value: str) -> Markup:
    """Typed text inside a sentence or a mark: a newline stays one."""
    return Markup("<br>").join(escape(line) for line in value.split("\n"))


_OPEN = Markup('<mark class="differs"><span class="visually-hidden">begin verschil: </span>')
_CLOSE = Markup('<span class="visually-hidden"> einde verschil </span></mark>')


def compare(mine: str, theirs: str, *, words: bool = True) -> Difference:
    """`app.core.difference.compare`, loaded when two texts stand beside each other."""
    from app.core import difference

    return difference.compare(mine, theirs, words=words)


def marked(pieces: Sequence[Piece]) -> Markup:
    """Pieces of a text as paragraphs, like `paragraphs`; what differs is marked, and a mark ends at a line."""
    blocks: list[list[Markup]] = [[Markup()]]
    for piece in pieces:
        for part in re.split(r"(\n\n+|\n)", piece.text):
            if part == "\n":
                blocks[-1].append(Markup())
            elif part.startswith("\n"):
                blocks.append([Markup()])
            elif part:
                blocks[-1][-1] += _OPEN + escape(part) + _CLOSE if piece.differs else escape(part)
    lines = (Markup("<br>").join(block) for block in blocks)
    return Markup().join(Markup("<p>{}</p>").format(line) for line in lines if line.striptags())


class _Compiled(FileSystemBytecodeCache):
    """Templates as they were compiled before, where that may be written. Each holds the mark of its source."""

    def __init__(self) -> None:
        super().__init__(str(FOLDER), f"template-{digest([Path(__file__)])[:8]}-%s")

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # looking whether a file is newer costs a page of many parts a fifth of its time
        cache_size=-1,
        bytecode_cache=_Compiled(),
    )
    env.globals.update(static_url=static_url, euros=euros)
    env.filters.update(
        paragraphs=paragraphs,
        lines=lines,
        compare=compare,
        marked=marked,
        date=clock.date_text,
        clock=clock.clock_text,
        moment=clock.moment_text,
        iso=clock.iso_or_text,
        first_words=text.first_words,
        listing=text.listing,
        capital=text.capital,
        sentence=text.sentence,
        in_words=text.in_words,
    )
    env.tests["long"] = lambda value: len(value) > 140
    return env


ENV = environment()


def render(template: str, **context: Any) -> str:
    """The template as text. Raises when a name is missing: a page never shows a hole."""
    return ENV.get_template(template).render(**context)


SEAT_FIELD = "plek"
_POST_FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>')  # typed text is escaped and never holds one


def page(request: Request, template: str, shell: Shell, page: Any, status: int = 200) -> Response:
    """A whole page. Each form in it that writes says whose page this was (`app.journey.gate` looks at that)."""
    html = render(template, shell=shell, page=page, request=request)
    if shell.seat:
        html = _POST_FORM.sub(rf'\g<0><input type="hidden" name="{SEAT_FIELD}" value="{escape(shell.seat)}">', html)
    return as_answer(request, html.encode(), status)


_STAND = re.compile(rb' data-stand="[0-9]+"')


def as_answer(request: Request, html: bytes, status: int = 200) -> HTMLResponse | Response:
    """A drawn page; 304 for a script that has the same page already (`live.js`: most changes are elsewhere)."""
    asked = request.headers.get("if-none-match")
    if asked is None or status != 200:
        return HTMLResponse(html, status_code=status)
    tag = f'"{sha256(_STAND.sub(b"", html, count=1)).hexdigest()[:32]}"'
    if asked == tag:
        return Response(status_code=304, headers={"etag": tag})
    return HTMLResponse(html, headers={"etag": tag})


def fragment(template: str, status: int = 200, headers: dict[str, str] | None = None, **context: Any) -> HTMLResponse:
    """A part of a page, answered to a script. Fragments do not see `shell` or `request`."""
    return HTMLResponse(render(template, **context), status_code=status, headers=headers)


def wants_fragment(request: Request) -> bool:
    """Whether a script asked (save.js or htmx), and not a plain form."""
    return "driekolom-deel" in request.headers or request.headers.get("hx-request") == "true"
