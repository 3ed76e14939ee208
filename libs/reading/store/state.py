"""What an answer was made from, besides numbers and settings, in one value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import SOURCES
from libs.operations.windows import SUPPLIES, SUPPLY
from libs.reading.ranges import Range

_SUM = "coalesce(sum(hash_record_extended({}, 0)), 0)"
_STATE = text(
    "SELECT concat_ws(' ', "
    f"(SELECT {_SUM.format('h')} FROM hierarchy_counters h WHERE client_id = ANY(:clients)), "
    f"(SELECT {_SUM.format('s')} FROM source_settings s WHERE client_id = ANY(:clients)), "
    f"(SELECT {_SUM.format('d')} FROM slice_head d WHERE client_id = ANY(:clients) "
    " AND date >= :start AND date < :end), "
    f"(SELECT {_SUM.format('ROW(client_id, run_id, status, window_start, run_date, started_at)')} "
    " FROM ingestion_logs WHERE client_id = ANY(:clients) AND run_date >= :start "
    " AND coalesce(window_start, run_date) <= :last), "
    f"(SELECT {_SUM.format('u')} FROM (SELECT {SUPPLY} {SUPPLIES} WHERE c.id = ANY(:clients)) u))"
)


async def state_of(connection: AsyncConnection, clients: Sequence[int], days: Range) -> str:
    """Differs whenever something differs that ``hierarchy`` or ``coverage`` would say of these clients and
    days: names and previews, what was added and deleted, sources, deliveries, runs.

    Sums of 64-bit hashes of the rows, computed by the server: nothing has to remember to tell of a change.
    """
    found = await connection.execute(
        _STATE,
        {
            "clients": list(clients),
            "sources": list(SOURCES),
            "start": days.start,
            "end": days.end,
            "last": days.end - timedelta(days=1),
        },
    )
    return str(found.scalar_one())
