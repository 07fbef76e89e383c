"""Open data in: which file it is, what it would change, what it changes, and what Opzet makes of it."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.cli import main
from app.core.database import Database
from app.core.errors import Gone, Invalid
from app.core.settings import Settings
from app.main import build
from app.people.actions import ensure_local_person
from app.people.tenants import invite_manager
from app.register import reading, store
from app.register.actions import drop, offer, pending, take_over
from app.register.files import read_file
from tests.apart import apart
from tests.dump import dump
from tests.inspection import inspect_html
from tests.register import samples


@pytest.fixture
def database(settings: Settings):
    made = Database(settings.database_url)
    yield made
    made.close()


def put(tx: Session, content: bytes) -> tuple[int, int, int]:
    """Offers and takes over; new, changed, vanished."""
    taken = take_over(tx, offer(tx, "bestand", content)[0].id)
    return taken.new, taken.changed, taken.vanished


def test_each_file_is_known_by_its_columns():
    assert read_file(samples.tooi()).kind == "gemeenten"
    assert read_file(samples.pupils()).kind == "leerlingen-po"
    assert read_file(samples.locations()).kind == "vestigingen-vo"
    assert read_file(samples.locations(vo=False)).kind == "vestigingen-po"
    assert read_file(samples.boards()).kind == "besturen"


def test_codes_stay_text_and_a_location_is_written_one_way():
    found = read_file(samples.pupils())
    assert set(found.schools) == {"01AA00", "01AB00", "02BB01"}
    assert set(read_file(samples.locations()).schools) == {"03CC00", "04DD00"}
    assert set(found.municipalities) == {"0917"} and found.covers == ("0917",)
    assert found.measured_on == date(2024, 10, 1)
    assert read_file(samples.pupils(day="2024-10-01")).measured_on == date(2024, 10, 1)


def test_no_telephone_number_is_read(database: Database):
    with database.write() as tx:
        put(tx, samples.boards())
        put(tx, samples.locations())
    assert "0201234567" not in dump(database)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "leeg"),
        (b"a,b,c\n1,2,3\n", "kent Driekolom niet"),
        (b"{}", "kent Driekolom niet"),
        (b"[1, 2]", "kent Driekolom niet"),
        (b'[{"@type": 5}]', "kent Driekolom niet"),
        (b"[" * 100_000, "niet heel"),
        (b"PK\x03\x04\xff\xfe", "niet als tekst te lezen"),
        (samples.pupils().replace(b'"41787"', b'"x"', 1), "Regel 2: ‘x’ is geen nummer van een bevoegd gezag"),
        (samples.pupils().replace(b'"0917"', b'"09171"', 1), "Regel 2: ‘09171’ is geen nummer van een gemeente"),
        (samples.pupils() + samples.pupils(day="20231001").split(b"\n", 1)[1], "verschillende peildata"),
        (samples.pupils(day="20241301"), "geen datum"),
        (samples.pupils() + b'"1";"2"\n', "Regel 6 heeft 2 kolommen in plaats van 10"),
        (samples.pupils(rows=()), "geen enkel bestuur"),
        (samples.tooi((("12", "Kort", ""),)), "verkeerde code (‘12’)"),
        (samples.tooi((("0001", "X", "gisteren"),)), "einddatum bij 0001 is geen datum"),
    ],
)
def test_other_files_are_refused_with_a_sentence(content: bytes, words: str):
    with pytest.raises(Invalid) as refused:
        read_file(content)
    assert words in refused.value.message and refused.value.message.endswith(".")


def test_damaged_files_are_refused_or_read_never_more():
    dice = random.Random(7)
    for content in (samples.tooi(), samples.pupils(), samples.locations(), samples.boards()):
        for _ in range(150):
            broken = bytearray(content)
            for _ in range(dice.randint(1, 4)):
                place = dice.randrange(len(broken))
                broken[place : place + dice.choice((0, 1, 9))] = dice.choice((b'"', b";", b"\0", b"\n", b"\xff", b"9"))
            try:
                read_file(bytes(broken))
            except Invalid as refused:
                assert refused.message.endswith(".")


def test_offering_changes_nothing_until_it_is_taken_over(database: Database):
    with database.write() as tx:
        offered, _ = offer(tx, "leerlingen.csv", samples.pupils())
        assert (offered.new, offered.changed, offered.vanished) == (6, 0, 0)
        assert store.count_there(tx) == (0, 0, 0, 0)
        take_over(tx, offered.id)
        assert store.count_there(tx) == (1, 2, 2, 3)
        with pytest.raises(Gone):
            take_over(tx, offered.id)


def test_the_same_file_twice_changes_nothing(database: Database):
    with database.write() as tx:
        for content in (samples.tooi(), samples.pupils(), samples.locations(), samples.boards()):
            put(tx, content)
            assert put(tx, content) == (0, 0, 0)


def test_a_file_takes_away_only_what_it_speaks_of(database: Database):
    with database.write() as tx:
        put(tx, samples.locations())  # vo, two gemeenten
        put(tx, samples.pupils())  # po, one gemeente
        fewer = [row for row in samples.PUPILS if row[2] == "01AA"]
        offered, changes = offer(tx, "minder.csv", samples.pupils(fewer))
        assert set(changes.schools.vanished) == {"01AB00", "02BB01"}
        assert not changes.boards.vanished  # 40001 still has its lyceum
        take_over(tx, offered.id)
        one = [row for row in samples.LOCATIONS if row[0] == "0003"]
        _, changes = offer(tx, "vo.csv", samples.locations(one))
        assert set(changes.schools.vanished) == {"03CC00"} and set(changes.boards.vanished) == {"40001"}


def test_a_school_that_moves_to_another_board_takes_the_empty_board_along(database: Database):
    with database.write() as tx:
        put(tx, samples.pupils())
        moved = [(*row[:5], "55555", row[6]) for row in samples.PUPILS]
        _, changes = offer(tx, "verhuisd.csv", samples.pupils(moved))
        assert set(changes.schools.changed) == {"01AA00", "01AB00", "02BB01"}
        assert set(changes.boards.new) == {"55555"} and set(changes.boards.vanished) == {"40001", "41787"}


def test_names_only_get_better(database: Database):
    with database.write() as tx:
        put(tx, samples.pupils())
        assert put(tx, samples.boards()) == (1, 2, 0)
        assert put(tx, samples.pupils()) == (0, 0, 0)  # a file without names does not empty them
        put(tx, samples.tooi())
        other = [(row[0], "MEERWIJK GEM.", *row[2:]) for row in samples.PUPILS]
        put(tx, samples.pupils(other))
        assert reading.municipality_names(tx) == ("'s-Hertogendam", "Meerwijk")  # TOOI, and only those of today


def test_what_was_shown_is_what_is_written(database: Database):
    with database.write() as tx:
        first, _ = offer(tx, "een.csv", samples.pupils())
        second, _ = offer(tx, "twee.csv", samples.pupils())
        take_over(tx, first.id, (6, 0, 0))
        with pytest.raises(Invalid):
            take_over(tx, second.id, (6, 0, 0))
        drop(tx, second.id)
        with pytest.raises(Gone):
            pending(tx, second.id)


def test_boards_of_a_gemeente_per_sector_most_schools_first(database: Database):
    with database.write() as tx:
        for content in (samples.tooi(), samples.pupils(), samples.locations()):
            put(tx, content)
        found = reading.boards_in(tx, ["gemeente meerwijk", "Nergens"])
        assert found.unknown == ("Nergens",)
        assert [(b.code, b.sector, b.schools) for b in found.boards] == [
            ("41787", "po", ("De Es", "De Wilg")),
            ("40001", "po", ("De Sleutel",)),
            ("40001", "vo", ("Lyceum Meerwijk",)),
        ]
        assert found.boards[0].known_as == "bestuur 41787 (2 scholen: De Es, De Wilg)"
        assert "1 oktober 2024" in found.source
        put(tx, samples.boards())
        assert reading.boards_in(tx, ["Meerwijk"]).boards[0].known_as == "Stichting De Linde"
        assert not reading.boards_in(tx, ["Oud-Waterland"]).boards  # merged into another


# ---- the command ----


@pytest.fixture
def files(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRIEKOLOM_DATABASE_URL", database_url)
    (tmp_path / "leerlingen.csv").write_bytes(samples.pupils())
    (tmp_path / "anders.csv").write_bytes(b"a;b\n1;2\n")
    return tmp_path


def test_command_shows_first_and_takes_over_when_asked(files: Path, capsys: pytest.CaptureFixture[str]):
    file = str(files / "leerlingen.csv")
    assert main(["register", "import", file]) == 0
    said = capsys.readouterr().out
    assert "6 nieuw, niets gewijzigd, niets verdwenen" in said and "De Wilg (01AA00)" in said and "--neem-over" in said
    assert main(["register", "list"]) == 0
    assert "Er is nog geen bestand overgenomen" in capsys.readouterr().out
    assert main(["register", "import", file, "--neem-over"]) == 0
    assert main(["register", "import", file]) == 0
    assert "niets veranderd" in capsys.readouterr().out
    assert main(["register", "list"]) == 0
    assert "leerlingen.csv" in capsys.readouterr().out


def test_command_refuses_with_the_name_of_the_file(files: Path, capsys: pytest.CaptureFixture[str]):
    for name in ("anders.csv", "nergens.csv"):
        assert main(["register", "import", str(files / name)]) == 2
        assert name in capsys.readouterr().err


# ---- Opzet ----

START = {"titel": "Samen", "gemeente": "Meerwijk", "regels": "6"}


@pytest.fixture
def filled(world):
    with world.database.write() as tx:
        for content in (samples.tooi(), samples.pupils(), samples.locations()):
            put(tx, content)
    return world


def test_choosing_a_gemeente_offers_its_boards(filled, as_):
    page = as_("marieke").get("/trajecten/nieuw").text
    assert '<option value="Meerwijk">' in page and "Oud-Waterland" not in page
    answer = as_("marieke").post("/trajecten", data={**START, "besturen": "ja", "partij-1-naam": "Kinderopvang Ark"})
    assert answer.status_code == 200
    assert "2 besturen erbij gezet" in answer.text and "1 oktober 2024" in answer.text
    assert 'value="Kinderopvang Ark"' in answer.text
    assert "Bestuur 41787, 2 scholen po: De Es, De Wilg. Hoe heet dit bestuur?" in answer.text
    assert "schoolbestuur po en vo" in answer.text or "schoolbestuur vroegschools, po en vo" in answer.text


def test_a_board_gets_the_name_that_was_typed(filled, as_):
    data = {**START, "partij-1-soort": "schoolbestuur", "partij-1-naam": "De Linde", "partij-1-bestuur": "41787"}
    more = as_("marieke").post("/trajecten", data={**data, "besturen": "ja"}).text
    assert more.count("Bestuur 41787") == 1 and "1 bestuur erbij gezet" in more
    answer = as_("marieke").post("/trajecten", data={**data, "partij-2-bestuur": "40001"})
    assert answer.status_code == 303
    assert "De Linde" in as_("marieke").get(answer.headers["location"]).text


def test_unknown_gemeente_says_so_and_keeps_everything(filled, as_):
    answer = as_("marieke").post("/trajecten", data={**START, "gemeente": "Meerwijck", "besturen": "ja"})
    assert answer.status_code == 422
    assert "‘Meerwijck’ staat niet in het register" in answer.text and 'value="Samen"' in answer.text
    answer = as_("marieke").post("/trajecten", data={**START, "gemeente": "", "besturen": "ja"})
    assert "Vul eerst in om welke gemeente het gaat." in answer.text


def test_without_register_nothing_is_offered(world, as_):
    page = as_("marieke").get("/trajecten/nieuw").text
    assert "besturen met scholen" not in page and "datalist" not in page


# ---- the pages ----


@pytest.fixture
def local(database_url: str):
    """A browser in local mode."""
    app = build(Settings(database_url=database_url))
    with app.state.database.write() as tx:
        ensure_local_person(tx)
    headers = {"sec-fetch-site": "same-origin"}
    browser = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False, headers=headers)
    browser.event_hooks["response"].append(inspect_html)
    yield browser
    app.state.database.close()


def send(browser: TestClient, content: bytes, name: str = "leerlingen.csv"):
    return browser.post("/register", files={"bestand": (name, content, "text/csv")})


def test_page_shows_what_changes_and_then_takes_it_over(local: TestClient):
    assert "nog niets overgenomen" in local.get("/register").text
    answer = send(local, samples.pupils())
    assert answer.status_code == 303
    shown = local.get(answer.headers["location"]).text
    assert (
        "6 nieuw, niets gewijzigd, niets verdwenen" in shown
        and "De Wilg (01AA00)" in shown
        and "1 oktober 2024" in shown
    )
    taken = local.post(f"{answer.headers['location']}/overnemen", data={"nieuw": 6, "gewijzigd": 0, "verdwenen": 0})
    assert taken.status_code == 303
    after = local.get("/register").text
    assert "1 gemeente, 2 besturen en 3 scholen" in after
    assert "Van 2 besturen is alleen het nummer bekend" in after and "leerlingen.csv" in after
    assert local.post(f"{answer.headers['location']}/overnemen").status_code == 410


def test_page_refuses_with_a_sentence_at_the_field(local: TestClient):
    for content, words in ((b"a;b\n1;2\n", "kent Driekolom niet"), (b"", "leeg")):
        answer = send(local, content)
        assert answer.status_code == 422 and words in answer.text and 'aria-describedby="bestand-fout"' in answer.text
    answer = local.post("/register", data={})
    assert answer.status_code == 422 and "Kies eerst een bestand." in answer.text


def test_page_does_not_take_over_what_has_changed_since(local: TestClient):
    first, second = (send(local, samples.pupils()).headers["location"] for _ in range(2))
    shown = {"nieuw": 6, "gewijzigd": 0, "verdwenen": 0}
    assert local.post(f"{first}/overnemen", data=shown).status_code == 303
    answer = local.post(f"{second}/overnemen", data=shown)
    assert answer.status_code == 409 and "intussen een ander bestand overgenomen" in answer.text
    assert local.post(f"{second}/weg").status_code == 303
    assert local.get(second).status_code == 410


def test_a_file_may_be_larger_than_any_other_request_but_not_endless(local: TestClient):
    limit, most = local.app.state.settings.body_limit, local.app.state.settings.upload_limit
    many = samples.boards([(str(10_000_000 + n), f"Stichting {n}") for n in range(limit // 60)])
    assert limit < len(many) < most
    assert send(local, many, "besturen.csv").status_code == 303
    assert send(local, b"x" * (most + 1)).status_code == 413
    assert local.post("/trajecten", data={"titel": "x" * (limit + 1)}).status_code == 413


def test_on_a_server_only_who_manages_the_installation_brings_files_in(world, as_):
    for name in ("marieke", "jan", "otto"):
        assert as_(name).get("/register").status_code == 404
        assert as_(name).post("/register", files={"bestand": ("x.csv", samples.pupils())}).status_code == 404
        assert as_(name).post("/register/x/overnemen").status_code == 404
        assert as_(name).post("/register/x/weg").status_code == 404
    assert as_("nobody").get("/register").status_code == 303
    with world.database.write() as tx:
        secret = invite_manager(tx, "Bea Beheer", "", 30)
    manager = world.client()
    assert manager.post(f"/toegang/{secret}").status_code == 303
    offered = send(manager, samples.pupils()).headers["location"]
    assert manager.post(f"{offered}/overnemen", data={"nieuw": 6, "gewijzigd": 0, "verdwenen": 0}).status_code == 303
    assert "1 gemeente, 2 besturen en 3 scholen" in manager.get("/register").text


STYLE = "/beheer/gemeenten/meerwijk/huisstijl"


@pytest.mark.parametrize("address", ["/register", "/trajecten/uit-bestand", f"{STYLE}/kleuren", f"{STYLE}/logo"])
@pytest.mark.parametrize(("name", "status"), [("nobody", 303), ("jan", None)])
def test_nothing_of_a_file_is_read_before_it_is_known_who_sends_it(world, address: str, name: str, status: int | None):
    """The body would keep coming for ever: whoever may not send it is answered without a byte of it being asked for."""
    asked = []

    async def receive():
        asked.append(1)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": len(asked) < 5}

    async def send(message):
        answers.append(message)

    answers: list[dict] = []
    cookies = "; ".join(f"{k}={v}" for k, v in world.client(name).cookies.items())
    headers = {"host": "lea.test", "sec-fetch-site": "same-origin", "cookie": cookies, "content-length": "900000",
               "content-type": "multipart/form-data; boundary=x"}  # fmt: skip
    scope = {"type": "http", "method": "POST", "path": address, "raw_path": address.encode(), "query_string": b"",
             "root_path": "", "scheme": "https", "server": ("lea.test", 443), "client": ("127.0.0.1", 1),
             "http_version": "1.1", "headers": [(k.encode(), v.encode()) for k, v in headers.items()]}  # fmt: skip
    apart(world.app(scope, receive, send))
    assert answers[0]["status"] == (status or (403 if address == "/trajecten/uit-bestand" else 404))
    assert asked == []
