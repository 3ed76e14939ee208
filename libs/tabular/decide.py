"""Decisions over whole columns: which number of a date is the day, which sign is the decimal one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from libs.tabular.dates import DatePlan, decided_order, setting_order
from libs.tabular.header import Match
from libs.tabular.raw import RawTable
from libs.tabular.spec import TableSpec

# Cells that can only be meant one way. 1,234 and 1.234 are evidence of nothing.
_COMMA = r"^\D*(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:\.\d{3})+,\d*|\d{1,3}(?:\.\d{3}){2,})\D*$"
_POINT = r"^\D*(?:\d*\.(?:\d{1,2}|\d{4,})|0?\.\d+|\d{1,3}(?:,\d{3})+\.\d*|\d{1,3}(?:,\d{3}){2,})\D*$"


@dataclass(frozen=True, slots=True)
class Conventions:
    """How this file writes dates and numbers. decimal_comma: positions of the columns that write 1.234,56."""

    dates: DatePlan
    decimal_comma: frozenset[int]
    warnings: tuple[str, ...] = ()


def decide(table: RawTable, match: Match, spec: TableSpec) -> Conventions:
    """Read the columns concerned once, if any decision needs it. Raises UnclearDates."""
    order = setting_order(spec)
    dates = _positions(match, spec, {"date"}) if order is None else []
    unclear = table.unclear(dates)
    dates = dates if unclear.numeric_dates else []
    numbers = _positions(match, spec, {"count", "money"}) if unclear.decimal_commas else []
    comma: Counter[int] = Counter()
    point: Counter[int] = Counter()
    texts: dict[int, list[pl.Series]] = {index: [] for index in dates}
    for frame in table.survey([*dates, *numbers]) if dates or numbers else ():
        for index in dates:
            texts[index].append(_numeric_dates(frame[f"c{index}"]))
        for index in numbers:
            comma[index] += int(frame[f"c{index}"].str.contains(_COMMA).sum())
            point[index] += int(frame[f"c{index}"].str.contains(_POINT).sum())
    for index in dates:
        order = decided_order(_each(texts[index]), match.titles[index]) or order
    plan = DatePlan(spec.today, order, table.epoch_1904)
    chosen = _comma_columns(numbers, comma, point)
    torn = [match.titles[index] for index in numbers if comma[index] and point[index]]
    return Conventions(plan, chosen, tuple(_torn(title) for title in torn))


def _positions(match: Match, spec: TableSpec, kinds: set[str]) -> list[int]:
    return [match.columns[f.name] for f in spec.fields if f.kind in kinds and f.name in match.columns]


def _numeric_dates(texts: pl.Series) -> pl.Series:
    distinct = texts.unique()
    return distinct.filter(distinct.str.contains(r"^\s*\d{1,2}[-/.]\d{1,2}[-/.]").fill_null(value=False))


def _each(parts: Sequence[pl.Series]) -> Iterator[str]:
    for part in parts:
        yield from part


def _comma_columns(numbers: Sequence[int], comma: Counter[int], point: Counter[int]) -> frozenset[int]:
    """A column without evidence follows the others if they agree: one program wrote them all."""
    decided = {index for index in numbers if comma[index] and not point[index]}
    if decided and not any(point[index] for index in numbers):
        return frozenset(numbers)
    return frozenset(decided)


def _torn(title: str) -> str:
    return (
        f"“{title}” writes some numbers with a decimal comma and some with a decimal point; "
        "the comma was not taken for a decimal sign."
    )
