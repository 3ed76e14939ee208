"""Which columns a file has: names of the level and above, days, and the metrics that its reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from libs.errors import BadQuestion
from libs.metrics.registry import BY_NAME, Metric, Unit

Level = Literal["daily", "campaign", "strategy", "placement", "creative", "day", "week", "month", "source"]
"""``daily``: the rows as they were delivered, one for each day and creative."""
Order = Literal["asc", "desc"]
HIERARCHY = ("campaign", "strategy", "placement", "creative")
PERIODS = ("day", "week", "month")
PLURALS: dict[Level, str] = {
    "daily": "daily-rows",
    "campaign": "campaigns",
    "strategy": "strategies",
    "placement": "placements",
    "creative": "creatives",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "source": "sources",
}


@dataclass(frozen=True)
class Column:
    """A column: its name in the API, its label for people, and the metric where it is a figure."""

    name: str
    label: str
    metric: Metric | None = None

    @property
    def is_date(self) -> bool:
        return self.name in ("date", "end_date")


@dataclass(frozen=True)
class Layout:
    """What a file shows, and in which order."""

    level: Level
    columns: tuple[Column, ...]
    sort_by: str
    order: Order
    name: str | None = None
    """Only entities whose name contains this."""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return tuple(column.metric for column in self.columns if column.metric)


def layout(
    level: Level,
    metrics: Sequence[Metric],
    *,
    several: bool,
    wanted: Sequence[str] = (),
    sort_by: str | None = None,
    order: Order | None = None,
    name: str | None = None,
) -> Layout:
    """The layout of a question; left out: all usual columns in the usual order. Raises BadQuestion.

    ``metrics``: what the reader may see. ``several``: over more than one client, which is then named.
    """
    if name and level not in HIERARCHY:
        raise BadQuestion("name", f"chooses among entities: ask for level {', '.join(HIERARCHY)}")
    usual, more = _names(level, several)
    figures = tuple(Column(metric.name, metric.label, metric) for metric in metrics)
    known = {column.name: column for column in (*usual, *figures, *more)}
    columns = tuple(known[name] for name in _checked(wanted, known)) if wanted else (*usual, *figures)
    by, way = _sorted_by(level, metrics, sort_by)
    return Layout(level, columns, by, order or way, name)


def _checked(wanted: Sequence[str], known: dict[str, Column]) -> list[str]:
    for name in wanted:
        if name not in known:
            raise BadQuestion("columns", f"{name[:50]!r} is not one of {', '.join(known)}")
    return list(dict.fromkeys(wanted))


def _sorted_by(level: Level, metrics: Sequence[Metric], sort_by: str | None) -> tuple[str, Order]:
    first = "date" if level in (*PERIODS, "daily") else "name"
    if sort_by is None:
        return ("spend", "desc") if first == "name" else (first, "asc")
    allowed = [first] if level == "daily" else [first, *(metric.name for metric in metrics)]
    if sort_by not in allowed:
        raise BadQuestion("sort_by", f"level {level} is sorted by {', '.join(allowed)}")
    return sort_by, "asc" if sort_by == first else "desc"


def _names(level: Level, several: bool) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Columns that are no figures: the usual ones, and those that are there when they are asked for."""
    client = (Column("client_name", "Client"),)
    more = (*(() if several else client), Column("client_id", "Client id"))
    if level in PERIODS:
        return _of_period(level), ()
    if level == "source":
        return (Column("source", "Source"),), ()
    depth = HIERARCHY if level == "daily" else HIERARCHY[: HIERARCHY.index(level) + 1]
    names = tuple(Column(f"{each}_name", each.capitalize()) for each in depth)
    ids = tuple(Column(f"{each}_id", f"{each.capitalize()} id") for each in depth)
    preview = (Column("preview_url", "Preview"),) if depth == HIERARCHY else ()
    day = (Column("date", "Date"),) if level == "daily" else ()
    whose = client if several else ()
    source = (Column("source", "Source"),)
    usual = (*day, *whose, *source, *names, *(preview if level == "creative" else ()))
    return usual, (*ids, *more, *(preview if level == "daily" else ()))


def _of_period(level: Level) -> tuple[Column, ...]:
    end = () if level == "day" else (Column("end_date", "Last day"),)
    return (
        Column("date", "Date" if level == "day" else "First day"),
        *end,
        Column("status", "Status"),
        Column("reason", "Why no data"),
    )


def heading_of(column: Column, currency: str) -> str:
    """The label with its unit, for people."""
    if column.metric is None:
        return column.label
    units = {Unit.MONEY: f" ({currency})", Unit.PERCENT: " (%)"}
    return column.label + units.get(column.metric.unit, "")


SORTS = ("date", "name", *BY_NAME)
"""What files may be sorted by; which of them, the level says."""
LEVELS: tuple[Level, ...] = get_args(Level)
