"""Every kind of bad cell, hidden in 50,000 rows: the good rows load, each bad one says all about itself."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.libs.tabular.tables import HEADER, changed, csv_text, read_away, save, sheet_of

ROWS = 50_000
AMOUNT = "expected an amount, 0 or more"
COUNT = "expected a whole number, 0 or more"
DAY = "expected a day such as 2025-11-04"


class Bad(NamedTuple):
    """One kind of bad row: what stands in the file and what is said about it."""

    row: tuple[object, ...]
    reasons: list[str]
    shown: dict[int, str] = {}  # noqa: RUF012 – position → how a raw cell is shown, where not as it stands


def name_reasons(cell: str, problem: str) -> list[str]:
    return [f"{title}: “{cell}” {problem}; expected a name" for title in ("Strategy",)]


LONG = "x" * 256
KINDS: dict[str, Bad] = {
    "no date": Bad(changed(date=""), [f"Date: is missing; {DAY}"]),
    "dash for a date": Bad(changed(date="-"), [f"Date: “-” is missing; {DAY}"]),
    "N/A for a date": Bad(changed(date="N/A"), [f"Date: “N/A” is missing; {DAY}"]),
    "text for a date": Bad(changed(date="yesterday"), [f"Date: “yesterday” is not a date; {DAY}"]),
    "day that does not exist": Bad(changed(date="2025-02-30"), [f"Date: “2025-02-30” is not a date; {DAY}"]),
    "day first": Bad(
        changed(date="31/10/2025"), [f"Date: “31/10/2025” is not a date with the month first; {DAY}"]
    ),
    "future": Bad(
        changed(date="2025-12-01"), ["Date: “2025-12-01” is in the future; expected a day up to 2025-11-30"]
    ),
    "future serial": Bad(
        changed(date="46100"), ["Date: “46100” is in the future; expected a day up to 2025-11-30"]
    ),
    "last century": Bad(changed(date="1/1/1970"), [f"Date: “1/1/1970” is before the year 2000; {DAY}"]),
    "error for a date": Bad(changed(date="#VALUE!"), [f"Date: “#VALUE!” is a spreadsheet error; {DAY}"]),
    "negative count": Bad(changed(impressions="-1"), [f"Impressions: “-1” is negative; {COUNT}"]),
    "bracketed count": Bad(changed(impressions="(5)"), [f"Impressions: “(5)” is negative; {COUNT}"]),
    "fraction": Bad(changed(impressions="4.5"), [f"Impressions: “4.5” is not a whole number; {COUNT}"]),
    "text for a count": Bad(changed(clicks="many"), [f"Clicks: “many” is not a number; {COUNT}"]),
    "NaN": Bad(changed(clicks="NaN"), [f"Clicks: “NaN” is not a number; {COUNT}"]),
    "inf": Bad(changed(clicks="inf"), [f"Clicks: “inf” is not a number; {COUNT}"]),
    "-Infinity": Bad(changed(media="-Infinity"), [f"Media Spend: “-Infinity” is not a number; {AMOUNT}"]),
    "1e400": Bad(changed(media="1e400"), [f"Media Spend: “1e400” is larger than 1,000,000,000; {AMOUNT}"]),
    "beyond 64 bits": Bad(
        changed(media="9223372036854.775808"),
        [f"Media Spend: “9223372036854.775808” is larger than 1,000,000,000; {AMOUNT}"],
    ),
    "count beyond 64 bits": Bad(
        changed(clicks="9223372036854775808"),
        [f"Clicks: “9223372036854775808” is larger than 1,000,000,000; {COUNT}"],
    ),
    "bracketed amount": Bad(changed(media=" $ (5.00) "), [f"Media Spend: “$ (5.00)” is negative; {AMOUNT}"]),
    "negative amount": Bad(changed(media="-$5.00"), [f"Media Spend: “-$5.00” is negative; {AMOUNT}"]),
    "trailing minus": Bad(changed(media="5.00-"), [f"Media Spend: “5.00-” is negative; {AMOUNT}"]),
    "two points": Bad(changed(media="1.2.3"), [f"Media Spend: “1.2.3” is not a number; {AMOUNT}"]),
    "percentage": Bad(changed(media="5%"), [f"Media Spend: “5%” is not a number; {AMOUNT}"]),
    "currency code": Bad(changed(media="USD 5"), [f"Media Spend: “USD 5” is not a number; {AMOUNT}"]),
    "division by zero": Bad(
        changed(media="#DIV/0!"), [f"Media Spend: “#DIV/0!” is a spreadsheet error; {AMOUNT}"]
    ),
    "lost reference": Bad(
        changed(conversions="#REF!"), [f"Conversions: “#REF!” is a spreadsheet error; {COUNT}"]
    ),
    "NUL in a count": Bad(changed(clicks="1\0"), [f"Clicks: “1␀” holds a NUL character; {COUNT}"], {5: "1␀"}),
    "date for a count": Bad(changed(clicks="2025-11-04"), [f"Clicks: “2025-11-04” is not a number; {COUNT}"]),
    "no name": Bad(changed(strategy=" "), ["Strategy: is missing; expected a name"]),
    "null for a name": Bad(changed(strategy="null"), ["Strategy: “null” is missing; expected a name"]),
    "long name": Bad(
        changed(creative=LONG),
        [f"Creative: “{LONG[:80]}…” has 256 characters; expected a name of at most 255"],
    ),
    "NUL in a name": Bad(changed(strategy="a\0b"), name_reasons("a␀b", "holds a NUL character"), {1: "a␀b"}),
    "control character": Bad(changed(strategy="a\x07b"), name_reasons("a\x07b", "holds a control character")),
    "lone surrogate": Bad(
        changed(strategy="a\ud800b"),
        name_reasons("a\\xed\\xa0\\x80b", "holds bytes that are no text in the file's encoding"),
        {1: "a\\xed\\xa0\\x80b"},
    ),
    "half a character": Bad(
        changed(strategy="a_xD83D_b"), name_reasons("a_xD83D_b", "holds half a character (a lone surrogate)")
    ),
    "error for a name": Bad(changed(strategy="#NAME?"), name_reasons("#NAME?", "is a spreadsheet error")),
    "too many cells": Bad(
        (*changed(), "9"), ["the row: the row has 9 cells, the header has 8 columns; expected as many"]
    ),
    "too few cells": Bad(
        changed()[:4], ["the row: the row ends after 4 of 8 cells; expected Impressions, Clicks"]
    ),
    "everything": Bad(
        ("", "-", LONG, "#REF!", "-1", "x", "NaN", "(1)"),
        [
            f"Date: is missing; {DAY}",
            "Strategy: “-” is missing; expected a name",
            f"Placement: “{LONG[:80]}…” has 256 characters; expected a name of at most 255",
            "Creative: “#REF!” is a spreadsheet error; expected a name",
            f"Impressions: “-1” is negative; {COUNT}",
            f"Clicks: “x” is not a number; {COUNT}",
            f"Conversions: “NaN” is not a number; {COUNT}",
            f"Media Spend: “(1)” is negative; {AMOUNT}",
        ],
    ),
}


def good(number: int) -> tuple[object, ...]:
    return changed(creative=f"Creative {number}", impressions=number, clicks=0, conversions=0)


async def test_bad_cells_among_50_000_rows(tmp_path: Path) -> None:
    """Each kind at the start, at the end, and somewhere between, where blocks are cut."""
    bad = {
        2 + place * 400 + turn: kind
        for turn in range(3)
        for place, kind in enumerate(KINDS.values(), turn * 41)
    }
    rows = [bad[number].row if number in bad else good(number) for number in range(2, ROWS + 2)]
    text = csv_text(rows).encode("utf-8", "surrogatepass")
    result = await read_away(save(tmp_path / "report.csv", text))
    assert len(KINDS) >= 37
    assert [row.row_number for row in result.bad] == sorted(bad)
    for row in result.bad:
        kind = bad[row.row_number]
        assert list(row.reasons) == kind.reasons
        cells = [kind.shown.get(place, str(cell)) for place, cell in enumerate(kind.row)]
        assert list(row.raw_cells) == cells
    assert result.column("row_number") == [number for number in range(2, ROWS + 2) if number not in bad]
    assert result.column("impressions") == result.column("row_number")
    assert (result.summary.rows_read, result.summary.rows_bad) == (ROWS, len(bad))
    assert result.header.encoding == "utf-8"


IN_WORKBOOKS = [
    name
    for name, kind in KINDS.items()
    if not any(set(str(cell)) & set("\0\x07\ud800") for cell in kind.row) and len(kind.row) == len(HEADER)
]


async def test_the_same_cells_in_a_workbook(tmp_path: Path) -> None:
    kinds = [KINDS[name] for name in IN_WORKBOOKS]
    result = await read_away(sheet_of(tmp_path / "report.xlsx", [kind.row for kind in kinds]))
    assert [list(row.reasons) for row in result.bad] == [kind.reasons for kind in kinds]
    cells = [[(cell or "").strip() for cell in row.raw_cells] for row in result.bad]
    assert cells == [[str(cell).strip() for cell in kind.row] for kind in kinds]
    assert result.frame.height == 0


async def test_no_kind_of_cell_is_bad_in_a_column_nobody_reads(tmp_path: Path) -> None:
    cells = [str(cell) for kind in KINDS.values() for cell in kind.row]
    rows = [(*good(number), cell) for number, cell in enumerate(cells)]
    text = csv_text(rows, (*HEADER, "CTR")).encode("utf-8", "surrogatepass")
    result = await read_away(save(tmp_path / "report.csv", text))
    assert result.bad == []
    assert result.frame.height == len(rows)
