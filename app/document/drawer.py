"""The process that reads a journey and draws its document as HTML: who saves does not share a process with that.
Started by `draw` as `python -m app.document.drawer`; the web process only uses `draw`.

A job is a length and JSON: `settings`, `cwd`, `tenant`, `journey`, `seat`, `unused`, `remarks`. The answer is a head
({"ok": …, "problem": …}), and JSON with `name` (of the file), `html`, `theme`, `logo` ([kind, base64] or null), `alt`.
"""

from __future__ import annotations

import atexit
import base64
import json
import logging
import os
import struct
import sys
from dataclasses import asdict
from typing import BinaryIO

from sqlmodel import select

from app.core.database import Database
from app.core.settings import Settings
from app.document import facts, pages
from app.document.press import CannotPrint, Press
from app.journey.actions import here_for
from app.journey.gate import Here
from app.journey.models import Journey, Seat
from app.people.models import Person
from app.style.reading import PaperStyle

LOG = logging.getLogger(__name__)
LENGTH = struct.Struct(">I")
DRAWER = Press([sys.executable, "-m", "app.document.drawer"], jobs=500)
atexit.register(DRAWER.close)


def draw(here: Here, unused: bool, remarks: bool) -> tuple[str, str, PaperStyle]:
    """The document of this journey as it is in the database: the name of its file, its HTML, and the style to print in.

    Drawn by the other process; by this one when that cannot.
    """
    job = {
        "settings": asdict(here.settings),
        "cwd": os.getcwd(),
        "tenant": here.tenant_id,
        "journey": here.journey.id,
        "seat": here.seat.id,
        "unused": unused,
        "remarks": remarks,
    }
    try:
        found = json.loads(DRAWER.do(json.dumps(job).encode(), here.settings.pdf_seconds))
    except CannotPrint:
        LOG.warning("document: drawn by the web process")
        return _drawn(here, unused, remarks)
    logo = (found["logo"][0], base64.b64decode(found["logo"][1])) if found["logo"] else None
    return found["name"], found["html"], PaperStyle(found["theme"], logo, found["alt"])


def _drawn(here: Here, unused: bool, remarks: bool) -> tuple[str, str, PaperStyle]:
    doc, html = pages.paper(here, unused=unused, remarks=remarks)
    return facts.file_name(doc.title, doc.place, doc.status), html, pages.style_of(here)


def answer(job: dict, databases: dict[str, Database]) -> dict:
    """What a job asks for. `databases` are those that this process opened before, by address."""
    settings = Settings(**job["settings"])
    os.chdir(job["cwd"])
    if settings.database_url not in databases:
        databases[settings.database_url] = Database(settings.database_url)
    with databases[settings.database_url].read() as tx:
        person, seat, journey = tx.exec(
            select(Person, Seat, Journey).where(
                Seat.tenant_id == job["tenant"],
                Seat.id == job["seat"],
                Person.tenant_id == Seat.tenant_id,
                Person.id == Seat.person_id,
                Journey.tenant_id == Seat.tenant_id,
                Journey.id == Seat.journey_id,
                Journey.id == job["journey"],
            )
        ).one()
        name, html, style = _drawn(here_for(tx, settings, person, journey, seat), job["unused"], job["remarks"])
    logo = [style.logo[0], base64.b64encode(style.logo[1]).decode()] if style.logo else None
    return {"name": name, "html": html, "theme": style.theme, "logo": logo, "alt": style.alt}


def work(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Does jobs until there are no more."""
    databases: dict[str, Database] = {}
    while len(head := jobs.read(LENGTH.size)) == LENGTH.size:
        try:
            made = json.dumps(answer(json.loads(jobs.read(LENGTH.unpack(head)[0])), databases)).encode()
            said = {"ok": True}
        except Exception as problem:  # noqa: BLE001 - whatever it is, the other side must hear of it
            made, said = b"", {"ok": False, "problem": type(problem).__name__}
        for block in (json.dumps(said).encode(), made):
            answers.write(LENGTH.pack(len(block)) + block)
        answers.flush()


if __name__ == "__main__":
    os.nice(10)  # whoever saves goes first
    work(sys.stdin.buffer, sys.stdout.buffer)
