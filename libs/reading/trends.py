"""Points of a trend, and why some of them have no number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from libs.metrics.periods import DAY, Period, days_of, end_of
from libs.operations.days import Supply
from libs.reading.ranges import Range, is_provisional

Troubles = Mapping[tuple[str, date], str]


@dataclass(frozen=True)
class Deliveries:
    """What is known of the days of a question."""

    standing: Mapping[date, Mapping[str, int]]
    """day → source → of how many clients a delivery stands."""
    troubles: Troubles
    first_day: date | None
    """The first day that was ever delivered."""
    supplies: Sequence[Supply]
    """The sources that the question is about, client by client."""

    @property
    def first_expected(self) -> date | None:
        """The first day of which something should have come."""
        return min((each.expected[0] for each in self.supplies if each.expected), default=None)


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
    if known.first_expected is None or piece.end <= known.first_expected:
        return "before_first_delivery"
    return "not_delivered"


def freshness(
    sources: Mapping[str, int], known: Deliveries, days: Range, today: date
) -> list[dict[str, Any]]:
    """For each source (with its settling days) its latest day, the missing ones of a range, and since when
    figures may move. ``not_uploaded_from``: the first complete day of the range that nobody uploaded yet;
    such days are not missing, as nothing but a person brings them. Of several clients: of any of them.
    """
    return [_fresh(source, settling, known, days, today) for source, settling in sources.items()]


def _fresh(source: str, settling: int, known: Deliveries, days: Range, today: date) -> dict[str, Any]:
    mine = [supply for supply in known.supplies if supply.source == source]
    latest = max((supply.last_day for supply in mine if supply.last_day), default=None)
    complete = Range(days.start, max(days.start, min(days.end, today)))
    return {
        "source": source,
        "first_day": min((supply.first_day for supply in mine if supply.first_day), default=None),
        "latest_day": latest,
        "latest_delivery_at": max((supply.last_at for supply in mine if supply.last_at), default=None),
        "days_behind": (today - DAY - latest).days if latest else None,
        "settling_days": settling,
        "provisional_from": today - settling * DAY,
        "missing_days": [
            {"date": day, "reason": known.troubles.get((source, day), "not_delivered")}
            for day in days_of(complete.start, complete.end)
            if known.standing.get(day, {}).get(source, 0) < sum(supply.expects(day) for supply in mine)
        ],
        "not_uploaded_from": _not_uploaded_from(mine, complete),
    }


def _not_uploaded_from(supplies: Iterable[Supply], complete: Range) -> date | None:
    ends = (supply.uploads_end for supply in supplies)
    first = min((max(end, complete.start) for end in ends if end), default=None)
    return first if first is not None and first < complete.end else None
