"""Rows of text → typed rows, bad rows with every reason, and the counts of the whole file."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import polars as pl

from libs.tabular.cells import NO_VALUE, Column
from libs.tabular.dates import date_column
from libs.tabular.decide import Conventions
from libs.tabular.errors import HeaderOnly, NotDaily, TooLarge
from libs.tabular.explain import Reasons, kept_cells, odd_rows
from libs.tabular.header import Match
from libs.tabular.names import name_column
from libs.tabular.numbers import currencies_in, number_column
from libs.tabular.raw import RawChunk, without_blank_rows
from libs.tabular.reports import BadRow, Summary
from libs.tabular.spec import Field, ParseLimits, TableSpec

_COUNTED = (
    "rows_read",
    "rows_good",
    "rows_bad",
    "blank_rows",
    "rounded_money",
    "clicks_over_impressions",
    "conversions_over_clicks",
    "conversions_without_impressions",
)
_BAD_AT_ONCE = 2_000  # so that taking a frame never holds up the parent's event loop
_MOST_CONTROL_TOTALS = 100


class RowReader:
    """Reads chunk after chunk and keeps count."""

    def __init__(self, spec: TableSpec, match: Match, conventions: Conventions, limits: ParseLimits) -> None:
        self._spec, self._match, self._conventions, self._limits = spec, match, conventions, limits
        self._fields = [field for field in spec.fields if field.name in match.columns]
        self._counts: Counter[str] = Counter()
        self._totals: Counter[str] = Counter()
        self._dates: Counter[str] = Counter()
        self._lines: list[pl.Series] = []
        self._currencies: set[str] = set()
        self._control_totals: list[dict[str, Any]] = []

    def read(self, chunk: RawChunk) -> Iterator[tuple[pl.DataFrame, list[BadRow]]]:
        """(good rows as `Chunk.frame` has them, bad ones), the bad ones a few at a time. Raises TooLarge."""
        raw = without_blank_rows(chunk, self._match.columns[self._fields[0].name])
        self._counts["blank_rows"] += chunk.frame.height - raw.frame.height
        columns = {field.name: self._column(field, raw) for field in self._fields}
        typed = {field.column: columns[field.name].values for field in self._fields}
        frame = pl.DataFrame({"row_number": raw.row_numbers, **typed})
        self._refuse_periods(frame)
        odd = odd_rows(frame)
        reasons = Reasons(raw, self._match, self._fields, columns, odd if self._spec.strict else {})
        good = frame.filter(~reasons.doubtful)
        self._count(raw, good, columns)
        self._counts.update({name: int((mask & ~reasons.doubtful).sum()) for name, mask in odd.items()})
        rows = reasons.doubtful.arg_true()
        for start in range(0, max(1, len(rows)), _BAD_AT_ONCE):
            bad = self._explain(raw, columns, reasons, rows[start : start + _BAD_AT_ONCE])
            self._counts["rows_bad"] += len(bad)
            yield good if start == 0 else good.clear(), bad

    def summary(self) -> Summary:
        """The counts at the end of the file. Raises HeaderOnly."""
        if not self._counts["rows_read"]:
            raise HeaderOnly(
                "The file has a header but no row. If there was no delivery, nothing is wrong with the day; "
                "otherwise export the report again.",
                columns=list(self._match.titles),
            )
        seen = pl.concat(self._lines)
        return Summary(
            **{name: self._counts[name] for name in _COUNTED},
            duplicate_lines=len(seen) - seen.n_unique(),
            totals=dict(self._totals),
            dates=dict(sorted(self._dates.items())),
            control_totals=tuple(self._control_totals),
            currencies=tuple(sorted(self._currencies)),
        )

    def _column(self, field: Field, raw: RawChunk) -> Column:
        position = self._match.columns[field.name]
        texts = raw.frame[f"c{position}"]
        if field.kind == "date":
            return date_column(texts, self._conventions.dates)
        if field.kind == "name" or field.kind == "attribute":  # noqa: PLR1714 - the type follows
            return name_column(texts, blank_allowed=field.blank_allowed or field.kind == "attribute")
        return number_column(texts, field.kind, decimal_comma=position in self._conventions.decimal_comma)

    def _refuse_periods(self, frame: pl.DataFrame) -> None:
        end = self._spec.period_end
        if end is None or end not in frame.columns:
            return
        longer = frame.filter(pl.col("date") != pl.col(end))
        if longer.height:
            row, first, last = longer.select("row_number", "date", end).row(0)
            raise NotDaily(
                f"Row {row} covers {first} to {last}, so the report is not daily. "
                "Export it broken down by day.",
                row=row,
                start=first.isoformat(),
                end=last.isoformat(),
            )

    def _explain(
        self, raw: RawChunk, columns: dict[str, Column], reasons: Reasons, rows: pl.Series
    ) -> list[BadRow]:
        """The bad rows among these; control totals are put aside."""
        return [
            BadRow(raw.row_numbers[row], kept_cells(raw.cells(row)), tuple(found))
            for row, found in reasons.of(rows).items()
            if not self._is_control_total(raw, row, columns)
        ]

    def _is_control_total(self, raw: RawChunk, index: int, columns: dict[str, Column]) -> bool:
        if self._spec.blank_dimension_rows != "control_total":
            return False
        dimensions = [f for f in self._fields if f.kind in {"date", "name"}]
        texts = [raw.frame[f"c{self._match.columns[f.name]}"][index] for f in dimensions]
        if any(text.strip().casefold() not in NO_VALUE for text in texts):
            return False
        metrics = {
            f.column: columns[f.name].values[index] for f in self._fields if f.kind in {"count", "money"}
        }
        if len(self._control_totals) < _MOST_CONTROL_TOTALS:
            self._control_totals.append({"row_number": raw.row_numbers[index], **metrics})
        return True

    def _count(self, raw: RawChunk, good: pl.DataFrame, columns: dict[str, Column]) -> None:
        self._counts.update(rows_read=raw.frame.height, rows_good=good.height)
        self._counts["rounded_money"] += sum(column.rounded for column in columns.values())
        if self._counts["rows_read"] + self._counts["blank_rows"] > self._limits.max_rows:
            raise TooLarge(
                f"The file has more than {self._limits.max_rows:,} rows. Split the report.",
                limit=self._limits.max_rows,
            )
        for field in self._fields:
            if field.kind == "money":
                self._currencies |= currencies_in(raw.frame[f"c{self._match.columns[field.name]}"])
        self._lines.append(raw.frame.hash_rows())
        metrics = [field.column for field in self._fields if field.kind in {"count", "money"}]
        sums = good.select(pl.col(metrics).cast(pl.Int128).sum()).row(0, named=True) if metrics else {}
        self._totals.update(sums)
        day = next((field.column for field in self._fields if field.kind == "date"), None)
        if day is not None:
            days = good[day].value_counts()
            self._dates.update({day.isoformat(): count for day, count in days.iter_rows()})
