"""The process that makes PDFs. Started by `press` as `python -m app.document.worker`, never imported by
the web process.

A job is four bytes with a length and that many bytes of JSON: `html`, `theme` (css), `logo` ([kind,
base64] or null) and `seconds` of processor time. The answer is a length, a JSON head ({"ok": …,
"refused": […], "problem": …}), a length and the PDF.
"""

from __future__ import annotations

import base64
import gc
import json
import logging
import os
import resource
import struct
import sys
from typing import BinaryIO

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from app.document.fetcher import Assets, ClosedFetcher, own_assets
from app.document.printable import Letters, mark_long_words
from app.document.structure import mend_structure, say_both_standards

MEMORY = 2 * 1024**3
LENGTH = struct.Struct(">I")


def make(html: str, assets: Assets, fonts: FontConfiguration, letters: Letters) -> tuple[bytes, list[str]]:
    """The PDF (archivable, A-2a, and accessible, UA-1) and the addresses that were refused."""
    fetcher = ClosedFetcher(assets)
    document = HTML(string=mark_long_words(letters.only_known(html)), url_fetcher=fetcher).render(
        font_config=fonts, pdf_variant="pdf/a-2a"
    )
    say_both_standards(document)
    return document.write_pdf(pdf_variant="pdf/a-2a", finisher=mend_structure), fetcher.refused


def fence() -> None:
    """Limits for whatever a job may try: memory, open files, files on disk. And whoever saves goes first."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, 10_000_000))  # fontconfig keeps a small cache


def allow_seconds(seconds: int) -> None:
    """Processor time for one more job, on top of what this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def read_block(stream: BinaryIO) -> bytes | None:
    """One block with its length in front; None at the end of the stream."""
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def work(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Does jobs until there are no more."""
    own, fonts = own_assets(), FontConfiguration()
    letters = Letters(own)
    gc.collect()
    gc.freeze()
    gc.disable()  # a fifth of the time otherwise; the process is replaced after a number of jobs
    while (block := read_block(jobs)) is not None:
        job = json.loads(block)
        allow_seconds(job["seconds"])
        assets = own | {"asset:theme.css": ("text/css", job["theme"].encode())}
        if job["logo"]:
            assets["asset:logo"] = (job["logo"][0], base64.b64decode(job["logo"][1]))
        try:
            pdf, refused = make(job["html"], assets, fonts, letters)
            head = {"ok": True, "refused": refused}
        except Exception as problem:  # noqa: BLE001 - whatever it is, the other side must hear of it
            pdf, head = b"", {"ok": False, "problem": f"{type(problem).__name__}: {problem}"[:500]}
        for part in (json.dumps(head).encode(), pdf):
            answers.write(LENGTH.pack(len(part)) + part)
        answers.flush()


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not end up between the answers
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    fence()
    work(sys.stdin.buffer, answers)
