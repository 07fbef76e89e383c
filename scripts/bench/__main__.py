"""Measures, prints a table and writes JSON. Exit status 1 when a line does not hold.

make bench ARGS="--only save page --rounds 5 --json build/bench.json"
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from scripts.bench.line import Bench, Line
from scripts.bench.lines import PARTS


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="How much slower than a bare implementation?")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS), help="only these parts")
    parser.add_argument("--rounds", type=int, default=5, help="how often ours and the counterpart are measured in turn")
    parser.add_argument("--quick", action="store_true", help="one round, and 1,000 journeys instead of 10,000")
    parser.add_argument("--json", metavar="FILE", help="also write what was measured here")
    asked = parser.parse_args(words)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="driekolom-bench-") as folder:
        bench = Bench(Path(folder), asked.quick)
        for name in asked.only:
            with PARTS[name](bench) as once:
                for number in range(1 if asked.quick else asked.rounds):
                    once(number)
                    print(f"{name} {number + 1} ({time.monotonic() - begun:.0f} s)", file=sys.stderr, flush=True)
    lines = list(bench.lines.values())
    print(table(lines))
    if asked.json:
        target = Path(asked.json)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps([told(line) for line in lines], ensure_ascii=False, indent=2) + "\n")
    return 0 if all(line.ok for line in lines) else 1


def told(line: Line) -> dict:
    return {
        "what": line.name,
        "unit": line.unit,
        "ours": round(line.ours, 3),
        "counterpart": None if line.absolute else round(line.theirs, 3),
        "ratio": None if line.absolute else round(line.ratio, 3),
        "limit": f"{line.side} {line.limit:g}" if line.limit is not None else None,
        "ok": line.ok if line.limit is not None else None,
        "rounds": [[round(o, 3), round(t, 3)] for o, t in line.rounds],
    }


def table(lines: list[Line]) -> str:
    rows = [("what", "ours", "counterpart", "ratio", "limit", "ok")]
    for line in lines:
        ours, theirs = (f"{v:.4g} {line.unit}".strip() for v in (line.ours, line.theirs))
        limit = f"{line.side} {line.limit:g}" if line.limit is not None else "–"
        ok = "–" if line.limit is None else "yes" if line.ok else "NO"
        against = ("–", "–") if line.absolute else (theirs, f"{line.ratio:.2f}")
        rows.append((line.name, ours, *against, limit, ok))
    widths = [max(len(r[i]) for r in rows) for i in range(6)]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in rows)


if __name__ == "__main__":
    sys.exit(main())
