"""What every part of the bench is made of: databases to measure in, and lines of the table."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from scripts.bench.told import World, copy_world
from scripts.bench.world import make_world

AT_MOST, AT_LEAST = "≤", "≥"


@dataclass
class Line:
    """One line of the table. Without a counterpart `theirs` is the limit itself and the ratio is ours against that."""

    name: str
    unit: str
    limit: float | None  # of the ratio; None: no demand, only told
    side: str = AT_MOST
    absolute: bool = False  # the limit is a number of its own, not a ratio
    rounds: list[tuple[float, float]] = field(default_factory=list)

    @property
    def ours(self) -> float:
        return statistics.median(o for o, _ in self.rounds)

    @property
    def theirs(self) -> float:
        return statistics.median(t for _, t in self.rounds)

    @property
    def ratio(self) -> float:
        """The median of the ratios per round."""
        return statistics.median(o / t for o, t in self.rounds)

    @property
    def ok(self) -> bool:
        value = self.ours if self.absolute else self.ratio
        return self.limit is None or (value <= self.limit if self.side == AT_MOST else value >= self.limit)


@dataclass
class Bench:
    """Databases and lines of one run."""

    folder: Path
    quick: bool
    lines: dict[str, Line] = field(default_factory=dict)

    def note(self, key: str, name: str, unit: str, limit: float | None, ours: float, theirs: float, **more) -> None:
        self.lines.setdefault(key, Line(name, unit, limit, **more)).rounds.append((ours, theirs))

    @cached_property
    def many(self) -> int:
        return 1_000 if self.quick else 10_000

    @cached_property
    def small(self) -> World:
        return make_world(self.folder / "small.db", 9)

    @cached_property
    def large(self) -> World:
        return make_world(self.folder / "large.db", self.many - 1)

    def copy(self, world: World, name: str) -> World:
        return copy_world(world, self.folder / f"{name}.db")


def ms(seconds: float) -> float:
    return seconds * 1000


Round = Callable[[int], None]
