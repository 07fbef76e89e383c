"""The counterpart of the press: a bare WeasyPrint call, in a process that is kept warm in the same way as ours.

It gets the same HTML, the same letters and pictures, and makes the same kind of PDF; it keeps one font configuration.
"""

from __future__ import annotations

import json
import os
import sys

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from app.document.fetcher import ClosedFetcher, own_assets
from app.document.worker import LENGTH, read_block

if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    fonts, assets = FontConfiguration(), own_assets() | {"asset:theme.css": ("text/css", b"")}
    while (block := read_block(sys.stdin.buffer)) is not None:
        html = json.loads(block)["html"]
        pdf = HTML(string=html, url_fetcher=ClosedFetcher(assets)).write_pdf(font_config=fonts, pdf_variant="pdf/a-2a")
        for part in (b'{"ok": true}', pdf):
            answers.write(LENGTH.pack(len(part)) + part)
        answers.flush()
