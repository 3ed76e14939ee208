"""Days as platforms write them: ISO, US and European order, serial numbers of spreadsheets, month names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from libs.tabular.cells import NO_VALUE, Column, Reading, settle, unreadable
from libs.tabular.errors import NotDaily, UnclearDates
from libs.tabular.spec import DateOrder, TableSpec

_FIRST: Final = date(2000, 1, 1)  # no platform reports earlier days; a day before is a misread number
_TIME: Final = (
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?"
)
_ISO: Final = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.ASCII)
_COMPACT: Final = re.compile(r"(20\d{2})(\d{2})(\d{2})(?:\.0*)?", re.ASCII)
_NUMERIC: Final = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d*)?", re.ASCII)
_PERIOD: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\s*(?:-|–|to|/)\s*(\d{4}-\d{2}-\d{2})", re.ASCII)
_MONTH_NAMES: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS: Final = {
    name[:size]: number for number, name in enumerate(_MONTH_NAMES, 1) for size in {3, len(name)}
}
_DAY_OF_MONTH: Final = re.compile(r"(\d{1,2})([- ])([a-z]{3,9})\2(\d{4}|\d{2})", re.ASCII | re.IGNORECASE)
_MONTH_AND_DAY: Final = re.compile(r"([a-z]{3,9}) (\d{1,2}),? (\d{4})", re.ASCII | re.IGNORECASE)
_EPOCHS: Final = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_EXPECTED: Final = "expected a day such as 2025-11-04"


@dataclass(frozen=True, slots=True)
class DatePlan:
    """How the dates of one column are read. order None: the column has none that would need one."""

    today: date
    order: DateOrder | None
    epoch_1904: bool = False


def setting_order(spec: TableSpec) -> DateOrder | None:
    """Day or month first by the source's setting. Raises ValueError for a date_format without both."""
    if spec.date_format is None:
        return spec.date_order
    letters: list[str] = re.findall(r"[ymd]", spec.date_format.casefold())
    order = "".join(dict.fromkeys(letters)).upper()
    if sorted(order) != ["D", "M", "Y"]:
        raise ValueError(f"date_format {spec.date_format!r} must name day, month and year, as in MM/DD/YYYY")
    return "DMY" if order.index("D") < order.index("M") else "MDY"


def read_date(text: str, plan: DatePlan) -> Reading:
    """One cell. A time of day beside the day is ignored; nothing is shifted. Raises NotDaily for a period."""
    if problem := unreadable(text):
        return Reading(None, f"{problem}; {_EXPECTED}")
    bare = " ".join(text.split())
    if bare.casefold() in NO_VALUE:
        return Reading(None, f"is missing; {_EXPECTED}")
    day = _day(bare, plan)
    if day is None:
        return Reading(None, f"is not a date{_hint(bare, plan)}; {_EXPECTED}")
    if day > plan.today:
        return Reading(None, f"is in the future; expected a day up to {plan.today.isoformat()}")
    if day < _FIRST:
        return Reading(None, f"is before the year {_FIRST.year}; {_EXPECTED}")
    return Reading(day)


def date_column(texts: pl.Series, plan: DatePlan) -> Column:
    """A whole column as Date, each distinct text read once; equal neighbours, as in most reports, are one."""
    run = texts.rle_id()
    firsts = texts.filter(run.diff().fill_null(1) != 0)
    nothing = pl.repeat(None, len(firsts), dtype=pl.Date, eager=True)
    everything = pl.repeat(True, len(firsts), eager=True)
    column = settle(firsts, nothing, everything, lambda text: read_date(text, plan))
    bad = None if column.bad is None else column.bad.gather(run)
    return Column(column.values.gather(run), bad, column.problems)


def _day(bare: str, plan: DatePlan) -> date | None:
    if found := _ISO.fullmatch(bare) or _COMPACT.fullmatch(bare):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.fullmatch(bare):
        return _ordered(int(found[1]), int(found[3]), found[4], plan.order)
    if found := _SERIAL.fullmatch(bare):
        return _EPOCHS[plan.epoch_1904] + timedelta(days=int(found[1]))
    if (found := _PERIOD.fullmatch(bare)) and found[1] != found[2]:
        raise NotDaily(
            f"The date “{bare}” is a period of more than one day, so the report is not daily. "
            "Export it broken down by day.",
            cell=bare,
        )
    return _made_of_words(bare)


def _ordered(first: int, second: int, year: str, order: DateOrder | None) -> date | None:
    """A two-digit year is only read when the setting says what the other two numbers are."""
    if order is None:
        return None
    month, day = (first, second) if order == "MDY" else (second, first)
    return _made(int(year) + (2000 if len(year) == 2 else 0), month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _made_of_words(bare: str) -> date | None:
    """4-Nov-2025, 4-Nov-25, 4 November 2025, Nov 4, 2025."""
    if found := _DAY_OF_MONTH.fullmatch(bare):
        day, month, year = found[1], found[3], found[4]
    elif found := _MONTH_AND_DAY.fullmatch(bare):
        month, day, year = found[1], found[2], found[3]
    else:
        return None
    return _made(int(year) + (2000 if len(year) == 2 else 0), _MONTHS.get(month.casefold(), 0), int(day))


def _hint(bare: str, plan: DatePlan) -> str:
    if plan.order and _NUMERIC.fullmatch(bare):
        return f" with the {'month' if plan.order == 'MDY' else 'day'} first"
    return ""


def decided_order(texts: Iterable[str], title: str) -> DateOrder | None:
    """The order that all numeric dates of a column fit; None if it has none.

    Raises UnclearDates when both orders fit every cell, when some cells fit only one and some only the other,
    and for years of two digits, which could be anything.
    """
    seen = {(int(found[1]), int(found[3])): found for found in map(_numeric, texts) if found}
    day_first = [found[0] for (first, second), found in seen.items() if first > 12 >= second]
    month_first = [found[0] for (first, second), found in seen.items() if second > 12 >= first]
    if day_first and month_first:
        raise UnclearDates(
            f"The dates in “{title}” contradict each other: “{day_first[0]}” has the day first, "
            f"“{month_first[0]}” the month. Export the report with one date format.",
            column=title,
            examples=[day_first[0], month_first[0]],
        )
    unclear = [found[0] for (first, second), found in seen.items() if first != second or len(found[4]) == 2]
    short = [found[0] for found in seen.values() if len(found[4]) == 2]
    if short or (unclear and not day_first and not month_first):
        raise UnclearDates(
            f"The dates in “{title}” can be read with the day or the month first (“{(short or unclear)[0]}”) "
            "and nothing in the column decides it. Set `date_format` for this source, for example "
            "MM/DD/YYYY or DD/MM/YYYY.",
            column=title,
            examples=(short or unclear)[:3],
        )
    if day_first:
        return "DMY"
    return "MDY" if seen else None


def _numeric(text: str) -> re.Match[str] | None:
    return _NUMERIC.fullmatch(" ".join(text.split()))
