"""The press: nothing gets out, nothing hangs, and the next job always works."""

import sys
import threading

import pytest

from app.core.rendering import STATIC
from app.core.settings import Settings
from app.document.fetcher import FILES, ClosedFetcher, Refused, own_assets
from app.document.press import (
    BROKEN,
    QUEUE,
    SLOW,
    TOO_MUCH,
    WAITING,
    CannotPrint,
    Press,
    logo_of,
    theme_tokens,
)
from app.document.printable import Letters, mark_long_words

PAGE = "<!doctype html><html lang='nl'><head><title>Proef</title></head><body><p>{}</p></body></html>"

PROBES = [
    "file:///etc/passwd",
    "file:/etc/passwd",
    "/etc/passwd",
    "FILE:///etc/passwd",
    "http://127.0.0.1:8000/gezond",
    "https://example.org/x.css",
    "ftp://127.0.0.1/x",
    "data:text/css,p{color:red}",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    "data:image/png;base64,iVBORw0KGgo=",
    "asset:../core/settings.py",
    "asset:fonts/../css/driekolom.css",
    "asset:css/paper.css?x=1",
    "gopher://127.0.0.1/",
    "\\\\server\\share",
]


@pytest.mark.parametrize("url", PROBES)
def test_fetcher_refuses(url: str):
    fetcher = ClosedFetcher(own_assets())
    with pytest.raises(Refused):
        fetcher.fetch(url)
    assert fetcher.refused


def test_fetcher_gives_our_own_files():
    fetcher = ClosedFetcher(own_assets())
    for url in FILES:
        assert fetcher.fetch(url).read() == (STATIC / url.removeprefix("asset:")).read_bytes()


def test_leaks_in_html_stay_empty(press: Press, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("zeergeheim")
    url = secret.as_uri()
    html = PAGE.format(
        f"<img src='{url}' alt='x'><object data='{url}'></object><a rel='attachment' href='{url}'>a</a>"
        f"<link rel='attachment' href='{url}'><link rel='stylesheet' href='{url}'>"
        f"<style>@import url('{url}'); p::after {{ content: url('{url}') }} "
        f"@font-face {{ font-family: X; src: url('{url}') }}</style>"
    )
    pdf = press.pdf(html, 30)
    assert b"zeergeheim" not in pdf and b"/EmbeddedFile" not in pdf


def worker(code: str) -> Press:
    """A press whose process runs this code instead."""
    return Press([sys.executable, "-c", code])


def test_slow_process_is_stopped_with_a_sentence():
    press = worker("import time; time.sleep(60)")
    with pytest.raises(CannotPrint) as problem:
        press.pdf(PAGE.format("x"), 1)
    assert problem.value.message == SLOW and problem.value.status == 503
    assert press._process is None


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "import os; os.abort()", "print('onzin' * 100)"])
def test_crash_gives_a_sentence(code: str):
    with pytest.raises(CannotPrint) as problem:
        worker(code).pdf(PAGE.format("x"), 5)
    assert problem.value.message in (BROKEN, SLOW)


def test_next_job_works_after_a_kill(press: Press):
    assert press.pdf(PAGE.format("een"), 30).startswith(b"%PDF")
    press._process.kill()
    press._process.wait()
    assert press.pdf(PAGE.format("twee"), 30).startswith(b"%PDF")


def test_process_is_replaced_after_its_jobs(press: Press, monkeypatch):
    press.pdf(PAGE.format("drie"), 30)
    monkeypatch.setattr("app.document.press.JOBS", press._done + 1)
    press.pdf(PAGE.format("vier"), 30)
    assert press._process is None
    assert press.pdf(PAGE.format("drie"), 30).startswith(b"%PDF"), "what was kept needs no process"
    assert press._process is None


def test_processor_time_is_limited(press: Press):
    """Nested flex boxes take exponential time; the process is ended and the next job works."""
    deep = "<div style='display:flex'>" * 40 + "x" + "</div>" * 40
    with pytest.raises(CannotPrint):
        press.pdf(PAGE.format(deep), 2)
    assert press.pdf(PAGE.format("daarna"), 30).startswith(b"%PDF")


def test_too_much_is_refused_before_any_work():
    press = worker("raise SystemExit")
    with pytest.raises(CannotPrint) as problem:
        press.pdf("x" * 3_000_001, 5)
    assert problem.value.message == TOO_MUCH and press._process is None


def test_a_long_queue_is_refused():
    press = worker("import time; time.sleep(30)")
    problems = []

    def ask(number: int) -> None:
        try:
            press.pdf(PAGE.format(number), 1)
        except CannotPrint as problem:
            problems.append(problem.message)

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(WAITING + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert QUEUE in problems and len(problems) == WAITING + 3
    press.close()


def test_weasyprint_is_never_in_the_web_process():
    import subprocess

    code = "import sys, app.main; app.main.build(); sys.exit('weasyprint' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], env={"DRIEKOLOM_DATABASE_URL": "sqlite:////tmp/none.db"}
        ).returncode
        == 0
    )


def test_theme_gives_colours_and_nothing_else(tmp_path):
    theme = tmp_path / "theme.css"
    theme.write_text(
        "@import url(file:///etc/passwd); "
        ".gemeente-theme { --basis-color-action-1-inverse-bg-default: #a3172d; "
        "--basis-evil: url(file:///etc/passwd); background: url(x); }"
    )
    assert (
        theme_tokens(Settings(theme_css=str(theme))) == ":root { --basis-color-action-1-inverse-bg-default: #a3172d; }"
    )
    assert theme_tokens(Settings()) == ""


def test_a_missing_logo_is_no_logo(tmp_path):
    assert logo_of(Settings(logo=str(tmp_path / "weg.svg"))) is None
    assert logo_of(Settings()) is None


def test_what_no_letter_can_draw_becomes_words():
    letters = Letters(own_assets())
    assert letters.only_known("een ĳ en €") == "een ĳ en €"
    assert letters.only_known("a \U0001f9e9\U0001fae0 b") == "a [emoji] b"
    assert letters.only_known("\U00013000") == "[teken]"


def test_long_words_are_marked_in_the_body_only():
    html = f"<title>{'a' * 50}</title><body><p title='{'b' * 60}'>kort {'c' * 50}</p></body>"
    marked = mark_long_words(html)
    assert marked.count("<span") == 1 and f'<span class="long-word">{"c" * 50}</span>' in marked
