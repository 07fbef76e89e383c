"""The same questions for every write: it works, another board cannot, an outsider gets 404, nobody is sent to sign in,
a closed step says 409, bad input says 422 and keeps what was typed, a stale version says 409 and shows both texts, GET is
refused. A test names the write once; the litany asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.journey.actions import mark_step
from tests.conftest import World

PART = {"driekolom-deel": "1"}


@dataclass(frozen=True)
class Write:
    """One saving field. `by` may write, `not_by` has a seat but may not (403)."""

    url: str
    by: str
    good: str | list[str]
    other: str | list[str] | None = None  # a second good value, for the stale version
    not_by: Sequence[str] = ()
    step: str = ""  # closing this step must stop the write
    bad: str | None = None  # a value that is refused with 422
    extra: dict[str, str] = field(default_factory=dict)


def recite(world: World, write: Write) -> None:
    """Asks everything. Fails with the question in the message."""
    mine = world.client(write.by)
    data = {"waarde": write.good, "versie": "0", **write.extra}

    assert mine.get(write.url).status_code in (404, 405), "GET must not be a way to write"
    assert world.client("nobody").post(write.url, data=data, headers=PART).status_code == 401, "nobody"
    plain = world.client("nobody").post(write.url, data=data)
    assert (plain.status_code, plain.headers.get("location")) == (303, "/aanmelden"), "nobody is sent to sign in"
    for outsider in ("otto", "olga"):
        assert world.client(outsider).post(write.url, data=data, headers=PART).status_code == 404, outsider
    for name in write.not_by:
        assert world.client(name).post(write.url, data=data, headers=PART).status_code == 403, name

    first = mine.post(write.url, data=data, headers=PART)
    assert first.status_code == 200, f"it works: {first.text}"
    assert "Opgeslagen" in first.text
    assert mine.post(write.url, data=data, headers=PART).status_code == 200, "the same save again is not a conflict"

    if write.bad is not None:
        refused = mine.post(write.url, data={**data, "waarde": write.bad, "versie": "1"}, headers=PART)
        assert refused.status_code == 422, "bad input"
        assert 'data-part="error"' in refused.text and "aria-invalid" in refused.text
        page = mine.post(write.url, data={**data, "waarde": write.bad, "versie": "1"})
        assert page.status_code == 422 and "<h1>" in page.text, "bad input without a script gives a page"
    if write.other is not None:
        stale = mine.post(write.url, data={**data, "waarde": write.other, "versie": "0"}, headers=PART)
        assert stale.status_code == 409, "stale version"
        assert "conflict__both" in stale.text and "conflict__said" in stale.text, "both texts, and how they differ"
        page = mine.post(write.url, data={**data, "waarde": write.other, "versie": "0"})
        assert page.status_code == 409 and "conflict__both" in page.text

    cross = world.client(write.by)
    cross.headers["sec-fetch-site"] = "cross-site"
    assert cross.post(write.url, data=data).status_code == 403, "another website"

    if write.step:
        with world.database.write() as tx:
            mark_step(world.here(tx), write.step, "gesloten")
        closed = mine.post(write.url, data={**data, "waarde": write.other or write.good, "versie": "1"}, headers=PART)
        assert closed.status_code == 409 and "gesloten" in closed.text, "closed step"
