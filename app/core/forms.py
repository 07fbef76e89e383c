"""Forms: reading them safely, and answering a save in one way everywhere.

A saving form posts `waarde` (one or more), `versie`, and after a conflict also `keuze`, `mijne`, `hunne` and
`hun-versie`. `SavedForm` reads that; `saved_answer` gives the field back: as a fragment for a script, as a redirect
after success or as a page of its own after a refusal for a plain form. Nothing that was typed is ever dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.core.errors import UNFIT, Invalid, Stale
from app.core.fields import Conflict, FieldView
from app.core.parameters import quick
from app.core.rendering import SEAT_FIELD, Shell, fragment, page, wants_fragment
from app.core.text import clean

MAX_FIELDS = 400


@dataclass(frozen=True)
class Upload:
    """A file as it was sent. `name` is what the sender says it is called, as clean text."""

    name: str
    content: bytes


class Form:
    """What a form sent, as clean text; absent names are empty. A file is only seen by who asks for it."""

    def __init__(self, data: FormData, files: dict[str, Upload] | None = None):
        self._data = data
        self._files = files or {}

    def file(self, name: str) -> Upload:
        """The file that was chosen. Raises Invalid when none was."""
        if found := self._files.get(name):
            return found
        raise Invalid("Kies eerst een bestand.", {name: "Kies eerst een bestand."})

    def text(self, name: str, *, lines: bool = True, limit: int = 10_000) -> str:
        """The cleaned value, cut off nowhere: raises Invalid when it is longer than `limit`."""
        value = clean(next((v for v in self._data.getlist(name) if isinstance(v, str)), ""), lines=lines)
        if len(value) > limit:
            raise Invalid(
                f"Deze tekst is te lang. Er passen {limit} tekens.", {name: f"Maak dit korter dan {limit} tekens."}
            )
        return value

    def line(self, name: str, limit: int = 300) -> str:
        return self.text(name, lines=False, limit=limit)

    def many(self, name: str) -> list[str]:
        """All non-empty values of a repeated name, in order, cleaned to single lines."""
        return [v for v in (clean(x, lines=False) for x in self._data.getlist(name) if isinstance(x, str)) if v]

    def raw(self, name: str) -> list[str]:
        return [clean(v) for v in self._data.getlist(name) if isinstance(v, str)]

    def number(self, name: str, default: int = 0) -> int:
        value = self.line(name, 12)
        return int(value) if value.isascii() and value.isdigit() else default

    def has(self, name: str) -> bool:
        return name in self._data


PLAIN = "application/x-www-form-urlencoded"
KINDS = ("", PLAIN, "multipart/form-data")


async def _read(request: Request) -> Form:
    kind, _, more = request.headers.get("content-type", "").lower().partition(";")
    if kind.strip() not in KINDS:
        raise Invalid(UNFIT)
    try:
        if kind == PLAIN and more.strip() in ("", "charset=utf-8"):  # a save: the general way takes three times as long
            words = (await request.body()).decode("latin-1")
            if words.count("&") < MAX_FIELDS:
                return Form(FormData(parse_qsl(words, keep_blank_values=True)))
        data = await request.form(max_files=1, max_fields=MAX_FIELDS)
        files = {
            name: Upload(clean(file.filename, lines=False), await file.read())
            for name, file in data.multi_items()
            if isinstance(file, UploadFile) and file.filename
        }
        return Form(data, files)
    except (UnicodeError, ClientDisconnect):  # a charset that decodes nothing, or a body that stopped half-way
        raise Invalid(UNFIT) from None


async def _form_or_problem(request: Request) -> Form | Exception | None:
    """Read once for all who ask; None when nothing is sent."""
    if request.method in ("GET", "HEAD"):
        return None
    if "form" not in request.scope.setdefault("driekolom", {}):
        try:
            request.scope["driekolom"]["form"] = await _read(request)
        except (Invalid, HTTPException) as problem:
            request.scope["driekolom"]["form"] = problem
    return request.scope["driekolom"]["form"]


async def read_form(request: Request) -> Form:
    """Raises Invalid for what is no form: reading that as a form without fields would empty what is saved."""
    read = await _form_or_problem(request)
    if isinstance(read, Form):
        return read
    raise read or Invalid(UNFIT)


async def form_seat(request: Request) -> str:
    """Whose page the form was on; '' when it does not say. What is wrong with a form is said by who reads it."""
    read = await _form_or_problem(request)
    return (read.raw(SEAT_FIELD) or [""])[0] if isinstance(read, Form) else ""


Sent = Annotated[Form, Depends(read_form)]


def before_reading(check: Callable[[Request, Session], object]) -> Any:
    """What a handler that takes a whole file asks for first: `check` raises for who may not send anything, and then not
    a byte of the body has been read. It has a transaction of its own, that only reads."""

    async def ask(request: Request) -> None:
        def look() -> None:
            with request.app.state.database.read() as tx:
                check(request, tx)

        await run_in_threadpool(look)

    return Depends(ask)


@dataclass(frozen=True)
class SavedForm:
    """One field as it was sent."""

    values: tuple[str, ...]
    version: int
    choice: str = ""  # between two texts, after a conflict

    @property
    def typed(self) -> str:
        """What was typed, as one text, to give back after a refusal."""
        return (
            " ".join(v for v in self.values if v) if len(self.values) > 1 else (self.values[0] if self.values else "")
        )


@quick
async def _saved_form(request: Request) -> SavedForm:
    form = await read_form(request)
    choice = form.line("keuze", 20)
    if choice in ("mijne", "hunne", "allebei"):
        mine, theirs = form.text("mijne"), form.text("hunne")
        both = mine if mine == theirs else "\n\n".join(t for t in (theirs, mine) if t)
        value = {"mijne": mine, "hunne": theirs, "allebei": both}[choice]
        return SavedForm((value,), form.number("hun-versie"), choice)
    return SavedForm(tuple(form.raw("waarde")) or ("",), form.number("versie"))


Saving = Annotated[SavedForm, Depends(_saved_form)]


def local_path(target: str, default: str = "/") -> str:
    """A redirect target on this site only."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return default
    local = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if local and not parts.scheme and not parts.netloc else default


@dataclass(frozen=True)
class Part:
    """A fragment that a save changes elsewhere on the page: the element with this id is replaced."""

    id: str
    html: str


def saved_answer(
    request: Request,
    shell: Shell | Callable[[], Shell],
    back: str,
    save: Callable[[], FieldView],
    before: Callable[[], FieldView],
    sent: SavedForm,
    parts: Callable[[], Sequence[Part]] = tuple,
) -> Response:
    """Runs `save` and answers a script with what it changed: after a refusal, or a choice between two texts, with the
    whole field. `before` draws the field as it is in the database (used on a refusal).

    `back` is the page a plain form goes to after success, at the field itself. Raises nothing for Invalid and Stale:
    those become 422 and 409 with the typed text kept. Other refusals pass through.
    """
    status = 200
    try:
        view = save()
    except Invalid as problem:
        view, status = before().with_error(problem.message, sent.typed), 422
    except Stale as problem:
        theirs = problem.theirs
        conflict = Conflict(problem.mine, theirs.value, theirs.who, theirs.when, theirs.version)
        view, status = replace(before(), value=problem.mine, conflict=conflict), 409
    if wants_fragment(request):
        if status == 200 and not sent.choice:
            return fragment("components/_saved.html", f=view, parts=parts())
        return fragment("components/_field.html", status=status, f=view, parts=parts() if status == 200 else ())
    if status == 200:
        return RedirectResponse(f"{local_path(back).partition('#')[0]}#{view.id}", 303)
    shell = shell if isinstance(shell, Shell) else shell()
    return page(
        request, "layouts/one_field.html", replace(shell, title=view.label, notice=""), OneField(view, back), status
    )


@dataclass(frozen=True)
class OneField:
    """The page that gives a refused field back to someone without JavaScript."""

    field: FieldView
    back: str
