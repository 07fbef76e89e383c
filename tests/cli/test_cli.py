"""The command: what it prints, its exit status, and that wrong input changes nothing."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import main
from app.core.database import Database
from app.core.settings import REPO
from app.exchange.actions import export_journey
from app.journey.store import find_seat_and_journey
from app.people.store import find_local_person
from tests.databases import Databases
from tests.dump import dump


@pytest.fixture
def place(tmp_path: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with an empty database; the settings point to it."""
    for name in [n for n in os.environ if n.startswith("DRIEKOLOM_")]:
        monkeypatch.delenv(name)
    url = databases.fresh(tmp_path, "x")
    monkeypatch.setenv("DRIEKOLOM_DATABASE_URL", url)
    yield tmp_path
    databases.drop(url)


def its_database() -> Database:
    """The database that the settings point to."""
    return Database(os.environ["DRIEKOLOM_DATABASE_URL"])


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        status = main(words)
    except SystemExit as stopped:
        status = int(stopped.code or 0)
    told = capsys.readouterr()
    return status, told.out, told.err


@pytest.mark.parametrize(
    "words, said",
    [
        ([], "Er ontbreekt iets"),
        (["onzin"], "‘onzin’ kan niet"),
        (["content"], "Er ontbreekt iets"),
        (["content", "check", "/bestaat/niet"], "/bestaat/niet: deze map is er niet"),
        (["traject", "list", "--xml"], "--xml"),
        (["document"], "ID, --to"),
        (["document", "zz", "--to"], "--to"),
        (["document", "zz", "--to", "/bestaat/niet/x.pdf"], "/bestaat/niet"),
        (["document", "zz", "--to", "/tmp"], "dit is een map"),
        (["document", "zz", "--format", "odt", "--to", "x.pdf"], "--format"),
        (["traject", "export", "zz"], "--to"),
        (["traject", "export", "zz", "--to", "/tmp"], "dit is een map"),
        (["traject", "export", "zz", "--to", "/bestaat/niet/x.json"], "/bestaat/niet"),
        (["traject", "export", "zz", "--scope", "alles", "--to", "x.json"], "--scope"),
        (["traject", "import"], "BESTAND"),
        (["traject", "import", "/bestaat/niet.json"], "/bestaat/niet.json: dit bestand kan niet worden gelezen"),
        (["traject", "import", "/tmp"], "het is een map"),
        (["traject", "import", __file__], "er is niets gewijzigd. bestand: dit is geen traject van Driekolom"),
        (["persoon", "link"], "NAAM"),
        (["persoon", "link", "Piet"], "DRIEKOLOM_MODE"),
    ],
)
def test_wrong_input_is_a_sentence_and_status_2(place: Path, capsys, words: list[str], said: str):
    database = its_database()
    before = dump(database)
    status, out, err = run(capsys, *words)
    assert status == 2 and said in err and out == ""
    assert not any(word in err for word in ("error", "usage", "required", "invalid", "Traceback"))
    assert dump(database) == before


def test_help_is_dutch(capsys):
    for words in ([], ["document"], ["traject", "list"]):
        status, out, _ = run(capsys, *words, "--help")
        assert status == 0 and "gebruik:" in out
        assert not any(word in out for word in ("usage", "options", "positional", "show this"))


def test_wrong_setting_is_a_sentence(place: Path, capsys, monkeypatch):
    monkeypatch.setenv("DRIEKOLOM_PORT", "acht")
    monkeypatch.setenv("DRIEKOLOM_HOST", "0.0.0.0")
    status, _, err = run(capsys, "serve")
    assert status == 2 and "DRIEKOLOM_PORT" in err and "DRIEKOLOM_HOST" in err


@pytest.mark.sqlite
def test_broken_database_is_a_sentence(place: Path, capsys):
    (place / "x.db").write_bytes(b"dit is geen database" * 100)
    status, _, err = run(capsys, "migrate")
    assert status == 2 and str(place / "x.db") in err and "geen database" in err
    assert (place / "x.db").read_bytes().startswith(b"dit is geen database")


@pytest.mark.sqlite
def test_migrate_from_nothing_and_again(place: Path, capsys):
    (place / "x.db").unlink()
    assert run(capsys, "migrate")[0] == 0
    assert run(capsys, "migrate")[0] == 0
    status, out, _ = run(capsys, "traject", "list", "--json")
    assert status == 0 and json.loads(out) == []


def test_content_check_and_dump(place: Path, capsys, pack):
    assert run(capsys, "content", "check")[0] == 0
    folder = place / "pakket"
    shutil.copytree(REPO / "seeds" / "ouderbetrokkenheid", folder)
    first = sorted(folder.rglob("*.yaml"))[0]
    first.write_text(first.read_text() + "\nonzin: [\n")
    status, _, err = run(capsys, "content", "check", str(folder))
    assert status == 2 and first.name in err and any(char.isdigit() for char in err)
    status, out, _ = run(capsys, "content", "dump")
    assert status == 0 and json.loads(out)["slug"] == pack.slug


def test_list_and_document(world, capsys, monkeypatch, tmp_path: Path):
    monkeypatch.setenv("DRIEKOLOM_DATABASE_URL", world.settings.database_url)
    status, out, _ = run(capsys, "traject", "list", "--json")
    rows = {row["id"]: row for row in json.loads(out)}
    assert status == 0 and len(rows) == 3
    mine = rows[world.journey]
    assert mine["titel"] == "Ouderbetrokkenheid in Meerwijk" and mine["gemeenten"] == ["Meerwijk"]
    assert mine["aantal_partijen"] == 5 and mine["gestart"].startswith("20")
    assert "Ouderbetrokkenheid in Meerwijk" in run(capsys, "traject", "list")[1]
    target = tmp_path / "plan.pdf"
    assert run(capsys, "document", world.journey, "--to", str(target))[0] == 0
    assert target.read_bytes().startswith(b"%PDF")
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == [], "nothing half is left behind"
    status, _, err = run(capsys, "document", "bestaatniet", "--to", str(tmp_path / "y.pdf"))
    assert status == 2 and "bestaatniet" in err and not (tmp_path / "y.pdf").exists()


def test_a_journey_out_and_in(world, capsys, monkeypatch, tmp_path: Path):
    monkeypatch.setenv("DRIEKOLOM_DATABASE_URL", world.settings.database_url)
    monkeypatch.setenv("DRIEKOLOM_MODE", "server")
    monkeypatch.setenv("DRIEKOLOM_BASE_URL", "https://lea.test")
    target, again = tmp_path / "a.json", tmp_path / "b.json"
    for scope in ("traject", "beheer"):
        status, _, err = run(capsys, "traject", "export", world.journey, "--to", str(target), "--scope", scope)
        assert status == 0 and ("veilig" in err) == (scope == "beheer")
        words = ("traject", "import", str(target), "--gemeente", "Gemeente Meerwijk")
        before = dump(world.database)
        status, _, err = run(capsys, *words)
        assert status == 2 and "--voor: zeg wie" in err
        status, _, err = run(capsys, *words, "--voor", "Jan Bakker")
        assert status == 2 and "mag nog geen traject starten" in err
        status, _, err = run(capsys, "traject", "import", str(target), "--voor", "Otto Verweg")
        assert status == 2 and "--gemeente" in err, "there are two gemeenten"
        assert dump(world.database) == before
        status, new, _ = run(capsys, *words, "--zonder-begeleider")
        assert status == 0
        assert run(capsys, "traject", "export", new.strip(), "--to", str(again), "--scope", scope)[0] == 0
        assert again.read_bytes() == target.read_bytes()
        status, new, _ = run(capsys, *words, "--voor", "olga buiten")
        assert status == 0
        page = world.client("olga").get(f"/trajecten/{new.strip()}")
        assert page.status_code == 200 and "Ouderbetrokkenheid in Meerwijk" in page.text
    status, _, err = run(capsys, "traject", "export", "bestaatniet", "--to", str(tmp_path / "c.json"))
    assert status == 2 and "bestaatniet" in err and not (tmp_path / "c.json").exists()


def test_in_local_mode_the_person_of_this_computer_leads_what_is_brought_in(place: Path, world, capsys, monkeypatch):
    with world.database.read() as tx:
        (place / "in.json").write_bytes(export_journey(tx, world.here(tx).journey))
    status, new, _ = run(capsys, "traject", "import", str(place / "in.json"))
    assert status == 0
    database = its_database()
    with database.read() as tx:
        person = find_local_person(tx)
        assert person is not None
        seat, _ = find_seat_and_journey(tx, person, new.strip())
        assert seat.role == "procesbegeleider"


def test_failed_document_leaves_the_old_file_alone(world, capsys, monkeypatch, tmp_path: Path):
    from app.core.errors import Refusal

    def broken(*_):
        raise Refusal("Dat lukte niet.")

    monkeypatch.setenv("DRIEKOLOM_DATABASE_URL", world.settings.database_url)
    monkeypatch.setattr("app.document.actions.write_pdf", broken)
    target = tmp_path / "plan.pdf"
    target.write_text("oud")
    status, _, err = run(capsys, "document", world.journey, "--to", str(target))
    assert status == 2 and str(target) in err and target.read_text() == "oud"
    assert [p for p in tmp_path.iterdir() if "plan" in p.name] == [target]


def test_link_for_somebody_who_may_start(place: Path, capsys, monkeypatch):
    monkeypatch.setenv("DRIEKOLOM_MODE", "server")
    monkeypatch.setenv("DRIEKOLOM_BASE_URL", "https://lea.test")
    status, _, err = run(capsys, "persoon", "link", "Piet Post")
    assert status == 2 and "--gemeente" in err
    status, _, err = run(capsys, "persoon", "link", "Piet Post", "--gemeente", "Meerwijk", "--email", "piet")
    assert status == 2 and "piet" in err
    status, out, _ = run(capsys, "persoon", "link", "Piet Post", "--gemeente", "Meerwijk")
    assert status == 0 and out.startswith("https://lea.test/toegang/")
    assert out.strip().rsplit("/", 1)[1] not in dump(its_database(), log=True)
    assert run(capsys, "persoon", "link", "Piet Post")[0] == 0, "the only gemeente need not be said again"


# ---- serve, as a program of its own ----


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def serve(place: Path, port: int) -> subprocess.Popen[str]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DRIEKOLOM_")}
    environ |= {"DRIEKOLOM_DATABASE_URL": os.environ["DRIEKOLOM_DATABASE_URL"], "DRIEKOLOM_PORT": str(port)}
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve"],
        cwd=REPO,
        env=environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_serve_says_where_it_is_and_refuses_a_port_in_use(place: Path):
    port = free_port()
    first = serve(place, port)
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == f"Driekolom staat klaar op http://127.0.0.1:{port}\n"
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).read().decode()  # noqa: S310
        assert "Start een traject" in page
        until = time.monotonic() + 30
        while len(os.sched_getaffinity(first.pid)) > 1:
            assert time.monotonic() < until, "it stays on one core"
            time.sleep(0.01)
        second = serve(place, port)
        _, err = second.communicate(timeout=60)
        assert second.returncode == 2 and str(port) in err and "in gebruik" in err and "Traceback" not in err
    finally:
        first.send_signal(signal.SIGTERM)
        out, err = first.communicate(timeout=30)
    assert err == "", "no access log, no addresses, no secrets"
    again = serve(place, port)
    try:
        assert again.stdout is not None and again.stdout.readline().startswith("Driekolom staat klaar")
    finally:
        again.send_signal(signal.SIGTERM)
        again.communicate(timeout=30)


def test_serve_does_not_load_the_pdf_maker():
    code = (
        "import sys, app.cli; from app.main import build; from app.core.settings import Settings; "
        "build(Settings(database_url='sqlite://')); print('weasyprint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "False", done.stderr


def test_newest_migration_is_the_one_that_alembic_ends_with():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from app.migrate import MIGRATIONS, newest

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [newest()]


def test_a_current_database_needs_no_alembic(place: Path):
    code = "import sys, os; from app.migrate import migrate; migrate(os.environ['DRIEKOLOM_DATABASE_URL']); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "False", done.stderr


def test_database_of_a_newer_version_is_told(place: Path, capsys):
    database = its_database()
    with database.write() as tx:
        tx.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999_later'")
    status, _, err = run(capsys, "migrate")
    assert status == 2 and "nieuwere versie" in err


def test_oidc(place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DRIEKOLOM_MODE", "server")
    monkeypatch.setenv("DRIEKOLOM_BASE_URL", "https://lea.test")
    run(capsys, "persoon", "link", "Marieke", "--gemeente", "Meerwijk")
    words = ("oidc", "add", "oud-zuid", "--issuer", "https://login.test/realm", "--client", "abc")
    wrong = run(capsys, *words[:4], "http://login.test", *words[5:], "--domein", "@")
    assert wrong[0] == 2 and "--issuer:" in wrong[2] and "--domein:" in wrong[2]
    assert "nog geen organisatie" in run(capsys, "oidc", "list")[1], "nothing was changed"
    status, told, _ = run(capsys, *words, "--domein", "meerwijk.test", "--domein", "@School.test")
    assert status == 0 and "https://lea.test/aanmelden/organisatie/oud-zuid/terug" in told
    assert "DRIEKOLOM_OIDC_OUD_ZUID_SECRET" in told
    monkeypatch.setenv("DRIEKOLOM_OIDC_OUD_ZUID_SECRET", "heel geheim")
    listed = run(capsys, "oidc", "list")[1]
    assert listed == "oud-zuid\tMeerwijk\thttps://login.test/realm\tmeerwijk.test school.test\tgeheim ingesteld\n"
    assert run(capsys, "oidc", "remove", "oud-zuid")[0] == 0
    assert run(capsys, "oidc", "remove", "oud-zuid") == (
        2,
        "",
        "‘oud-zuid’ is er niet. Kijk met: driekolom oidc list\n",
    )
