"""Shorthands for filling in and sharing, through the same routes as people use."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.conftest import World

PART = {"driekolom-deel": "1"}


@dataclass
class Screen:
    """`put` saves a field of the own column (or namens a party), `share` shares a theme."""

    world: World
    as_: Callable

    def url(self, theme: str, rest: str = "", behalf: str = "") -> str:
        middle = f"/namens/{self.world.parties[behalf]}" if behalf else ""
        return self.world.path(f"waar-staan-we/{theme}{middle}{'/' + rest if rest else ''}")

    def put(self, who: str, theme: str, name: str, value: str, version: int = 0, behalf: str = ""):
        answer = self.as_(who).post(
            self.url(theme, f"veld/{name}", behalf),
            data={"waarde": value, "versie": str(version)},
            headers=PART,
        )
        return answer

    def share(self, who: str, theme: str, behalf: str = ""):
        return self.as_(who).post(self.url(theme, "delen", behalf))

    def read(self, who: str, theme: str = "", rest: str = "") -> str:
        answer = self.as_(who).get(self.url(theme, rest) if theme else self.world.path("waar-staan-we"))
        assert answer.status_code == 200, answer.status_code
        return answer.text


@pytest.fixture
def screen(world: World, as_) -> Screen:
    return Screen(world, as_)
