"""Pictures of every page and of every page of the PDFs, laid out in contact sheets to look at.

    .venv/bin/python scripts/contactsheet.py [--to FOLDER] [--only PATTERN] [--width 320 ...]

It starts its own server in a temporary folder, with the examples and the journeys of `tests/story/states.py`. Whole
pictures go to FOLDER/pages and FOLDER/pdf, the sheets to FOLDER. PATTERN is a regular expression on the caption of a
picture ("vol /gesprek/b meerwijk", "pdf meerwijk").
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import types
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.modules["tests"] = types.ModuleType("tests")  # a library brings a package of this name, which would come first
sys.modules["tests"].__path__ = [str(ROOT / "tests")]

from PIL import Image, ImageDraw, ImageFont  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from app.migrate import migrate  # noqa: E402
from tests.browsing import CHROMIUM, FLAGS  # noqa: E402
from tests.databases import SqliteFiles  # noqa: E402
from tests.story.states import STATES, State  # noqa: E402
from tests.story.test_states import Gallery, make_gallery  # noqa: E402

WIDTHS = {320: 640, 768: 1024, 1366: 768, 1920: 1080}
NARROW_AND_WIDE = (320, 1366)
EVERY_WIDTH = {"vol", "zonder traject", "projector", "partij", "namens"}  # other states at two widths
LONGEST = 12_000  # pixels; below that a page with 30 parties only repeats itself
EXAMPLES = ("meerwijk", "duinrade")

GAP, TEXT, PAPER, INK = 24, 18, "#8b8b86", "#111"
SHOWN = {320: 200, 768: 320, 1366: 440, 1920: 520, 0: 360}  # width on the sheet; 0 is a page of a PDF
TALLEST, SHEET_WIDTH, SHEET_HEIGHT = 1100, 1700, 5000


@dataclass(frozen=True)
class Picture:
    caption: str
    file: Path
    width: int


def main() -> int:
    asked = arguments()
    to = Path(asked.to)
    for folder in (to / "pages", to / "pdf"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for sheet in to.glob("vel-*.png"):
        sheet.unlink()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as driver:
        folder = Path(temporary)
        migrate(f"sqlite:///{folder / 'empty.db'}")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        gallery, server = make_gallery(browser, folder, SqliteFiles(folder / "empty.db"))
        try:
            rows = [row for state in STATES if (row := photograph(gallery, state, to / "pages", asked))]
            rows += [row for slug in EXAMPLES if (row := print_pages(gallery, slug, to / "pdf", asked))]
        finally:
            server.should_exit = True
            browser.close()
    sheets = lay_out(rows, to)
    print(f"{sum(map(len, rows))} pictures on {sheets} sheets in {to}")
    return 0 if rows else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Contact sheets of all pages and PDF pages.")
    parser.add_argument("--to", default=str(ROOT / "build" / "contactsheet"), help="folder for the pictures")
    parser.add_argument("--only", default="", help="regular expression on the captions")
    parser.add_argument("--width", type=int, action="append", choices=WIDTHS, help="only this width; may be repeated")
    parser.add_argument("--height", type=int, default=0, help="height of the window; then no whole pages")
    return parser.parse_args()


def photograph(gallery: Gallery, state: State, folder: Path, asked: argparse.Namespace) -> list[Picture]:
    """One state at its widths. A state that is made by doing something is made once and then resized."""
    caption = " ".join(filter(None, (state.name, state.path or "/", state.journey, state.who)))
    if not re.search(asked.only, caption):
        return []
    widths = asked.width or (WIDTHS if state.name in EVERY_WIDTH else NARROW_AND_WIDE)
    page = gallery.show(state)
    try:
        return [shoot(page, caption, width, folder, asked.height, not state.do) for width in widths]
    finally:
        page.close()


def shoot(page: Page, caption: str, width: int, folder: Path, height: int, again: bool) -> Picture:
    """`again` loads the page at this width; a page that something was done on only changes its width."""
    page.set_viewport_size({"width": width, "height": height or WIDTHS[width]})
    if again:
        page.reload()
    page.evaluate("document.fonts.ready")
    file = folder / f"{re.sub(r'[^a-z0-9]+', '-', caption.lower()).strip('-')}.{width}.png"
    tall = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
    clip = {"x": 0, "y": 0, "width": width, "height": height or tall}
    page.screenshot(path=file, full_page=not height, clip=clip, timeout=60_000)
    return Picture(f"{caption} · {width}", file, width)


def print_pages(gallery: Gallery, slug: str, folder: Path, asked: argparse.Namespace) -> list[Picture]:
    if not re.search(asked.only, f"pdf {slug}"):
        return []
    answer = gallery.world.client().get(f"/trajecten/{gallery.journeys[slug]}/document.pdf")
    answer.raise_for_status()
    file = folder / f"{slug}.pdf"
    file.write_bytes(answer.content)
    subprocess.run(["pdftoppm", "-r", "80", "-png", str(file), str(folder / slug)], check=True)
    return [Picture(f"pdf {p.stem}", p, 0) for p in sorted(folder.glob(f"{slug}-*.png"))]


def lay_out(rows: list[list[Picture]], to: Path) -> int:
    """Row after row on sheets of a handy height; a row that is too wide goes on below itself."""
    font = ImageFont.load_default(TEXT)
    lines: list[list[tuple[Picture, Image.Image]]] = []
    for row in rows:
        line: list[tuple[Picture, Image.Image]] = []
        for picture in row:
            small = shrink(picture)
            if line and sum(i.width + GAP for _, i in line) + small.width + 2 * GAP > SHEET_WIDTH:
                lines.append(line)
                line = []
            line.append((picture, small))
        lines.append(line)
    sheets = 0
    while lines:
        used, chosen = GAP, []
        while lines and (not chosen or used + tall(lines[0]) < SHEET_HEIGHT):
            used += tall(lines[0])
            chosen.append(lines.pop(0))
        sheets += 1
        paste(chosen, used, font).save(to / f"vel-{sheets:02}.png", optimize=True)
    return sheets


def shrink(picture: Picture) -> Image.Image:
    """The picture at the width of the sheet; what is longer than a sheet can show is cut off below."""
    with Image.open(picture.file) as whole:
        width = SHOWN[picture.width]
        shown = whole.convert("RGB").crop((0, 0, whole.width, min(whole.height, TALLEST * whole.width // width)))
    return shown.resize((width, max(1, shown.height * width // shown.width)), Image.Resampling.LANCZOS)


def tall(line: list[tuple[Picture, Image.Image]]) -> int:
    return max(image.height for _, image in line) + TEXT * 2 + GAP


def paste(lines: list[list[tuple[Picture, Image.Image]]], height: int, font: ImageFont.FreeTypeFont) -> Image.Image:
    sheet = Image.new("RGB", (SHEET_WIDTH, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    top = GAP
    for line in lines:
        left = GAP
        for picture, image in line:
            if not picture.width or left == GAP:  # the widths of one page share the caption of the first
                draw.text((left, top), picture.caption, font=font, fill=INK)
            sheet.paste(image, (left, top + TEXT * 3 // 2))
            left += image.width + GAP
        top += tall(line)
    return sheet


if __name__ == "__main__":
    raise SystemExit(main())
