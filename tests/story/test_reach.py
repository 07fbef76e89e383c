"""Every numbered element of the sources is within reach: at most two clicks from the step where it is needed.

Walks the pages of the plan example as its procesbegeleider, two clicks deep from each step, and reads its PDF. Prints what
cannot be reached (run with -s to see the list even when it is empty)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from app.content.pack import Pack, Part
from tests.story.example_world import ExampleWorld

EXCEPTIONS: dict[int, str] = {}  # number → reason
SHOWN = ("text", "label", "title", "term", "lead_question", "lead", "what")
SKIP = re.compile(r"/(toegang|afmelden|document\.pdf|bestand\.json)|[?&](wijzig|klaar)=")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style", "template"):
            self._hidden += 1
        if tag == "a" and (href := dict(attrs).get("href")):
            self.links.append(href.split("#")[0])

    def handle_endtag(self, tag):
        if tag in ("script", "style", "template"):
            self._hidden -= 1

    def handle_data(self, data):
        if not self._hidden:
            self.words.append(data)


def squeezed(text: str) -> str:
    """Only letters and figures: line breaks, quotes and hyphens differ between a page and a PDF."""
    return re.sub(r"[\W_]+", "", text.casefold())


class Reader:
    """Reads pages once; knows what is within two clicks of a page."""

    def __init__(self, client: TestClient):
        self.client = client
        self.pages: dict[str, tuple[str, list[str]]] = {}

    def page(self, url: str) -> tuple[str, list[str]]:
        if url not in self.pages:
            answer = self.client.get(url)
            reader = _Text()
            if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
                reader.feed(answer.text)
            links = [x for x in dict.fromkeys(reader.links) if x.startswith("/") and not SKIP.search(x)]
            self.pages[url] = (squeezed(" ".join(reader.words)), links)
        return self.pages[url]

    def within_two_clicks(self, url: str) -> Iterator[str]:
        seen, now = {url}, [url]
        for depth in range(3):
            following: list[str] = []
            for one in now:
                text, links = self.page(one)
                yield text
                following += [x for x in links if x not in seen and depth < 2]
                seen.update(links)
            now = following


def parts_with_elements(part: object) -> Iterator[Part]:
    if isinstance(part, Part):
        if getattr(part, "elements", ()) and not isinstance(part, Pack):
            yield part
        for name in type(part).model_fields:
            yield from parts_with_elements(getattr(part, name))
    elif isinstance(part, tuple):
        for one in part:
            yield from parts_with_elements(one)


def shown_text(part: Part) -> str:
    return next((getattr(part, name) for name in SHOWN if isinstance(getattr(part, name, None), str)), "")


def step_of(where: str, url: str, pack: Pack) -> str:
    """The page of the step that the element list names."""
    where = where.split(" en ")[0]
    if found := re.search(r"thema ([A-Z])$", where):
        theme = next(t.slug for t in pack.themes if t.letter == found[1])
        return f"{url}/gesprek/{theme}" if where.startswith("Praktijk") else f"{url}/waar-staan-we/{theme}"
    if found := re.search(r"hoofdstuk (\d)", where):
        return f"{url}/plan/{next(c.slug for c in pack.chapters if c.number == int(found[1]))}"
    for word, page in (
        ("Startpagina", "/"),
        ("Bronnen", "/over"),
        ("Verkenning", f"{url}/verkenning"),
        ("Achtergrond", f"{url}/verkenning"),
        ("Opzet", f"{url}/opzet"),
        ("Tabel", f"{url}/waar-staan-we"),
        ("Thema", f"{url}/waar-staan-we"),
        ("Praktijk", f"{url}/gesprek"),
        ("Gesprek", f"{url}/gesprek"),
        ("Conclusies", f"{url}/conclusies"),
        ("Stappenbalk", url),
    ):
        if where.startswith(word):
            return page
    raise AssertionError(f"unknown place: {where}")


@pytest.mark.parametrize("example", ["meerwijk"])
def test_every_element_is_within_two_clicks(example_world: ExampleWorld, example: str):
    pack = example_world.pack
    url = f"/trajecten/{example_world.journeys[example]}"
    reader = Reader(example_world.client())
    parts: dict[int, list[Part]] = {}
    for part in parts_with_elements(pack):
        for number in part.elements:
            parts.setdefault(number, []).append(part)
    front = {number: (*pack.intro, pack.meeting_length) for number in pack.intro_elements}
    pdf = squeezed(example_world.pdf_text(example))
    missing: list[str] = []
    for element in pack.elements:
        if element.cls != "inhoud":
            continue
        texts = {squeezed(shown_text(p)): shown_text(p) for p in parts.get(element.number, [])}
        texts |= {squeezed(text): text for text in front.get(element.number, ())}
        start = step_of(element.where, url, pack)
        left = dict(texts)
        for page in reader.within_two_clicks(start):
            left = {k: v for k, v in left.items() if k not in page}
            if not left:
                break
        left = {k: v for k, v in left.items() if k not in pdf}
        if (left or not texts) and element.number not in EXCEPTIONS:
            missing.append(f"{element.number} ({element.where}): {'; '.join(left.values()) or 'geen tekst'}"[:200])
    print(f"Niet te bereiken: {missing or 'geen'}. Uitzonderingen: {EXCEPTIONS}")
    assert not missing, "\n".join(missing)
