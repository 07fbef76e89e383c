"""`driekolom mail`: a test message, how it goes, and the daily overview from a timer."""

from __future__ import annotations

import os

import pytest

from app.cli import main
from app.core.settings import Settings
from app.mail.models import Mail
from tests.conftest import World
from tests.mail.conftest import PASSWORD, USER, Server


@pytest.fixture
def environment(world: World, settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("DRIEKOLOM_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "MODE": "server",
        "BASE_URL": settings.base_url,
        "DATABASE_URL": settings.database_url,
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(server.port),
        "SMTP_USER": USER,
        "SMTP_PASSWORD": PASSWORD,
        "MAIL_CA": settings.mail_ca,
        "MAIL_FROM": settings.mail_from,
    }.items():
        monkeypatch.setenv(f"DRIEKOLOM_{name}", value)


def test_a_test_message(environment, server: Server, capsys, monkeypatch):
    assert main(["mail", "test", "beheer@meerwijk.example"]) == 0
    assert "Verzonden aan beheer@meerwijk.example" in capsys.readouterr().out
    assert server.got[0]["Subject"] == "Proefbericht van Driekolom" and server.encrypted == [True]
    server.answer["weg"] = "550 5.1.1 no"
    for words, said in (("weg@meerwijk.example", "bestaat waarschijnlijk niet"), ("weg", "geen volledig e-mailadres")):
        assert main(["mail", "test", words]) == 2
        assert said in capsys.readouterr().err
    monkeypatch.setenv("DRIEKOLOM_SMTP_PASSWORD", "canary")
    assert main(["mail", "test", "beheer@meerwijk.example"]) == 2
    told = capsys.readouterr()
    assert "wachtwoord van Driekolom" in told.err and "canary" not in told.err + told.out


def test_status_says_numbers_and_reasons_and_nobodys_name(environment, world: World, capsys):
    assert main(["mail", "status"]) == 0
    assert "niets verstuurd" in capsys.readouterr().out
    with world.database.write() as tx:
        for state, reason in (("waiting", ""), ("refused", "dit adres bestaat niet (550)"), ("sent", ""), ("sent", "")):
            tx.add(Mail(tenant_id="meerwijk", to_name="Jan", to_email="j@x.nl", subject="S", body="B", state=state, reason=reason))  # fmt: skip
    assert main(["mail", "status"]) == 0
    told = capsys.readouterr().out
    for words in ("1 wachten nog", "2 verzonden", "1 geweigerd", "1× dit adres bestaat niet (550)", "oudste bericht"):
        assert words in told
    assert "Jan" not in told and "j@x.nl" not in told and PASSWORD not in told


def test_the_overview_from_a_timer(environment, capsys, monkeypatch):
    assert main(["mail", "digest"]) == 0
    assert capsys.readouterr().out == "geen overzichten gemaakt, geen berichten verzonden.\n"
    monkeypatch.setenv("DRIEKOLOM_SMTP_HOST", "")
    assert main(["mail", "digest"]) == 2
    assert "verstuurt geen e-mail" in capsys.readouterr().err
