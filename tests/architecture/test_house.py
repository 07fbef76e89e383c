"""The rules of the house that a machine can check."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from app.core.clock import now
from app.core.settings import REPO
from app.overview.happened import EventView, event_sentence

APP = Path(REPO) / "app"
MODULES = sorted(APP.rglob("*.py"))
TEMPLATES = sorted((APP / "templates").rglob("*.html"))


def test_rooms_import_only_rooms_below_them():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


def test_every_room_stands_in_the_contract_and_says_what_it_is_for():
    contract = (Path(REPO) / "pyproject.toml").read_text()
    for room in sorted(p.parent for p in APP.glob("*/__init__.py")):
        assert f"app.{room.name})" in contract or room.name == "core", f"{room.name} is not in the contract"
        tree = ast.parse((room / "__init__.py").read_text())
        told = ast.get_docstring(tree) or ""
        assert len(told) > 60 and "To be described" not in told, f"{room.name} does not say what it is for"
        assert len(tree.body) == 1, f"{room.name}/__init__.py holds code"


@cache
def calls_of(module: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call)]


def calls(module: Path, name: str) -> list[ast.Call]:
    return [c for c in calls_of(module) if name in (getattr(c.func, "attr", ""), getattr(c.func, "id", ""))]


def test_only_the_database_commits():
    found = [str(m.relative_to(REPO)) for m in MODULES if calls(m, "commit")]
    there = ["app/core/database.py", "app/core/light.py", "app/core/writer.py"]
    assert found == there, "light is for one thread; the writer commits a group of saves at once"


def test_templates_have_no_inline_script_or_style_and_no_other_host():
    for template in TEMPLATES:
        text = re.sub(r"{#.*?#}", "", template.read_text(), flags=re.DOTALL)
        text = text.replace("{{ part.html | safe }}", "")  # a fragment that was rendered, and so escaped, just before
        assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:|\|\s*safe\b", text), template
        assert not re.search(r"(src|href|action)\s*=\s*[\"'](https?:)?//", text), template
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), template


def test_html_is_made_in_templates_only():
    """Markup() in Python is allowed where text is escaped piece by piece: in the one filter, for rendered templates,
    for what is bold in prose, and for the handbook (our own Markdown, in which HTML is switched off)."""
    allowed = {"app/core/rendering.py", "app/overview/happened.py", "app/handbook/pages.py", "app/prose/html.py",
               "app/prose/fieldtext.py"}  # fmt: skip
    found = {str(m.relative_to(REPO)) for m in MODULES if calls(m, "Markup")}
    assert all(room.startswith("app/document/") or room in allowed for room in found), sorted(found - allowed)


def test_every_kind_of_event_has_a_sentence():
    """Kinds that are put together in the code are caught when a test records one (see tests/conftest.py)."""
    recorded = [c.args[1] for m in MODULES for c in calls(m, "record") if len(c.args) > 1]
    named = [word.value for m in MODULES for c in calls_of(m) for word in c.keywords if word.arg == "event"]
    kinds = {kind.value for kind in (*recorded, *named) if isinstance(kind, ast.Constant)}
    assert len(kinds) > 30
    assert {kind for kind in kinds if not (APP / "templates" / "events" / f"{kind}.html").is_file()} == set()


def test_sentences_of_events_are_plain():
    for template in (APP / "templates" / "events").glob("*.html"):
        text = template.read_text().strip()
        by_itself = text.startswith("Driekolom ")  # nobody did it
        assert ("e." in text or by_itself) and text.endswith("."), template
        assert "<" not in text, f"{template}: a sentence, no HTML"


@pytest.mark.parametrize("template", sorted(p.stem for p in (APP / "templates" / "events").glob("*.html")))
def test_sentences_of_events_need_nothing_but_who(template: str):
    """A file can bring in an event without theme, chapter or party: the timeline shows it all the same."""
    bare = EventView("Iemand", "", None, None, "", "", "", 1, now(), "/trajecten/x")
    said = event_sentence(template, bare)
    assert said.endswith(".") and "None" not in said and "  " not in said
