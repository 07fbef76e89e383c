"""Filling in namens a party: a layer of its own, shown as unconfirmed, confirmed or adapted by the party."""

from tests.conftest import World
from tests.screening.conftest import Screen
from tests.screening.test_own import CANARY, STATE, WISH, WORDS, kinds


def fill(screen: Screen) -> None:
    screen.put("marieke", "b", STATE, "bezig", behalf="opweg")
    screen.put("marieke", "b", WORDS, "Zei Karin aan de telefoon", behalf="opweg")
    screen.put("marieke", "b", WISH, "afstemmen", behalf="opweg")


def test_only_facilitators_and_not_for_their_own_party(world: World, screen: Screen, as_):
    for who in ("jan", "karin", "pieter"):
        assert as_(who).get(screen.url("b", "", "opweg")).status_code == 403
        assert screen.share(who, "b", behalf="opweg").status_code == 403
    assert as_("marieke").get(screen.url("b", "", "gemeente")).status_code == 403
    assert screen.put("marieke", "b", "vsv-beleid/stand", "bezig", behalf="gemeente").status_code == 403
    assert as_("olga").get(screen.url("b", "", "opweg")).status_code == 404
    assert as_("marieke").get(world.path("waar-staan-we/b/namens/bestaatniet")).status_code == 404


def test_shared_namens_is_marked_until_confirmed(world: World, screen: Screen, as_):
    fill(screen)
    assert "Zei Karin" not in screen.read("jan", "b", "naast-elkaar")
    assert "Zei Karin" not in screen.read("karin", "b")  # not shared, so not even with the party
    assert screen.share("marieke", "b", behalf="opweg").status_code == 303
    side = screen.read("jan", "b", "naast-elkaar")
    assert "ingevuld door Marieke de Wit namens Op Weg, nog niet bevestigd" in side and "Zei Karin" in side

    own = screen.read("karin", "b")
    assert "Ingevuld door Marieke de Wit namens u" in own and "Zei Karin" in own and "Klopt</button>" in own
    assert "Klopt het?" in screen.read("karin")
    assert as_("karin").post(screen.url("b", "klopt")).status_code == 303
    side = screen.read("jan", "b", "naast-elkaar")
    assert "Zei Karin" in side and "nog niet bevestigd" not in side
    assert "Gedeeld op" in screen.read("karin", "b")
    assert kinds(world) == ["behalf_shared", "behalf_confirmed"]
    assert as_("karin").post(screen.url("b", "klopt")).status_code == 404  # once

    assert screen.put("marieke", "b", STATE, "geborgd", 1, behalf="opweg").status_code == 409
    assert "zelf gedeeld" in as_("marieke").get(screen.url("b", "", "opweg")).text


def test_what_the_facilitator_changes_after_sharing_is_not_confirmed(screen: Screen, as_):
    fill(screen)
    screen.share("marieke", "b", behalf="opweg")
    screen.put("marieke", "b", WORDS, "Later bedacht", 1, behalf="opweg")
    assert "Later bedacht" not in screen.read("karin", "b")
    as_("karin").post(screen.url("b", "klopt"))
    assert "Later bedacht" not in screen.read("jan", "b", "naast-elkaar")
    assert "Zei Karin" in screen.read("jan", "b", "naast-elkaar")


def test_adapting_takes_it_over_as_concept(screen: Screen, as_):
    fill(screen)
    screen.share("marieke", "b", behalf="opweg")
    assert as_("karin").post(screen.url("b", "aanpassen")).status_code == 303
    own = screen.read("karin", "b")
    assert f'{STATE.replace("/", "-")}-bezig" checked' in own
    screen.put("karin", "b", WORDS, "Wij zeggen het anders", 1)
    assert "Wij zeggen het anders" not in screen.read("jan", "b", "naast-elkaar")
    assert screen.share("karin", "b").status_code == 303
    side = screen.read("jan", "b", "naast-elkaar")
    assert "Wij zeggen het anders" in side and "Zei Karin" not in side and "nog niet bevestigd" not in side


def test_own_answers_are_never_mixed_with_those_namens(screen: Screen):
    fill(screen)
    screen.share("marieke", "b", behalf="opweg")
    screen.put("karin", "b", STATE, "geborgd")
    screen.share("karin", "b")
    side = screen.read("jan", "b", "naast-elkaar")
    assert "Zei Karin" not in side and "vast onderdeel van ons beleid" in side


def test_a_party_that_began_itself_confirms_by_sharing(screen: Screen, as_):
    fill(screen)
    screen.share("marieke", "b", behalf="opweg")
    screen.put("karin", "b", WORDS, CANARY)
    assert "Klopt</button>" not in screen.read("karin", "b")
    assert as_("karin").post(screen.url("b", "klopt")).status_code == 422
    as_("karin").post(screen.url("b", "aanpassen"))
    own = screen.read("karin", "b")
    assert CANARY in own and f'{STATE.replace("/", "-")}-bezig" checked' in own
    assert CANARY not in as_("marieke").get(screen.url("b", "", "opweg")).text


def test_nothing_to_confirm(screen: Screen, as_):
    for verb in ("klopt", "aanpassen"):
        assert as_("karin").post(screen.url("b", verb)).status_code == 404


def test_the_questions_name_the_party(world: World, screen: Screen, as_):
    for theme in world.pack.themes:
        namens = as_("marieke").get(screen.url(theme.slug, "", "opweg")).text
        assert "uw organisatie" not in namens and "voor u?" not in namens and "doet u" not in namens
        assert "Klopt deze verdeling voor Stichting Op Weg?" in namens
        assert "Hoe ver wil Stichting Op Weg hierin samen gaan?" in namens
    assert "Hoe ver is Stichting Op Weg hiermee?" in as_("marieke").get(screen.url("b", "", "opweg")).text
    assert "Hoe ver is uw organisatie hiermee?" in screen.read("karin", "b")


def test_from_one_party_to_the_next(screen: Screen):
    """Only to parties that did not share themselves; the own party of the procesbegeleider is not among them."""
    screen.put("jan", "b", WISH, "afstemmen")
    screen.share("jan", "b")
    page = screen.read("marieke", "b", f"namens/{screen.world.parties['opweg']}")
    assert "Volgende partij: Ark" in page and "Vorige partij" not in page
    page = screen.read("marieke", "b", f"namens/{screen.world.parties['ark']}")
    assert "Vorige partij: Op Weg" in page and "Volgende partij: Welzijn" in page
    assert "Terug naar thema A" in page and "Volgende partij" not in screen.read("jan", "b")
