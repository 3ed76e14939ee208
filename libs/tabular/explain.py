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


def reasons_by_row(
    raw: RawChunk,
    match: Match,
    fields: Sequence[Field],
    columns: dict[str, Column],
    rules: dict[str, pl.Series],
) -> dict[int, list[str]]:
    """Row index → all its reasons, in the order of the fields. rules: broken rules that count as reasons."""
    reasons = {row: [f"the row: {problem}"] for row, problem in raw.ragged.items()}
    for field in fields:
        column, position = columns[field.name], match.columns[field.name]
        if column.bad is None:
            continue
        rows = column.bad.arg_true()
        title = match.titles[position]
        worded = {text: _worded(title, text, problem) for text, problem in column.problems.items()}
        for row, text in zip(rows, raw.frame[f"c{position}"].gather(rows), strict=True):
            reasons.setdefault(row, []).append(worded[text])
    for name, mask in rules.items():
        for row in mask.arg_true():
            reasons.setdefault(row, []).append(_broken(name, raw, match, row))
    return reasons


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
