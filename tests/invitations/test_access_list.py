"""Toegang: who has access, who may see how much of it, inviting several at once, and the list as a file."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from app.core.clock import date_text, now, today
from app.core.errors import Invalid
from app.core.ids import fingerprint
from app.invitations import rules
from app.invitations.actions import include_person
from app.invitations.pages import access_page
from app.journey.actions import mark_step
from app.journey.models import Event, Seat, SeatLink
from app.people.models import Person
from tests.conftest import World
from tests.dump import dump

LIST = "toegang"
INVITE = "toegang/uitnodigen"


def person(world: World, name: str, verb: str = "") -> str:
    return world.path(f"toegang/mensen/{world.seats[name]}{f'/{verb}' if verb else ''}")


def secret_in(text: str) -> str:
    return text.split('value="http')[1].split("/toegang/")[1].split('"')[0]


# ---- who sees what ----


def test_the_procesbegeleider_sees_everybody_with_address_state_and_day(world: World, as_):
    as_("jan").get(world.url)
    page = as_("marieke").get(world.path(LIST)).text
    for words in ("jan@voorbeeld.test", "Karin Smit", "Nog niet uitgenodigd.", "vandaag", "partijbeheerder"):
        assert words in page, words
    assert as_("marieke").get(world.path(f"{LIST}.csv")).status_code == 200


def test_a_partijbeheerder_sees_the_own_party_in_full_and_of_others_the_names(world: World, as_):
    page = as_("fatima").get(world.path(LIST)).text
    assert "fatima@voorbeeld.test" in page and "Jan Bakker" in page
    assert "jan@voorbeeld.test" not in page and page.count("Laatst gezien") >= 1
    kept = as_("fatima").get(world.path(f"{LIST}.csv")).text
    assert "Fatima" in kept and "Jan Bakker" not in kept and "Marieke" not in kept


@pytest.mark.parametrize("name", ["jan", "pieter", "noor"])
def test_others_see_names_and_functions_and_nothing_more(world: World, as_, name: str):
    as_("karin").get(world.url)
    pages = [
        world.path(LIST),
        world.path("opzet/mensen"),
        *(world.path(f"opzet/partij/{p}") for p in world.parties.values()),
    ]
    for url in pages:
        page = as_(name).get(url).text
        found = [a for a in ("karin", "fatima", "marieke", "ellen") if f"{a}@voorbeeld.test" in page]
        assert found == [], url
    page = as_(name).get(world.path(LIST)).text
    assert "Karin Smit" in page and "vandaag" not in page and "uitgenodigd" not in page
    assert as_(name).get(world.path(f"{LIST}.csv")).status_code == 403
    assert as_(name).get(world.path(INVITE)).status_code == 403


def test_what_may_not_be_seen_does_not_even_reach_the_page(world: World):
    with world.database.read() as tx:
        groups = access_page(world.here(tx, "fatima")).others
    rows = [row for group in groups for row in group.rows]
    assert len(rows) > 4
    assert {(row.email, row.standing, row.seen, row.waits) for row in rows} == {("", None, "", False)}


def test_the_page_of_a_person_is_for_who_arranges_it_and_for_the_own_party(world: World, as_):
    as_("marieke").post(person(world, "jan", "link"))
    for name, status in (
        ("marieke", 200),
        ("ellen", 200),
        ("pieter", 200),
        ("jan", 200),
        ("karin", 403),
        ("fatima", 403),
        ("otto", 404),
        ("olga", 404),
    ):
        assert as_(name).get(person(world, "jan")).status_code == status, name
    ellen = as_("ellen").get(person(world, "jan")).text
    assert "Marieke de Wit maakte een persoonlijke link." in ellen, "making a link is shown to the party"
    assert "jan@voorbeeld.test" not in ellen and "Maak een" not in ellen and "Link gemaakt" not in ellen
    timeline = as_("ellen").get(world.path("tijdlijn")).text
    assert "een persoonlijke link gemaakt voor mensen van Stichting De Linde" in timeline


def test_a_day_is_kept_and_nothing_finer(world: World, as_):
    for _ in range(2):
        as_("jan").get(world.path("opzet"))
    as_("karin").post(world.path("gezien"), data={"tot": ""})
    with world.database.read() as tx:
        days = {s: tx.get(Seat, ("meerwijk", world.seats[s])).last_seen_on for s in ("jan", "karin", "noor")}
    assert days == {"jan": today(), "karin": today(), "noor": None}


def test_a_visit_is_no_change_of_the_journey(world: World, as_):
    with world.database.read() as tx:
        before = world.here(tx).journey.changes
    as_("jan").get(world.path("opzet"))
    with world.database.read() as tx:
        assert world.here(tx).journey.changes == before


# ---- the state of an invitation ----


def test_every_state_of_an_invitation_has_words(world: World, as_):
    page = lambda: as_("marieke").get(person(world, "jan")).text  # noqa: E731
    assert "Nog niet uitgenodigd." in page()
    secret = secret_in(as_("marieke").post(person(world, "jan", "link")).text)
    assert "nog niet gebruikt" in page()
    as_("nobody").post(f"/toegang/{secret}")
    assert "Binnengekomen met de link" in page()
    with world.database.write() as tx:
        link = tx.exec(select(SeatLink).where(SeatLink.token_hash == fingerprint(secret))).one()
        link.expires_at = now() - timedelta(days=1)
        tx.add(link)
    assert "De link is verlopen" in page() and "1 link is verlopen" in as_("marieke").get(world.path(LIST)).text
    assert as_("marieke").post(person(world, "jan", "verlengen")).status_code == 303
    until = date_text(now() + timedelta(days=world.settings.link_days))
    assert f"De link werkt tot {until}" in page()
    assert as_("nobody").get(f"/toegang/{secret}").status_code == 200, "the link itself stays the same"
    as_("marieke").post(person(world, "jan", "intrekken"))
    assert "De toegang is ingetrokken" in page()
    assert as_("marieke").post(person(world, "jan", "verlengen")).status_code == 422, "a revoked link stays revoked"
    history = page().split("Wat er is gebeurd")[1]
    for words in (
        "trok de toegang in",
        "liet de link langer werken",
        "maakte een persoonlijke link",
        "voegde deze persoon toe",
    ):
        assert words in history, words


def test_access_can_be_taken_back_while_opzet_is_closed(world: World, as_):
    secret = secret_in(as_("marieke").post(person(world, "jan", "link")).text)
    with world.database.write() as tx:
        mark_step(world.here(tx), "opzet", "gesloten")
    assert as_("marieke").post(person(world, "jan", "intrekken")).status_code == 303
    assert as_("nobody").get(f"/toegang/{secret}").status_code == 404


@pytest.mark.parametrize("verb", ["link", "uitnodigen", "verlengen", "intrekken", "verwijderen"])
def test_each_verb_for_the_right_people_only(world: World, as_, verb: str):
    url = person(world, "jan", verb)
    world.app.state.settings = replace(world.settings, smtp_host="mail.example", mail_from="d@meerwijk.example")
    assert as_("nobody").post(url).headers["location"] == "/aanmelden"
    for name in ("otto", "olga"):
        assert as_(name).post(url).status_code == 404
    for name in ("karin", "ellen", "pieter", "fatima"):
        assert as_(name).post(url).status_code == 403, name
    as_("marieke").post(person(world, "jan", "link"))
    assert as_("marieke").post(url).status_code in (200, 303)
    assert as_("marieke").get(url).status_code == 405


def test_so_many_links_in_a_day(world: World, as_):
    for _ in range(20):
        assert as_("marieke").post(person(world, "jan", "link")).status_code == 200
    refused = as_("marieke").post(person(world, "jan", "link"))
    assert refused.status_code == 429 and "vandaag al veel links" in refused.text
    assert as_("marieke").post(person(world, "karin", "link")).status_code == 200


# ---- several at once ----


def invite(as_, world: World, text: str, by: str = "marieke", party: str = "linde", confirm: bool = True, **more: str):
    data = {"partij": world.parties.get(party, party), "mensen": text, "rol": "deelnemer", **more}
    if confirm:
        data["stap"] = "uitnodigen"
    return as_(by).post(world.path(INVITE), data=data)


def names(world: World, party: str) -> dict[str, Seat]:
    with world.database.read() as tx:
        return {p.name: s for s, p in world.here(tx).seats.values() if s.party_id == world.parties[party]}


def test_first_it_is_shown_and_only_then_done(world: World, as_):
    as_("marieke")
    before = dump(world.database)
    shown = invite(as_, world, "Piet Post; piet@linde.example; directeur\nAnna", confirm=False)
    assert shown.status_code == 200 and "Nodig twee mensen uit" in shown.text and "piet@linde.example" in shown.text
    assert dump(world.database) == before
    done = invite(
        as_,
        world,
        "Piet Post; piet@linde.example; directeur\nAnna",
        **{"rol-1": "partijbeheerder", "mandaat-1": "ja", "rol-2": "meelezer"},
    )
    assert done.status_code == 200 and done.headers["cache-control"] == "no-store"
    assert done.text.count("/toegang/") >= 2 and "Anna" in done.text
    found = names(world, "linde")
    assert (found["Piet Post"].role, found["Piet Post"].mandate, found["Piet Post"].function) == (
        "partijbeheerder",
        True,
        "directeur",
    )
    assert (found["Anna"].role, found["Anna"].mandate) == ("meelezer", False)
    with world.database.read() as tx:
        kinds = [e.kind for e in tx.exec(select(Event).where(Event.ref == found["Piet Post"].id).order_by(Event.id))]
    assert kinds == ["person_added", "mandate_given", "link_made"]


def test_pressing_twice_adds_nobody_twice(world: World, as_):
    assert invite(as_, world, "Anna de Groot").status_code == 200
    assert invite(as_, world, "Anna de Groot").status_code == 422
    with world.database.read() as tx:
        assert len(tx.exec(select(Person).where(Person.name == "Anna de Groot")).all()) == 1


def test_one_wrong_line_adds_nobody_and_loses_nothing(world: World, as_):
    as_("marieke")
    before = dump(world.database)
    text = "Piet Post; piet@linde.example\n<b>kwaad</b>; geen adres; lid\nJan Bakker\nEllen; JAN@voorbeeld.test"
    refused = invite(as_, world, text)
    assert refused.status_code == 422 and dump(world.database) == before
    for sentence in (
        "Regel 2: Dit is geen volledig e-mailadres",
        "Regel 3: Deze naam staat al",
        "Regel 4: Iemand met dit",
    ):
        assert sentence in refused.text, sentence
    assert "&lt;b&gt;kwaad" in refused.text and "piet@linde.example" in refused.text.split("<textarea")[1]


def test_too_many_at_once(world: World, as_):
    refused = invite(as_, world, "\n".join(f"Persoon {n}" for n in range(61)))
    assert refused.status_code == 422 and "hoogstens 60 tegelijk" in refused.text
    assert invite(as_, world, "\n ; \n").status_code == 422


def test_a_day_has_an_end(world: World, as_, monkeypatch: pytest.MonkeyPatch):
    from app.core.limits import Limit, hours
    from app.invitations import actions

    monkeypatch.setattr(actions, "INVITED", Limit("invited", 3, hours(24)))
    assert invite(as_, world, "A\nB\nC").status_code == 200
    assert invite(as_, world, "D").status_code == 429
    assert "D" not in names(world, "linde")


def test_a_partijbeheerder_invites_for_the_own_party_and_never_above(world: World, as_):
    assert invite(as_, world, "Collega", "fatima", "ark").status_code == 200
    assert invite(as_, world, "Collega twee", "fatima", "").status_code == 403, (
        "people of no party are for facilitators"
    )
    for party in ("linde", "gemeente"):
        assert invite(as_, world, "Spion", "fatima", party).status_code == 403, party
    for role in ("procesbegeleider", "mede-begeleider", "koning"):
        assert invite(as_, world, "Baas", "fatima", "ark", **{"rol-1": role}).status_code == 422, role
        assert invite(as_, world, "Baas", "fatima", "ark", rol=role).status_code == 422, role
    with world.database.read() as tx:
        present = {p.name for _, p in world.here(tx).seats.values()}
    assert not present & {"Spion", "Baas", "Collega twee"}
    page = as_("fatima").get(world.path(INVITE)).text
    assert "Stichting De Linde" not in page and "procesbegeleider</option>" not in page


def test_no_role_above_ones_own_is_given_by_any_page(world: World):
    """The pages check it, and what they call does so too."""
    with world.database.write() as tx:
        here = world.here(tx, "fatima")
        for role in ("procesbegeleider", "mede-begeleider", "koning"):
            with pytest.raises(Invalid) as refused:
                include_person(here, here.party, "Iemand", "", role, "")
            assert "rol" in refused.value.fields, role
        assert include_person(here, here.party, "Iemand", "", "deelnemer", "").role == "deelnemer"


def test_nobody_invites_at_a_party_of_another_journey(world: World, as_):
    with world.database.read() as tx:
        from app.journey.models import Party

        foreign = tx.exec(select(Party).where(Party.journey_id == world.foreign)).first().id
    assert invite(as_, world, "Anna", party=foreign).status_code == 404


def test_one_cannot_invite_oneself_again(world: World, as_):
    with world.database.write() as tx:
        marieke = tx.get(Person, world.persons["marieke"])
        marieke.email = "marieke@meerwijk.example"
        tx.add(marieke)
    refused = invite(as_, world, "Ik zelf; Marieke@Meerwijk.example", party="gemeente")
    assert refused.status_code == 422 and "doet al mee" in refused.text


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: x@y.example",
        "a@b.example, c@d.example",
        '"a b"@c.example',
        "a@b",
        "jän@linde.example",
        "a@[127.0.0.1]",
        ".a@b.example",
        "a" * 65 + "@b.example",
    ],
)
def test_an_address_that_could_do_harm_is_refused(world: World, as_, address: str):
    for data in ({"naam": "Piet", "e-mail": address, "rol": "deelnemer", "partij": world.parties["linde"]},):
        answer = as_("marieke").post(world.path("opzet/mensen"), data=data)
        assert answer.status_code == 422 and "e-mailadres" in answer.text, address
    url = world.path(f"opzet/veld/mens/{world.seats['jan']}/email")
    answer = as_("marieke").post(url, data={"waarde": address, "versie": "0"}, headers={"driekolom-deel": "1"})
    assert answer.status_code == 422


def test_names_of_every_kind(world: World, as_):
    text = "عبد الرحمن; a@linde.example\n\u202eomgekeerd\nPiet 👨‍👩‍👧\n" + "y" * 120
    assert invite(as_, world, text).status_code == 200
    page = as_("marieke").get(world.path(LIST)).text
    assert "عبد الرحمن" in page and "\u202e" not in page and "y" * 120 in page


# ---- as a file ----


def test_the_file_opens_in_a_spreadsheet_and_runs_nothing(world: World, as_):
    bad = ["=1+1", "+31 6 1", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "＝1"]
    for number, name in enumerate(bad):
        as_("marieke").post(
            world.path("opzet/mensen"),
            data={
                "naam": name,
                "functie": name,
                "e-mail": f"p{number}@x.example",
                "rol": "deelnemer",
                "partij": world.parties["opweg"],
            },
        )
    answer = as_("marieke").get(world.path(f"{LIST}.csv"))
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.headers["cache-control"] == "no-store"
    assert (
        answer.headers["content-disposition"].startswith("attachment;")
        and ".csv" in answer.headers["content-disposition"]
    )
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert tuple(rows[0]) == rules.HEAD and len(rows) == len(bad) + 7 + 1
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t＝")]
    assert "'=1+1" in {row[1] for row in rows}


def test_nothing_of_another_journey_is_in_the_file(world: World, as_):
    kept = as_("marieke").get(world.path(f"{LIST}.csv")).text
    assert "Olga" not in kept and "Otto" not in kept
