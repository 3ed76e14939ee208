"""What reading a table tells besides its rows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

import polars as pl


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not loaded: every reason names the column, the cell and what was expected.

    row_number: as a person sees it in the file, from 1, header included; in a CSV with line breaks inside
        quotes, records are counted, as a spreadsheet does.
    raw_cells: the whole row as text; None is an empty spreadsheet cell. So that it can be stored, NUL shows
        as `␀`, bytes that are no text as `\\xed`, and cells over 2,000 characters are cut, saying so.
    """

    row_number: int
    raw_cells: tuple[str | None, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the file, in its order.

    frame: row_number UInt32, date Date, names String, counts Int64, money Int64 millionths as
        `<field>_micros`; only the fields that the file has a column for.
    """

    frame: pl.DataFrame
    bad: tuple[BadRow, ...]


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class HeaderReport:
    """Which table was found in the file, and how its columns were understood.

    format: `csv`, `csv.gz` or `xlsx`; encoding and delimiter are None for xlsx, sheet is None for csv.
    mapping: canonical field → the column's title in the file; shadowed: field → titles of further columns
        that an alias of lower priority names; unknown: titles nobody knows; missing_optional: fields without
        a column.
    date_order: `ISO`, `MDY` or `DMY`; decimal_comma: titles of the columns that write 1.234,56.
    """

    format: str
    row_number: int
    titles: tuple[str, ...]
    mapping: dict[str, str]
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    shadowed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    missing_optional: tuple[str, ...] = ()
    date_order: str | None = None
    decimal_comma: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**_frozen(value))


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over the whole file, known at its end. Totals are of the good rows, money in millionths.

    rows_read: rows that are not blank (good, bad and control totals together).
    duplicate_lines: rows that repeat an earlier row cell for cell; they stay in.
    rounded_money: amounts with more than six decimals, rounded half-even.
    dates: ISO day → good rows. control_totals: the report's own total rows, `{"row_number", column: value}`.
    currencies: ISO codes of the signs in amounts, where a sign tells which currency it is (€, not $).
    """

    rows_read: int
    rows_good: int
    rows_bad: int
    blank_rows: int
    duplicate_lines: int
    rounded_money: int
    clicks_over_impressions: int
    conversions_over_clicks: int
    conversions_without_impressions: int
    totals: dict[str, int]
    dates: dict[str, int]
    control_totals: tuple[dict[str, Any], ...] = ()
    currencies: tuple[str, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """The days that good rows are of, in order."""
        return tuple(sorted(date.fromisoformat(day) for day in self.dates))

    def to_json(self) -> dict[str, Any]:
        """JSON-ready; totals are text there, as sums can be wider than 64 bits."""
        return {**asdict(self), "totals": {name: str(total) for name, total in self.totals.items()}}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        totals = {name: int(total) for name, total in value["totals"].items()}
        return cls(**{**_frozen(value), "totals": totals})
