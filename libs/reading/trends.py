"""Points of a trend, and why some of them have no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from libs.metrics.periods import DAY, Period, days_of, end_of
from libs.reading.ranges import Range, is_provisional

Troubles = Mapping[tuple[str, date], str]


@dataclass(frozen=True)
class Deliveries:
    """What is known of the days of a question."""

    standing: Mapping[date, frozenset[str]]
    """day → the sources whose delivery stands."""
    troubles: Troubles
    first_day: date | None
    """The first day that was ever delivered."""


def periods(days: Range, by: Period) -> list[Range]:
    """The range cut into days, ISO weeks or months; the first and last may be parts."""
    pieces = []
    start = days.start
    while start < days.end:
        end = min(end_of(by, start), days.end)
        pieces.append(Range(start, end))
        start = end
    return pieces


def state_of(
    piece: Range, *, has_rows: bool, today: date, provisional: date | None, known: Deliveries
) -> dict[str, Any]:
    """``status`` of a point: ``ok``, ``provisional``, or ``no_data`` with a ``reason``."""
    if has_rows:
        moving = is_provisional(piece.last, provisional)
        return {"status": "provisional" if moving else "ok", "reason": None}
    return {"status": "no_data", "reason": _reason(piece, today, known)}


def _reason(piece: Range, today: date, known: Deliveries) -> str:
    if piece.start >= today:
        return "not_over_yet"
    days = list(days_of(piece.start, piece.end))
    if any(known.standing.get(day) for day in days):
        return "delivered_without_rows"
    troubles = [
        trouble for (_, day), trouble in sorted(known.troubles.items()) if piece.start <= day < piece.end
    ]
    if troubles:
        return troubles[0]
    if known.first_day is None or piece.end <= known.first_day:
        return "before_first_delivery"
    return "not_delivered"


def freshness(
    sources: Mapping[str, int],
    extents: Mapping[str, Sequence[Any]],
    standing: Mapping[date, frozenset[str]],
    troubles: Troubles,
    days: Range,
    today: date,
) -> list[dict[str, Any]]:
    """For each source its latest day, the missing ones of a range, and since when figures may move."""
    return [
        {
            "source": source,
            "first_day": extents[source][0] if source in extents else None,
            "latest_day": extents[source][1] if source in extents else None,
            "latest_delivery_at": extents[source][2] if source in extents else None,
            "days_behind": (today - DAY - extents[source][1]).days if source in extents else None,
            "settling_days": settling,
            "provisional_from": Range(today, today).start - settling * DAY,
            "missing_days": [
                {"date": day, "reason": troubles.get((source, day), "not_delivered")}
                for day in _expected(source, extents, days, today)
                if source not in standing.get(day, frozenset())
            ],
        }
        for source, settling in sources.items()
    ]


def _expected(source: str, extents: Mapping[str, Sequence[Any]], days: Range, today: date) -> list[date]:
    """The complete days of a range since a source's first delivery; of uploads, up to its last one."""
    if source not in extents:
        return []
    last = extents[source][1] if source == "facebook" else today - DAY
    return list(days_of(max(days.start, extents[source][0]), min(days.end, last + DAY)))
