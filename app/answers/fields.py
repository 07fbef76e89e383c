"""From stored value to `FieldView`, in one way everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.answers.actions import Saved, column_text
from app.answers.models import Answer, FieldVersion, JointAnswer
from app.content.pack import Choice
from app.core.clock import moment_text
from app.core.fields import FieldView, Option, Spec


def options(choices: Iterable[Choice]) -> tuple[Option, ...]:
    """Choices of the pack as options of a field."""
    return tuple(Option(c.slug, c.label, c.help) for c in choices)


def dom_id(path: str) -> str:
    """A path as an id in a page: 'b/vve/stand' → 'v-b-vve-stand'."""
    return "v-" + re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")


def saved_text(moment: Any) -> str:
    return f"Opgeslagen {moment_text(moment)}"


def stored_field(url: str, path: str, spec: Spec, row: Answer | JointAnswer | None, **extra: Any) -> FieldView:
    """The field of an answer or joint answer; `row` is None while nobody saved it. `extra` goes to FieldView."""
    if row is None:
        return FieldView(id=dom_id(path), url=url, spec=spec, **extra)
    saved = saved_text(row.saved_at) if row.version else ""
    return FieldView(id=dom_id(path), url=url, spec=spec, value=row.value, version=row.version, saved=saved, **extra)


def column_field(
    url: str, record: Any, name: str, spec: Spec, versions: dict[tuple[str, str], FieldVersion], **extra: Any
) -> FieldView:
    """The field of one column of a row. `versions` as from `store.list_field_versions`."""
    version = versions.get((record.id, name))
    return FieldView(
        id=dom_id(f"{type(record).__tablename__}/{record.id}/{name}"),
        url=url,
        spec=spec,
        value=column_text(record, name),
        version=version.version if version else 0,
        saved=saved_text(version.saved_at) if version else "",
        **extra,
    )


def after_save(view: FieldView, saved: Saved) -> FieldView:
    """The same field with what now stands in the database."""
    return replace(view, value=saved.value, version=saved.version, saved=saved_text(saved.at))
