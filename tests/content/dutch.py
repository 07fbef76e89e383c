"""Finds the Dutch that people read: text in templates, sentences in the code, the content pack and the examples.

Everything here is meant to be read by users unless it is plainly technical, so a new sentence is checked by itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment

from app.core.settings import REPO

APP = Path(REPO) / "app"
HOLE = "…"  # what stands for a value that is filled in later

# Templates without words of ours: the catalogue shows what components look like, to developers.
NOT_FOR_USERS = ("catalogue/",)


@dataclass(frozen=True)
class Text:
    """One text as a reader meets it: a paragraph, a label, a message."""

    where: str  # "app/templates/start/front.html:12"
    text: str

    @property
    def file(self) -> str:
        return self.where.partition(":")[0]


# ---- templates ----

INLINE = {"a", "abbr", "b", "bdi", "br", "cite", "code", "em", "i", "mark", "small", "span", "strong", "time", "wbr"}
SPOKEN = {"alt", "aria-label", "placeholder", "title", "aria-description"}
SILENT = {"script", "style", "svg", "code"}


class _Reader(HTMLParser):
    """Text of one template, cut at everything that begins a new line on screen."""

    def __init__(self, where: str):
        super().__init__()
        self.where, self.found, self.line = where, [], 1
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE or (tag == "span" and any(k == "class" and "state" in (v or "") for k, v in attrs)):
            self.cut()
        for name, value in attrs:
            if name in SPOKEN and value:
                self.found.append(Text(f"{self.where}:{self.getpos()[0]}", tidy(value)))
        self.silent += tag in SILENT
        if tag == "br":
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.cut()
        self.silent -= tag in SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        for number, part in enumerate(data.split(CUT)):
            if number:
                self.cut()
            if not "".join(self.parts).strip():
                blank = len(part) - len(part.lstrip())
                self.line = self.getpos()[0] + part[:blank].count("\n")
            self.parts.append(part)

    def cut(self) -> None:
        text = tidy("".join(self.parts))
        self.parts = []
        if words(text) and not re.match(r"[a-z-]+=\"", text):  # a macro that writes an attribute
            self.found.append(Text(f"{self.where}:{self.line}", text))


CUT = "\x00"


def tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_](?:[\w’'-]*\w)?", text)


def of_templates() -> Iterator[Text]:
    for file in sorted((APP / "templates").rglob("*.html")):
        name = file.relative_to(APP / "templates").as_posix()
        if not name.startswith(NOT_FOR_USERS):
            yield from of_template(file.read_text("utf-8"), f"app/templates/{name}")
    for file in sorted((APP / "templates" / "mail").glob("*.txt")):  # letters: an empty line ends a paragraph
        source = file.read_text("utf-8").replace("\n\n", "<p>\n\n")
        yield from of_template(source, f"app/templates/mail/{file.name}")


def of_template(source: str, where: str) -> Iterator[Text]:
    """The words of one template. Values become a hole; another branch (`else`) is another text."""
    html: list[str] = []
    state, block = "", ""
    for line, kind, value in Environment().lex(source):  # noqa: S701 - only cut in pieces, nothing is rendered
        if kind == "data":
            html.append(value)
        elif kind == "variable_begin":
            state = "variable"
            html.append("x" if re.search(r"<\w*$", "".join(html[-3:])) else HOLE)  # `<h{{ level }}>` stays a tag
        elif kind == "block_begin":
            state, block = "block", ""
        elif kind in ("variable_end", "block_end"):
            if block in ("else", "elif", "for", "endfor", "call", "endcall", "macro", "endmacro"):
                html.append(CUT)
            state = ""
        elif kind == "name" and state == "block" and not block:
            block = value
        elif kind == "string" and state and block not in ("extends", "include", "from", "import"):
            text = value[1:-1]
            if shown(text):
                yield Text(f"{where}:{line}", tidy(re.sub("<[^>]*>", " ", text)))
    reader = _Reader(where)
    reader.feed("".join(html))
    reader.close()
    reader.cut()
    yield from reader.found


# ---- code ----

# What is told to these is for developers and logs, or is not text at all.
DEVELOPERS = {
    "ValueError", "TypeError", "RuntimeError", "AssertionError", "KeyError", "LookupError", "NotImplementedError",
    "_Stopped", "Refused", "compile", "fullmatch", "match", "sub", "search", "findall", "split", "text", "getattr",
    "debug", "info", "warning", "error", "exception", "critical", "get_template", "Column", "Index", "execute",
    "import_module", "find_spec", "startswith", "endswith", "strftime", "Path", "FastAPI", "encode", "ForeignKey",
    "ForeignKeyConstraint", "UniqueConstraint", "CheckConstraint", "exec_driver_sql", "removeprefix", "set_defaults",
    "add_subparsers", "TypeVar", "environ", "get", "setdefault", "PermissionError", "isinstance",
}  # fmt: skip


def of_code() -> Iterator[Text]:
    for file in sorted(APP.rglob("*.py")):
        yield from of_module(file.read_text("utf-8"), file.relative_to(REPO).as_posix())


def of_module(source: str, where: str) -> Iterator[Text]:
    """The sentences and labels of one module. A value in an f-string becomes a hole."""
    tree = ast.parse(source)
    skipped = {id(part) for node in ast.walk(tree) for part in _for_developers(node)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(p.value if isinstance(p, ast.Constant) else HOLE for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if shown(text):
            yield Text(f"{where}:{node.lineno}", tidy(text))


def _for_developers(node: ast.AST) -> Iterator[ast.AST]:
    """The strings below this node that no user reads."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # docstrings
        yield node.value
    elif isinstance(node, ast.JoinedStr):  # its parts are read together
        yield from node.values
    elif isinstance(node, ast.Dict):
        yield from (key for key in node.keys if key)
    elif isinstance(node, ast.Compare | ast.Subscript | ast.match_case):
        yield from ast.walk(node)
    elif isinstance(node, ast.Call):
        name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
        if name in DEVELOPERS:
            yield from (part for given in (*node.args, *node.keywords) for part in ast.walk(given))
        if name == "join" and isinstance(node.func, ast.Attribute):
            yield node.func.value
    elif isinstance(node, ast.AnnAssign):
        yield from ast.walk(node.annotation)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        for arg in (*node.args.args, *node.args.kwonlyargs):
            yield from ast.walk(arg)
        if node.returns:
            yield from ast.walk(node.returns)


def shown(text: str) -> bool:
    """Whether a string is something to read: words with a space between them, or one word with a capital."""
    text = text.strip()
    plain = text.replace(HOLE, "")
    if not words(plain) or re.search(r"[{}<>=\\|]|://|::|^[/#.]|\w/\w+/|%\(|--", plain):
        return False
    if re.fullmatch(r"[A-Z0-9_]+", plain) or re.match(
        r"(SELECT|UPDATE|INSERT|PRAGMA|BEGIN|CREATE|VACUUM|DELETE)\b", plain
    ):
        return False
    return bool(re.search(r"\w\s+\w", plain) and re.search(r"[a-z]{2}", plain)) or bool(
        re.match(r"[A-Z][a-zé’'-]+[ .:?…]*$", plain)
    )


# ---- scripts ----


def of_scripts() -> Iterator[Text]:
    """What our scripts say on the page: their strings that begin as a sentence does."""
    for file in sorted((APP / "static" / "js").glob("*.js")):
        source = file.read_text("utf-8")
        for found in re.finditer(r"""(["'`])((?:(?!\1)[^\\\n])+)\1""", source):
            text = tidy(re.sub(r"<[^>]*>", " ", re.sub(r"\$\{[^}]*\}", HOLE, found[2])))
            if re.match("[A-Z]", text) and shown(text):
                yield Text(f"app/static/js/{file.name}:{source.count(chr(10), 0, found.start()) + 1}", text)


# ---- seeds ----


def of_values(
    value: Any, path: str = "", key: str = "", skip: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """All texts in nested lists and blocks, each with its path; not those under a key in `skip`."""
    if isinstance(value, str):
        if key not in skip:
            yield path, value
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from of_values(child, f"{path}.{name}", name, skip)
    elif isinstance(value, list):
        for i, child in enumerate(value):
            yield from of_values(child, f"{path}[{i}]", key, skip)


def of_examples() -> Iterator[Text]:
    """What the people of the example journeys say. Names and slugs are no sentences."""
    for file in sorted((Path(REPO) / "seeds" / "voorbeelden").glob("*.yaml")):
        for path, text in of_values(yaml.safe_load(file.read_text("utf-8"))):
            if shown(text):
                yield Text(f"seeds/voorbeelden/{file.name}:{path.lstrip('.')}", tidy(text))


# ---- words ----

AVOID = (Path(__file__).parent / "avoid.txt").read_text(encoding="utf-8").split()
AVOID_RUNS = [
    "ten behoeve van",
    "met betrekking tot",
    "door middel van",
    "in het kader van",
    "als gevolg van",
]
AVOID_SHORT = [
    "d.m.v.",
    "m.b.t.",
    "t.a.v.",
    "i.v.m.",
    "n.a.v.",
    "o.l.v.",
    "m.u.v.",
    "e.d.",
    "t.b.v.",
    "i.h.k.v.",
]
JE = re.compile(r"\b(je|jij|jou|jouw|jullie|uzelve)\b", re.IGNORECASE)
