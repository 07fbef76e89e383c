"""Changes that no editor makes: real ones that were damaged, and whole ones written by somebody who knows how they are written."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence

from app.core.ids import new_id
from app.prose.updates import KINDS, ROOT

LETTERS = ["a", "é", "😀", " ", "\n", "ouders", "x" * 300, "\u202e", "\ufeff", "\u0301" * 50]


def damaged(chance: random.Random, updates: Sequence[bytes]) -> bytes:
    """One of these with some bytes changed, put in, taken out, or the end of another."""
    data = bytearray(chance.choice(updates))
    for _ in range(chance.choice([1, 1, 1, 2, 5])):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(7):
            case 0 if data:
                data[at % len(data)] ^= 1 << chance.randrange(8)
            case 1 if data:
                data[at % len(data)] = chance.choice([0, 1, 2, 127, 128, 255, chance.randrange(256)])
            case 2:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 6)))
            case 3:
                del data[at : at + chance.randrange(1, 6)]
            case 4:
                other = chance.choice(updates)
                data[at:] = other[chance.randrange(len(other)) :]
            case 5:
                data[at : at + 1] = b"\xff\xff\xff\xff\xff\xff\xff\x0f"
            case _:
                data[at:at] = data[max(0, at - 9) : at]
    return bytes(data)


def number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def words(value: str) -> bytes:
    coded = value.encode()
    return number(len(coded)) + coded


def update(
    writers: Sequence[tuple[int, int, Sequence[bytes]]], deleted: Mapping[int, Sequence[tuple[int, int]]]
) -> bytes:
    """(writer, first number, pieces) and what is taken away, as the library writes it."""
    data = number(len(writers))
    for writer, clock, pieces in writers:
        data += number(len(pieces)) + number(writer) + number(clock) + b"".join(pieces)
    data += number(len(deleted))
    for writer, ranges in deleted.items():
        data += number(writer) + number(len(ranges)) + b"".join(number(a) + number(n) for a, n in ranges)
    return data


def piece(
    content: bytes, kind: int, left: tuple[int, int] | None = None, right: tuple[int, int] | None = None
) -> bytes:
    data = bytes([kind | (128 if left else 0) | (64 if right else 0)])
    for beside in (left, right):
        if beside:
            data += number(beside[0]) + number(beside[1])
    return data + (b"" if left or right else b"\x01" + words(ROOT)) + content


def letters(value: str, **beside) -> bytes:
    return piece(words(value), 4, **beside)


def mark(name: str, **beside) -> bytes:
    return piece(words(json.dumps({"id": name})), 5, **beside)


def shape(name: str, value: object, **beside) -> bytes:
    return piece(words(name) + words(json.dumps(value)), 6, **beside)


def invented(chance: random.Random, known: Mapping[int, int], ids: Sequence[str]) -> bytes:
    """A whole change with neighbours that cross, numbers that do not follow, formats that never end."""

    def place(own: int, clock: int) -> tuple[int, int] | None:
        if chance.random() < 0.15 or not known:
            return None
        writer = chance.choice([*known, own])
        most = known.get(writer, 0) if writer != own else clock
        return (writer, chance.randrange(most)) if most else None

    writers = []
    for writer in {
        chance.choice([*known, chance.randrange(1, 1 << 32)]) for _ in range(chance.choice([1, 1, 1, 2, 4]))
    }:
        first = clock = max(0, known.get(writer, 0) + chance.choice([0, 0, 0, 0, -1, -3, 1]))
        pieces = []
        for _ in range(chance.choice([1, 1, 2, 5, 40])):
            beside = {"left": place(writer, clock), "right": place(writer, clock)}
            match chance.randrange(9):
                case 0 | 1 | 2:
                    value = chance.choice(LETTERS)
                    pieces.append(letters(value, **beside))
                    clock += len(value.encode("utf-16-le")) // 2
                    continue
                case 3:
                    pieces.append(mark(chance.choice([*ids, new_id()]), **beside))
                case 4:
                    pieces.append(shape("k", chance.choice([*KINDS, None]), **beside))
                case 5:
                    pieces.append(shape(chance.choice("bi"), chance.choice([True, None]), **beside))
                case 6:
                    pieces.append(shape("a", chance.choice(["https://a.nl/b", None, "javascript:x"]), **beside))
                case 7:
                    size = chance.choice([1, 2, 50, 1 << 20])
                    pieces.append(piece(number(size), 1, **beside))
                    clock += size
                    continue
                case _:
                    size = chance.choice([1, 3, 1 << 25])
                    pieces.append(b"\0" + number(size))
                    clock += size
                    continue
            clock += 1
        writers.append((writer, first, pieces))
    deleted = {}
    if known and chance.random() < 0.4:
        for writer in {chance.choice([*known]) for _ in range(chance.choice([1, 2]))}:
            ranges = [
                (chance.randrange(known[writer] + 2), chance.choice([1, 2, 9])) for _ in range(chance.randrange(1, 6))
            ]
            deleted[writer] = sorted(ranges)
    return update(writers, deleted)
