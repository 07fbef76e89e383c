"""The JSON Schema of the file, made from the same columns as the file itself.

`python -m app.exchange.schema` writes docs/traject.schema.json anew; a test says when it is behind.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.content.pack import Pack
from app.core.settings import REPO
from app.exchange.check import MOST_VERSIONS, TOP
from app.exchange.sheets import (
    ALL,
    FORMAT,
    JOINT,
    JOURNEY,
    MUST,
    SCOPES,
    SHEETS,
    VERSION,
    VERSION_COLUMNS,
    VERSIONS_LIST,
    WITH_VERSIONS,
    Sheet,
)

PLACE = Path(REPO) / "docs" / "traject.schema.json"


def schema() -> dict[str, Any]:
    """What holds for every file of this version. What one part says of another only reading the file tells."""
    pack = Pack.model_json_schema(ref_template="#/$defs/{model}")
    properties: dict[str, Any] = {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "reikwijdte": {"enum": list(SCOPES)},
        "inhoud": {"$ref": "#/$defs/Pack"},
        JOURNEY.name: _block(JOURNEY),
        **{s.name: {"type": "array", "maxItems": s.most, "items": _block(s)} for s in SHEETS},
        VERSIONS_LIST: {"type": "array", "maxItems": MOST_VERSIONS, "items": _version()},
    }
    more = [s for s in SHEETS if s.of(ALL) != s.of(JOINT)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Een traject van Driekolom als bestand",
        "type": "object",
        "additionalProperties": False,
        "required": list(TOP),
        "properties": {name: properties[name] for name in TOP},
        "if": {"properties": {"reikwijdte": {"const": ALL}}},
        "then": {"properties": {s.name: {"items": {"required": _only_all(s)}} for s in more}},
        "else": {"properties": {s.name: {"items": {"properties": dict.fromkeys(_only_all(s), False)}} for s in more}},
        "$defs": {**pack.pop("$defs"), "Pack": pack},
    }


def _only_all(sheet: Sheet) -> list[str]:
    """Columns that are only in the scope 'beheer'."""
    return [c.called for c in sheet.of(ALL) if c not in sheet.of(JOINT) and c.absent is MUST]


def _block(sheet: Sheet) -> dict[str, Any]:
    own = {"id": {"type": "string", "pattern": f"^{sheet.prefix}:[1-9][0-9]*$"}} if sheet.prefix else {}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*own, *(c.called for c in sheet.of(JOINT) if c.absent is MUST)],
        "properties": own | {c.called: c.kind.schema() for c in sheet.of(ALL)},
    }


def _version() -> dict[str, Any]:
    columns = {c.called: c.kind.schema() for c in VERSION_COLUMNS}
    row = {"type": "string", "pattern": f"^({'|'.join(WITH_VERSIONS)})(:[1-9][0-9]*)?$"}
    fields = {"enum": sorted({name for sheet in WITH_VERSIONS.values() for name in sheet.stored(ALL)})}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["van", "veld", *columns],
        "properties": {"van": row, "veld": fields, **columns},
    }


def written() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PLACE.write_text(written())
