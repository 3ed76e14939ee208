"""What a report says: figures, trend, sources, top lists, and notes on what is missing or may still move."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from libs.metrics.periods import Period
from libs.metrics.registry import BY_NAME, Metric

DAYS_AS_DAYS, DAYS_AS_WEEKS = 62, 400
"""Longer ranges are drawn by week, then by month."""
SHOWN_SPANS = 12
LOGO_START = "data:image/"
LOGO_BYTES = 300_000
_DAY = timedelta(days=1)
REASONS: Mapping[str, str] = {
    "not_delivered": "not delivered",
    "missing_file": "the file did not come",
    "failed": "the delivery could not be loaded",
    "held": "the delivery waits for confirmation",
    "running": "the delivery is being loaded",
    "stalled": "the delivery is being loaded",
}


@dataclass(frozen=True)
class Report:
    """Everything that a report prints; figures are shown values by metric name."""

    client: str
    currency: str
    first: date
    last: date
    compared_with: tuple[date, date]
    made_at: datetime
    metrics: tuple[Metric, ...]
    summary: Mapping[str, Any]
    by: Period
    points: Sequence[Mapping[str, Any]]
    sources: Sequence[Mapping[str, Any]]
    totals: Mapping[str, Any]
    campaigns: Mapping[str, Any]
    creatives: Mapping[str, Any]
    filters: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    logo: bytes | None = None

    @property
    def title(self) -> str:
        return f"Performance Dashboard – {self.client}"


def period_for(days: int) -> Period:
    """How a range of so many days is drawn."""
    if days <= DAYS_AS_DAYS:
        return "day"
    return "week" if days <= DAYS_AS_WEEKS else "month"


def notes_of(
    freshness: Iterable[Mapping[str, Any]], summary: Mapping[str, Any], last: date, today: date
) -> Iterable[str]:
    """Sentences on days that are missing, figures that may still move, and what ratios leave out."""
    sources = list(freshness)
    if last >= today:
        yield f"The range goes on after {day_text(today - _DAY)}, the last complete day."
    for source in sources:
        yield from _missing(source)
        yield from _not_uploaded(source)
    moving = [s for s in sources if s["latest_day"] and s["provisional_from"] <= last]
    for source in moving:
        yield (
            f"{source['source']}: figures from {day_text(source['provisional_from'])} on are provisional; "
            f"the platform may restate a day for {source['settling_days']} days."
        )
    if summary["unpriced_impressions"]:
        yield (
            f"{summary['unpriced_impressions']:,} impressions have no CPM yet: they are not in spend, nor in "
            "what is computed from it."
        )
    yield from _partial_ratios(summary["coverage"])


def _missing(source: Mapping[str, Any]) -> Iterable[str]:
    by_reason: dict[str, list[date]] = {}
    for found in source["missing_days"]:
        by_reason.setdefault(found["reason"], []).append(found["date"])
    for reason, days in by_reason.items():
        spans = spans_of(days)
        more = f" and {len(spans) - SHOWN_SPANS} more" if len(spans) > SHOWN_SPANS else ""
        number = "1 day is" if len(days) == 1 else f"{len(days)} days are"
        told = REASONS.get(reason, reason)
        yield f"{source['source']}: {number} missing ({told}): {', '.join(spans[:SHOWN_SPANS])}{more}."


def _not_uploaded(source: Mapping[str, Any]) -> Iterable[str]:
    first, latest = source["not_uploaded_from"], source["latest_day"]
    if first is None:
        return
    if latest is None:
        yield f"{source['source']}: nothing was uploaded yet."
    else:
        last = min(latest, first - _DAY)
        yield f"{source['source']}: uploaded up to {day_text(last)}; what follows is not there yet."


def _partial_ratios(coverage: Mapping[str, Any]) -> Iterable[str]:
    parts = [f"{BY_NAME[name].label} {share * 100:.1f} %" for name, share in coverage.items()]
    if parts:
        yield f"Ratios that not every impression takes part in, with the share that does: {', '.join(parts)}."


def spans_of(days: Sequence[date]) -> list[str]:
    """Days as text, those that follow one another together."""
    spans: list[list[date]] = []
    for day in sorted(days):
        if spans and spans[-1][-1] == day - _DAY:
            spans[-1].append(day)
        else:
            spans.append([day])
    return [day_text(s[0]) if len(s) == 1 else f"{day_text(s[0])} to {day_text(s[-1])}" for s in spans]


def day_text(day: date) -> str:
    """As people write it: 3 March 2026."""
    return f"{day.day} {day:%B %Y}"


def logo_of(settings: Mapping[str, Any]) -> bytes | None:
    """The picture in a client's settings, where it is one of ``data:``; addresses are not fetched."""
    given = settings.get("logo")
    if not isinstance(given, str) or not given.startswith(LOGO_START):
        return None
    try:
        return base64.b64decode(given.partition(",")[2], validate=True)[:LOGO_BYTES]
    except (binascii.Error, ValueError):
        return None
