"""What is measured, line by line. Each function measures one round: ours and the counterpart in turn."""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from fastapi.testclient import TestClient
from playwright.sync_api import sync_playwright
from sqlalchemy import event

from app.document.press import Press
from app.main import build
from scripts.bench.keystroke import keystroke
from scripts.bench.line import AT_LEAST, Bench, Round, ms
from scripts.bench.load import Measured, measure
from scripts.bench.screen import screen
from scripts.bench.servers import Server, bare, ours
from scripts.bench.told import World
from scripts.bench.world import WORDS, paper_html, settings_for


class Saver:
    """One client that saves its own field again and again, each time with something new."""

    def __init__(self, server: Server, world: World, number: int, url: Callable[[World, int], str]):
        self.writer = world.writers[number]
        self.connection = server.connect(self.writer.cookie)
        self.url = url(world, number)
        self.version = world.version(self.writer)

    def __call__(self, _turn: int) -> None:
        self.connection.post(self.url, [("waarde", f"{WORDS} {self.version}"), ("versie", str(self.version))])
        self.version += 1


def our_field(world: World, number: int) -> str:
    return world.writers[number].url


def bare_field(world: World, number: int) -> str:
    return f"/eigen/{world.writers[number].party_id}/{world.writers[number].path}"


def saves(server: Server, world: World, clients: int, count: int, url: Callable[[World, int], str]) -> Measured:
    turns = [Saver(server, world, number, url) for number in range(clients)]
    try:
        return measure(turns, count)
    finally:
        for turn in turns:
            turn.connection.close()


@contextmanager
def save(bench: Bench) -> Iterator[Round]:
    """Saving one answer: gate, validation, version, what it changes elsewhere on the page, commit with fsync."""
    mine, theirs = bench.copy(bench.small, "save-ours"), bench.copy(bench.small, "save-bare")
    with ours(mine) as a, bare("save", theirs) as b:

        def once(_number: int) -> None:
            for clients, count in ((1, 150), (8, 40), (32, 15)):
                x, y = saves(a, mine, clients, count, our_field), saves(b, theirs, clients, count, bare_field)
                if clients == 1:
                    bench.note(
                        "save p50 1",
                        "antwoord opslaan, p50, 1 klant",
                        "ms",
                        1.7,
                        ms(x.percentile(0.5)),
                        ms(y.percentile(0.5)),
                    )
                else:
                    if clients == 8:
                        bench.note(
                            "save rps 8",
                            "antwoord opslaan, per seconde, 8 klanten",
                            "/s",
                            0.6,
                            x.per_second,
                            y.per_second,
                            side=AT_LEAST,
                        )
                    bench.note(
                        f"save p99 {clients}", f"antwoord opslaan, p99, {clients} klanten", "ms", 1.5,
                        ms(x.percentile(0.99)), ms(y.percentile(0.99)),
                    )  # fmt: skip

        yield once


def pages_of(world: World) -> dict[str, str]:
    url = f"/trajecten/{world.journey_id}"
    return {
        "themapagina": f"{url}/waar-staan-we/{world.theme}/naast-elkaar",
        "hoofdstuk van het plan": f"{url}/plan/{world.chapter}",
    }


def asked(server: Server, world: World, path: str, count: int, fresh: bool = False) -> float:
    """The median of so many requests for a page, in seconds. `fresh`: each time another address, so that it is drawn
    anew."""
    turns, connection = itertools.count(time.time_ns()), server.connect(world.cookie)
    try:
        found = measure([lambda _: connection.get(f"{path}?n={next(turns)}" if fresh else path)], count, 2)
    finally:
        connection.close()
    return found.percentile(0.5)


@contextmanager
def page(bench: Bench) -> Iterator[Round]:
    """The pages that everybody looks at, of a full journey of eight parties."""
    world = bench.small
    with ours(world) as a, bare("page", world) as b:

        def once(_number: int) -> None:
            for name, path in pages_of(world).items():
                x, y = asked(a, world, path, 20), asked(b, world, path, 20)
                bench.note(f"page {name}", name, "ms", 1.5, ms(x), ms(y))
                x = asked(a, world, path, 8, fresh=True)
                bench.note(f"page {name} anew", f"{name}, net gewijzigd", "ms", None, ms(x), ms(y))

        yield once


@contextmanager
def queries(bench: Bench) -> Iterator[Round]:
    """Questions to the database per page, also when nothing is kept."""
    world = bench.small
    cookie, _, secret = world.cookie.partition("=")

    def once(number: int) -> None:
        if number:
            return  # counting gives the same every time
        for name, path in pages_of(world).items():
            app = build(settings_for(world.database))
            seen: list[str] = []
            event.listen(app.state.database.engine, "before_cursor_execute", lambda *told, s=seen: s.append(told[2]))
            with TestClient(app, base_url="http://127.0.0.1:8000", cookies={cookie: secret}) as client:
                for when in ("niets bewaard", "niets gewijzigd"):
                    seen.clear()
                    client.get(path)
                    count = sum(s.lstrip().startswith("SELECT") for s in seen)
                    bench.note(
                        f"queries {name} {when}",
                        f"{name}, vragen aan de database, {when}",
                        "",
                        8,
                        count,
                        8,
                        absolute=True,
                    )
            app.state.database.engine.dispose()

    yield once


@contextmanager
def many(bench: Bench) -> Iterator[Round]:
    """The same with very many journeys in the database. The counterpart is ours with ten."""
    few, lots = bench.copy(bench.small, "few"), bench.copy(bench.large, "lots")
    with ours(few) as a, ours(lots) as b:

        def once(_number: int) -> None:
            small, large = pages_of(few)["themapagina"], pages_of(lots)["themapagina"]
            y, x = asked(a, few, small, 8, fresh=True), asked(b, lots, large, 8, fresh=True)
            bench.note("many page", f"themapagina, {bench.many} trajecten tegen 10", "ms", 1.1, ms(x), ms(y))
            w, v = saves(a, few, 1, 80, our_field), saves(b, lots, 1, 80, our_field)
            bench.note(
                "many save",
                f"opslaan, {bench.many} trajecten tegen 10",
                "ms",
                1.1,
                ms(v.percentile(0.5)),
                ms(w.percentile(0.5)),
            )
            y, x = asked(a, few, "/", 20), asked(b, lots, "/", 20)
            bench.note("many list", f"lijst van trajecten, {bench.many} tegen 10", "ms", 1.3, ms(x), ms(y))

        yield once


@contextmanager
def pdf(bench: Bench) -> Iterator[Round]:
    """The document of the journey, each time with another text in it, against WeasyPrint on the same HTML."""

    world = bench.copy(bench.small, "pdf")
    press = Press([sys.executable, "-m", "scripts.bench.bare_pdf"])
    with ours(world) as a, ExitStack() as stack:
        stack.callback(press.close)
        change = Joint(a, world)

        def once(number: int) -> None:
            if not number:
                change()
                _download(a, world)  # both presses are warm now
                press.pdf(paper_html(world), 120)
            change()
            x = _download(a, world)
            html = paper_html(world)
            before = time.perf_counter()
            press.pdf(html, 120)
            bench.note("pdf", "PDF van het voorbeeld", "s", 1.1, x, time.perf_counter() - before)

        yield once


def _download(server: Server, world: World) -> float:
    """Seconds for the document."""
    connection = server.connect(world.cookie)
    before = time.perf_counter()
    connection.get(f"/trajecten/{world.journey_id}/document.pdf")
    seconds = time.perf_counter() - before
    connection.close()
    return seconds


class Joint:
    """Changes a joint text, so that every page and document of the journey is another."""

    def __init__(self, server: Server, world: World):
        self.server, self.world = server, world
        self.version = world.joint_version()

    def __call__(self) -> None:
        connection = self.server.connect(self.world.cookie)
        connection.post(self.world.joint_url, [("waarde", f"{WORDS} {self.version}"), ("versie", str(self.version))])
        connection.close()
        self.version += 1


@contextmanager
def start(bench: Bench) -> Iterator[Round]:
    """From nothing to the first page, and what lies in memory after it."""
    world = bench.small

    def once(_number: int) -> None:
        with ours(world, "/") as a:
            x, m = a.seconds, _at_rest(a)
        with bare("start", world, "/") as b:
            y, n = b.seconds, _at_rest(b)
        bench.note("start", "koude start tot de eerste pagina", "s", 1.2, x, y)
        bench.note("memory", "geheugen in rust", "MB", 1.5, m / 1e6, n / 1e6)

    yield once


def _at_rest(server: Server) -> int:
    """Its memory when it has nothing more to do: ours still loads its other rooms after the first answer."""
    before, spent = -1.0, server.cpu()
    while spent - before > 0.02:
        time.sleep(0.5)
        before, spent = spent, server.cpu()
    return server.resident()


@contextmanager
def cold(bench: Bench) -> Iterator[Round]:
    """The first page in a browser that has never been here."""
    world = bench.small
    with ours(world) as a, sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )

        def once(number: int) -> None:
            if number:
                return  # the same every time
            for name, path in {"startpagina": "/", **pages_of(world)}.items():
                context = browser.new_context()
                cookie, _, secret = world.cookie.partition("=")
                context.add_cookies([{"name": cookie, "value": secret, "url": f"http://127.0.0.1:{a.port}"}])
                tab = context.new_page()
                wire = context.new_cdp_session(tab)
                wire.send("Network.enable")
                sizes: dict[str, float] = {}
                asked: dict[str, str] = {}
                wire.on(
                    "Network.requestWillBeSent",
                    lambda told, s=asked: s.update({told["requestId"]: told["request"]["url"]}),
                )
                wire.on(
                    "Network.loadingFinished",
                    lambda told, s=sizes: s.update({told["requestId"]: told["encodedDataLength"]}),
                )
                tab.goto(f"http://127.0.0.1:{a.port}{path}", wait_until="networkidle")
                bound = name == "startpagina"
                _weigh(bench, name, f"cold {name}", list(sizes.values()), (8, 150) if bound else (None, None))
                if editor := [sizes[key] for key, url in asked.items() if "/samen/" in url and key in sizes]:
                    _weigh(bench, "samen schrijven", "cold editor", editor, (None, 120))
                context.close()

        yield once
        browser.close()


def _weigh(bench: Bench, name: str, key: str, sizes: list[float], most: tuple[float | None, float | None]) -> None:
    requests, weight = most
    bench.note(f"{key} requests", f"{name}, koud: verzoeken", "", requests, len(sizes), 8, absolute=True)
    bench.note(f"{key} size", f"{name}, koud: kB", "kB", weight, sum(sizes) / 1000, weight or 150, absolute=True)


@contextmanager
def exports(bench: Bench) -> Iterator[Round]:
    """A save while four people download the document. The counterpart is the same save without them."""
    world = bench.copy(bench.small, "exports")
    with ours(world) as a:

        def once(_number: int) -> None:
            calm = saves(a, world, 1, 120, our_field)
            stop = threading.Event()
            busy = [threading.Thread(target=_export, args=(a, world, stop, n)) for n in range(4)]
            for thread in busy:
                thread.start()
            time.sleep(0.5)
            during = saves(a, world, 1, 120, our_field)
            stop.set()
            for thread in busy:
                thread.join()
            bench.note(
                "exports",
                "opslaan tijdens vier exports, p95",
                "ms",
                2,
                ms(during.percentile(0.95)),
                ms(calm.percentile(0.95)),
            )

        yield once


def _export(server: Server, world: World, stop: threading.Event, number: int) -> None:
    """Downloads the document again and again; each time somebody has just saved something, so it is made anew."""
    connection = server.connect(world.cookie)
    writer = Saver(server, world, 8 + number, our_field)
    for turn in itertools.count():
        if stop.is_set():
            break
        writer(turn)
        connection.get(f"/trajecten/{world.journey_id}/document.pdf?zonder-bijlage={turn % 2 or ''}")
    connection.close()


PARTS: dict[str, Callable[[Bench], contextmanager]] = {
    "save": save,
    "page": page,
    "queries": queries,
    "many": many,
    "pdf": pdf,
    "start": start,
    "cold": cold,
    "exports": exports,
    "keystroke": keystroke,
    "screen": screen,
}
