"""Settings: every wrong value is a sentence, unsafe combinations are refused, and the documentation is complete."""

from pathlib import Path

import pytest

from app.core.settings import REPO, Settings, SettingsError, names, read_settings

SERVER = {"DRIEKOLOM_MODE": "server", "DRIEKOLOM_BASE_URL": "https://lea.meerwijk.example"}
MAIL = {**SERVER, "DRIEKOLOM_SMTP_HOST": "mail.example", "DRIEKOLOM_MAIL_FROM": "driekolom@meerwijk.example"}


def test_without_anything_set_it_is_local_and_on_this_computer_only():
    settings = read_settings({})
    assert settings.local and settings.host == "127.0.0.1" and not settings.secure
    assert settings.address == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "environ, words",
    [
        ({"DRIEKOLOM_PROT": "1"}, "geen instelling"),
        ({"DRIEKOLOM_MODE": "live"}, "‘lokaal’ of ‘server’"),
        ({"DRIEKOLOM_PORT": "acht"}, "heel getal"),
        ({"DRIEKOLOM_PORT": "²"}, "heel getal"),
        ({"DRIEKOLOM_PORT": "0"}, "tussen 1 en 65535"),
        ({"DRIEKOLOM_PORT": "99999"}, "tussen 1 en 65535"),
        ({"DRIEKOLOM_DATABASE_URL": "mysql://x"}, "sqlite:///"),
        ({"DRIEKOLOM_DATABASE_URL": ""}, "sqlite:///"),
        ({"DRIEKOLOM_HOST": "0.0.0.0"}, "DRIEKOLOM_HOST"),
        ({"DRIEKOLOM_HOST": "192.168.1.7"}, "procesbegeleider"),
        ({"DRIEKOLOM_HOST": "lea.example"}, "DRIEKOLOM_HOST"),
        ({"DRIEKOLOM_BASE_URL": "https://lea.example"}, "alleen voor deze computer"),
        ({"DRIEKOLOM_MODE": "server"}, "BASE_URL ontbreekt"),
        ({**SERVER, "DRIEKOLOM_BASE_URL": "http://lea.example"}, "https://"),
        ({**SERVER, "DRIEKOLOM_BASE_URL": "lea.example"}, "zonder pad"),
        ({**SERVER, "DRIEKOLOM_BASE_URL": "ftp://lea.example"}, "zonder pad"),
        ({**SERVER, "DRIEKOLOM_BASE_URL": "https://lea.example/map"}, "zonder pad"),
        ({**SERVER, "DRIEKOLOM_BASE_URL": "https://["}, "zonder pad"),
        ({**SERVER, "DRIEKOLOM_BASE_URL": "https://lea.example:abc"}, "zonder pad"),
        ({**SERVER, "DRIEKOLOM_BASE_URL": "https://lea.example:443"}, "zonder pad"),
        ({**SERVER, "DRIEKOLOM_BASE_URL": "https://jan@lea.example"}, "zonder pad"),
        ({**SERVER, "DRIEKOLOM_BASE_URL": "https://lea.example?x=1"}, "zonder pad"),
        ({**SERVER, "DRIEKOLOM_BASE_URL": "http://localhost:9000", "DRIEKOLOM_HOST": "0.0.0.0"}, "https://"),
        ({"DRIEKOLOM_ACCESSIBILITY_URL": "javascript:alert(1)"}, "https://"),
        ({"DRIEKOLOM_SESSION_HOURS": "999999999999"}, "hoogstens"),
        ({"DRIEKOLOM_LINK_DAYS": "999999999999"}, "hoogstens"),
        ({"DRIEKOLOM_CONTENT_DIR": "/bestaat/niet"}, "/bestaat/niet"),
        ({"DRIEKOLOM_THEME_CSS": "/bestaat/niet.css"}, "/bestaat/niet.css"),
        ({"DRIEKOLOM_LOGO": "/bestaat/niet.svg"}, "/bestaat/niet.svg"),
        ({"DRIEKOLOM_SESSION_HOURS": "0"}, "minstens 1"),
        ({"DRIEKOLOM_LINK_DAYS": "0"}, "minstens 1"),
        ({"DRIEKOLOM_BODY_LIMIT": "10"}, "minstens 20000"),
        ({"DRIEKOLOM_PDF_SECONDS": "1"}, "minstens 5"),
        ({**SERVER, "DRIEKOLOM_SMTP_HOST": "mail.example"}, "MAIL_FROM ontbreekt"),
        ({**MAIL, "DRIEKOLOM_MAIL_FROM": "driekolom"}, "geen volledig e-mailadres"),
        ({"DRIEKOLOM_OIDC_INSIDE": "adfs.meerwijk.example https://x"}, "‘https://x’ is dat niet"),
        ({**MAIL, "DRIEKOLOM_MAIL_NAME": "ICT <ict@zuid.example>"}, "MAIL_NAME moet een naam"),
        ({**MAIL, "DRIEKOLOM_MAIL_TELEPHONE": "bel mij"}, "MAIL_TELEPHONE moet een telefoonnummer"),
        ({**MAIL, "DRIEKOLOM_MAIL_BOUNCE": "a@b.nl, c@d.nl"}, "geen volledig e-mailadres"),
        ({**MAIL, "DRIEKOLOM_SMTP_HOST": "smtp://mail.example"}, "alleen de naam"),
        ({**MAIL, "DRIEKOLOM_SMTP_TLS": "ja"}, "‘starttls’, ‘tls’ of ‘geen’"),
        ({**MAIL, "DRIEKOLOM_SMTP_TLS": "geen"}, "zonder versleuteling"),
        ({**MAIL, "DRIEKOLOM_SMTP_USER": "jan"}, "horen bij elkaar"),
        ({**MAIL, "DRIEKOLOM_SMTP_PORT": "0"}, "minstens 1"),
        ({**MAIL, "DRIEKOLOM_MAIL_HOUR": "24"}, "hoogstens 23"),
        ({**MAIL, "DRIEKOLOM_MAIL_CA": "/bestaat/niet.pem"}, "/bestaat/niet.pem"),
        ({**MAIL, "DRIEKOLOM_IMAP_HOST": "mail.example"}, "IMAP_USER"),
        ({"DRIEKOLOM_SMTP_HOST": "mail.example", "DRIEKOLOM_MAIL_FROM": "a@b.nl"}, "alleen in de stand"),
    ],
)
def test_every_wrong_setting_is_a_sentence(environ: dict[str, str], words: str):
    with pytest.raises(SettingsError) as caught:
        read_settings(environ)
    assert any(words in problem for problem in caught.value.problems)
    assert all(problem.startswith("DRIEKOLOM_") and problem.endswith(".") for problem in caught.value.problems)


def test_all_problems_are_told_at_once():
    with pytest.raises(SettingsError) as caught:
        read_settings({"DRIEKOLOM_PORT": "x", "DRIEKOLOM_LINK_DAYS": "0", "DRIEKOLOM_ONZIN": "1"})
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_local_mode_on_this_computer(host: str):
    assert read_settings({"DRIEKOLOM_HOST": host}).host == host


def test_server_mode():
    settings = read_settings({**SERVER, "DRIEKOLOM_HOST": "0.0.0.0"})
    assert settings.secure and settings.address == "https://lea.meerwijk.example"
    assert read_settings({**SERVER, "DRIEKOLOM_BASE_URL": "http://localhost:9000"}).secure is False
    assert read_settings({**SERVER, "DRIEKOLOM_BASE_URL": "https://lea.example/"}).address == "https://lea.example"


def test_other_variables_are_left_alone():
    assert read_settings({"PATH": "x", "HOME": "y"}) == Settings()


def test_documentation_names_every_setting_and_no_other():
    told = (Path(REPO) / "docs" / "settings.md").read_text()
    rows = [line.split("`")[1] for line in told.splitlines() if line.startswith("| `DRIEKOLOM_")]
    assert sorted(rows) == sorted(names())


def test_documentation_gives_the_usual_value():
    told = (Path(REPO) / "docs" / "settings.md").read_text()
    for field, value in vars(Settings()).items():
        if field in ("database_url", "content_dir"):
            continue
        row = next(line for line in told.splitlines() if line.startswith(f"| `DRIEKOLOM_{field.upper()}`"))
        assert row.split("|")[2].strip().strip("`") == (str(value) or "empty")
