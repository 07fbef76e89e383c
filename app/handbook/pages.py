"""From the Markdown files of docs/handleiding to what a page of the handbook shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.core.errors import NotFound
from app.core.rendering import Link
from app.core.settings import REPO

URL = "/handleiding"
BOOK = REPO / "docs" / "handleiding"
PICTURES = BOOK / "beeld"
CONTENTS = "README"  # the name a repository shows first
SHEET = "blad-"  # a page of one sheet, to print
MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class Chapter:
    """One file of the book."""

    name: str
    title: str
    lede: Markup
    body: Markup
    links: tuple[Link, ...]  # the other files it names, in order

    @property
    def url(self) -> str:
        return address(self.name)


@dataclass(frozen=True)
class HandbookPage:
    chapter: Chapter
    contents: tuple[Link, ...]
    sheet: bool  # to print on one sheet


def address(name: str) -> str:
    return URL if name == CONTENTS else f"{URL}/{name}"


def handbook_page(name: str = "") -> HandbookPage:
    """A page of the book by the name of its file, or the table of contents. NotFound for a name that is not in it."""
    contents = read_chapter(CONTENTS)
    if name and address(name) not in {link.url for link in contents.links}:
        raise NotFound
    here = address(name or CONTENTS)
    links = (Link(contents.title, URL, current=here == URL),)
    links += tuple(Link(link.label, link.url, current=here == link.url) for link in contents.links)
    return HandbookPage(read_chapter(name or CONTENTS), links, name.startswith(SHEET))


def picture(name: str) -> Path:
    """The file of a picture in the book. NotFound for any other name."""
    found = {path.name: path for path in PICTURES.glob("*.png")}.get(name)
    if found is None:
        raise NotFound
    return found


def read_chapter(name: str) -> Chapter:
    path = BOOK / f"{name}.md"
    return _read(name, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(name: str, path: Path, stamp: int) -> Chapter:
    """The title is the first heading, the lede the first paragraph; `stamp` is when the file was changed."""
    tokens = MARKDOWN.parse(path.read_text("utf-8"))
    links: list[Link] = []
    for token in tokens:
        for inline in token.children or ():
            _to_our_addresses(inline)
        links += _links(token.children or [])
    # <h1> text </h1> <p> text </p> …
    title, lede = tokens[1].content, tokens[4].children or []
    return Chapter(name, title, _html(lede, inline=True), _html(tokens[6:]), tuple(links))


def _to_our_addresses(token: Token) -> None:
    """Files beside each other are pages of the product; pictures are fetched when they come in sight."""
    href, src = token.attrGet("href"), token.attrGet("src")
    if isinstance(href, str) and href.endswith(".md"):
        token.attrSet("href", address(href.removesuffix(".md")))
    if isinstance(src, str):
        token.attrSet("src", f"{URL}/{src}")
        token.attrSet("loading", "lazy")


def _links(tokens: list[Token]) -> list[Link]:
    return [
        Link(text.content, str(opening.attrGet("href")))
        for opening, text in zip(tokens, tokens[1:], strict=False)
        if opening.type == "link_open"
    ]


def _html(tokens: list[Token], inline: bool = False) -> Markup:
    """Our own text through a renderer that lets no HTML through."""
    write = MARKDOWN.renderer.renderInline if inline else MARKDOWN.renderer.render
    return Markup(write(tokens, MARKDOWN.options, {}))  # noqa: S704 - files of this repository, with html switched off
