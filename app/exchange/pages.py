"""What the pages of exchange show."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.settings import Settings
from app.core.text import capital
from app.exchange.parse import BY_PAGE
from app.journey.gate import Here


@dataclass(frozen=True)
class FilePage:
    url: str
    file_url: str
    title: str


def file_page(here: Here) -> FilePage:
    return FilePage(here.url, f"{here.url}/bestand.json", here.journey.title)


def file_name(here: Here) -> str:
    """The title as the name of a file, safe on every computer."""
    words = re.sub(r"[^\w .-]+", " ", here.journey.title[:80])
    return f"Driekolom {' '.join(words.split())}".strip(" .") + ".json"


@dataclass(frozen=True)
class TakePage:
    megabytes: str
    wrong: str  # what is wrong with the file that was sent; '' while nothing was
    errors: tuple[tuple[str, str], ...]


def take_page(settings: Settings, wrong: str) -> TakePage:
    whole = wrong.removeprefix("bestand: ")  # the whole file: its name stands above the sentence already
    wrong = capital(whole) if whole != wrong else wrong
    most = min(BY_PAGE, settings.upload_limit)
    return TakePage(f"{most / 1_000_000:g}".replace(".", ","), wrong, (("bestand", wrong),) if wrong else ())
