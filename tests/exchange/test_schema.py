"""The JSON Schema in docs/ is that of the file, and every file keeps to it."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from app.exchange.actions import export_journey
from app.exchange.schema import PLACE, schema, written
from app.exchange.sheets import ALL, JOINT, SCOPES
from tests.exchange.conftest import NAMES, Shelf


def test_the_schema_in_docs_is_the_schema():
    assert PLACE.read_text() == written(), "run: python -m app.exchange.schema"
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", NAMES)
def test_every_file_keeps_to_it(shelf: Shelf, name: str, scope: str):
    with shelf.database.read() as tx:
        data = json.loads(export_journey(tx, shelf.journey(tx, name), scope))
    wrong = [f"{list(e.path)}: {e.message[:200]}" for e in Draft202012Validator(schema()).iter_errors(data)]
    assert wrong == []


def test_it_says_what_is_wrong(shelf: Shelf):
    known = Draft202012Validator(schema())
    with shelf.database.read() as tx:
        good = export_journey(tx, shelf.journey(tx, "vol"), ALL)
    for place, value in (
        (("version",), 2),
        (("reikwijdte",), JOINT),  # with what only beheer may hold
        (("doelen", 0, "wie"), "deelnemer:1"),
        (("partijen", 0, "id"), "partij-1"),
        (("deelnemers", 0, "rol"), "directeur"),
        (("antwoorden", 0, "versie"), 0),
        (("traject", "titel"), ""),
        (("inhoud", "themes", 0, "slug"), "A B"),
        (("gebeurtenissen", 0, "ip"), "::1"),
    ):
        data = json.loads(good)
        inner = data
        for name in place[:-1]:
            inner = inner[name]
        inner[place[-1]] = value
        assert not known.is_valid(data), place
