"""How it is kept safe, and where to report a leak."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from app.core.clock import now
from app.core.settings import SettingsError, read_settings
from app.keeping.pages import security_txt
from tests.conftest import World


def test_the_page_is_for_everybody_and_names_the_contact(world: World, as_):
    page = as_("nobody").get("/beveiliging")
    assert page.status_code == 200 and "mailto:" not in page.text
    assert as_("nobody").get("/.well-known/security.txt").status_code == 404
    world.app.state.settings = replace(world.settings, security_contact="mailto:lek@meerwijk.example")
    assert 'href="mailto:lek@meerwijk.example"' in as_("nobody").get("/beveiliging").text
    found = as_("nobody").get("/.well-known/security.txt")
    assert found.headers["content-type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in found.text.splitlines())
    assert lines["Contact"] == "mailto:lek@meerwijk.example"
    assert lines["Canonical"] == "https://lea.test/.well-known/security.txt"
    ends = datetime.fromisoformat(lines["Expires"])
    assert 100 < (ends - now()).days < 365
    assert security_txt(replace(world.settings, security_contact="https://x.example/lek"), now()).startswith(
        "Contact: https://x"
    )


@pytest.mark.parametrize(
    "contact", ["lek@meerwijk.example", "http://meerwijk.example", "mailto:", "mailto:a b@c.d", "https://"]
)
def test_a_contact_that_is_none_is_refused(contact: str):
    with pytest.raises(SettingsError, match="SECURITY_CONTACT"):
        read_settings({"DRIEKOLOM_SECURITY_CONTACT": contact})
