"""What a digest tells of: deliveries, restatements, failures, open troubles."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.rules.digests import Coverage, Failure, Open, Report, Restatement

MOST = 500
"""Of each kind that are read; the mail shows fewer."""

_COVERAGE = text(
    """
    SELECT c.name, s.source, s.enabled AND s.source <> 'facebook' AS expected, min(h.date) AS since,
        coalesce(array_agg(DISTINCT h.date) FILTER (WHERE h.date BETWEEN :first AND :last), '{}') AS delivered
    FROM source_settings s JOIN clients c ON c.id = s.client_id AND c.status = 'active'
    LEFT JOIN slice_head h ON h.client_id = s.client_id AND h.source = s.source
    WHERE s.enabled GROUP BY c.id, c.name, s.source, s.enabled ORDER BY lower(c.name), s.source
    """
)
# One line for each day: from what stood first to what stands now, whatever lies between.
_RESTATEMENTS = text(
    """
    SELECT c.name, l.source, l.date,
        sum(coalesce((l.first ->> 'rows')::bigint, 0))::bigint AS rows_before,
        sum(coalesce((l.last ->> 'rows')::bigint, 0))::bigint AS rows_after,
        sum(coalesce((l.first ->> 'impressions')::bigint, 0))::bigint AS impressions_before,
        sum(coalesce((l.last ->> 'impressions')::bigint, 0))::bigint AS impressions_after
    FROM (
        SELECT client_id, source, date, account,
            (array_agg(totals_before ORDER BY id))[1] AS first,
            (array_agg(totals_after ORDER BY id DESC))[1] AS last
        FROM slice_ledger WHERE kind IN ('load', 'undo', 'deletion') AND at >= now() - interval '1 day'
        GROUP BY client_id, source, date, account
    ) l JOIN clients c ON c.id = l.client_id
    WHERE coalesce((l.first ->> 'rows')::bigint, 0) > 0 AND l.first <> l.last
    GROUP BY c.id, c.name, l.source, l.date ORDER BY lower(c.name), l.source, l.date LIMIT :most
    """
)
_FAILURES = text(
    """
    SELECT c.name, l.source, l.run_date, coalesce(l.error, l.error_code, 'no reason given')
    FROM ingestion_logs l
    JOIN clients c ON c.id = l.client_id WHERE l.status = 'failed'
        AND coalesce(l.finished_at, l.updated_at) >= now() - interval '1 day'
        AND l.resolution_status IS DISTINCT FROM 'resolved'
    ORDER BY lower(c.name), l.source, l.run_date LIMIT :most
    """
)
_OPEN = text(
    """
    SELECT c.name, n.severity, n.message, n.opened_at FROM notifications n
    LEFT JOIN clients c ON c.id = n.client_id
    WHERE n.resolved_at IS NULL AND n.acknowledged_at IS NULL AND n.severity <> 'info'
    ORDER BY n.severity, lower(c.name), n.opened_at LIMIT :most
    """
)


async def report(connection: AsyncConnection, day: date) -> Report:
    """Everything that the digest of a day tells."""
    told = Report(day)
    bounds = {"first": told.days[0], "last": told.days[-1]}
    return Report(
        day,
        coverage=[
            Coverage(row.name, row.source, frozenset(row.delivered), row.since, row.expected)
            for row in await connection.execute(_COVERAGE, bounds)
        ],
        restatements=[Restatement(*row) for row in await connection.execute(_RESTATEMENTS, {"most": MOST})],
        failures=[Failure(*row) for row in await connection.execute(_FAILURES, {"most": MOST})],
        open=[Open(*row) for row in await connection.execute(_OPEN, {"most": MOST})],
    )
