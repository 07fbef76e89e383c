"""Filling in the own column: every field, who may, what others see, sharing and going back."""

import re

import pytest

from app.journey.actions import mark_step
from tests.conftest import World
from tests.litany import Write, recite
from tests.screening.conftest import PART, Screen

STATE = "onderwijsondersteunend-gedrag-bevorderen/stand"
WORDS = "onderwijsondersteunend-gedrag-bevorderen/toelichting"
WISH = "onderwijsondersteunend-gedrag/wens"
CANARY = "Kanarie zegt: alleen voor De Linde"

FIELDS = [
    ("b", STATE, "bezig", "geborgd", "onzin"),
    ("b", WORDS, "Elke school doet dit.", "Iets anders.", "x" * 10_001),
    ("d", "ontlasten-scholen/herkent", "ja", "deels", "nvt"),
    ("d", "ontlasten-scholen/toelichting", "Minder vragen.", "Meer rust.", "x" * 10_001),
    ("b", WISH, "afstemmen", "optrekken", "al-geregeld"),
    ("b", "vve-afstemming/wens", "al-geregeld", "optrekken", "niets"),
    ("b", "vve-afstemming/waarom", "In het convenant.", "Nergens.", "x" * 10_001),
    ("b", "verdeling", "deels", "nee", "misschien"),
    ("b", "verdeling-anders", "Peuters horen bij ons.", "Niets.", "x" * 10_001),
]


@pytest.mark.parametrize("theme, name, good, other, bad", FIELDS, ids=[f[1] for f in FIELDS])
def test_every_field(world: World, screen: Screen, theme, name, good, other, bad):
    url = screen.url(theme, f"veld/{name}")
    recite(world, Write(url, by="jan", good=good, other=other, bad=bad, not_by=["pieter"], step="waar-staan-we"))


@pytest.mark.parametrize("theme, name, good, other, bad", FIELDS, ids=[f[1] for f in FIELDS])
def test_every_field_on_behalf(world: World, screen: Screen, theme, name, good, other, bad):
    url = screen.url(theme, f"veld/{name}", "linde")
    not_by = ["jan", "karin", "pieter", "fatima"]
    recite(world, Write(url, by="marieke", good=good, other=other, bad=bad, not_by=not_by, step="waar-staan-we"))


@pytest.mark.parametrize("text", ["Hoera 👩‍👩‍👧 voor ouders", "שלום, dit is \u202eandersom", "nul\x00 en \ud800 los"])
def test_awkward_texts_are_kept_as_text(screen: Screen, text):
    sent = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert screen.put("jan", "b", WORDS, sent).status_code == 200
    page = screen.read("jan", "b")
    assert "\x00" not in page and "\u202e" not in page and text.split()[0].strip("\x00") in page


def test_lone_surrogate_bytes(screen: Screen):
    headers = {**PART, "content-type": "application/x-www-form-urlencoded"}
    answer = screen.as_("jan").post(
        screen.url("b", f"veld/{WORDS}"), content=b"waarde=a%ED%A0%80b%00&versie=0", headers=headers
    )
    assert answer.status_code in (200, 422)


def test_unknown_names_are_not_found(screen: Screen):
    for theme, name in (
        ("b", "bestaat-niet/stand"),
        ("z", STATE),
        ("b", "vve-voorschools/stand"),
        ("a", STATE),
    ):
        assert screen.put("jan", theme, name, "bezig").status_code == 404, (theme, name)


def test_items_and_order(world: World, screen: Screen):
    page = screen.read("jan", "b")
    theme = world.pack.theme("b")
    assert theme.own_question.replace("{partij}", "Stichting De Linde") in page
    own = [i.label for i in theme.in_column("besturen")]
    places = [page.index(f"{label}</h2>") for label in own]
    assert places == sorted(places)
    assert page.index("Samen met anderen") > places[-1]
    assert page.index("Klopt deze verdeling voor u?</h2>") > page.index("Samen met anderen")
    assert page.index("Klaar met dit thema?") > page.index("Klopt deze verdeling voor u?</h2>")
    assert "Deel thema B met iedereen" in page
    assert "1 punt gaat niet over uw sector – toon" in page  # VSV, for vo and mbo
    assert "Stichting Op Weg, Kinderopvang Ark en Welzijn Meerwijk" in page


def test_the_closed_line_for_other_sectors(screen: Screen):
    page = screen.read("karin", "b")  # vo: vroegschools and the VVE of the middle are not hers
    assert page.count("1 punt gaat niet over uw sector – toon") == 2
    assert "0 van 5 punten ingevuld" in page


def test_a_party_without_own_column(world: World, screen: Screen):
    page = screen.read("noor", "b")
    assert "Wat wil Welzijn Meerwijk bij thema B" in page
    assert "/stand" not in page and "/wens" in page and "veld/verdeling" in page
    assert screen.put("noor", "b", STATE, "bezig").status_code == 404
    assert screen.put("noor", "b", WISH, "afstemmen").status_code == 200


def test_progress_leaves_out_what_does_not_count(screen: Screen):
    first = screen.put("jan", "b", STATE, "nvt")
    assert "0 van 5 punten ingevuld" in first.text  # of six, one is not for us
    assert "Bevordering onderwijsondersteunend gedrag ouders (voorschools t/m mbo)</a>" not in first.text
    assert "1 van 5 punten ingevuld" in screen.put("jan", "b", "verdeling", "ja").text


def test_saving_answers_with_the_parts_that_change(screen: Screen):
    text = screen.put("jan", "b", "vve-afstemming/wens", "al-geregeld").text
    assert 'data-replace="afronding"' in text and 'data-replace="bovenregel"' in text
    assert "<textarea" not in text and "&lt;section" not in text  # what somebody may be typing in is left alone


def test_concepts_are_for_the_own_party_only(world: World, screen: Screen, as_):
    for name, value in ((WORDS, CANARY), ("vve-afstemming/waarom", CANARY), ("verdeling-anders", CANARY)):
        assert screen.put("jan", "b", name, value).status_code == 200
    places = (
        "",
        "/vragen",
        "/b",
        "/b/naast-elkaar",
        "/b/naast-elkaar?projector=1",
        "/b/naast-elkaar?weergave=status",
    )
    for who in ("karin", "marieke", "fatima", "noor", "olga", "otto"):
        for place in places:
            assert CANARY not in as_(who).get(world.path(f"waar-staan-we{place}")).text, (who, place)
    assert CANARY not in as_("marieke").get(screen.url("b", "", "linde")).text
    for who in ("jan", "ellen", "pieter"):
        assert CANARY in screen.read(who, "b")
        assert CANARY not in screen.read(who, "b", "naast-elkaar")
    assert as_("olga").get(screen.url("b")).status_code == 404
    assert as_("otto").get(screen.url("b")).status_code == 404


def test_a_meelezer_reads_only(screen: Screen):
    screen.put("jan", "b", STATE, "bezig")
    page = screen.read("pieter", "b")
    assert "Meelezers wijzigen niets" in page and "data-field" not in page and "Mee bezig" in page
    for verb in ("delen", "terug", "klopt", "aanpassen", "ook-hier"):
        assert screen.as_("pieter").post(screen.url("b", verb)).status_code == 403


def test_sharing_and_changing_after_it(screen: Screen):
    screen.put("jan", "b", WORDS, "De eerste versie")
    assert screen.share("ellen", "b").status_code == 303
    assert "De eerste versie" in screen.read("karin", "b", "naast-elkaar")
    assert "door Ellen de Boer" in screen.read("jan", "b")

    screen.put("jan", "b", WORDS, "De tweede versie", 1)
    screen.put("jan", "b", WISH, "optrekken")
    assert "De tweede versie" not in screen.read("karin", "b", "naast-elkaar")
    assert "De eerste versie" in screen.read("karin", "b", "naast-elkaar")
    own = screen.read("jan", "b")
    assert "Anderen zien nog uw versie van" in own and "Deel thema B opnieuw" in own
    assert "Gewijzigd na delen" in screen.read("jan")

    def timeline() -> str:
        return re.sub(r' data-stand="\d+"', "", screen.as_("karin").get(screen.world.path("tijdlijn")).text)

    before = timeline()
    assert screen.as_("jan").post(screen.url("b", "terug")).status_code == 303
    own = screen.read("jan", "b")
    assert "De eerste versie" in own and "De tweede versie" not in own and "Deel thema B" not in own
    assert 'value="optrekken" id="v-b-onderwijsondersteunend-gedrag-wens-optrekken" checked' not in own
    assert timeline() == before, "it would tell of what was not shared"

    screen.put("jan", "b", WORDS, "De derde versie", 3)
    assert screen.share("jan", "b").status_code == 303
    assert "De derde versie" in screen.read("karin", "b", "naast-elkaar")


def test_sharing_nothing_and_twice(world: World, screen: Screen):
    refused = screen.share("jan", "b")
    assert refused.status_code == 422 and "nog niets ingevuld" in refused.text
    screen.put("jan", "b", STATE, "bezig")
    for _ in range(3):
        assert screen.share("jan", "b").status_code == 303
    assert kinds(world) == ["theme_shared"]
    screen.put("jan", "b", STATE, "geborgd", 1)
    screen.share("jan", "b")
    assert kinds(world) == ["theme_shared", "theme_shared_again"]


def kinds(world: World) -> list[str]:
    from sqlmodel import select

    from app.journey.models import Event

    with world.database.read() as tx:
        rows = tx.exec(
            select(Event).where(Event.step == "waar-staan-we", Event.kind != "step_closed").order_by(Event.id)
        )
        return [e.kind for e in rows]


def test_going_back_needs_something_shared(screen: Screen):
    screen.put("jan", "b", WORDS, "Nog niet gedeeld")
    assert screen.as_("jan").post(screen.url("b", "terug")).status_code == 404
    assert "Nog niet gedeeld" in screen.read("jan", "b")


def test_the_same_point_of_another_theme(screen: Screen):
    assert "Ook hier" not in screen.read("karin", "c")
    assert (
        screen.as_("karin").post(screen.url("c", "ook-hier"), data={"punt": "vsv-en-ouders-opvoeding"}).status_code
        == 404
    )
    screen.put("karin", "b", "vsv-en-ouders/wens", "afstemmen")
    page = screen.read("karin", "c")
    assert "Bij B koos u ‘Afstemmen’." in page and "Anders" in page
    answer = screen.as_("karin").post(screen.url("c", "ook-hier"), data={"punt": "vsv-en-ouders-opvoeding"})
    assert answer.status_code == 303 and answer.headers["location"].endswith("#punt-vsv-en-ouders-opvoeding")
    page = screen.read("karin", "c")
    assert "Ook hier" not in page
    assert 'id="v-c-vsv-en-ouders-opvoeding-wens-afstemmen" checked' in page


def test_a_closed_theme_stops_every_write(world: World, screen: Screen, as_):
    screen.put("jan", "b", WORDS, "Voor het sluiten")
    screen.share("jan", "b")
    with world.database.write() as tx:
        mark_step(world.here(tx), "waar-staan-we", "gesloten", "b")
    assert screen.put("jan", "b", WORDS, "Te laat", 1).status_code == 409
    assert screen.put("marieke", "b", WORDS, "Te laat", behalf="opweg").status_code == 409
    for verb in ("delen", "terug", "ook-hier"):
        assert as_("jan").post(screen.url("b", verb), data={"punt": "x"}).status_code == 409, verb
    page = screen.read("jan", "b")
    assert "Marieke de Wit heeft" in page and "data-field" not in page and "Voor het sluiten" in page
    assert screen.put("jan", "a", "verdeling", "ja").status_code == 200  # the other themes are open
    assert "gesloten" in screen.read("jan")
    assert as_("jan").post(screen.url("b", "openen")).status_code == 403
    assert as_("marieke").post(screen.url("b", "openen")).status_code == 303
    assert screen.put("jan", "b", WORDS, "Weer open", 1).status_code == 200


def test_closing_a_theme_is_for_facilitators(screen: Screen, as_):
    assert as_("jan").post(screen.url("b", "sluiten")).status_code == 403
    assert as_("olga").post(screen.url("b", "sluiten")).status_code == 404
    assert as_("marieke").post(screen.url("b", "sluiten")).status_code == 303
    assert screen.put("jan", "b", STATE, "bezig").status_code == 409
    assert "Open dit thema weer" in screen.read("marieke", "b", "naast-elkaar")
    assert "Open dit thema weer" not in screen.read("jan", "b", "naast-elkaar")


def test_an_only_items_party(world: World, screen: Screen):
    from app.journey.actions import add_party, add_person

    with world.database.write() as tx:
        here = world.here(tx)
        party = add_party(here, "samenwerkingsverband", "Samenwerkingsverband Zuid", "SWV")
        seat = add_person(here, party, "Sam Zuid")
        world.parties["swv"], world.persons["sam"] = party.id, ("meerwijk", seat.person_id)
    page = screen.read("sam", "c")
    assert "keuze van Driekolom" in page
    assert "passend-onderwijs/stand" in page and "pedagogisch-beleid/stand" not in page
    assert "/stand" not in screen.read("sam", "b")
    assert screen.put("sam", "c", "pedagogisch-beleid/stand", "bezig").status_code == 404
    assert screen.put("sam", "c", "passend-onderwijs/stand", "bezig").status_code == 200
    assert screen.share("sam", "c").status_code == 303
    side = screen.read("jan", "c", "naast-elkaar")
    assert '<b class="says__who">SWV</b>: mee bezig' in side
    pedagogical = side.split('id="punt-pedagogisch-beleid"')[1].split("</article>")[0]
    assert "SWV" not in pedagogical.split("<select")[0]


def test_the_questions_as_text(world: World, screen: Screen, as_):
    page = as_("karin").get(world.path("waar-staan-we/vragen")).text
    text = page.split("<pre")[1].split("</pre>")[0]
    assert "Passend onderwijs" in text and "VVE: ouderbeleid vroegschools: ……" not in text
    assert "nog niet / mee bezig" in text and 'data-copy="vragen"' in page
    assert len(text.split()) < 1_000  # two pages


def test_a_seat_without_a_party(world: World, screen: Screen, as_):
    from app.journey.actions import add_person

    with world.database.write() as tx:
        seat = add_person(world.here(tx), None, "Bea Helper", role="mede-begeleider")
        world.persons["bea"] = ("meerwijk", seat.person_id)
    assert screen.read("bea")
    assert as_("bea").get(screen.url("b")).headers["location"].endswith("/b/naast-elkaar")
    assert as_("bea").get(world.path("waar-staan-we/vragen")).status_code == 404
    assert screen.put("bea", "b", STATE, "bezig").status_code == 403
    assert screen.put("bea", "b", STATE, "bezig", behalf="linde").status_code == 200


@pytest.mark.parametrize("theme, most", [("a", 12), ("b", 12), ("c", 12), ("d", 12)])
def test_taps_of_a_po_board(screen: Screen, theme, most):
    """Choices, division, share, next: by taps only; all four themes together at most 45."""
    assert taps(screen, theme) <= most
    assert sum(taps(screen, t) for t in "abcd") <= 45


def taps(screen: Screen, theme: str) -> int:
    page = screen.read("jan", theme)
    shown = page.split("niet over uw sector")[0] + "".join(
        p.split("</details>", 1)[1] for p in page.split("niet over uw sector")[1:]
    )
    choices = shown.count("field--choice")
    return choices + 1 + 1  # share, next theme


@pytest.mark.parametrize(
    "verb",
    ["delen", "terug", "klopt", "aanpassen", "ook-hier", "sluiten", "openen"],
)
def test_every_other_write(world: World, screen: Screen, as_, verb):
    """Nobody is sent to sign in, an outsider finds nothing, another website and GET are refused."""
    for url in (screen.url("b", verb), screen.url("b", verb, "opweg")):
        if "namens" in url and verb not in ("delen", "terug", "ook-hier"):
            continue
        assert as_("marieke").get(url).status_code in (404, 405)
        plain = world.client().post(url)
        assert (plain.status_code, plain.headers["location"]) == (303, "/aanmelden")
        for outsider in ("olga", "otto"):
            assert as_(outsider).post(url).status_code == 404, outsider
        assert as_("pieter").post(url).status_code == 403
        cross = world.client("marieke")
        cross.headers["sec-fetch-site"] = "cross-site"
        assert cross.post(url).status_code == 403
        with world.database.write() as tx:
            here = world.here(tx)
            mark_step(here, "waar-staan-we", "gesloten")
        if verb not in ("sluiten", "openen"):
            who = "marieke" if "namens" in url else "jan"
            assert as_(who).post(url).status_code == 409


def test_who_shared_everything_is_shown_the_way_to_all_answers(screen: Screen):
    button = "Bekijk alles naast elkaar"
    for theme in "abcd":
        assert button not in screen.read("jan", theme)
        assert screen.put("jan", theme, "verdeling", "ja").status_code == 200
        assert screen.share("jan", theme).status_code == 303
    for theme in "abcd":
        assert button in screen.read("jan", theme)
    assert screen.url("a", "naast-elkaar") in screen.read("jan", "d")
