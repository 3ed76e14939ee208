"""The contents of a report, from what answers questions."""

from __future__ import annotations

from datetime import datetime

from libs.exports.report import Report, logo_of, notes_of, period_for
from libs.reading import levels, sections
from libs.reading.lists import Paging
from libs.reading.reading import Reading

TOP = Paging(page_size=10)


async def report_of(reading: Reading, now: datetime) -> Report:
    """The report of a question about one client, over one state of the data."""
    scope = reading.scope
    client, previous = scope.clients[0], scope.days.previous
    by = period_for(scope.days.days)
    summary, breakdown = await sections.summary(reading), await sections.breakdown(reading)
    return Report(
        client=str(client["name"]),
        currency=scope.currency,
        first=scope.days.start,
        last=scope.days.last,
        compared_with=(previous.start, previous.last),
        made_at=now,
        metrics=scope.metrics,
        summary=summary,
        by=by,
        points=await sections.trend(reading, by, scope.metrics),
        sources=breakdown["data"],
        totals=breakdown["totals"],
        campaigns=await levels.listing(reading, "campaign", "spend", TOP),
        creatives=await levels.listing(reading, "creative", "spend", TOP),
        filters=tuple(f"{name}: {value}" for name, value in scope.filters().items()),
        notes=tuple(notes_of(await sections.freshness(reading), summary, scope.days.last, scope.today)),
        logo=logo_of(client["settings"]),
    )
