"""From nothing to the PDF: a procesbegeleider and four parties, each in an own browser, one on a phone of 320 px.

What they typed is read back from the PDF; what they kept to themselves is not in it. They go the same way again without
JavaScript, and leave the same behind."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.story.conftest import Server
from tests.story.steps import Thumb, choose, enter, field_of, invite, saved, start_journey, tap_theme, write

pytestmark = pytest.mark.browser
PARTIES = {
    "Stichting De Kreek": "schoolbestuur vroegschools en po",
    "Stichting De Polder": "schoolbestuur vroegschools en po",
    "Stichting Het Wad": "schoolbestuur vo",
    "Kinderopvang Zeester": "kinderopvang of voorschoolse instelling",
}
PEOPLE = {
    "Stichting De Kreek": "Anna Kreek",
    "Stichting De Polder": "Bert Polder",
    "Stichting Het Wad": "Carla Wad",
    "Kinderopvang Zeester": "Dirk Zeester",
}
TAPS = {"beleid": "Voeren wij uit", "belang": "Deels", "wens": "Afstemmen"}  # 'Ja' of the verdeling is 'Deels' here too


def fill_theme(page: Page, journey: str, theme: str, state: str, text: str, wish: str, share: bool = True) -> None:
    """Somebody at a laptop: one choice and one text, one wish, the verdeling, and share."""
    page.goto(f"{journey}/waar-staan-we/{theme}")
    first = page.locator("main section.item-card").first
    if first.count():
        choose(first, state if first.get_by_text(state, exact=True).count() else "Ja")
        write(first, re.compile("Wat doet u precies|Wat merkt u"), text)
    together = page.get_by_role("region", name="Samen met anderen")
    choose(together, wish)
    choose(page.get_by_role("group", name="Klopt deze verdeling voor u?"), "Ja")
    if share:
        page.get_by_role("button", name=re.compile("^Deel thema")).click()
        expect(page.get_by_text(re.compile(r"Gedeeld op")).first).to_be_visible()


def agree(
    page: Page, journey: str, theme: str, item: str, outcome: str, because: str, what: str, who: str, when: str
) -> None:
    """At the table: an uitkomst with a reason, and an afspraak under it."""
    page.goto(f"{journey}/gesprek/{theme}")
    point = page.get_by_role("region", name=item, exact=True)
    choose(point.get_by_role("group", name="Welke uitkomst kiest u samen?"), outcome)
    write(point, re.compile("^Omdat"), because)
    page.reload()
    point = page.get_by_role("region", name=item, exact=True)
    point.get_by_text("Afspraak toevoegen").click()
    form = point.locator("form", has=page.get_by_label("Wat spreken wij af?"))
    form.get_by_label("Wat spreken wij af?").fill(what)
    form.get_by_label("Wie zorgt hiervoor?").select_option(label=who)
    form.get_by_label("Wanneer is het klaar?").fill(when)
    form.get_by_role("button", name="Voeg toe").click()
    expect(page.get_by_text(what).first).to_be_visible()


def pdf_text(page: Page, tmp_path: Path) -> str:
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("link", name="Download als PDF").click(timeout=60_000)
    path = tmp_path / "plan.pdf"
    waiting.value.save_as(path)
    assert waiting.value.suggested_filename.endswith(".pdf")
    text = subprocess.run(["/usr/bin/pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def told() -> dict[bool, tuple[str, str]]:
    """What each way left behind: the journey as a file, and the text of the PDF."""
    return {}


def exported(server: Server, journey: str, folder: Path) -> str:
    """The journey as a file. Only the moments differ between two runs: ids are numbered within the file."""
    path = folder / "traject.json"
    command = [str(Path(sys.executable).with_name("driekolom")), "traject", "export", journey.rsplit("/", 1)[1]]
    subprocess.run([*command, "--to", path, "--scope", "traject"], env=server.env(), capture_output=True, check=True)
    return re.sub(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(Z|[+-]\d\d:\d\d)?", "<moment>", path.read_text())


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_nothing_to_the_pdf(server: Server, desk, tmp_path: Path, told: dict, javascript: bool):
    desk = partial(desk, server, javascript=javascript)
    facilitator = desk().open(server.url)
    journey = start_journey(facilitator, "Ouders in Waterveen", "Waterveen", PARTIES)
    links = {party: invite(facilitator, journey, party, name) for party, name in PEOPLE.items()}
    facilitator.goto(f"{journey}/verkenning")
    choose(facilitator.locator("main"), "Ja, het is zinvol om verder te gaan")
    write(facilitator, "Waarom kiest u dit?", "Omdat ouders vier verhalen horen.")

    # A board member on a phone of 320 px, by taps only.
    phone = desk(width=320, height=640, has_touch=True, is_mobile=True)
    thumb = Thumb(phone.context.new_page())
    enter(thumb.page, links["Stichting De Kreek"])
    taps = {}
    for theme in "abcd":
        thumb.page.goto(f"{journey}/waar-staan-we/{theme}")
        assert thumb.page.evaluate("document.documentElement.scrollWidth") <= 320
        taps[theme] = tap_theme(thumb, TAPS)
    print(f"taps per theme: {taps}, together {sum(taps.values())}")
    presses = 1 if javascript else 2  # without JavaScript each answer has its button
    assert max(taps.values()) <= 12 * presses
    assert sum(taps.values()) <= 45 * presses

    # Three at a laptop; Carla keeps theme C to herself.
    laptops: dict[str, Page] = {}
    for party, name in list(PEOPLE.items())[1:]:
        page = laptops[party] = desk().context.new_page()
        enter(page, links[party])
        for theme in "abcd":
            text = f"{name} zegt bij {theme.upper()}: wij spreken elke ouder."
            kept = party == "Stichting Het Wad" and theme == "c"
            fill_theme(
                page,
                journey,
                theme,
                "Mee bezig",
                "GEHEIM van Carla." if kept else text,
                "Samen optrekken",
                share=not kept,
            )
    for theme in "abcd":
        fill_theme(
            facilitator, journey, theme, "Voeren wij uit", f"De gemeente zegt iets bij {theme.upper()}.", "Uitwisselen"
        )
    facilitator.goto(f"{journey}/waar-staan-we/c/naast-elkaar")
    expect(facilitator.locator("main")).to_contain_text("nog niet gedeeld")
    assert "GEHEIM" not in facilitator.content()
    assert "GEHEIM" not in laptops["Kinderopvang Zeester"].content()

    # The conversation, the conclusions.
    agree(
        facilitator, journey, "b", "VVE: afstemming tussen voor- en vroegschools", "Samen optrekken",
        "Peuters verdwijnen uit beeld.", "Wij dragen elke peuter warm over.", "Kinderopvang Zeester", "september 2027",
    )  # fmt: skip
    facilitator.goto(f"{journey}/conclusies")
    for number in (4, 5):
        choose(facilitator.locator("main"), f"Wij kiezen conclusie {number}")
    polder = laptops["Stichting De Polder"]
    polder.goto(f"{journey}/conclusies")
    support = polder.get_by_role("region", name=re.compile("^5\\. ")).get_by_role(
        "group", name="Wat vindt uw partij van deze conclusie?"
    )
    choose(support, "Wij onderschrijven dit")

    # The plan.
    for chapter in ("inleiding", "inventarisatie", "visie-en-doelen", "partijen", "monitoring", "stappenplan"):
        facilitator.goto(f"{journey}/plan/{chapter}")
        button = facilitator.get_by_role("button", name=re.compile("^Vul voor"))
        if button.count():
            button.click()
            facilitator.wait_for_load_state()
    facilitator.goto(f"{journey}/plan/visie-en-doelen")
    facilitator.get_by_role("button", name="Doel toevoegen").click()
    facilitator.wait_for_load_state()
    fill_goal(facilitator)
    facilitator.goto(f"{journey}/plan/partijen")
    choose(facilitator.get_by_role("group", name="Wie heeft de regie?"), "Gemeente Waterveen")
    facilitator.goto(f"{journey}/plan/stappenplan")
    add_budget(facilitator)

    facilitator.goto(f"{journey}/document")
    text = pdf_text(facilitator, tmp_path)
    for expected in (
        "Ouders in Waterveen", "Gemeente Waterveen", *PARTIES, "Omdat ouders vier verhalen horen", "Peuters verdwijnen uit beeld",
        "Wij dragen elke peuter warm over", "september 2027", "85 %", "april 2029", "€ 12.500", "Concept",
        *(f"{PEOPLE[p]} zegt bij {t}: wij spreken elke ouder" for p in list(PARTIES)[1:3] for t in "AB"),
        *(f"De gemeente zegt iets bij {t}" for t in "ABCD"),
    ):  # fmt: skip
        assert re.sub(r"\s+", " ", expected) in text, expected
    assert "GEHEIM" not in text
    assert re.search(r"Gemeente Waterveen[^.]*regie|regie[^.]*Gemeente Waterveen", text, re.I)
    told[javascript] = exported(server, journey, tmp_path), text


def test_without_javascript_it_is_the_same(told: dict):
    if len(told) < 2:
        pytest.skip("needs both ways in one run")
    for with_script, without in zip(told[True], told[False], strict=True):
        assert with_script.split("\n") == without.split("\n")


def fill_goal(page: Page) -> None:
    """Fills the newest goal, so that the check has nothing to ask."""
    form = page.locator("main")
    if not page.get_by_label("Wat is er dan anders?").last.is_visible():
        page.get_by_text(re.compile("^Vul in en wijzig")).last.click()
    for label, value in {
        "Wat is er dan anders?": "vindt dat de school goed helpt bij het leren thuis",
        "Hoeveel wilt u bereiken?": "85 %",
        "Voor wie?": "de ouders van kinderen op de basisschool",
        "Wanneer is het bereikt?": "april 2029",
        "Wat telt u precies?": "het percentage dat goed of zeer goed antwoordt",
        "Waarmee meet u dit?": "een vragenlijst onder ouders",
        "Wanneer meet u dit?": "elk jaar in april",
    }.items():
        box = form.get_by_label(label, exact=True).last
        box.fill(value)
        saved(field_of(box))
    known = form.get_by_role("group", name="Weet u hoe het nu is?").last
    choose(known, "Nee, dat meten wij eerst")
    owner = form.get_by_label("Welke partij zorgt hiervoor?").last
    owner.select_option(label="Stichting De Kreek")
    saved(field_of(owner))


def add_budget(page: Page) -> None:
    """A line is made with what it is for; then its fields stand open."""
    page.get_by_text("Begrotingsregel toevoegen").first.click()
    form = page.locator("form", has=page.get_by_role("button", name="Voeg regel toe"))
    form.get_by_label("Waarvoor is het geld?").fill("Vragenlijst onder ouders")
    form.get_by_role("button", name="Voeg regel toe").click()
    row = page.locator("article.goal", has=page.get_by_text("Vragenlijst onder ouders")).last
    expect(row).to_be_visible()
    if not row.get_by_label("In welk jaar?").is_visible():
        row.get_by_text(re.compile("^Wijzig")).first.click()
    for label, value in {
        "In welk jaar?": "2028",
        "Hoeveel euro?": "12.500",
        "Waar komt het geld vandaan?": "begroting onderwijs",
    }.items():
        write(row, label, value)
    sure = row.get_by_role("group", name="Is dit geld zeker?")
    choose(sure, "Zeker")
    page.reload()
    expect(page.get_by_text("€\u00a012.500").first).to_be_visible()
