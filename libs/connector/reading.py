"""How one delivery is read, and what comes to light on the way. Pure, except for opening the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from contracts.ingest.v1 import LEVELS, METRIC_COLUMNS, Artifact, RunEnd
from libs.connector.account import RunRefused, Warned, differing_totals
from libs.connector.runs import Extract, Run
from libs.tabular import BadRow, HeaderReport, Summary, Table

Opener = Callable[[Path], AbstractAsyncContextManager[Table]]
NAMED_DATES = 10
"""Dates that a warning spells out; a year of them is counted."""


@dataclass
class Reading:
    """One delivery's reading: what the source decided, then what the files said.

    ``coverage``: the dates for which the delivery is the whole truth; None: the dates found in it.
    ``fill``: names for levels that a file has no column for, or an empty cell in.
    """

    open_table: Opener
    coverage: list[date] | None
    fill: dict[str, str] = field(default_factory=dict)
    max_bad_share: float = 0.5
    account_timezone: str | None = None
    currency: str | None = None
    owner: tuple[str, str] | None = None
    """Column and value that say whose delivery this is. One with several values is nobody's; another one
    value is a warning, as platforms have several ids for one thing, unless it is ``foreign``."""
    foreign: dict[str, str] = field(default_factory=dict)
    """Values of that column that are other clients': value → the client's name."""
    account: str = ""
    """The platform's ad account that the delivery names; known with its first rows."""
    on_existing: Literal["update", "reject"] = "update"
    warnings: list[Warned] = field(default_factory=list)
    definitions: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    rows_read: int = 0
    rows_rejected: int = 0
    dates: Counter[date] = field(default_factory=Counter)
    control_totals: dict[str, int] = field(default_factory=dict)
    """What the delivery's own total row says, by column."""
    _part: str = ""
    _parts_begun: int = 0
    _rows_before: int = 0
    _row_numbers: int = 0
    _owners: set[str] = field(default_factory=set)

    def begin_part(self, name: str, header: HeaderReport) -> None:
        """The next file's header was read."""
        self._part, self._parts_begun = name, self._parts_begun + 1
        self._rows_before += self._row_numbers
        self._row_numbers = header.row_number
        self.definitions |= header.mapping
        self.warnings += _of_header(header, set(self.fill))

    def complete(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Fill in the levels that the file does not name. Raises RunRefused for somebody else's rows."""
        if frame.height:
            self._row_numbers = max(self._row_numbers, int(frame["row_number"][-1]))
        self._check_owner(frame)
        missing = [pl.lit(self.fill[level]).alias(level) for level in LEVELS if level not in frame.columns]
        blank = [
            pl.col(level).fill_null(self.fill[level])
            for level in LEVELS
            if level in frame.columns and level in self.fill
        ]
        return frame.with_columns(*missing, *blank)

    def _check_owner(self, frame: pl.DataFrame) -> None:
        if self.owner is None or self.owner[0] not in frame.columns:
            return
        column, expected = self.owner
        found = set(frame[column].drop_nulls().unique()) - self._owners
        self._owners |= found
        if others := sorted(found & self.foreign.keys()):
            whose = self.foreign[others[0]]
            raise RunRefused(
                "other_client", f"The delivery has rows of {column} {others[0]!r}, which is client {whose}'s"
            )
        if len(self._owners) > 1:
            shown = ", ".join(map(repr, sorted(self._owners)))
            raise RunRefused("several_owners", f"The delivery has rows of more than one {column}: {shown}")
        if found - {expected}:
            self.warnings.append(
                Warned(
                    f"other_{column}", f"The delivery calls its {column} {min(found)!r}, and not {expected!r}"
                )
            )

    def rejected(self, row: BadRow) -> tuple[int, list[str | None], list[str]]:
        """A rejected row as it is kept; numbers go on over the parts of a delivery."""
        self._row_numbers = max(self._row_numbers, row.row_number)
        reasons = list(row.reasons)
        if self._parts_begun > 1:
            reasons = [f"{self._part}, row {row.row_number}: {reason}" for reason in reasons]
        return self._rows_before + row.row_number, list(row.raw_cells), reasons

    def end_part(self, summary: Summary) -> None:
        """The file was read to its end."""
        self.rows_read += summary.rows_read - len(summary.control_totals)
        self.rows_rejected += summary.rows_bad
        self.dates.update({date.fromisoformat(day): count for day, count in summary.dates.items()})
        self.warnings += _of_summary(summary)
        for currency in summary.currencies:
            self.use_currency(currency)
        self._compare_totals(summary)

    def use_currency(self, currency: str) -> None:
        """The delivery says what its amounts are in. Raises RunRefused when it says two things."""
        if self.currency not in (None, currency):
            raise RunRefused(
                "several_currencies",
                f"The file has amounts in {self.currency} and in {currency}: export each account on its own",
            )
        self.currency = currency

    def _compare_totals(self, summary: Summary) -> None:
        """A total row often differs from its rows (people counted once, rows left out): never blocking."""
        if not summary.control_totals:
            return
        said = {
            name: int(value)
            for name, value in summary.control_totals[0].items()
            if name in METRIC_COLUMNS and value is not None
        }
        for name, value in said.items():
            self.control_totals[name] = self.control_totals.get(name, 0) + value
        differing = {
            name: {"said": value, "rows": summary.totals.get(name, 0)}
            for name, value in said.items()
            if value != summary.totals.get(name, 0)
        }
        if differing:
            self.warnings.append(differing_totals(differing))

    def check(self) -> None:
        """Raise RunRefused when too much of the delivery is bad; note what is odd about its dates."""
        if self.rows_read and self.rows_rejected / self.rows_read > self.max_bad_share:
            raise RunRefused(
                "too_many_bad_rows",
                f"{self.rows_rejected:,} of {self.rows_read:,} rows cannot be used, more than the "
                f"{self.max_bad_share:.0%} allowed: see the rejected rows for each reason",
            )
        self.warnings += _of_dates(self.dates, self.coverage)

    def extract(self) -> Extract:
        """For ingestion_logs."""
        return Extract(
            rows_read=self.rows_read,
            rows_rejected=self.rows_rejected,
            warnings=[warning.as_json() for warning in self.warnings],
            definitions=self.definitions,
            timings=self.timings,
        )

    def end_of(self, run: Run, artifact: Artifact) -> RunEnd:
        """What the closing batch says; the number of batches is filled in there."""
        return RunEnd(
            batch_count=1,
            coverage=sorted(self.dates) if self.coverage is None else self.coverage,
            on_existing=self.on_existing,
            allow_shrink=run.allow_shrink,
            currency=self.currency,
            account_timezone=self.account_timezone,
            artifact=artifact,
            definitions=self.definitions,
            control_totals=self.control_totals,
            rows_read=self.rows_read,
            rows_rejected=self.rows_rejected,
            reload_of=run.reload_of,
        )


def _of_header(header: HeaderReport, filled: set[str]) -> list[Warned]:
    found = [Warned("reading", text) for text in header.warnings]
    if header.unknown:
        titles = ", ".join(repr(title) for title in header.unknown)
        found.append(Warned("unknown_columns", f"Columns that nothing is read from: {titles}"))
    for name, titles_left in header.shadowed.items():
        left = ", ".join(map(repr, titles_left))
        found.append(
            Warned(
                "shadowed_columns",
                f"{name} is read from {header.mapping[name]!r}; not used: {left}",
            )
        )
    for level in LEVELS:
        if level in filled and level not in header.mapping:
            found.append(Warned(f"no_{level}_column", f"The file has no {level} column"))
    return found


def _of_summary(summary: Summary) -> list[Warned]:
    counted = {
        "clicks_over_impressions": "rows with more clicks than impressions",
        "conversions_over_clicks": "rows with more conversions than clicks",
        "conversions_without_impressions": "rows with conversions and no impressions",
        "duplicate_lines": "rows repeat another row cell for cell; they are counted like any other",
        "rounded_money": "amounts had more than six decimals and were rounded",
    }
    found = []
    for code, sentence in counted.items():
        if count := getattr(summary, code):
            found.append(Warned(code, f"{count:,} {sentence}", {"count": count}))
    return found


def _of_dates(dates: Counter[date], coverage: list[date] | None) -> list[Warned]:
    if not coverage:
        return []
    found = []
    others = sorted(day for day in dates if day not in coverage)
    if others:
        rows = sum(dates[day] for day in others)
        named = ", ".join(map(str, others[:NAMED_DATES])) + (" …" if len(others) > NAMED_DATES else "")
        found.append(
            Warned(
                "other_dates",
                f"{rows:,} rows are of {len(others)} other dates ({named}): they update those dates",
                {"count": rows, "dates": [day.isoformat() for day in others]},
            )
        )
    found += [
        Warned("no_rows_for_date", f"The file has no row of {day}") for day in coverage if not dates[day]
    ]
    return found
