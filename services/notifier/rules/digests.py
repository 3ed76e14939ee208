"""The daily mail: what arrived, what is missing, what was restated, what failed, what is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

DAY = timedelta(days=1)
LOOKS_BACK = 7
"""Days whose coverage is told."""

SHOWN = 30
"""Lines of each part; of more, the number is told."""


@dataclass(frozen=True)
class Coverage:
    """A source of a client: which of the last days stand."""

    client: str
    source: str
    delivered: frozenset[date]
    since: date | None
    """Its first delivered day; before that nothing is missing. None: nothing ever came."""
    expected: bool
    """Whether it is pulled, so that a day without delivery is missing; uploads come when they come."""


@dataclass(frozen=True)
class Restatement:
    """A day that stood and was changed."""

    client: str
    source: str
    day: date
    rows_before: int
    rows_after: int
    impressions_before: int
    impressions_after: int


@dataclass(frozen=True)
class Failure:
    """A run that ended without a row."""

    client: str
    source: str
    day: date | None
    error: str


@dataclass(frozen=True)
class Open:
    """A trouble that is neither over nor taken notice of."""

    client: str | None
    severity: str
    message: str
    opened_at: datetime


@dataclass(frozen=True)
class Report:
    """Everything that a digest tells."""

    day: date
    coverage: Sequence[Coverage] = ()
    restatements: Sequence[Restatement] = ()
    failures: Sequence[Failure] = ()
    open: Sequence[Open] = ()

    @property
    def days(self) -> list[date]:
        """The days whose coverage is told: complete ones, oldest first."""
        return [self.day - back * DAY for back in range(LOOKS_BACK, 0, -1)]


def missing(report: Report, of: Coverage) -> list[date]:
    """The days that should be there and are not."""
    if not of.expected:
        return []
    return [day for day in report.days if day not in of.delivered and (of.since is None or day >= of.since)]


def headline(report: Report) -> str:
    """One line: the numbers, or that there are none."""
    gaps = sum(len(missing(report, of)) for of in report.coverage)
    numbers = {
        "missing days": gaps,
        "failed runs": len(report.failures),
        "restated days": len(report.restatements),
        "open troubles": len(report.open),
    }
    told = ", ".join(f"{number} {what}" for what, number in numbers.items() if number)
    return told or "nothing to report"


def subject(report: Report) -> str:
    """The day, and the headline."""
    return f"[Tidemark] {report.day} digest: {headline(report)}"


def body(report: Report, public_url: str) -> str:
    """The whole text."""
    if headline(report) == "nothing to report":
        arrived = sum(len(of.delivered & set(report.days)) for of in report.coverage)
        told = f"Nothing to report: {arrived} deliveries of the last {LOOKS_BACK} days stand."
        return f"{told}\n\n{_links(public_url)}"
    parts = [
        _part("Open troubles", (_open(each) for each in report.open)),
        _part("Failed runs of the last day", map(_failure, report.failures)),
        _part("Restated in the last day", map(_restatement, report.restatements)),
        _coverage(report),
        _links(public_url),
    ]
    return "\n".join(part for part in parts if part)


def _part(title: str, lines: Iterable[str]) -> str:
    told = list(lines)
    if not told:
        return ""
    more = [f"… and {len(told) - SHOWN} more"] if len(told) > SHOWN else []
    return "\n".join([title, "", *(f"- {line}" for line in told[:SHOWN]), *more, ""])


def _open(trouble: Open) -> str:
    return f"{trouble.severity}, since {trouble.opened_at:%Y-%m-%d %H:%M} UTC: {trouble.message[:500]}"


def _failure(failure: Failure) -> str:
    return f"{failure.client}: {failure.source} of {failure.day or 'no day'}: {failure.error[:500]}"


def _restatement(changed: Restatement) -> str:
    return (
        f"{changed.client}: {changed.source} of {changed.day}: "
        f"{_change(changed.impressions_before, changed.impressions_after)} impressions, "
        f"{_change(changed.rows_before, changed.rows_after)} rows"
    )


def _change(before: int, after: int) -> str:
    share = f", {(after - before) / before:+.1%}" if before and after != before else ""
    return f"{before:,} → {after:,} ({after - before:+,}{share})"


def _coverage(report: Report) -> str:
    first, last = report.days[0], report.days[-1]
    lines = [f"Coverage of {first} to {last}", ""]
    for client, sources in groupby(report.coverage, key=lambda of: of.client):
        lines.append(client)
        lines += [f"  {of.source}: {_days(report, of)}" for of in sources]
    return "\n".join([*lines, ""]) if report.coverage else ""


def _days(report: Report, of: Coverage) -> str:
    arrived = sum(day in of.delivered for day in report.days)
    gaps: Mapping[date, None] = dict.fromkeys(missing(report, of))
    if of.since is None:
        return "nothing has ever come"
    return f"{arrived} of {LOOKS_BACK} days" + (f", missing {', '.join(map(str, gaps))}" if gaps else "")


def _links(public_url: str) -> str:
    return (
        f"All notifications: {public_url}/api/v1/admin/notifications\n"
        f"Runs: {public_url}/api/v1/admin/ingestion-logs"
    )
