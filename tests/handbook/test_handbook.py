"""The handbook is reachable, whole, plain and true: what it says to press is really on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from app.content.load import default_pack
from app.core.settings import REPO
from app.handbook import pages
from tests.conftest import World
from tests.content import dutch
from tests.content.test_interface_language import RULES

FILES = sorted(pages.BOOK.glob("*.md"))
NAMES = [file.stem for file in FILES]
MOST_BYTES = 3_000_000  # of all pictures together


@pytest.fixture
def client(as_) -> TestClient:
    return as_("nobody")


@lru_cache
def inline(name: str) -> tuple[Token, ...]:
    """All tokens inside the lines of one file."""
    text = (pages.BOOK / f"{name}.md").read_text("utf-8")
    return tuple(t for block in MarkdownIt("commonmark").parse(text) for t in block.children or ())


def pictures(name: str) -> list[Token]:
    return [t for t in inline(name) if t.type == "image"]


def bold(name: str) -> list[str]:
    """What the handbook says is on the screen, word for word."""
    found: list[str] = []
    inside = False
    for token in inline(name):
        if token.type == "strong_open":
            inside, text = True, ""
        elif token.type == "strong_close":
            inside = False
            found.append(text)
        elif inside:
            text += " " if token.type == "softbreak" else token.content
    return found


@lru_cache
def screen_texts() -> tuple[str, ...]:
    """Everything that can stand on a screen: templates, the code, and the content of the pack."""
    texts = [t.text for t in (*dutch.of_templates(), *dutch.of_code())]
    return (*texts, *(text for _, text in dutch.of_values(default_pack().model_dump(mode="json"))))


def on_screen(label: str) -> bool:
    """Whether these words stand somewhere as they are, or with a value of the traject in a hole."""
    whole = re.compile(rf"(?<!\w){re.escape(label)}(?!\w)")
    for text in screen_texts():
        if whole.search(text):
            return True
        if dutch.HOLE in text and len(text) < 120 and len(dutch.words(text)) > 1:
            shape = r".{1,40}".join(re.escape(part) for part in text.split(dutch.HOLE))
            if re.fullmatch(shape, label):
                return True
    return False


def test_every_file_is_a_page_and_stands_in_the_contents(client: TestClient):
    named = {link.url for link in pages.handbook_page().contents}
    assert named == {pages.address(name) for name in NAMES}
    for name in NAMES:
        answer = client.get(pages.address(name))
        assert answer.status_code == 200, name
        chapter = pages.read_chapter(name)
        assert f"<h1>{chapter.title}</h1>" in answer.text.replace("&#39;", "'")
        assert len(dutch.words(str(chapter.lede))) > 5 and "<h1" not in chapter.body
        assert answer.text.count('aria-current="page"') == 2  # the list beside the text, and the fold of a phone


@pytest.mark.parametrize("name", ["bestaat-niet", "README", "..", "%2e%2e", "../settings", "beginnen.md", "beeld"])
def test_nothing_else_is_a_page(client: TestClient, name: str):
    answer = client.get(f"/handleiding/{name}")
    assert answer.status_code == 404 or answer.url.path != f"/handleiding/{name}"


@pytest.mark.parametrize("name", ["bestaat-niet.png", "..%2f..%2fsettings.md", "../beginnen.md", "x"])
def test_nothing_else_is_a_picture(client: TestClient, name: str):
    assert client.get(f"/handleiding/beeld/{name}").status_code == 404


def test_it_is_for_everybody(world: World, as_):
    for who in ("marieke", "jan", "otto", "nobody"):
        assert as_(who).get("/handleiding/bestuurder").status_code == 200
    assert 'href="/handleiding"' in as_("nobody").get("/aanmelden").text


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(client: TestClient, name: str):
    for token in inline(name):
        target = str(token.attrGet("href") or "")
        if target:
            assert (pages.BOOK / target).is_file(), target
            assert client.get(pages.address(target.removesuffix(".md"))).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_pictures_exist_and_say_what_they_show(client: TestClient, name: str):
    for token in pictures(name):
        source = str(token.attrGet("src"))
        assert (pages.BOOK / source).is_file(), f"{source}: make handbook"
        assert len(token.content) > 20, f"{source} has no words"
        assert client.get(f"/handleiding/{source}").headers["content-type"] == "image/png"
        assert f'src="/handleiding/{source}"' in client.get(pages.address(name)).text


def test_no_picture_is_left_over_and_together_they_are_small():
    used = {Path(str(t.attrGet("src"))).name for name in NAMES for t in pictures(name)}
    files = list(pages.PICTURES.glob("*"))
    assert {f.name for f in files} == used
    assert sum(f.stat().st_size for f in files) < MOST_BYTES
    for file in files:
        with Image.open(file) as picture:
            assert 500 <= picture.width <= 1600, f"{file.name}: {picture.size}"


def test_the_script_makes_exactly_these_pictures():
    script = (REPO / "scripts" / "handbook.py").read_text("utf-8")
    made = set(re.findall(r'^    Shot\(\s*"([a-z-]+)"', script, re.MULTILINE))
    assert made == {Path(str(t.attrGet("src"))).stem for name in NAMES for t in pictures(name)}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_bold_is_really_on_the_screen(name: str):
    assert [label for label in bold(name) if not on_screen(label)] == []


def test_the_measure_of_what_is_on_the_screen():
    assert on_screen("Start een traject") and on_screen("Deel thema A met iedereen") and on_screen("Vul thema A in")
    assert not on_screen("Start een project") and not on_screen("Deel hoofdstuk A met iedereen")
    assert sum(len(bold(name)) for name in NAMES) > 100


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_handbook_is_plain(name: str, rule):
    for line in lines(name):
        assert rule(line) == "", line


def lines(name: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").parse((pages.BOOK / f"{name}.md").read_text("utf-8")):
        if token.type == "inline":
            yield "".join(
                t.content if t.type in ("text", "image") else " " if t.type == "softbreak" else ""
                for t in token.children or ()
            )
