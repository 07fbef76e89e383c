"""The copy of a text that goes to paper.

Characters that no letter on this computer can draw would become an empty box, which a PDF for the archive
may not hold: they are replaced by words, '[emoji]' for a picture, '[teken]' for anything else. Very long
words are marked, because trying to hyphenate them takes minutes; they break anywhere instead.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont

from app.document.fetcher import Assets

# The letter that Debian installs with WeasyPrint's libraries; it steps in for what Source Sans does not have.
FALLBACK = Path("/usr/share/fonts/truetype/dejavu")
INVISIBLE = ("Cf", "Cc", "Mn", "Me", "Zs", "Zl", "Zp")


_TEXT = re.compile(r"(?<=>)[^<]+")
_LONG = re.compile(r"\S{40,}")
_BODY = re.compile(r"<body.*</body>", re.DOTALL)


def mark_long_words(html: str) -> str:
    """Puts `<span class="long-word">` around every word of forty characters or more in the body."""
    if not _LONG.search(html):
        return html
    in_text = lambda found: _LONG.sub(r'<span class="long-word">\g<0></span>', found[0])  # noqa: E731
    return _BODY.sub(lambda body: _TEXT.sub(in_text, body[0]), html)


class Letters:
    """Which characters can be drawn."""

    def __init__(self, assets: Assets):
        self._assets = assets

    @cached_property
    def own(self) -> frozenset[int]:
        fonts = [TTFont(BytesIO(body)) for url, (kind, body) in self._assets.items() if kind == "font/woff2"]
        return frozenset(set.intersection(*(set(f.getBestCmap()) for f in fonts)))

    @cached_property
    def fallback(self) -> frozenset[int]:
        """Read only when a text needs it."""
        files = [FALLBACK / name for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
        found = [set(TTFont(f, lazy=True).getBestCmap()) for f in files if f.is_file()]
        return frozenset(set.intersection(*found)) if found else frozenset()

    def only_known(self, html: str) -> str:
        """The text with what cannot be drawn as words. Several in a row are one."""
        strange = {c for c in set(html) if ord(c) >= 128 and ord(c) not in self.own and not _invisible(c)}
        missing = {c for c in strange if ord(c) not in self.fallback}
        if not missing:
            return html
        run = f"[{re.escape(''.join(sorted(missing)))}]"
        return re.sub(f"{run}(?:[\u200d\\ufe0e\\ufe0f]|{run})*", lambda m: _word(m[0][0]), html)


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in INVISIBLE and char not in "\u0300\u0301"


def _word(char: str) -> str:
    return "[emoji]" if unicodedata.category(char) in ("So", "Sk") else "[teken]"
