"""What has to agree within the figures and backgrounds of a pack. Reads plain values and steps over what has the
wrong shape, as `app.content.load` does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from app.content.figures import MISSING

Keys = tuple[str | int, ...]
Say = Callable[[Keys, str], None]

_NUMBER = re.compile(r"(\d+(?:,\d)?)(?=\s*(?:%|procent))|\b(\d{1,2},\d)\b")
_LOWEST_MARK, _HIGHEST_MARK = 1.0, 10.0


def check_figures(data: dict[str, Any], say: Say) -> None:
    """Says what is wrong with the lists `backgrounds`, `figure_tables` and `figures`."""
    themes = [t.get("slug") for _, t in _blocks(data, "themes")]
    for name in ("backgrounds", "figures"):
        for keys, block in _blocks(data, name):
            for i, theme in enumerate(_list(block, "themes")):
                if theme not in themes:
                    say((*keys, "themes", i), f"thema '{theme}' bestaat niet")
    rows = _check_tables(data, say)
    for keys, figure in _blocks(data, "figures"):
        _check_figure(figure, keys, data, rows, say)


def _list(block: dict[str, Any], name: str) -> list[Any]:
    found = block.get(name)
    return list(found) if isinstance(found, (list, tuple)) else []


def _blocks(data: dict[str, Any], name: str) -> Iterator[tuple[Keys, dict[str, Any]]]:
    return (((name, i), b) for i, b in enumerate(_list(data, name)) if isinstance(b, dict))


def _cells(row: dict[str, Any], sector: str) -> list[str]:
    values = row.get("values")
    found = values.get(sector) if isinstance(values, dict) else None
    return str(found).split() if isinstance(found, (str, int)) else []


def _check_tables(data: dict[str, Any], say: Say) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """The tables and rows by themselves. Returns (table, row) by the id of the row."""
    sectors = [s.get("slug") for _, s in _blocks(data, "sectors")]
    slugs = [t.get("slug") for _, t in _blocks(data, "figure_tables")]
    rows: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for table_keys, table in _blocks(data, "figure_tables"):
        years = [str(y) for y in _list(table, "years")]
        if years != sorted(set(years), reverse=True):
            say((*table_keys, "years"), "zet de jaren van nieuw naar oud, elk jaar één keer")
        if table.get("repeats") and table["repeats"] not in slugs:
            say((*table_keys, "repeats"), f"tabel '{table['repeats']}' bestaat niet")
        for i, row in enumerate(_list(table, "rows")):
            if not isinstance(row, dict):
                continue
            keys = (*table_keys, "rows", i)
            if row.get("id") in rows:
                say((*keys, "id"), f"rij '{row['id']}' staat er twee keer in")
            rows[str(row.get("id"))] = (table, row)
            if not (row.get("respondents") or table.get("respondents")):
                say(keys, "zeg in 'respondents' wie dit zei")
            values = row.get("values")
            for sector in values if isinstance(values, dict) else ():
                cells = _cells(row, sector)
                if sector not in sectors:
                    say((*keys, "values"), f"sector '{sector}' bestaat niet")
                if len(cells) != len(years):
                    say(
                        (*keys, "values"),
                        f"bij '{sector}' staan {len(cells)} cijfers; de tabel heeft {len(years)} jaren",
                    )
                for cell in cells:
                    if cell not in MISSING and (problem := _wrong_number(cell, str(table.get("unit")))):
                        say((*keys, "values"), f"bij '{sector}' staat {cell}: {problem}")
            for sector in row.get("about") or ():
                if not _cells(row, sector):
                    say((*keys, "about"), f"bij '{sector}' staan woorden, maar geen cijfer")
    return rows


def _wrong_number(cell: str, unit: str) -> str:
    """What is wrong with a number in this unit; '' when nothing is."""
    if not re.fullmatch(r"\d+(,\d)?", cell):
        return ""  # the shape already said so
    number = float(cell.replace(",", "."))
    if unit == "rapportcijfer":
        fits = "," in cell and _LOWEST_MARK <= number <= _HIGHEST_MARK
        return "" if fits else "een rapportcijfer is 1,0 tot en met 10,0, met één cijfer achter de komma"
    if unit == "procent":
        return "" if "," not in cell and number <= 100 else "een percentage is een heel getal van 0 tot en met 100"
    return "" if "," not in cell else "een aantal is een heel getal"


def _check_figure(
    figure: dict[str, Any],
    keys: Keys,
    data: dict[str, Any],
    rows: dict[str, tuple[dict[str, Any], dict[str, Any]]],
    say: Say,
) -> None:
    table = next((t for _, t in _blocks(data, "figure_tables") if t.get("slug") == figure.get("table")), None)
    if table is None:
        say((*keys, "table"), f"tabel '{figure.get('table')}' bestaat niet")
        return
    if table.get("unit") == "aantal":
        say((*keys, "table"), "een aantal mensen is geen uitkomst; kies een tabel met procenten of rapportcijfers")
    if table.get("repeats"):
        say((*keys, "table"), f"deze tabel herhaalt cijfers; kies '{table['repeats']}'")
    if not _list(figure, "themes"):
        say((*keys, "themes"), "zeg bij welk thema dit cijfer past")
    shown: set[str] = set()
    for i, line in enumerate(_list(figure, "lines")):
        if isinstance(line, dict):
            shown |= _check_line(line, (*keys, "lines", i), table, rows, say)
    for name in ("title", "plan_text"):
        for found in _NUMBER.finditer(str(figure.get(name, ""))):
            number = found[1] or found[2]
            if number not in shown:
                say((*keys, name), f"in '{name}' staat {number}, maar dat cijfer staat niet in de grafiek")
    years = [str(y) for y in _list(table, "years")]
    sentence = str(figure.get("plan_text", ""))
    if years and years[0] not in sentence:
        say((*keys, "plan_text"), f"noem het jaar {years[0]} in de zin voor het plan")
    who = str(table.get("respondents"))
    if who and who not in sentence.lower():
        say((*keys, "plan_text"), f"noem in de zin voor het plan wie dit zei: {who}")


def _check_line(
    line: dict[str, Any],
    keys: Keys,
    table: dict[str, Any],
    rows: dict[str, tuple[dict[str, Any], dict[str, Any]]],
    say: Say,
) -> set[str]:
    """Returns the numbers that the chart shows of this line."""
    ids = [str(r) for r in _list(line, "rows")]
    found = [rows[r][1] for r in ids if r in rows and rows[r][0] is table]
    if not ids:
        say(keys, "noem minstens één rij")
    for i, row_id in enumerate(ids):
        if row_id not in rows:
            say((*keys, "rows", i), f"rij '{row_id}' bestaat niet")
        elif rows[row_id][0] is not table:
            say((*keys, "rows", i), f"rij '{row_id}' staat in een andere tabel; een grafiek heeft één tabel")
        elif rows[row_id][1].get("doubt"):
            say((*keys, "rows", i), f"rij '{row_id}' is niet zeker en mag niet in een grafiek")
    if len(found) > 1:
        if table.get("several") or table.get("unit") != "procent":
            say(
                (*keys, "rows"),
                "deze rijen mogen niet bij elkaar: men koos er meer dan één, of het zijn rapportcijfers",
            )
        if any(r.get("answer") for r in found) and len({r.get("label") for r in found}) > 1:
            say((*keys, "rows"), "deze rijen horen bij verschillende stellingen en mogen niet bij elkaar")
        if any(r.get("about") for r in found):
            say((*keys, "rows"), "een cijfer dat alleen in woorden bekend is, mag niet bij een ander")
    sectors = {s for r in found for s in (r.get("values") or {})}
    numbers: set[str] = set()
    for sector in sectors:
        newest = [(_cells(r, sector) or ["niet"])[0] for r in found]
        if all(re.fullmatch(r"\d+", cell) for cell in newest):
            numbers.add(str(sum(int(cell) for cell in newest)))
        elif len(newest) == 1 and newest[0] not in MISSING:
            numbers.add(newest[0])
    if found and not numbers:
        say(keys, "in het nieuwste jaar heeft deze regel geen enkel cijfer")
    return numbers
