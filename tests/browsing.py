"""Browsers for tests, wherever they stand. Every request of every page stays on the server's own address, and no page
may log an error (a refused inline style, a script that fails): both are checked when a test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


PATIENCE = 40_000  # ms: no test may fail because a machine is slow
expect.set_options(timeout=PATIENCE)


class Site(Protocol):
    """Where a browser goes."""

    @property
    def url(self) -> str: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def new_context(browser: Browser, width: int = 1366, height: int = 768, **options) -> BrowserContext:
    """Somebody's browser: own cookies, own storage."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="nl-NL", timezone_id="Europe/Amsterdam", **options
    )
    context.set_default_timeout(PATIENCE)
    return context


@dataclass
class Desk:
    """One person's browser: own cookies, own storage, watched."""

    context: BrowserContext
    wrong: list[str] = field(default_factory=list)
    expect_failures: bool = False  # a test that stops the server sees failed requests
    other_hosts: bool = False  # whoever signs in at their organisation goes there

    def open(self, url: str) -> Page:
        page = self.context.new_page()
        page.goto(url)
        return page


@pytest.fixture
def desk(browser: Browser) -> Iterator[Callable[..., Desk]]:
    """`desk(server, width=320, height=640, javascript=True)` opens a browser of its own."""
    made: list[Desk] = []

    def make(server: Site, width: int = 1366, height: int = 768, javascript: bool = True, **options) -> Desk:
        context = new_context(
            browser, width, height, java_script_enabled=javascript, reduced_motion="reduce", **options
        )
        one = Desk(context)

        def asked(request) -> None:
            if not one.other_hosts and not request.url.startswith((server.url + "/", "data:", "blob:")):
                one.wrong.append(f"another host: {request.url}")

        def logged(message) -> None:
            away = (
                "Failed to load resource",
                "WebSocket connection to",
                "ERR_CONNECTION_REFUSED",
                "ERR_CONNECTION_RESET",
            )  # a server that is stopped
            broken = "Unexpected response code: 5" in message.text  # that is no server that was stopped
            if message.type == "error" and (broken or not any(words in message.text for words in away)):
                one.wrong.append(f"console: {message.text}")

        context.on("request", asked)
        context.on("console", logged)
        context.on("weberror", lambda error: one.wrong.append(f"script: {error.error}"))
        made.append(one)
        return one

    yield make
    for one in made:
        one.context.close()
        assert not one.wrong, one.wrong
