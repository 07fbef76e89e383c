"""What the parts of a pack are made of: the kinds of text, and facts with their source."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=48)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Part):
    """A document that facts come from."""

    slug: Slug
    title: Text
    year: Text  # "omstreeks 2013" where the document itself has no date
    publisher: str = ""
    elements: tuple[int, ...] = ()


class Citation(Part):
    """Where a fact comes from: shown as 'Beleidsbox, omstreeks 2013'."""

    source: Slug
    place: str = ""  # e.g. "r. 148" for whoever checks; not shown to users


class Fact(Part):
    """One statement with its source. `today` stands beside it where the word or rule has changed since."""

    text: Text
    cite: Citation
    year: str = ""  # the year the fact speaks of, where it is not the year of the source
    today: str = ""
    elements: tuple[int, ...] = ()  # numbers in the checklist
