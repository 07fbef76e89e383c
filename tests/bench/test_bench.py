"""The bench counts and compares as it says, and runs on the full journey."""

import asyncio
import json

from scripts.bench.__main__ import main, table
from scripts.bench.keystroke import Run
from scripts.bench.line import AT_LEAST, Line
from scripts.bench.load import Measured
from scripts.bench.people import Person, Typed
from tests.apart import apart


def test_the_ratio_is_the_median_of_the_ratios_per_round():
    line = Line("opslaan", "ms", 1.7, rounds=[(10, 10), (30, 10), (16, 10)])
    assert line.ratio == 1.6 and line.ok
    assert not Line("opslaan", "ms", 1.5, rounds=line.rounds).ok
    assert Line("per seconde", "/s", 0.6, AT_LEAST, rounds=[(60, 100)]).ok
    assert not Line("per seconde", "/s", 0.6, AT_LEAST, rounds=[(59, 100)]).ok
    assert not Line("vragen", "", 8, absolute=True, rounds=[(9, 8)]).ok
    assert "NO" in table([Line("vragen", "", 8, absolute=True, rounds=[(9, 8)])])


def test_percentiles():
    found = Measured(tuple(float(n) for n in range(1, 101)), 2.0)
    assert (found.percentile(0.5), found.percentile(0.99), found.per_second) == (50, 99, 50)


def test_a_key_is_timed_from_who_typed_it_to_each_of_the_others():
    """Frames come in pieces and together; who types slowly is no reason to be called fast."""

    async def play() -> Typed:
        typed = Typed(sent={b"key": 1.0}, wanted=2, keys=1)
        person = Person(typed, own=True)
        person.connection_made(asyncio.Transport())
        person.data_received(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n\x82\x05\1te")
        person.data_received(b"xt\x82\x04\1key\x81\x02{}\x82")
        assert person.text.result() == b"text" and len(typed.took) == 1
        return typed

    typed = apart(play())
    run = Run.of(typed, cpu=0.004, elapsed=2.0, clients=4, memory=45_000)
    assert run.delivered == 0.5 and run.p50 == typed.took[0] * 1000
    assert (run.cpu, run.busy, run.memory) == (4, 0.5, 45)


def test_one_round_without_a_server(tmp_path, capsys):
    """Eight parties that said everything: at most eight questions to the database, also with nothing kept."""
    target = tmp_path / "bench.json"
    assert main(["--quick", "--only", "queries", "--json", str(target)]) == 0, capsys.readouterr().out
    found = json.loads(target.read_text())
    assert len(found) == 4 and all(line["ok"] and 1 <= line["ours"] <= 8 for line in found)
