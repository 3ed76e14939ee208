"""What a source's table looks like, and what reading it may cost. Both reach the reading process as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Kind = Literal["date", "name", "attribute", "count", "money"]
DateOrder = Literal["MDY", "DMY"]
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Field:
    """One canonical column. aliases: header titles by priority; case, `_` and spaces do not matter.

    An alias that ends in `(*)` stands for any currency there, as in `Amount spent (*)`.

    attribute: a name that says nothing of what the row is about (currency, account, ids): may be blank, and a
        total row may have it.
    beside: the field is only read where the date is read from a column with one of these titles.
    required: a file without this column is refused, and a row too short to have it is bad.
    blank_allowed: (names) an empty cell is null instead of a bad cell.
    """

    name: str
    kind: Kind
    aliases: tuple[str, ...]
    required: bool = False
    blank_allowed: bool = False
    beside: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """Its column in a chunk: money is in millionths, and says so."""
        return f"{self.name}_micros" if self.kind == "money" else self.name


@dataclass(frozen=True, slots=True)
class TableSpec:
    """The columns of a source and how its cells are to be understood.

    today: rows after this day (the account's own) are bad.
    ignored: titles that are known and not used (CTR, sizes): not reported as unknown.
    date_order: the source's setting; None decides over the whole column.
    date_format: the same setting as people write it (`MM/DD/YYYY`, `%d.%m.%Y`, `DMY`); wins over date_order.
    strict: clicks > impressions, conversions > clicks and conversions without impressions are bad rows, too.
    blank_dimension_rows: what a row with metrics but without date and names is: a bad row, or the report's
        own total, kept in the summary.
    period_end: the date field that must be the same day as ``date``; a row where it is not refuses the file.
    """

    fields: tuple[Field, ...]
    today: date
    ignored: tuple[str, ...] = ()
    date_order: DateOrder | None = None
    date_format: str | None = None
    strict: bool = False
    allow_gzip: bool = False
    blank_dimension_rows: Literal["reject", "control_total"] = "reject"
    period_end: str | None = None

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "TableSpec":
        fields = tuple(
            Field(**{**field, "aliases": tuple(field["aliases"]), "beside": tuple(field["beside"])})
            for field in value["fields"]
        )
        today, ignored = date.fromisoformat(value["today"]), tuple(value["ignored"])
        return cls(**{**value, "fields": fields, "today": today, "ignored": ignored})


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """What reading one file may cost. 1,000,000 rows (120 MB of CSV) pass with room to spare."""

    memory_bytes: int = 1024 * _MIB  # RLIMIT_DATA; a million rows need some 300 MB resident
    cpu_seconds: int = 120
    wall_seconds: float = 600.0  # only the time spent waiting for the reader counts
    max_file_bytes: int = 1024 * _MIB
    max_inflated_bytes: int = 4096 * _MIB
    max_ratio: int = 250  # real reports deflate 5 to 30 times; deflate itself ends at 1,032
    max_rows: int = 5_000_000
    max_columns: int = 1_000
    max_record_bytes: int = 4 * _MIB  # one row; bounds what an unterminated quote can swallow
    block_bytes: int = 8 * _MIB
