"""What the documentation says can be typed, can be typed; what it lists is complete; publiccode.yml is valid."""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from app.cli import _parser
from app.core.settings import REPO

DOCUMENTED = [
    REPO / "README.md",
    *sorted((REPO / "docs").rglob("*.md")),
    REPO / "deploy" / "README.md",
    REPO / "CONTRIBUTING.md",
]


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command of `driekolom` by its words: 'traject list'."""
    found: dict[str, argparse.ArgumentParser] = {}

    def walk(one: argparse.ArgumentParser, path: tuple[str, ...]) -> None:
        deeper = [a for a in one._actions if isinstance(a, argparse._SubParsersAction)]
        for action in deeper:
            for word, below in action.choices.items():
                walk(below, (*path, word))
        if not deeper:
            found[" ".join(path)] = one

    walk(_parser(), ())
    return found


def typed(text: str, program: str) -> Iterator[list[str]]:
    """What comes after a program in code spans and blocks, word by word."""
    for code in re.findall(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", text, re.DOTALL):
        for line in "".join(code).splitlines():
            if found := re.match(rf"\s*(?:\S*/bin/)?{program} ([a-z].*)", line):
                yield found[1].split("#")[0].split()


@pytest.mark.parametrize("file", DOCUMENTED, ids=lambda f: f.relative_to(REPO).as_posix())
def test_commands_in_the_documentation_exist(file: Path):
    known, targets = commands(), set(re.findall(r"^([a-z-]+):.*##", (REPO / "Makefile").read_text(), re.MULTILINE))
    text = file.read_text("utf-8")
    for given in typed(text, "driekolom"):
        path = next((p for p in (" ".join(given[:2]), given[0]) if p in known), None)
        assert path is not None, given
        options = {o for a in known[path]._actions for o in a.option_strings}
        assert {w.split("=")[0] for w in given if w.startswith("--")} <= options, given
    for given in typed(text, "make"):
        assert given[0] in targets, given


def test_every_command_is_documented():
    told = (REPO / "docs" / "commands.md").read_text("utf-8")
    assert [path for path in commands() if f"`driekolom {path}" not in told] == []
    for path, command in commands().items():
        row = next(line for line in told.splitlines() if f"`driekolom {path}" in line)
        missing = [
            o
            for a in command._actions
            for o in a.option_strings
            if o.startswith("--") and o != "--help" and o not in row
        ]
        assert missing == [], path


def test_every_target_is_documented():
    told = (REPO / "docs" / "commands.md").read_text("utf-8")
    targets = re.findall(r"^([a-z-]+):.*##", (REPO / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert [t for t in targets if t != "help" and f"| `make {t}" not in told] == []


# The index and what lies beside it


def test_the_index_names_every_document():
    told = (REPO / "docs" / "README.md").read_text("utf-8")
    files = [f.relative_to(REPO / "docs") for f in (REPO / "docs").rglob("*") if f.suffix in (".md", ".json")]
    missing = [
        f.as_posix()
        for f in files
        if f.parts[0] != "handleiding" and f.name != "README.md" and f"({f.as_posix()})" not in told
    ]
    assert missing == []


@pytest.mark.parametrize("file", DOCUMENTED, ids=lambda f: f.relative_to(REPO).as_posix())
def test_links_in_the_documentation_lead_somewhere(file: Path):
    for target in re.findall(r"\]\(([^)\s]+)\)", file.read_text("utf-8")):
        if not target.startswith(("http", "mailto:", "#")):
            assert (file.parent / target.split("#")[0]).exists(), target


@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "LICENSE"]
)
def test_what_a_public_repository_has(name: str):
    text = (REPO / name).read_text("utf-8")
    assert len(text) > 400
    assert "@" not in re.sub(r"`[^`]*`", "", text) or name == "LICENSE", "no address that might not exist"


# publiccode.yml, version 0.7 of the standard


def public_code() -> dict:
    return yaml.safe_load((REPO / "publiccode.yml").read_text("utf-8"))


def test_public_code_has_what_the_standard_asks():
    told = public_code()
    required = {
        "publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal",
        "maintenance", "localisation", "softwareVersion",
    }  # fmt: skip
    assert required <= set(told)
    assert told["publiccodeYmlVersion"] == "0.7"
    assert told["legal"]["license"] == "EUPL-1.2"
    assert told["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert told["softwareType"] in {"standalone/web", "standalone/other", "library", "addon", "configurationFiles"}
    assert told["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert all(person["name"] for person in told["maintenance"]["contacts"])
    assert told["localisation"]["availableLanguages"] == ["nl"] and told["localisation"]["localisationReady"] is False
    for language, text in told["description"].items():
        assert language in ("nl", "en")
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert len(text["features"]) > 3


def test_public_code_is_about_this_version():
    project = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["project"]
    assert public_code()["softwareVersion"] == project["version"]
    assert public_code()["legal"]["license"] == project["license"]
    assert f"## {project['version']}" in (REPO / "CHANGELOG.md").read_text("utf-8")
