"""Damaged and hostile files, made from a good one: the same number always gives the same file."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

HOSTILE: list[Any] = [
    "", " ", "\x00", "a\x00b", "\ud800", "\u202eomgekeerd", "e\u0301" * 30, "👩\u200d👩\u200d👧 שלום", "x" * 100_000, "a\nb",
    "<script>alert(1)</script>", "{{ 7*7 }}{% raise %}", "{partij.__class__}", "{partij:>999999999}", "{punt!r}", "%s%n", "{", "../../etc/passwd",
    "partij:1", "partij:2", "partij:999999", "deelnemer:1", "afspraak:1", "doel:1", "traject", "partij:1 partij:2", "partij:1/partij:2", "partij:", ":",
    "06h03dkx7cbxa8f5", "0" * 16, "ja", "nee", "onzin", "procesbegeleider", "gesloten", "plan", "a", "b/verdeling", "plan/regie", "2028-13-45",
    "2028-02", "0001-01-01", "9999-12-31T23:59:59Z", "2027-03-12T14:02:00Z", "2027-03-12T14:02:00+24:00", "-1", "1e999", "beheer", "layouts/base", "\U0010ffff",
    0, 1, -1, 2, 10**6, 10**15, 2**63, 10**40, 1.5, -0.0, 1e300, True, False, None, [], {}, [[]], [None], [1, "a"], {"a": 1}, [[[[]]]], ["partij:1", "partij:1"],
]  # fmt: skip
Place = tuple[Any, Any]  # what holds it, and the name or number in it


def places(value: Any) -> list[Place]:
    """Every place in the file where something stands."""
    found: list[Place] = []
    names = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in names:
        found.append((value, name))
        found += places(inner)
    return found


def _delete(data: Any, chance: random.Random, holder: Any, name: Any) -> None:
    del holder[name]


def _double(data: Any, chance: random.Random, holder: Any, name: Any) -> None:
    if isinstance(holder, list):
        holder.insert(name, copy.deepcopy(holder[name]))
    else:
        holder[f"{name}{chance.choice(['2', '_', ' ', ''])}"] = copy.deepcopy(holder[name])


def _hostile(data: Any, chance: random.Random, holder: Any, name: Any) -> None:
    holder[name] = copy.deepcopy(chance.choice(HOSTILE))


def _other_shape(data: Any, chance: random.Random, holder: Any, name: Any) -> None:
    was = holder[name]
    holder[name] = chance.choice([[was], {"waarde": was}, str(was), [was, was], {"id": was}])


def _swap(data: Any, chance: random.Random, holder: Any, name: Any) -> None:
    other, at = chance.choice(places(data))
    mine, theirs = copy.deepcopy(holder[name]), copy.deepcopy(other[at])
    holder[name] = theirs
    with suppress(KeyError, IndexError):
        other[at] = mine


def _grow(data: Any, chance: random.Random, holder: Any, name: Any) -> None:
    was = holder[name]
    if isinstance(was, list) and was:
        holder[name] = was * (1 + 2_000 // len(was))
    elif isinstance(was, str):
        holder[name] = (was or "z") * chance.choice([2, 41, 20_000])
    else:
        holder[name] = {str(n): was for n in range(500)}


def _rename(data: Any, chance: random.Random, holder: Any, name: Any) -> None:
    if isinstance(holder, dict):
        holder[chance.choice(["", "id", "tenant_id", "__proto__", name.upper(), "x" * 300])] = holder.pop(name)
    else:
        holder.reverse()


def _near(data: Any, chance: random.Random, holder: Any, name: Any) -> None:
    """What could be good elsewhere: another value that stands in the same place of another row."""
    if isinstance(holder, dict):
        same = [h[n] for h, n in places(data) if n == name and h is not holder]
        if same:
            holder[name] = copy.deepcopy(chance.choice(same))
            return
    _hostile(data, chance, holder, name)


def _nest(data: Any, chance: random.Random, holder: Any, name: Any) -> None:
    for _ in range(chance.choice([5, 30, 300])):
        holder[name] = chance.choice([[holder[name]], {"a": holder[name]}])


CHANGES: tuple[Callable[[Any, random.Random, Any, Any], None], ...] = (
    _delete, _delete, _double, _hostile, _hostile, _hostile, _other_shape, _swap, _grow, _rename, _near, _near, _near, _near, _nest,
)  # fmt: skip


def _bytes(content: bytes, chance: random.Random) -> bytes:
    """Damage as a disk, a mail program or an editor gives it."""
    at = chance.randrange(len(content))
    how = chance.randrange(8)
    if how == 0:
        return content[:at]
    if how == 1:
        return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]
    if how == 2:
        return content[:at] + bytes(chance.randrange(256) for _ in range(9)) + content[at:]
    if how == 3:
        return content[:at] + content[min(len(content), at + chance.randrange(1, 4000)) :]
    if how == 4:
        return content + content[at:]
    if how == 5:
        return content.decode().encode(chance.choice(["utf-16", "utf-8-sig", "utf-7"]))
    if how == 6:
        return content.replace(
            b'": ', b'": ' + chance.choice([b"NaN,", b"-", b"0", b"9" * 5000, b"1e999,", b'"a":']), 3
        )
    return content.replace(b"\n", chance.choice([b"\r\n", b"", b"\n\n", b"\0", b"\xa0"]), chance.choice([1, 10**6]))


def mutated(good: bytes, number: int) -> bytes:
    """The damaged file with this number."""
    chance = random.Random(f"traject {number}")  # noqa: S311
    if number % 5 == 0:
        return _bytes(good, chance)
    data = json.loads(good)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        top = (
            [data]
            if chance.random() < 0.1
            else [data["inhoud"] if chance.random() < 0.3 else chance.choice(list(data.values()))]
        )
        found = places(top[0]) if isinstance(top[0], (dict, list)) else []
        if not found:
            found = [(data, chance.choice(list(data)))]
        holder, name = chance.choice(found)
        chance.choice(CHANGES)(data, chance, holder, name)
        if not isinstance(data, dict) or not isinstance(data.get("inhoud"), dict):
            break
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")
