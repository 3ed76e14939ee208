"""Why rows are bad: every reason names the column by its title, the cell, and what was expected."""

from collections.abc import Sequence

import polars as pl

from libs.tabular.cells import Column
from libs.tabular.header import Match
from libs.tabular.raw import RawChunk, shown
from libs.tabular.spec import Field

# Real (view-through conversions) and loaded, unless the source is strict: rule → (what exceeds, what).
_RULES = {
    "clicks_over_impressions": ("clicks", "impressions"),
    "conversions_over_clicks": ("conversions", "clicks"),
    "conversions_without_impressions": ("conversions", "impressions"),
}
_SHOWN = 80  # characters of a cell in a reason
_MOST_CELLS = 1_000  # of a bad row that are kept


def odd_rows(frame: pl.DataFrame) -> dict[str, pl.Series]:
    """Rows that break a rule of thumb, by rule; false where a metric is missing or bad."""
    odd = {}
    for name, (more, less) in _RULES.items():
        if {more, less} <= set(frame.columns):
            mask = frame[more] > frame[less]
            if name.endswith("without_impressions"):
                mask &= frame[less] == 0
            odd[name] = mask.fill_null(value=False)
    return odd


class Reasons:
    """Why rows of a chunk are bad. rules: rules of thumb whose breach is a reason, too (a strict source)."""

    def __init__(
        self,
        raw: RawChunk,
        match: Match,
        fields: Sequence[Field],
        columns: dict[str, Column],
        rules: dict[str, pl.Series],
    ) -> None:
        self._raw, self._match, self._rules = raw, match, rules
        self._bad = [
            (match.columns[f.name], columns[f.name]) for f in fields if columns[f.name].bad is not None
        ]
        self.doubtful = self._doubtful()

    def _doubtful(self) -> pl.Series:
        """Which rows have any reason."""
        doubtful = pl.repeat(False, self._raw.frame.height, eager=True)
        for mask in [*(column.bad for _, column in self._bad), *self._rules.values()]:
            if mask is not None:
                doubtful |= mask
        return doubtful.scatter(list(self._raw.ragged), True) if self._raw.ragged else doubtful

    def of(self, rows: pl.Series) -> dict[int, list[str]]:
        """Row index → all its reasons, in the order of the fields."""
        ragged = self._raw.ragged
        found = {row: [f"the row: {ragged[row]}"] if row in ragged else [] for row in rows}
        for position, column in self._bad:
            bad = rows if column.bad is None else rows.filter(column.bad.gather(rows))
            title, texts = self._match.titles[position], self._raw.frame[f"c{position}"].gather(bad)
            for row, text in zip(bad, texts, strict=True):
                found[row].append(_worded(title, text, column.problems[text]))
        for rule, mask in self._rules.items():
            for row in rows.filter(mask.gather(rows)):
                found[row].append(_broken(rule, self._raw, self._match, row))
        return found


def kept_cells(cells: Sequence[str | None]) -> tuple[str | None, ...]:
    """The cells of a bad row as they are stored."""
    kept = tuple(map(shown, cells[:_MOST_CELLS]))
    return kept if len(cells) <= _MOST_CELLS else (*kept, f"… ({len(cells) - _MOST_CELLS:,} more cells)")


def _worded(title: str, text: str, problem: str) -> str:
    cell = (shown(text) or "").strip()
    cut = cell if len(cell) <= _SHOWN else f"{cell[:_SHOWN]}…"
    return f"{title}: “{cut}” {problem}" if cut else f"{title}: {problem}"


def _broken(rule: str, raw: RawChunk, match: Match, row: int) -> str:
    (title, cell), (other, bound) = (
        (match.titles[match.columns[name]], shown(raw.frame[f"c{match.columns[name]}"][row]))
        for name in _RULES[rule]
    )
    return f"{title}: “{cell}” with {other} “{bound}”; expected no more, as this source is strict"
