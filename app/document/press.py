"""From HTML to PDF bytes, in a process of its own that may be slow, run out of memory or crash without
hurting anybody.

One process is kept warm, started at the first job and replaced after `JOBS` jobs or whenever something
went wrong with it. Jobs wait for each other; when too many wait, the next is refused with a sentence. The
same job gives the same bytes, so the last few results are kept.
"""

from __future__ import annotations

import atexit
import base64
import json
import logging
import os
import re
import select
import struct
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from app.core.errors import Refusal
from app.core.one_core import on_any_core
from app.core.settings import REPO, Settings
from app.style.reading import PaperStyle, paper_of

LOG = logging.getLogger(__name__)
LENGTH = struct.Struct(">I")
JOBS = 20  # per process
WAITING = 4
KEPT = 6
MAX_HTML = 3_000_000  # characters
MAX_PDF = 60_000_000  # bytes
TOKEN = re.compile(r"(--(?:basis|utrecht|dk)-[a-z0-9-]+)\s*:\s*([^;{}]+)")
LOGO_KINDS = {".svg": "image/svg+xml", ".png": "image/png"}


class CannotPrint(Refusal):
    status = 503


SLOW = (
    "Het maken van de PDF duurde te lang en is gestopt. Er is niets verloren. "
    "Probeer het opnieuw, of maak het document korter."
)
BROKEN = "De PDF kon niet worden gemaakt. Er is niets verloren. Probeer het opnieuw."
TOO_MUCH = "Dit document is te lang om er één PDF van te maken. Maak de langste teksten korter en probeer het opnieuw."
QUEUE = "Er worden al andere documenten gemaakt. Probeer het over een minuut opnieuw."


class _Stopped(Exception):
    """The process ended, or gave nonsense."""


class Press:
    """One warm process and the queue in front of it. Safe to use from several threads."""

    def __init__(self, command: list[str] | None = None, jobs: int | None = None):
        self.command = command or [sys.executable, "-m", "app.document.worker"]
        self._jobs = jobs
        self._process: subprocess.Popen | None = None
        self._room: TemporaryDirectory[str] | None = None  # its temporary files; a killed process leaves them
        self._done = 0
        self._turn = threading.Lock()
        self._waiting = threading.BoundedSemaphore(WAITING + 1)
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def pdf(self, html: str, seconds: int, theme: str = "", logo: tuple[str, bytes] | None = None) -> bytes:
        """The PDF of this HTML. Raises CannotPrint with one sentence for the reader."""
        if len(html) > MAX_HTML:
            raise CannotPrint(TOO_MUCH)
        coded = [logo[0], base64.b64encode(logo[1]).decode()] if logo else None
        job = json.dumps({"html": html, "theme": theme, "logo": coded, "seconds": seconds}).encode()
        key = sha256(job).hexdigest()
        with self._in_turn(seconds):
            return self._kept[key] if key in self._kept else self._keep(key, self._print(job, seconds))

    def do(self, job: bytes, seconds: int) -> bytes:
        """What the process makes of this job, which is not kept. Raises CannotPrint."""
        with self._in_turn(seconds):
            return self._print(job, seconds)

    @contextmanager
    def _in_turn(self, seconds: int) -> Iterator[None]:
        """One job at a time; a few wait, and who comes after those is told so."""
        if not self._waiting.acquire(blocking=False):
            raise CannotPrint(QUEUE)
        try:
            if not self._turn.acquire(timeout=seconds):
                raise CannotPrint(QUEUE)
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._waiting.release()

    def close(self) -> None:
        """Ends the process, if there is one."""
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream:
                    stream.close()
        if self._room:
            self._room.cleanup()
            self._room = None

    def _keep(self, key: str, pdf: bytes) -> bytes:
        self._kept[key] = pdf
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return pdf

    def _print(self, job: bytes, seconds: int) -> bytes:
        until = time.monotonic() + seconds
        try:
            process = self._worker()
            self._send(process, LENGTH.pack(len(job)) + job, until)
            head = json.loads(self._receive(process, until))
            pdf = self._receive(process, until)
        except TimeoutError:
            self.close()
            LOG.warning("pdf: stopped after %s seconds", seconds)
            raise CannotPrint(SLOW) from None
        except (_Stopped, OSError, ValueError) as problem:
            self.close()
            LOG.warning("pdf: the process ended: %s", problem)
            raise CannotPrint(BROKEN) from None
        self._done += 1
        if head.get("refused"):
            LOG.warning("pdf: refused to open %s", head["refused"])
        if not head["ok"]:
            self.close()
            LOG.error("pdf: %s", head["problem"])
            raise CannotPrint(BROKEN)
        if self._done >= (self._jobs or JOBS):
            self.close()
        return pdf

    def _worker(self) -> subprocess.Popen:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._done = 0
            self._room = TemporaryDirectory(prefix="driekolom-pdf-")
            keep = ("PATH", "HOME", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME")
            with on_any_core():
                self._process = subprocess.Popen(  # noqa: S603 - our own command
                    self.command,
                    cwd=REPO,
                    env={k: os.environ[k] for k in keep if k in os.environ}
                    | {"LC_ALL": "C.UTF-8", "TMPDIR": self._room.name},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    bufsize=0,
                )
            os.set_blocking(self._process.stdin.fileno(), False)
        return self._process

    @staticmethod
    def _send(process: subprocess.Popen, data: bytes, until: float) -> None:
        descriptor, rest = process.stdin.fileno(), memoryview(data)
        while rest:
            if not select.select([], [descriptor], [], max(0.0, until - time.monotonic()))[1]:
                raise TimeoutError
            rest = rest[os.write(descriptor, rest[:65_536]) :]

    def _receive(self, process: subprocess.Popen, until: float) -> bytes:
        size = LENGTH.unpack(self._exactly(process, LENGTH.size, until))[0]
        if size > MAX_PDF:
            raise _Stopped("too large an answer")
        return self._exactly(process, size, until)

    @staticmethod
    def _exactly(process: subprocess.Popen, size: int, until: float) -> bytes:
        descriptor, parts = process.stdout.fileno(), []
        while size:
            if not select.select([descriptor], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError
            part = os.read(descriptor, min(size, 1_000_000))
            if not part:
                raise _Stopped("no answer")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


PRESS = Press()
atexit.register(PRESS.close)


def theme_tokens(settings: Settings) -> str:
    """The design tokens of the gemeente as css. Only plain values are taken over: nothing that opens or
    places anything."""
    if not settings.theme_css:
        return ""
    text = Path(settings.theme_css).read_text("utf-8", errors="replace")
    lines = [
        f"{name}: {value.strip()};" for name, value in TOKEN.findall(text) if "url(" not in value and "@" not in value
    ]
    return ":root { " + " ".join(lines) + " }" if lines else ""


def logo_of(settings: Settings) -> tuple[str, bytes] | None:
    """Kind and bytes of the logo; None when there is none, or none that paper can show."""
    path = Path(settings.logo) if settings.logo else None
    if path is None or path.suffix.lower() not in LOGO_KINDS or not path.is_file():
        return None
    return LOGO_KINDS[path.suffix.lower()], path.read_bytes()


def paper_for(tx: Session, settings: Settings, tenant_id: str) -> PaperStyle:
    """The house style of this gemeente, with that of the installation for what it does not have."""
    return with_usual(settings, paper_of(tx, tenant_id) or PaperStyle())


def with_usual(settings: Settings, own: PaperStyle) -> PaperStyle:
    return PaperStyle(own.theme or theme_tokens(settings), own.logo or logo_of(settings), own.alt)


def print_pdf(settings: Settings, html: str, style: PaperStyle | None = None) -> bytes:
    """The PDF of a page on `layouts/paper.html`, in a house style (None: that of the settings). Raises CannotPrint."""
    style = style or with_usual(settings, PaperStyle())
    return PRESS.pdf(html, settings.pdf_seconds, style.theme, style.logo)
