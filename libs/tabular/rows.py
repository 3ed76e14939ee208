"""Rows of text → typed rows, bad rows with every reason, and the counts of the whole file."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl

from libs.tabular.cells import NO_VALUE, Column
from libs.tabular.dates import date_column
from libs.tabular.decide import Conventions
from libs.tabular.errors import HeaderOnly, TooLarge
from libs.tabular.header import Match
from libs.tabular.names import name_column
from libs.tabular.numbers import number_column
from libs.tabular.raw import RawChunk, shown
from libs.tabular.reports import BadRow, Summary
from libs.tabular.spec import Field, ParseLimits, TableSpec

# Real (view-through conversions) and loaded, unless the source is strict: rule → (what exceeds, what).
_RULES = {
    "clicks_over_impressions": ("clicks", "impressions"),
    "conversions_over_clicks": ("conversions", "clicks"),
    "conversions_without_impressions": ("conversions", "impressions"),
}
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
_MOST_CONTROL_TOTALS = 100
_MOST_CELLS = 1_000  # of a bad row that are kept


class RowReader:
    """Reads chunk after chunk and keeps count."""

    def __init__(self, spec: TableSpec, match: Match, conventions: Conventions, limits: ParseLimits) -> None:
        self._spec, self._match, self._conventions, self._limits = spec, match, conventions, limits
        self._fields = [field for field in spec.fields if field.name in match.columns]
        self._counts: Counter[str] = Counter()
        self._totals: Counter[str] = Counter()
        self._dates: Counter[str] = Counter()
        self._lines: list[pl.Series] = []
        self._control_totals: list[dict[str, Any]] = []

    def read(self, raw: RawChunk) -> tuple[pl.DataFrame, list[BadRow]]:
        """The good rows of a chunk as `Chunk.frame` describes them, and the bad ones. Raises TooLarge."""
        columns = {field.name: self._column(field, raw) for field in self._fields}
        typed = {field.column: columns[field.name].values for field in self._fields}
        frame = pl.DataFrame({"row_number": raw.row_numbers, **typed})
        odd = self._odd(frame)
        doubtful = _any_bad(columns, raw, odd if self._spec.strict else {})
        bad, blank = self._explain(raw, columns, odd, doubtful)
        good = frame.filter(~doubtful)
        self._count(raw, good, len(bad), blank, columns)
        self._counts.update({name: int((mask & ~doubtful).sum()) for name, mask in odd.items()})
        return good, bad

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
        )

    def _column(self, field: Field, raw: RawChunk) -> Column:
        position = self._match.columns[field.name]
        texts = raw.frame[f"c{position}"]
        if field.kind == "date":
            return date_column(texts, self._conventions.dates)
        if field.kind == "name":
            return name_column(texts, blank_allowed=field.blank_allowed)
        return number_column(texts, field.kind, decimal_comma=position in self._conventions.decimal_comma)

    def _odd(self, frame: pl.DataFrame) -> dict[str, pl.Series]:
        """Rows that break a rule of thumb, by rule; null where a metric is missing or bad."""
        odd = {}
        for name, (more, less) in _RULES.items():
            if {more, less} <= set(frame.columns):
                mask = frame[more] > frame[less]
                if name.endswith("without_impressions"):
                    mask &= frame[less] == 0
                odd[name] = mask.fill_null(value=False)
        return odd

    def _explain(
        self, raw: RawChunk, columns: dict[str, Column], odd: dict[str, pl.Series], doubtful: pl.Series
    ) -> tuple[list[BadRow], list[int]]:
        """(bad rows, indices of blank rows) among the doubtful ones; control totals are put aside."""
        bad: list[BadRow] = []
        blank: list[int] = []
        for index in doubtful.arg_true().to_list():
            cells = raw.cells(index)
            if not any(cell and cell.strip() for cell in cells):
                blank.append(index)
            elif not self._is_control_total(raw, index, columns):
                reasons = self._reasons(raw, index, columns, odd)
                bad.append(BadRow(raw.row_numbers[index], _kept(cells), tuple(reasons)))
        return bad, blank

    def _reasons(
        self, raw: RawChunk, index: int, columns: dict[str, Column], odd: dict[str, pl.Series]
    ) -> list[str]:
        reasons = [f"the row: {raw.ragged[index]}"] if index in raw.ragged else []
        for field in self._fields:
            column, position = columns[field.name], self._match.columns[field.name]
            if column.bad is not None and column.bad[index]:
                text = raw.frame[f"c{position}"][index]
                cell = f" “{(shown(text) or '')[:80]}”" if text.strip() else ""
                reasons.append(f"{self._match.titles[position]}:{cell} {column.problems[text]}")
        if self._spec.strict:
            reasons += [self._rule_in_words(name, raw, index) for name, mask in odd.items() if mask[index]]
        return reasons

    def _rule_in_words(self, rule: str, raw: RawChunk, index: int) -> str:
        more, less = _RULES[rule]
        (title, cell), (other, bound) = (
            (self._match.titles[place], shown(raw.frame[f"c{place}"][index]))
            for place in (self._match.columns[more], self._match.columns[less])
        )
        return f"{title}: “{cell}” with {other} “{bound}”; expected no more, as this source is strict"

    def _is_control_total(self, raw: RawChunk, index: int, columns: dict[str, Column]) -> bool:
        if self._spec.blank_dimension_rows != "control_total":
            return False
        dimensions = [f for f in self._fields if f.kind in {"date", "name"}]
        texts = [raw.frame[f"c{self._match.columns[f.name]}"][index] for f in dimensions]
        if any(text.strip().casefold() not in NO_VALUE for text in texts):
            return False
        metrics = {f.column: columns[f.name].values[index] for f in self._fields if f not in dimensions}
        if len(self._control_totals) < _MOST_CONTROL_TOTALS:
            self._control_totals.append({"row_number": raw.row_numbers[index], **metrics})
        return True

    def _count(
        self, raw: RawChunk, good: pl.DataFrame, bad: int, blank: Sequence[int], columns: dict[str, Column]
    ) -> None:
        rows = raw.frame.height - len(blank)
        self._counts.update(rows_read=rows, rows_good=good.height, rows_bad=bad, blank_rows=len(blank))
        self._counts["rounded_money"] += sum(column.rounded for column in columns.values())
        if self._counts["rows_read"] > self._limits.max_rows:
            raise TooLarge(
                f"The file has more than {self._limits.max_rows:,} rows. Split the report.",
                limit=self._limits.max_rows,
            )
        lines = raw.frame.hash_rows()
        self._lines.append(lines if not blank else lines.gather(_others(raw.frame.height, blank)))
        metrics = [field.column for field in self._fields if field.kind in {"count", "money"}]
        sums = good.select(pl.col(metrics).cast(pl.Int128).sum()).row(0, named=True) if metrics else {}
        self._totals.update(sums)
        for field in self._fields:
            if field.kind == "date":
                days = good[field.column].value_counts()
                self._dates.update({day.isoformat(): count for day, count in days.iter_rows()})


def _kept(cells: Sequence[str | None]) -> tuple[str | None, ...]:
    kept = tuple(map(shown, cells[:_MOST_CELLS]))
    return kept if len(cells) <= _MOST_CELLS else (*kept, f"… ({len(cells) - _MOST_CELLS:,} more cells)")


def _any_bad(columns: dict[str, Column], raw: RawChunk, strict: dict[str, pl.Series]) -> pl.Series:
    doubtful = pl.repeat(False, raw.frame.height, eager=True)
    for mask in [*(column.bad for column in columns.values()), *strict.values()]:
        if mask is not None:
            doubtful |= mask
    return doubtful.scatter(list(raw.ragged), True) if raw.ragged else doubtful


def _others(height: int, without: Sequence[int]) -> pl.Series:
    keep = pl.repeat(True, height, eager=True).scatter(list(without), False)
    return keep.arg_true()
