"""A table as a file for Excel or LibreOffice."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")


def csv_file(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Semicolons and a byte order mark, as a Dutch Excel expects. No cell can be a formula: such a cell gets an
    apostrophe in front."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def _plain(cell: str) -> str:
    cell = " ".join(cell.split())
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
