"""Which period a report is of, whether its data is there, and what the letter says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid5

from contracts.notify.v1 import AlertRaised
from libs.exports.report import Report, day_text
from libs.metrics.periods import start_of
from libs.metrics.registry import BY_NAME, Unit
from libs.reading.ranges import Range

Frequency = Literal["weekly", "monthly"]
MOST_ROWS = 20_000
"""Of a level in a workbook that goes by mail; larger ones are left to the export."""
_DAY = timedelta(days=1)
_TOLD = ("spend", "impressions", "clicks", "conversions", "conversion_revenue", "ctr", "cpa", "roas")


@dataclass(frozen=True)
class Due:
    """A delivery whose turn it is."""

    client: int
    schedule: UUID
    day: date
    attempts: int
    waited_hours: float
    written_at: datetime

    @property
    def message_id(self) -> str:
        """The same whenever this report is sent again."""
        return str(uuid5(self.schedule, str(self.day)))


@dataclass(frozen=True)
class Schedule:
    """What a schedule says now; ``active``: it and its client are."""

    client: Mapping[str, Any]
    """id, public_id, name, currency, timezone, settings."""
    frequency: Frequency
    formats: tuple[str, ...]
    recipients: tuple[str, ...]
    active: bool


def period_of(frequency: Frequency, due: date) -> Range:
    """The whole ISO week or month before the one that a day is in."""
    period: Literal["week", "month"] = "week" if frequency == "weekly" else "month"
    end = start_of(period, due)
    return Range(start_of(period, end - _DAY), end)


def lacking(freshness: Iterable[Mapping[str, Any]], days: Range, today: date) -> list[str]:
    """What has to come before the report is whole."""
    found = [
        f"{source['source']}: {len(source['missing_days'])} of {days.days} days"
        for source in freshness
        if source["missing_days"]
    ]
    return [*found, *([f"the period ends on {days.last}"] if days.last >= today else [])]


def subject(report: Report) -> str:
    """Whose report, and of when."""
    return f"Performance report: {report.client[:80]}, {_period(report)}"


def body(report: Report, left_out: Sequence[str]) -> str:
    """The key figures, the notes, and what is in the files."""
    lines = [f"{report.title}", _period(report), ""]
    lines += [_figure(name, report) for name in _TOLD if BY_NAME[name] in report.metrics]
    if notes := [*report.notes, *left_out]:
        lines += ["", "Please note:", *(f"- {note}" for note in notes)]
    lines += ["", "The attached files have trend, sources, campaigns and creatives.", "", "-- ", "Tidemark"]
    return "\n".join(lines)


def alert(due: Due, client: UUID, error: str, *, given_up: bool) -> AlertRaised:
    """For whoever looks after the system."""
    state = "was given up" if given_up else "is not sent yet"
    return AlertRaised(
        kind="report.failed",
        severity="error",
        message=f"The report of {due.day} {state}: {error}",
        dedupe_key=f"report.failed:{due.schedule}:{due.day}",
        client_id=client,
        details={"schedule_id": str(due.schedule), "date": str(due.day)},
    )


def too_large(level: str, rows: int) -> str:
    """Said where a level has no sheet."""
    return f"The workbook has no sheet of {rows:,} {level}s: more than {MOST_ROWS:,} do not go by mail."


def _figure(name: str, report: Report) -> str:
    metric, value = BY_NAME[name], report.summary[name]
    change = report.summary[f"{name}_delta_pct"]
    unit = {Unit.MONEY: f" {report.currency}", Unit.PERCENT: " %"}.get(metric.unit, "")
    told = "–" if value is None else f"{value:,}{unit}"
    return f"{metric.label}: {told}" + ("" if change is None else f" ({change:+.1f} %)")


def _period(report: Report) -> str:
    return f"{day_text(report.first)} to {day_text(report.last)}"
