"""A house style changes how things look and nothing else: what is refused, who gets it, and that it can be read."""

from __future__ import annotations

import io
import re
import struct
import zlib

import pytest
import tinycss2
from sqlmodel import select

from app import cli
from app.core.errors import Invalid
from app.core.rendering import STATIC
from app.core.settings import Settings
from app.document.pages import paper, style_of
from app.style import actions, theme
from app.style.logo import MOST_PIXELS, PNG, SVG, checked_logo
from app.style.models import HouseStyle
from app.style.theme import PAIRS, checked_theme, contrast, contrast_problems
from tests.conftest import World
from tests.installation.test_manage import manager  # noqa: F401  (a fixture)

GOOD = """/* van de ontwerper */
.gemeente-theme {
  --meerwijk-rood: #8a1538;
  --basis-color-action-1-inverse-bg-default: var(--meerwijk-rood);
  --basis-color-action-2-color-default: var(--meerwijk-rood);
  --nl-button-border-radius: 4px;
}
"""


def svg(inside: str) -> bytes:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {names} viewBox="0 0 10 10">{inside}</svg>'.encode()


def png(width: int = 2, height: int = 2, extra: bytes = b"") -> bytes:
    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x80\x10\x20" * min(width, 4) for _ in range(min(height, 4)))
    parts = (
        part(b"IHDR", head),
        extra and part(b"tEXt", extra),
        part(b"IDAT", zlib.compress(rows)),
        part(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


# ---- a theme ----


def test_a_good_theme_is_written_anew_and_nothing_else():
    made = checked_theme(GOOD)
    assert made.startswith(".gemeente-theme {\n  --meerwijk-rood: #8a1538;\n") and "ontwerper" not in made
    assert made.count("--") == 6 and checked_theme(made) == made


def test_the_usual_colours_of_the_product_pass_every_pair():
    assert contrast_problems({}) == []


@pytest.mark.parametrize(
    ("css", "words"),
    [
        ("@import 'https://kwaad.example/x.css';", "Regel 1: ‘@import’ kan niet"),
        ("@font-face { src: url(x) }", "‘@font-face’ kan niet"),
        ("body { color: red }", "‘body’ kan niet. Zet alles in één blok"),
        (".gemeente-theme, body { --a: 1 }", "kan niet. Zet alles in één blok"),
        (".gemeente-theme {\n\n  color: red }", "Regel 3: ‘color’ kan niet"),
        (".gemeente-theme { --a: url(https://kwaad.example) }", "‘url(…)’ kan niet"),
        (".gemeente-theme { --a: u\\72l(https://kwaad.example) }", "‘url(…)’ kan niet"),
        (".gemeente-theme { --a: URL( 'data:x' ) }", "‘url(…)’ kan niet"),
        (".gemeente-theme { --a: image-set('x' 1x) }", "‘image-set(…)’ kan niet"),
        (".gemeente-theme { --a: expression(alert(1)) }", "‘expression(…)’ kan niet"),
        (".gemeente-theme { --a: calc(1px + src('x')) }", "‘src(…)’ kan niet"),
        (".gemeente-theme { --a: paint(x) }", "‘paint(…)’ kent Driekolom niet"),
        (".gemeente-theme { --dk-ink: #000 }", "is een naam van Driekolom zelf"),
        (".gemeente-theme { --a: 1 } body { color: red }", "Zet alles in één blok"),
        (".gemeente-theme { --a: 1 }} body { color: red }", "Zet alles in één blok"),
        (".gemeente-theme { a { --b: 1 } }", "is niet te lezen"),
        (".gemeente-theme { --a: { color: red } }", "kan niet in een waarde"),
        ("", "staat geen enkele waarde"),
        (".gemeente-theme { }", "staat geen enkele waarde"),
        ("GIF89a", "is niet te lezen"),
        (".gemeente-theme { --nl-link-color: var(--x); --x: var(--nl-link-color) }", "in een kring"),
        (".gemeente-theme { --nl-link-color: rgb(0 0 0 / 40%) }", "(bij --nl-link-color) is doorzichtig"),
        (".gemeente-theme { --nl-link-color: blauw }", "geen kleur die Driekolom kan uitrekenen"),
        (r".gemeente-theme { --a\7d\20 body\7b display\3anone\7d : 1 }", "kan geen naam zijn"),
        (".gemeente-theme { --\u00e9: 1 }", "kan geen naam zijn"),
        (".gemeente-theme { --ink: #fff }", "‘--ink’ is een naam van Driekolom zelf"),
        (".gemeente-theme { --samen-kleur: #fff }", "is een naam van Driekolom zelf"),
        (".gemeente-theme { --onder: 9999px }", "is een naam van Driekolom zelf"),
        (".gemeente-theme { --a: <!-- x --> }", "kan niet in een waarde"),
        (".gemeente-theme { --a: [x] }", "kan niet in een waarde"),
        (".gemeente-theme { --a: x! }", "kan niet in een waarde"),
        (".gemeente-theme { --a: x @media }", "kan niet in een waarde"),
        (".gemeente-theme { --basis-color-default-border-subtle: #000, 0 0 0 9999px #000 }", "geen kleur die"),
        (".gemeente-theme { --basis-color-accent-2-border-default: #000, 0 0 0 9999px #000 }", "geen kleur die"),
        (".gemeente-theme { --basis-text-font-family-default: Wingdings, sans-serif }", "(bij --basis-text-font-family-default) kan niet"),
        (".gemeente-theme { --basis-text-font-family-default: 'Font Awesome 6', serif }", "eindig met sans-serif"),
        (".gemeente-theme { --basis-heading-font-family: fantasy }", "(bij --basis-heading-font-family) kan niet"),
        (".gemeente-theme { --basis-heading-font-family: Arial }", "eindig met sans-serif"),
        (".gemeente-theme { --x: x; --basis-heading-font-family: 0px, var(--x), serif }", "eindig met sans-serif"),
        (".gemeente-theme { --basis-heading-font-weight: 1 }", "Schrijf hoe dik"),
        (".gemeente-theme { --nl-button-border-radius: calc(1px * 900) }", "Schrijf hoe rond"),
        (".gemeente-theme { --basis-text-font-family-default: var(--y); --y: var(--basis-text-font-family-default) }", "in een kring"),
        (".gemeente-theme { --a: " + "x" * 200_000 + " }", "te groot"),
    ],
)  # fmt: skip
def test_what_is_no_plain_value_is_refused_with_its_line(css: str, words: str):
    with pytest.raises(Invalid) as refused:
        checked_theme(css)
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("token", "value", "words"),
    [
        ("--basis-color-default-color-document", "#9a9a9a", "Tekst op de achtergrond is niet goed te lezen: het contrast is 2,6"),
        ("--basis-color-default-color-document", "#fff", "Tekst op papier is niet goed te lezen"),
        ("--nl-link-color", "hsl(50 100% 50%)", "Een link op de achtergrond is niet goed te lezen"),
        ("--nl-button-primary-background-color", "#7fb8c8", "De tekst op een knop is niet goed te lezen"),
        ("--nl-button-primary-hover-color", "#07343e", "De tekst op een knop met de muis erop"),
        ("--basis-color-accent-2-bg-subtle", "#305020", "de middelste kolom"),
        ("--basis-focus-outline-color", "#ffe000", "De lijn om wat u aanwijst, op de achtergrond is niet goed te zien"),
        ("--basis-color-default-border-default", "#ddd", "De rand van een invulveld op de achtergrond is niet goed te zien"),
        ("--basis-color-negative-color-default", "#f88", "Een foutmelding op de achtergrond"),
        ("--basis-color-default-border-default", "#8f8a80", "De rand van een keuzevakje op de rechterkolom"),
        ("--basis-form-control-background-color", "#8a1538", "Een link op een invulveld is niet goed te lezen"),
    ],
)  # fmt: skip
def test_a_pair_that_cannot_be_read_is_refused_with_both_colours(token: str, value: str, words: str):
    with pytest.raises(Invalid) as refused:
        checked_theme(f".gemeente-theme {{ --eigen-kleur: {value}; {token}: var(--eigen-kleur) }}")
    assert words in refused.value.message and "moet minstens" in refused.value.message
    assert re.search(r"\(#[0-9a-f]{6} op #[0-9a-f]{6}\)", refused.value.message)


def test_contrast_is_that_of_wcag():
    assert round(contrast((0, 0, 0), (1, 1, 1)), 2) == 21.0
    grey = (0x76 / 255,) * 3
    assert round(contrast(grey, (1, 1, 1)), 2) == 4.54


def test_everything_that_the_pages_take_from_a_theme_is_looked_at():
    """A token of our own that nothing looks at could be made unreadable by a theme."""
    names, _ = theme._own_tokens()
    taken = {name for name, value in names.items() if re.search("--(basis|nl|utrecht)-", tinycss2.serialize(value))}
    looked_at = {name for pair in PAIRS for name in (pair.front, pair.back)}
    assert taken - looked_at - {*theme.LINES, *theme.FONTS, *theme.WEIGHTS, *theme.LENGTHS} == set()


@pytest.mark.parametrize("file", ["driekolom.css", "paper.css"])
def test_the_pages_take_nothing_from_a_theme_past_their_own_names(file: str):
    """Each token of a theme is read in one place, the list of our names; paper reads tokens that the screen reads too."""
    css = (STATIC / "css" / file).read_text("utf-8")
    own = {tinycss2.serialize(value) for value in theme._own_tokens()[0].values()}
    for line in css.splitlines():
        for token in re.findall(r"var\((--(?!dk-)[a-z0-9-]+)", line):
            if token not in theme._own_names():
                assert re.match(r"\s+--[a-z-]+: var\(", line), f"{file} reads {token} outside the list"
                assert any(token in value for value in own), f"nothing looks at {token}"


def test_the_css_that_a_theme_becomes_holds_one_rule_with_values_only():
    """Whatever is let through: read again by a reader of css, it is one block of custom properties."""
    for name in ("a", "a-b", "A_1"):
        made = checked_theme(f".gemeente-theme {{ --{name}: '</style>}}' \\7d x 1px, calc(1px + (2px * 3)) #abc }}")
        rules = tinycss2.parse_stylesheet(made, skip_whitespace=True)
        assert [r.type for r in rules] == ["qualified-rule"]
        parts = tinycss2.parse_blocks_contents(rules[0].content, skip_whitespace=True)
        assert [p.name for p in parts] == [f"--{name}"]


def test_the_theme_of_the_server_itself_is_looked_at(tmp_path, capsys):
    """It may hold more than values, and it is not refused: who starts the server reads what cannot be read."""
    path = tmp_path / "theme.css"
    path.write_text("@font-face { font-family: x } .gemeente-theme { --nl-link-color: #ffd }")
    cli._look_at_theme(Settings(theme_css=str(path)))
    said = capsys.readouterr().err
    assert "Let op, DRIEKOLOM_THEME_CSS: Een link op de achtergrond is niet goed te lezen" in said
    assert "font-face" not in said
    path.write_text(GOOD)
    cli._look_at_theme(Settings(theme_css=str(path)))
    assert capsys.readouterr().err == ""


def test_tokens_that_double_at_every_step_take_no_time():
    steps = "".join(f"--a{n}: var(--a{n - 1}) var(--a{n - 1});" for n in range(1, 60))
    with pytest.raises(Invalid):
        checked_theme(f".gemeente-theme {{ --a0: ; {steps} }}")


# ---- a logo ----


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<script>alert(1)</script>", "‘script’"),
        ("<g><foreignObject><b/></foreignObject></g>", "‘foreignObject’"),
        ('<rect onload="alert(1)"/>', "uitgevoerd"),
        ('<rect ONCLICK="alert(1)"/>', "uitgevoerd"),
        ('<a href="javascript:alert(1)"><rect/></a>', "‘a’"),
        ('<image href="https://kwaad.example/x.png"/>', "‘image’"),
        ('<use xlink:href="https://kwaad.example/x.svg#a"/>', "andere plek"),
        ('<use href="data:image/svg+xml,x#a"/>', "andere plek"),
        ('<rect fill="url(https://kwaad.example/x)"/>', "andere plek"),
        ('<rect style="fill:u\\72l(https://kwaad.example)"/>', "andere plek"),
        ("<style>@import 'https://kwaad.example';</style>", "‘@import’"),
        ("<style>.a{fill:url(//kwaad.example)}</style>", "andere plek"),
        ('<animate attributeName="href" to="x"/>', "‘animate’"),
        ('<set attributeName="onload" to="x"/>', "‘set’"),
        ('<filter id="a"/>', "‘filter’"),
        ('<g id="a"><use href="#b"/></g><use href="#a"/>', "gekopieerd"),
        ("<g>" * 60 + "</g>" * 60, "te veel delen"),
        ("<rect/>" * 6_000, "te veel delen"),
    ],
)  # fmt: skip
def test_a_logo_that_runs_or_fetches_is_refused(inside: str, words: str):
    with pytest.raises(Invalid) as refused:
        checked_logo(svg(inside))
    assert words in refused.value.message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"\xff\xfe<\0s\0v\0g\0",
        b"<svg",
        b"<html/>",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + svg("<text>&a;</text>"),
        b'<!DOCTYPE svg [<!ENTITY % x SYSTEM "file:///etc/passwd">%x;]>' + svg(""),
        b"x" * 200_001,
        png()[:-3],
        png()[:45] + b"\7" + png()[46:],
        png(MOST_PIXELS + 1, 1),
        png(0, 1),
        png()[:33],
    ],
)
def test_other_and_damaged_files_are_refused(content: bytes):
    with pytest.raises(Invalid):
        checked_logo(content)


def test_a_logo_is_written_anew():
    kind, made = checked_logo(
        b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">'
        + svg(
            '<!-- ik --><metadata>wie</metadata><style>.a{fill:#8a1538;behavior:x}</style><path class="a" data-x="y" d="M0 0h9"/>'
        )
    )
    assert kind == SVG
    assert (
        made
        == b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><style>.a{fill:#8a1538}</style><path class="a" d="M0 0h9" /></svg>'
    )
    assert checked_logo(made)[1] == made
    kind, made = checked_logo(png(extra=b"Author\0Jan"))
    assert kind == PNG and made == png()
    from PIL import Image

    assert Image.open(io.BytesIO(made)).size == (2, 2)


# ---- whose it is ----


def put(world: World, tenant: str, css: str = GOOD, alt: str = "Gemeente Meerwijk") -> str:
    """A style that is in use; its mark."""
    with world.database.write() as tx:
        actions.offer_theme(tx, tenant, css.encode())
        mark = actions.offer_logo(tx, tenant, svg("<rect width='9' height='9'/>"), alt).mark
        actions.take_over(tx, tenant, mark)
    return mark


def test_each_gemeente_sees_its_own_style_on_every_page(world: World):
    mine, theirs = (
        put(world, "meerwijk"),
        put(world, "anderstad", GOOD.replace("8a1538", "20603c"), "Gemeente Anderstad"),
    )
    jan, otto = world.client("jan"), world.client("otto")
    for browser, page, own, other in ((jan, world.url, mine, theirs), (jan, "/", mine, theirs), (otto, "/", theirs, mine),
                                      (otto, f"/trajecten/{world.foreign}", theirs, mine)):  # fmt: skip
        html = browser.get(page).text
        assert f"/{own}/theme.css" in html and f"/{own}/logo" in html and other not in html, page
    assert 'alt="Gemeente Meerwijk"' in jan.get(world.url).text
    assert mine not in world.client().get("/").text
    css = jan.get(f"/huisstijl/meerwijk/{mine}/theme.css")
    assert css.headers["content-type"].startswith("text/css") and "immutable" in css.headers["cache-control"]
    assert "#8a1538" in css.text and "default-src 'none'" in css.headers["content-security-policy"]
    logo = jan.get(f"/huisstijl/meerwijk/{mine}/logo")
    assert logo.headers["content-type"] == SVG and "sandbox" in logo.headers["content-security-policy"]
    for wrong in (f"/huisstijl/meerwijk/{theirs}/theme.css", f"/huisstijl/anderstad/{mine}/logo", f"/huisstijl/meerwijk/{mine}/anders",
                  "/huisstijl/meerwijk/0000/logo"):  # fmt: skip
        assert jan.get(wrong).status_code == 404, wrong


def test_the_document_has_the_style_of_its_own_gemeente(world: World):
    put(world, "meerwijk"), put(world, "anderstad", GOOD.replace("8a1538", "20603c"))
    with world.database.read() as tx:
        here = world.here(tx)
        _, html = paper(here)
        style = style_of(here)
    assert 'alt="Gemeente Meerwijk"' in html and style.logo[0] == SVG
    assert style.theme.startswith(":root {") and "#8a1538" in style.theme and "20603c" not in style.theme


def test_a_page_that_was_kept_gets_the_new_style(world: World, manager):  # noqa: F811
    jan = world.client("jan")
    assert "/huisstijl/" not in jan.get(world.url).text + jan.get(world.url).text
    url = "/beheer/gemeenten/meerwijk/huisstijl"
    manager.post(f"{url}/kleuren", files={"theme": ("theme.css", GOOD.encode())})
    assert "/huisstijl/" not in jan.get(world.url).text, "only looked at"
    mark = re.search(r'name="merk" value="(\w+)"', manager.get(url).text)[1]
    assert manager.post(f"{url}/overnemen", data={"merk": mark}).status_code == 303
    assert f"/huisstijl/meerwijk/{mark}/theme.css" in jan.get(world.url).text


# ---- the page ----


def test_a_style_is_looked_at_before_it_is_taken_over(world: World, manager):  # noqa: F811
    url = "/beheer/gemeenten/meerwijk/huisstijl"
    assert manager.get(f"{url}/voorbeeld").status_code == 410
    answer = manager.post(f"{url}/kleuren", files={"theme": ("theme.css", GOOD.encode())})
    assert answer.headers["location"] == f"{url}?klaar=klaar"
    answer = manager.post(f"{url}/logo", files={"logo": ("logo.png", png())}, data={"alt": "Gemeente Meerwijk"})
    assert answer.status_code == 303
    shown = manager.get(url).text
    assert "4 waarden voor kleur en letter" in shown and "Logo: Gemeente Meerwijk" in shown
    mark = re.search(r'name="merk" value="(\w+)"', shown)[1]
    assert f"/huisstijl/meerwijk/{mark}/theme.css" in manager.get(f"{url}/voorbeeld").text
    css = f"/huisstijl/meerwijk/{mark}/theme.css"
    assert manager.get(css).headers["cache-control"] == "no-store"
    assert world.client("jan").get(css).status_code == 404 and world.client().get(css).status_code == 404
    manager.post(f"{url}/logo", files={"logo": ("logo.svg", svg("<rect/>"))}, data={"alt": "Anders"})
    assert manager.post(f"{url}/overnemen", data={"merk": mark}).status_code == 409, "not what was shown"
    mark = re.search(r'name="merk" value="(\w+)"', manager.get(url).text)[1]
    assert manager.post(f"{url}/overnemen", data={"merk": mark}).status_code == 303
    assert manager.post(f"{url}/overnemen", data={"merk": mark}).status_code == 410
    assert world.client("jan").get(css.replace(css.split("/")[3], mark)).status_code == 200
    assert manager.post(f"{url}/zonder/kleuren").status_code == 303
    mark = re.search(r'name="merk" value="(\w+)"', manager.get(url).text)[1]
    manager.post(f"{url}/overnemen", data={"merk": mark})
    assert f"/{mark}/logo" in world.client("jan").get(world.url).text
    assert f"/{mark}/theme.css" not in world.client("jan").get(world.url).text
    with world.database.read() as tx:
        assert len(tx.exec(select(HouseStyle)).all()) == 1, "nothing of before is left"
    assert manager.post(f"{url}/zonder/alles").status_code == 404


def test_what_is_wrong_with_a_file_is_said_at_the_field(world: World, manager):  # noqa: F811
    url = "/beheer/gemeenten/meerwijk/huisstijl"
    for files in (
        {},
        {"theme": ("x.css", b"\xff")},
        {"theme": ("x.css", b".gemeente-theme { --nl-link-color: #ccc }")},
    ):
        answer = manager.post(f"{url}/kleuren", files=files or {"x": ("y", b"z")})
        assert answer.status_code == 422 and 'id="theme-fout"' in answer.text
    assert "Een link op de achtergrond is niet goed te lezen" in answer.text
    answer = manager.post(f"{url}/logo", files={"logo": ("x.svg", svg("<script/>"))}, data={"alt": ""})
    assert answer.status_code == 422 and "‘script’" in answer.text and "Vul in wat er op het logo staat" in answer.text
    with world.database.read() as tx:
        assert tx.exec(select(HouseStyle)).all() == []


@pytest.mark.parametrize("logo", [png(), svg("<rect width='9' height='9' fill='#8a1538'/>")])
def test_the_cover_can_be_looked_at_on_paper(world: World, manager, logo: bytes):  # noqa: F811
    url = "/beheer/gemeenten/meerwijk/huisstijl"
    manager.post(f"{url}/kleuren", files={"theme": ("theme.css", GOOD.encode())})
    manager.post(f"{url}/logo", files={"logo": ("logo", logo)}, data={"alt": "Gemeente Meerwijk"})
    answer = manager.get(f"{url}/voorbeeld.pdf")
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF")
