"""The stories of the examples, as written in `seeds/voorbeelden`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "seeds" / "voorbeelden"


@dataclass(frozen=True)
class Script:
    slug: str
    title: str
    summary: str  # one sentence for the front page
    told: dict[str, Any]
    pack: str = "ouderbetrokkenheid"  # slug of the content pack it is written for


class _Words(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Dates, months and numbers stay the words they are in the file."""


_Words.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in found if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int")
    ]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def scripts() -> tuple[Script, ...]:
    """The example journeys; the one that ends in a plan comes first."""
    found = [yaml.load(path.read_text("utf-8"), _Words) for path in sorted(FOLDER.glob("*.yaml"))]  # noqa: S506
    made = [Script(t["slug"], t["titel"], t["omschrijving"], t) for t in found]
    return tuple(sorted(made, key=lambda s: "plan" not in s.told))
