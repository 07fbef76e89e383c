"""An installation that sends mail. What is written stays in the queue, where a test can read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import select

from app.answers.actions import save_answer
from app.core.fields import Spec
from app.core.settings import Settings
from app.mail.models import Mail
from app.screening.actions import share_theme
from app.screening.rules import DIVISION
from tests.conftest import World


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, smtp_host="127.0.0.1", smtp_port=1, mail_from="driekolom@meerwijk.example")


@pytest.fixture
def mails(world: World) -> Callable[[], list[Mail]]:
    """Everything that was written, oldest first."""

    def read() -> list[Mail]:
        with world.database.read() as tx:
            return list(tx.exec(select(Mail).order_by(Mail.id)))

    return read


@pytest.fixture
def share(world: World) -> Callable[..., None]:
    """`share("jan", "a", "b")`: his party shares these themes."""

    def shared(name: str, *themes: str) -> None:
        with world.database.write() as tx:
            here = world.here(tx, name)
            for slug in themes:
                save_answer(here, here.party, f"{slug}/{DIVISION}", Spec("line", "x"), ["ja"], 0)
                share_theme(here, here.party, here.get_theme(slug))

    return shared
