"""The pictures of the handbook, docs/handleiding/beeld.

    .venv/bin/python scripts/handbook.py [--only PATTERN] [--to FOLDER]

It starts its own server in a temporary folder, with the examples, on a fixed day, so that the same screens give the
same pictures. A picture shows the part of a page from one element up to another, and never cuts a line. PATTERN is a
regular expression on the name.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
import types
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.modules["tests"] = types.ModuleType("tests")  # a library brings a package of this name, which would come first
sys.modules["tests"].__path__ = [str(ROOT / "tests")]

from app.core import clock  # noqa: E402

TODAY = datetime(2026, 9, 25, 8, 30, tzinfo=UTC)  # before the dates of the example
clock.now = lambda: TODAY  # before any room takes it over by name

from PIL import Image  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from app.handbook.pages import PICTURES  # noqa: E402
from app.migrate import migrate  # noqa: E402
from tests.browsing import CHROMIUM, FLAGS  # noqa: E402
from tests.databases import SqliteFiles  # noqa: E402
from tests.story.states import State  # noqa: E402
from tests.story.test_states import Gallery, compare_versions, make_gallery, make_link  # noqa: E402

MARGIN, BELOW = 14, 8  # css pixels above and below what is shown
COLOURS = 48
DESK, WIDE, PHONE = (760, 900), (1180, 700), (390, 844)
LINK = "https://lea.meerwijk.example/toegang/uw-eigen-persoonlijke-link"


@dataclass(frozen=True)
class Shot:
    """The picture begins at the selector `first` and ends with `last`, or between two lines before `tall` pixels.
    `exact`: after that many pixels, whatever stands there (beside each other, columns have no line in common)."""

    name: str
    path: str
    first: str = "main h1"
    last: str = ""
    tall: int = 620
    journey: str = "meerwijk"
    who: str = ""
    size: tuple[int, int] = DESK
    do: Callable[[Page], None] | None = None
    exact: bool = False


def fill_in_start(page: Page) -> None:
    page.get_by_label("Naam van het traject").fill("Ouderbetrokkenheid in Meerwijk")
    page.get_by_label("Uw naam").fill("M. de Wit")
    page.get_by_label("Gemeente", exact=True).first.fill("Meerwijk")
    page.get_by_label("Eerste jaar").fill("2027")
    page.get_by_label("Laatste jaar").fill("2030")
    for number, name, kind in (
        (1, "Stichting De Linde", "schoolbestuur vroegschools en po"),
        (2, "Stichting Op Weg", "schoolbestuur vo"),
    ):
        row = page.get_by_role("group", name=f"Partij {number}")
        row.get_by_label(f"Partij {number}").fill(name)
        row.get_by_label("Wat voor partij?").select_option(label=kind)


def show_link(page: Page) -> None:
    """The link of a picture is nobody's link."""
    make_link(page)
    page.evaluate(
        """link => {
            const secret = document.querySelector('#link').value;
            document.querySelector('#link').value = link;
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll(secret, link);
        }""",
        LINK,
    )


def wait_for_editor(page: Page) -> None:
    page.locator(".samen--aan").first.wait_for()


SHOTS = (
    Shot("start-een-traject", "/trajecten/nieuw", journey="", tall=1290, do=fill_in_start),
    Shot("opzet", "/opzet", tall=1400),
    Shot("persoonlijke-link", "/opzet/partij/{partij:linde}", tall=900, do=show_link),
    Shot("verkenning", "/verkenning", tall=640),
    Shot("overzicht", "", first="main h2#gedeeld", last="main a[href$='/herinneren']"),
    Shot("naast-elkaar", "/waar-staan-we/b/naast-elkaar", tall=1420, size=WIDE, exact=True),
    Shot("projector", "/gesprek/b?projector=1", tall=760, size=WIDE),
    Shot("uitkomst", "/gesprek/b", first="main h3:has-text('VVE: afstemming')", tall=1000),
    Shot("conclusies", "/conclusies", first="main h3:has-text('5. ')", tall=760),
    Shot("hoofdstuk", "/plan/inleiding", first="main .paper", tall=560),
    Shot("doel", "/plan/visie-en-doelen", first="main article.goal h3:has-text('Doel 1')", tall=400),
    Shot("samen-schrijven", "/plan/inleiding", first=".samen__gereedschap", tall=430, do=wait_for_editor),
    Shot("opmerking", "/opmerkingen", first="main a:has-text('In 2030 weten')", tall=640),
    Shot("versies", "/versies", tall=860, do=compare_versions),
    Shot("uw-account", "/account", tall=660, journey="", who="J. Bakker"),
    Shot("document", "/document", tall=560),
    Shot("traject-bewaren", "/bestand", tall=620),
    Shot("telefoon-kolom", "/waar-staan-we/d", who="K. Smit", first="body", tall=844, size=PHONE),
    Shot(
        "telefoon-delen", "/waar-staan-we/d", who="K. Smit", first="main h2:has-text('Klaar met')", tall=560, size=PHONE
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Pictures of the handbook.")
    parser.add_argument("--to", default=str(PICTURES), help="folder for the pictures")
    parser.add_argument("--only", default="", help="regular expression on the names")
    asked = parser.parse_args()
    to = Path(asked.to)
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as driver:
        folder = Path(temporary)
        migrate(f"sqlite:///{folder / 'empty.db'}")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        gallery, server = make_gallery(browser, folder, SqliteFiles(folder / "empty.db"))
        try:
            for shot in SHOTS:
                if re.search(asked.only, shot.name):
                    take(gallery, shot, to)
        finally:
            server.should_exit = True
            browser.close()
    kept = {f"{shot.name}.png" for shot in SHOTS}
    for old in to.glob("*.png"):
        if old.name not in kept:
            old.unlink()
    print(f"{sum(f.stat().st_size for f in to.glob('*.png')) // 1024} kB in {to}")
    return 0


def take(gallery: Gallery, shot: Shot, to: Path) -> None:
    width, height = shot.size
    state = State("", shot.path, shot.journey, shot.who)
    page = sharp(gallery, shot).new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.goto(gallery.address(state))
    if shot.do:
        shot.do(page)
    page.evaluate("document.fonts.ready")
    page.evaluate(AS_A_DUTCH_BROWSER)
    png = page.screenshot(full_page=True, clip=frame(page, shot), timeout=60_000, animations="disabled")
    page.close()
    file = to / f"{shot.name}.png"
    with Image.open(io.BytesIO(png)) as whole:
        whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.name}: {whole.width} × {whole.height}, {file.stat().st_size // 1024} kB")


def sharp(gallery: Gallery, shot: Shot):
    """A browser of this person with more pixels: the pictures are read at about their half."""
    known = gallery.context(shot.who)
    context = gallery.browser.new_context(
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        reduced_motion="reduce",
        device_scale_factor={DESK: 1.5, WIDE: 1.25, PHONE: 2}[shot.size],
        has_touch=shot.size == PHONE,
    )
    context.set_default_timeout(15_000)
    context.add_cookies(known.cookies())
    return context


def frame(page: Page, shot: Shot) -> dict[str, float]:
    """The part of the page to show. Fails when an element is not there: the page has changed, mend the shot."""
    first = page.locator(shot.first).first
    start = max(0.0, first.bounding_box()["y"] - MARGIN)
    if shot.last:
        box = page.locator(shot.last).last.bounding_box()
        until = box["y"] + box["height"]
    elif shot.exact:
        until = start + shot.tall
    else:
        until = page.evaluate(BETWEEN_LINES, [start, start + shot.tall, BELOW])
    return {"x": 0, "y": start, "width": shot.size[0], "height": until + BELOW - start}


# A date field speaks the language of the browser; this one may know English only.
AS_A_DUTCH_BROWSER = """() => {
    document.activeElement.blur();
    for (const field of document.querySelectorAll('input[type="date"]')) {
        const day = field.value.split('-').reverse().join('-');
        field.type = 'text';
        field.value = day || 'dd-mm-jjjj';
    }
}"""

# The lowest place above a limit where, with its margin, no line of text, field or button is cut in two and no heading
# is left alone.
BETWEEN_LINES = """([start, limit, margin]) => {
    const parts = 'p, li, h1, h2, h3, h4, label, legend, button, input, textarea, select, summary, td, th, blockquote';
    const found = [...document.querySelectorAll(parts)].filter(e => e.checkVisibility())
        .map(e => [e, e.getBoundingClientRect()]).filter(([, box]) => box.height > 0 && box.height < 300)
        .map(([e, box]) => [e, box.top + scrollY, box.bottom + scrollY]);
    const ends = found.filter(([e]) => !e.matches('h1, h2, h3, h4, label, legend')).map(([, , bottom]) => bottom)
        .filter(y => y > start && y <= limit).sort((a, b) => b - a);
    return ends.find(y => !found.some(([, top, bottom]) => top < y + margin && bottom > y + 1)) ?? limit;
}"""


if __name__ == "__main__":
    sys.exit(main())
