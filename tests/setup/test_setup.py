"""Opzet: the fields that save themselves, parties, people and their links."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.answers.actions import save_answer, share
from app.answers.store import find_answer
from app.core.clock import date_text, today
from app.core.fields import Spec
from app.core.ids import fingerprint
from app.journey.actions import mark_step
from app.journey.models import Journey, Party, Seat, SeatLink
from tests.conftest import World
from tests.dump import dump
from tests.litany import Write, recite

PART = {"driekolom-deel": "1"}
READERS = ["jan", "karin", "pieter"]


def journey(world: World) -> Journey:
    with world.database.read() as tx:
        found = world.here(tx).journey
        tx.expunge(found)
        return found


@pytest.mark.parametrize(
    "name, good, other, bad",
    [
        ("titel", "Samen met ouders", "Een andere naam", ""),
        ("titel", "Nog een naam", "Een andere naam", "x" * 201),
        ("van", "2027", "2026", "27"),
        ("tot", "2031", "2032", "vier jaar"),
        ("overleg", "2027-03-12", "13-3-2027", "31-2-2027"),
        ("delen", "2027-03-01", "2027-02-01", "morgen"),
    ],
)
def test_every_field_of_the_journey(world: World, name: str, good: str, other: str, bad: str):
    recite(
        world,
        Write(world.path(f"opzet/veld/{name}"), "marieke", good, other, [*READERS, "fatima"], "opzet", bad),
    )


@pytest.mark.parametrize(
    "name, good, other, bad",
    [
        ("naam", "Stichting Het Bos", "Stichting De Zee", "Stichting Op Weg"),
        ("kort", "Het Bos", "De Zee", "x" * 41),
        ("soort", "overig", "ouders", "sportclub"),
        ("sectoren", "po", "po vo", "havo"),
    ],
)
def test_every_field_of_a_party(world: World, name: str, good: str, other: str, bad: str):
    url = world.path(f"opzet/veld/partij/{world.parties['linde']}/{name}")
    recite(world, Write(url, "marieke", good, other, [*READERS, "fatima"], "opzet", bad))


@pytest.mark.parametrize(
    "name, good, other, bad",
    [
        ("naam", "Jan de Bakker", "J. Bakker", ""),
        ("functie", "directeur", "bestuurder", "x" * 121),
        ("email", "jan@linde.test", "j@linde.test", "geen adres"),
        ("rol", "partijbeheerder", "meelezer", "koning"),
        ("mandaat", "ja", None, "misschien"),
    ],
)
def test_every_field_of_a_person(world: World, name: str, good: str, other: str, bad: str):
    url = world.path(f"opzet/veld/mens/{world.seats['jan']}/{name}")
    recite(world, Write(url, "marieke", good, other, ["karin", "pieter", "fatima"], "opzet", bad))


def test_field_of_a_municipality_renames_its_party(world: World, as_):
    with world.database.read() as tx:
        municipality = world.here(tx).municipalities[0].id
    url = world.path(f"opzet/veld/gemeente/{municipality}")
    recite(world, Write(url, "marieke", "Waterland", "Bosland", [*READERS, "fatima"], "opzet", ""))
    with world.database.read() as tx:
        assert tx.get(Party, ("meerwijk", world.parties["gemeente"])).name == "Gemeente Waterland"


def test_dates_and_years_are_kept_as_such(world: World, as_):
    for name, typed in (("van", "2027"), ("tot", "2031"), ("overleg", "12-3-2027"), ("delen", "2027-03-01")):
        answer = as_("marieke").post(
            world.path(f"opzet/veld/{name}"), data={"waarde": typed, "versie": "0"}, headers=PART
        )
        assert answer.status_code == 200, answer.text
    found = journey(world)
    assert (found.period_start, found.period_end, str(found.meeting_on)) == (2027, 2031, "2027-03-12")
    answer = as_("marieke").post(world.path("opzet/veld/overleg"), data={"waarde": "", "versie": "1"}, headers=PART)
    assert answer.status_code == 200 and journey(world).meeting_on is None


def test_the_sentence_about_the_date_goes_as_soon_as_the_date_is_there(world: World, as_):
    missing = "De datum van het overleg is nog niet ingevuld."
    for typed, version, there in (("", "0", True), ("12-3-2027", "0", False), ("", "1", True)):
        answer = as_("marieke").post(
            world.path("opzet/veld/overleg"), data={"waarde": typed, "versie": version}, headers=PART
        )
        assert answer.status_code == 200 and 'id="ontbreekt"' in answer.text
        assert (missing in answer.text) is (missing in as_("marieke").get(world.path("opzet")).text) is there


def test_plan_cannot_end_before_it_begins(world: World, as_):
    as_("marieke").post(world.path("opzet/veld/van"), data={"waarde": "2030", "versie": "0"}, headers=PART)
    answer = as_("marieke").post(world.path("opzet/veld/tot"), data={"waarde": "2027", "versie": "0"}, headers=PART)
    assert answer.status_code == 422 and "voordat het begint" in answer.text and 'value="2027"' in answer.text


@pytest.mark.parametrize("typed", ["Sámen 👨‍👩‍👧", "سوية مع الآباء", "\u202eomgekeerd", "a\x00b", "<b>&\"'"])
def test_awkward_titles_are_kept_and_shown(world: World, as_, typed: str):
    answer = as_("marieke").post(world.path("opzet/veld/titel"), data={"waarde": typed, "versie": "0"}, headers=PART)
    assert answer.status_code == 200
    kept = journey(world).title
    assert kept and "\x00" not in kept and "\u202e" not in kept
    assert as_("jan").get(world.path("opzet")).status_code == 200


def test_lone_surrogate_bytes_are_no_crash(world: World, as_):
    answer = as_("marieke").post(
        world.path("opzet/veld/titel"),
        content=b"versie=0&waarde=%ED%A0%80x",
        headers={**PART, "content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 200
    assert as_("marieke").get(world.path("opzet")).status_code == 200


def test_unknown_names_are_not_found(world: World, as_):
    with world.database.read() as tx:
        foreign = tx.exec(select(Party).where(Party.journey_id == world.foreign)).one().id
    for name in (
        "x",
        "titel/x",
        "gemeente/x",
        "partij/x/naam",
        f"partij/{foreign}/naam",
        "mens/x/naam",
        "partij/",
        "mens",
    ):
        answer = as_("marieke").post(world.path(f"opzet/veld/{name}"), data={"waarde": "x", "versie": "0"})
        assert answer.status_code == 404, name


# ---- parties ----


def add(as_, world: World, name: str, kind: str = "schoolbestuur", by: str = "marieke"):
    return as_(by).post(world.path("opzet/partijen"), data={"naam": name, "soort": kind})


def test_add_a_party(world: World, as_):
    assert add(as_, world, "Samenwerkingsverband Oost", "samenwerkingsverband").status_code == 303
    assert "Samenwerkingsverband Oost" in as_("jan").get(world.path("opzet")).text


@pytest.mark.parametrize(
    "name, kind, sentence",
    [
        ("", "schoolbestuur", "Vul de naam"),
        ("stichting de linde", "schoolbestuur", "doet al mee"),
        ("Nieuw", "x", "Kies wat voor"),
    ],
)
def test_wrong_party_keeps_what_was_typed(world: World, as_, name: str, kind: str, sentence: str):
    as_("marieke")
    before = dump(world.database)
    answer = add(as_, world, name, kind)
    assert answer.status_code == 422 and sentence in answer.text
    assert f'value="{name}"' in answer.text
    assert dump(world.database) == before


@pytest.mark.parametrize("name", ["jan", "fatima", "pieter"])
def test_only_facilitators_add_parties(world: World, as_, name: str):
    assert add(as_, world, "Iets", by=name).status_code == 403
    assert add(as_, world, "Iets", by="otto").status_code == 404
    assert add(as_, world, "Iets", by="nobody").headers["location"] == "/aanmelden"


def remove(world: World, as_, party: str, by: str = "marieke"):
    return as_(by).post(world.path(f"opzet/partij/{world.parties[party]}/verwijderen"))


def test_remove_a_party_and_its_people(world: World, as_):
    fatima = as_("fatima")
    assert fatima.get(world.path("opzet")).status_code == 200
    assert remove(world, as_, "ark", by="fatima").status_code == 403
    assert remove(world, as_, "ark").status_code == 303
    assert "Kinderopvang Ark" not in as_("jan").get(world.path("opzet")).text
    assert fatima.get(world.path("opzet")).status_code == 303, "her session has ended"
    with world.database.read() as tx:
        assert world.here(tx).seat_name(world.seats["fatima"]) == "partijbeheerder", "what she did is of the function"


def test_removing_the_party_of_the_procesbegeleider_keeps_the_procesbegeleider(world: World, as_):
    assert remove(world, as_, "gemeente").status_code == 303
    assert as_("marieke").get(world.path("opzet")).status_code == 200
    assert "Marieke" in as_("marieke").get(world.path("opzet/mensen")).text


def test_party_with_concepts_can_be_removed_but_not_once_it_has_shared(world: World, as_):
    with world.database.write() as tx:
        jan = world.here(tx, "jan")
        save_answer(jan, jan.party, "a/x/toelichting", Spec("text", "x"), ["geheim"], 0)
    assert (
        "Verwijder Stichting De Linde" in as_("marieke").get(world.path(f"opzet/partij/{world.parties['linde']}")).text
    )
    with world.database.write() as tx:
        jan = world.here(tx, "jan")
        share(jan, [find_answer(tx, jan.journey, jan.party.id, "eigen", "a/x/toelichting")])
    page = as_("marieke").get(world.path(f"opzet/partij/{world.parties['linde']}")).text
    assert "heeft al antwoorden gedeeld" in page
    answer = remove(world, as_, "linde")
    assert answer.status_code == 422 and "heeft al antwoorden gedeeld" in answer.text
    with world.database.read() as tx:
        assert tx.get(Party, ("meerwijk", world.parties["linde"])) is not None


def test_party_that_owns_something_cannot_be_removed(world: World, as_):
    from app.answers.actions import save_joint
    from app.dialogue.models import Agreement

    with world.database.write() as tx:
        here = world.here(tx)
        tx.add(
            Agreement(
                tenant_id="meerwijk",
                journey_id=world.journey,
                what="x",
                owner_id=world.parties["opweg"],
                with_parties=f"{world.parties['gemeente']} {world.parties['linde']}",
                made_by=here.seat.id,
            )
        )
        save_joint(here, "plan/regie", Spec("line", "regie"), [world.parties["ark"]], 0)
    for party in ("opweg", "linde", "gemeente", "ark"):
        answer = remove(world, as_, party)
        assert answer.status_code == 422 and "al genoemd" in answer.text, party
    assert remove(world, as_, "welzijn").status_code == 303


def test_remove_needs_an_open_step(world: World, as_):
    with world.database.write() as tx:
        mark_step(world.here(tx), "opzet", "gesloten")
    assert remove(world, as_, "ark").status_code == 409


def test_kind_brings_its_own_sectors(world: World, as_):
    party = world.parties["linde"]
    answer = as_("marieke").post(
        world.path(f"opzet/veld/partij/{party}/soort"),
        data={"waarde": "voorschool", "versie": "0"},
        headers=PART,
    )
    assert answer.status_code == 200 and 'data-replace="sectoren"' in answer.text
    with world.database.read() as tx:
        assert tx.get(Party, ("meerwijk", party)).sectors == "voorschools"


def test_a_board_of_another_sector_is_one_choice(world: World, as_):
    page = as_("marieke").get(world.path("opzet")).text
    assert "schoolbestuur vroegschools en po</option>" in page and '"schoolbestuur vo"' in page
    as_("marieke").post(world.path("opzet/partijen"), data={"naam": "Het Vo-bestuur", "soort": "schoolbestuur vo"})
    with world.database.read() as tx:
        assert tx.exec(select(Party.sectors).where(Party.name == "Het Vo-bestuur")).one() == "vo"


def test_several_municipalities(world: World, as_):
    assert as_("marieke").post(world.path("opzet/gemeenten"), data={"gemeente": "gemeente Bosland"}).status_code == 303
    page = as_("marieke").get(world.path("opzet")).text
    assert "Gemeente Bosland" in page
    assert as_("marieke").post(world.path("opzet/gemeenten"), data={"gemeente": "bosland"}).status_code == 422
    assert as_("jan").post(world.path("opzet/gemeenten"), data={"gemeente": "Zee"}).status_code == 403
    with world.database.read() as tx:
        first, second = [m.id for m in world.here(tx).municipalities]
    assert as_("marieke").post(world.path(f"opzet/gemeenten/{second}/verwijderen")).status_code == 303
    refused = as_("marieke").post(world.path(f"opzet/gemeenten/{first}/verwijderen"))
    assert refused.status_code == 422 and "minstens één gemeente" in refused.text


# ---- people and links ----


def person(
    world: World,
    as_,
    by: str,
    party: str,
    role: str = "deelnemer",
    name: str = "Nieuw Persoon",
    email: str = "",
):
    data = {
        "naam": name,
        "e-mail": email,
        "rol": role,
        "functie": "directeur",
        "partij": world.parties.get(party, party),
    }
    return as_(by).post(world.path("opzet/mensen"), data=data)


def test_add_people(world: World, as_):
    assert person(world, as_, "marieke", "opweg").status_code == 303
    assert person(world, as_, "fatima", "ark", name="Collega").status_code == 303
    assert "directeur" in as_("jan").get(world.path(f"opzet/partij/{world.parties['ark']}")).text
    assert person(world, as_, "marieke", "", "meelezer", "Griffier").status_code == 303
    assert "Griffier" in as_("jan").get(world.path("opzet/mensen")).text


def test_partijbeheerder_stays_in_the_own_party_and_makes_nobody_procesbegeleider(world: World, as_):
    assert person(world, as_, "fatima", "linde").status_code == 403
    assert person(world, as_, "fatima", "").status_code == 403
    assert person(world, as_, "fatima", "ark", "procesbegeleider").status_code == 422
    assert person(world, as_, "jan", "linde").status_code == 403
    with world.database.write() as tx:
        seat = tx.get(Seat, ("meerwijk", world.seats["fatima"]))
        seat.party_id = world.parties["gemeente"]
        tx.add(seat)
    marieke = world.seats["marieke"]
    for verb in ("link", "intrekken", "verwijderen"):
        assert as_("fatima").post(world.path(f"toegang/mensen/{marieke}/{verb}")).status_code == 403, verb
    url = world.path(f"opzet/veld/mens/{marieke}/rol")
    assert as_("fatima").post(url, data={"waarde": "meelezer", "versie": "0"}).status_code == 403


@pytest.mark.parametrize(
    "name, email, role, sentence",
    [
        ("", "", "deelnemer", "Vul de naam in"),
        ("x" * 121, "", "deelnemer", "korter"),
        ("Piet", "geen", "deelnemer", "e-mailadres"),
        ("Piet", "jan@voorbeeld.test", "deelnemer", "doet al mee"),
        ("Piet", "", "baas", "Kies een rol"),
    ],
)
def test_wrong_person_keeps_what_was_typed(world: World, as_, name: str, email: str, role: str, sentence: str):
    answer = person(world, as_, "marieke", "linde", role, name, email)
    assert answer.status_code == 422 and sentence in answer.text
    assert f'value="{name}"' in answer.text and f'value="{email}"' in answer.text and 'value="directeur"' in answer.text


def test_link_is_shown_once_and_renewed(world: World, as_):
    url = world.path(f"toegang/mensen/{world.seats['jan']}/link")
    assert as_("marieke").get(url).status_code == 405
    first = as_("marieke").post(url)
    assert first.status_code == 200 and first.headers["cache-control"] == "no-store"
    secret = first.text.split("/toegang/")[1].split('"')[0]
    assert len(secret) >= 43
    assert secret not in as_("marieke").get(world.path(f"opzet/partij/{world.parties['linde']}")).text
    assert as_("nobody").post(f"/toegang/{secret}").status_code == 303
    second = as_("marieke").post(url).text.split("/toegang/")[1].split('"')[0]
    assert second != secret
    assert as_("nobody").post(f"/toegang/{secret}").status_code == 404
    with world.database.read() as tx:
        assert tx.exec(select(SeatLink).where(SeatLink.token_hash == fingerprint(second))).one().revoked_at is None


def test_link_works_until_after_the_meeting(world: World, as_):
    with world.database.write() as tx:
        meeting = today() + timedelta(days=200)
        world.here(tx).journey.meeting_on = meeting
    answer = as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/link"))
    assert date_text(meeting + timedelta(days=world.settings.link_days)) in answer.text
    with world.database.read() as tx:
        assert tx.exec(select(SeatLink)).one().expires_at.date() >= meeting + timedelta(days=world.settings.link_days)


def test_link_of_another_party_is_not_for_everybody(world: World, as_):
    url = world.path(f"toegang/mensen/{world.seats['jan']}/link")
    for name in ("karin", "jan", "pieter", "fatima"):
        assert as_(name).post(url).status_code == 403, name
    assert as_("otto").post(url).status_code == 404
    assert as_("olga").post(url).status_code == 404


def test_nobody_gets_into_other_journeys_of_somebody_by_a_link(world: World, as_):
    """A mede-begeleider may not make a link that opens everything the procesbegeleider has."""
    person(world, as_, "marieke", "linde", "mede-begeleider", "Mede")
    with world.database.read() as tx:
        mede = next(p.id for s, p in world.here(tx).seats.values() if p.name == "Mede")
    world.persons["mede"] = ("meerwijk", mede)
    assert as_("mede").post(world.path(f"toegang/mensen/{world.seats['marieke']}/link")).status_code == 403
    assert as_("mede").post(world.path(f"toegang/mensen/{world.seats['jan']}/link")).status_code == 200


def test_revoking_ends_the_session_too(world: World, as_):
    page = as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/link")).text
    secret = page.split("/toegang/")[1].split('"')[0]
    as_("nobody").post(f"/toegang/{secret}")
    assert as_("nobody").get(world.path("opzet")).status_code == 200
    assert as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/intrekken")).status_code == 303
    assert as_("nobody").get(world.path("opzet")).headers["location"] == "/aanmelden"
    assert as_("nobody").get(f"/toegang/{secret}").status_code == 404


def test_removed_person_is_out(world: World, as_):
    karin = as_("karin")
    assert as_("marieke").post(world.path(f"toegang/mensen/{world.seats['karin']}/verwijderen")).status_code == 303
    assert karin.get(world.path("opzet")).status_code == 303
    assert as_("marieke").post(world.path(f"toegang/mensen/{world.seats['karin']}/link")).status_code == 404


def test_last_procesbegeleider_stays(world: World, as_):
    marieke = world.seats["marieke"]
    person(world, as_, "marieke", "linde", "mede-begeleider", "Mede")
    with world.database.read() as tx:
        mede = next(p.id for s, p in world.here(tx).seats.values() if p.name == "Mede")
    world.persons["mede"] = ("meerwijk", mede)
    refused = as_("mede").post(world.path(f"toegang/mensen/{marieke}/verwijderen"))
    assert refused.status_code == 422 and "geen procesbegeleider meer" in refused.text
    assert as_("marieke").post(world.path(f"toegang/mensen/{marieke}/verwijderen")).status_code == 422
    answer = as_("marieke").post(
        world.path(f"opzet/veld/mens/{marieke}/rol"),
        data={"waarde": "deelnemer", "versie": "0"},
        headers=PART,
    )
    assert answer.status_code == 422 and "geen procesbegeleider meer" in answer.text


def test_invitations_go_to_the_outbox_only_in_local_mode(world: World, as_):
    assert as_("marieke").post(world.path(f"toegang/mensen/{world.seats['jan']}/uitnodigen")).status_code == 404


@pytest.mark.parametrize("name", ["marieke", "jan", "fatima", "pieter", "noor"])
def test_everybody_can_read_opzet(world: World, as_, name: str):
    for path in (
        "opzet",
        "opzet/mensen",
        "opzet/voorproef",
        *(f"opzet/partij/{p}" for p in world.parties.values()),
    ):
        assert as_(name).get(world.path(path)).status_code == 200, path


def test_preview_shows_questions_of_every_kind_of_party_and_no_answers(world: World, as_):
    with world.database.write() as tx:
        jan = world.here(tx, "jan")
        save_answer(jan, jan.party, "a/x/toelichting", Spec("text", "x"), ["zeer geheim"], 0)
    for party in world.parties.values():
        page = as_("marieke").get(world.path(f"opzet/voorproef?partij={party}"))
        assert page.status_code == 200 and "zeer geheim" not in page.text
        assert all(t.title in page.text for t in world.pack.themes if "'" not in t.title)


def test_thirty_parties(world: World, as_):
    for number in range(30):
        assert add(as_, world, f"Bestuur {number}").status_code == 303
    page = as_("marieke").get(world.path("opzet"))
    assert page.status_code == 200 and "Bestuur 29" in page.text
