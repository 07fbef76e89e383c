"""The frozen pack of a journey: stored once per content, parsed once per process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session

from app.core.errors import NotFound
from app.journey import store
from app.journey.models import Journey, PackCopy

if TYPE_CHECKING:  # reading a pack is not needed to show the start page
    from app.content.pack import Pack


@cache
def installed_pack(folder: str) -> Pack:
    """The pack of this installation (the setting `content_dir`), with which new journeys start. Read once per process.

    Raises ContentError.
    """
    from app.content.load import load_pack

    return load_pack(Path(folder))


MOST_PARSED = 50  # packs that a process holds; a file may bring in a pack of its own
_parsed: dict[str, Pack] = {}


def pack_of(tx: Session, journey: Journey) -> Pack:
    """The pack this journey started with."""
    if pack := _parsed.get(journey.pack_hash):
        return pack
    from app.content.load import pack_from_json

    copy = store.find_pack_copy(tx, journey.tenant_id, journey.pack_hash)
    if copy is None:
        raise NotFound("De inhoud van dit traject ontbreekt.")
    while len(_parsed) >= MOST_PARSED:
        _parsed.pop(next(iter(_parsed), ""), None)  # the one that was read longest ago
    return _parsed.setdefault(copy.hash, pack_from_json(copy.json_text))


def keep_pack(tx: Session, tenant_id: str, pack: Pack) -> str:
    """Stores a copy of the pack unless the same content is there already; returns its hash."""
    from app.content.load import pack_hash, pack_json

    digest, text = pack_hash(pack), pack_json(pack)
    if store.find_pack_copy(tx, tenant_id, digest) is None:
        tx.add(PackCopy(tenant_id=tenant_id, hash=digest, json_text=text))
        tx.flush()
    return digest
