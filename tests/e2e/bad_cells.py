"""37 kinds of bad cells, each with what its reason must speak of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

HEADER = "Date,Campaign,Strategy,Placement,Creative,Impressions,Clicks,Conversions,Conversion Revenue"
LONG = "x" * 256

KINDS: tuple[tuple[str, str], ...] = (
    ("Date", ""),
    ("Date", "-"),
    ("Date", "yesterday"),
    ("Date", "13/45/2026"),
    ("Date", "2026-02-30"),
    ("Date", "00/00/0000"),
    ("Date", "#REF!"),
    ("Date", "2199-01-01"),
    ("Campaign", ""),
    ("Campaign", "   "),
    ("Campaign", LONG),
    ("Strategy", ""),
    ("Strategy", LONG),
    ("Placement", ""),
    ("Placement", LONG),
    ("Creative", ""),
    ("Creative", LONG),
    ("Impressions", "-5"),
    ("Impressions", "(5)"),
    ("Impressions", "many"),
    ("Impressions", "1.5"),
    ("Impressions", "NaN"),
    ("Impressions", "inf"),
    ("Impressions", "1e400"),
    ("Impressions", "#DIV/0!"),
    ("Impressions", "99999999999999999999"),
    ("Impressions", "12 34 x"),
    ("Clicks", "-1"),
    ("Clicks", "#VALUE!"),
    ("Clicks", "2.25"),
    ("Conversions", "-3"),
    ("Conversions", "none of them"),
    ("Conversions", "#N/A!"),
    ("Conversion Revenue", "-4.50"),
    ("Conversion Revenue", "(4.50)"),
    ("Conversion Revenue", "$ five"),
    ("Conversion Revenue", "-inf"),
)
ROWS = 50_000
EVERY = 101
"""Each so many-th row is bad."""


def lines(day: date) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """(line, its bad kind or None); impressions of good rows are 7 each."""
    columns = HEADER.split(",")
    for n in range(ROWS):
        cells = [
            day.strftime("%m/%d/%Y"),
            "C",
            f"S{n % 5}",
            f"P{n % 50}",
            f"creative {n}",
            "7",
            "1",
            "0",
            "$1.25",
        ]
        kind = KINDS[n // EVERY % len(KINDS)] if n % EVERY == 0 else None
        if kind is not None:
            cells[columns.index(kind[0])] = kind[1]
        yield ",".join(cells), kind


def generated(day: date) -> tuple[bytes, dict[int, tuple[str, str]]]:
    """(file, row number as a spreadsheet shows it → its bad kind)."""
    made = list(lines(day))
    bad = {n: kind for n, (_, kind) in enumerate(made, 2) if kind is not None}
    return "\n".join([HEADER, *(line for line, _ in made)]).encode(), bad
