"""The ledger: what each change did to a slice; and the rates that its spend was priced with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.loader.store.slices import Slice

_RATE_IN_FORCE = (
    "LEFT JOIN LATERAL (SELECT id, cpm FROM client_settings s "
    "WHERE s.client_id = :client AND s.effective_date <= day.date "
    "AND (s.source = :source OR s.source IS NULL) "
    "ORDER BY s.source IS NULL, s.effective_date DESC LIMIT 1) r ON true"
)
"""The latest rate for the source on or before the day if there is any, else the latest general one."""

_CPM = "coalesce(r.cpm, cast(:default_cpm AS numeric))"


async def write(
    connection: AsyncConnection,
    slice_: Slice,
    day: date,
    *,
    kind: str,
    run_no: int | None,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    """One line of the ledger."""
    await connection.execute(
        text(
            "INSERT INTO slice_ledger "
            "(client_id, source, date, account, kind, run_no, totals_before, totals_after, at) "
            "VALUES (:client, :source, :day, :account, :kind, :run_no, "
            "cast(:before AS jsonb), cast(:after AS jsonb), clock_timestamp())"
        ),
        {
            "client": slice_.client_id,
            "source": slice_.source,
            "day": day,
            "account": slice_.account,
            "kind": kind,
            "run_no": run_no,
            "before": orjson.dumps(before).decode(),
            "after": orjson.dumps(after).decode(),
        },
    )


async def touched_since(connection: AsyncConnection, slice_: Slice, run_no: int, day: date) -> bool:
    """Whether another load, undo or deletion changed the date after this run did."""
    found = await connection.execute(
        text(
            "SELECT EXISTS (SELECT FROM slice_ledger later WHERE client_id = :client AND source = :source "
            "AND account = :account AND date = :day AND kind IN ('load', 'undo', 'deletion') "
            "AND run_no IS DISTINCT FROM :run_no AND id > (SELECT max(id) FROM slice_ledger mine "
            "WHERE mine.client_id = :client AND mine.source = :source AND mine.account = :account "
            "AND mine.date = :day AND mine.run_no = :run_no AND mine.kind = 'load'))"
        ),
        {
            "client": slice_.client_id,
            "source": slice_.source,
            "account": slice_.account,
            "day": day,
            "run_no": run_no,
        },
    )
    return bool(found.scalar_one())


async def price_days(
    connection: AsyncConnection,
    client_id: int,
    source: str,
    dates: Collection[date],
    default_cpm: Decimal | None,
) -> dict[date, Decimal | None]:
    """Write the rate in force (or else the default) for these dates into day_rates, and return it.

    None: unpriced.
    """
    rows = await connection.execute(
        text(
            "INSERT INTO day_rates (client_id, source, date, cpm, client_setting_id) "
            f"SELECT :client, :source, day.date, {_CPM}, r.id "
            f"FROM unnest(cast(:dates AS date[])) AS day (date) {_RATE_IN_FORCE} "
            "ON CONFLICT (client_id, source, date) DO UPDATE SET cpm = excluded.cpm, "
            "client_setting_id = excluded.client_setting_id RETURNING date, cpm"
        ),
        {"client": client_id, "source": source, "dates": sorted(dates), "default_cpm": default_cpm},
    )
    return {row.date: row.cpm for row in rows}


async def reprice(
    connection: AsyncConnection,
    client_id: int,
    source: str,
    start: date | None,
    end: date | None,
    default_cpm: Decimal | None,
) -> dict[date, Decimal | None]:
    """Rewrite day_rates of a range where the rate in force is another now; returns those dates."""
    rows = await connection.execute(
        text(
            "UPDATE day_rates d SET cpm = now_in_force.cpm, client_setting_id = now_in_force.id "
            f"FROM (SELECT day.date, {_CPM} AS cpm, r.id FROM day_rates day "
            f"{_RATE_IN_FORCE} "
            "WHERE day.client_id = :client AND day.source = :source "
            "AND day.date BETWEEN coalesce(:start, day.date) AND coalesce(:end, day.date)) now_in_force "
            "WHERE d.client_id = :client AND d.source = :source AND d.date = now_in_force.date "
            "AND (d.cpm, d.client_setting_id) IS DISTINCT FROM (now_in_force.cpm, now_in_force.id) "
            "RETURNING d.date, d.cpm"
        ),
        {
            "client": client_id,
            "source": source,
            "start": start,
            "end": end,
            "default_cpm": default_cpm,
        },
    )
    return {row.date: row.cpm for row in rows}


async def sources_with_rows(connection: AsyncConnection, client_id: int) -> list[str]:
    """Sources of which a client has priced or unpriced days."""
    rows = await connection.execute(
        text("SELECT DISTINCT source FROM day_rates WHERE client_id = :client ORDER BY 1"),
        {"client": client_id},
    )
    return list(rows.scalars())


async def latest_totals(
    connection: AsyncConnection, client_id: int, source: str, dates: Collection[date]
) -> list[tuple[date, str, dict[str, Any]]]:
    """(date, account, totals) as the last line of the ledger left each slice."""
    rows = await connection.execute(
        text(
            "SELECT DISTINCT ON (date, account) date, account, totals_after FROM slice_ledger "
            "WHERE client_id = :client AND source = :source AND date = ANY(:dates) AND kind <> 'superseded' "
            "ORDER BY date, account, id DESC"
        ),
        {"client": client_id, "source": source, "dates": list(dates)},
    )
    return [(row.date, row.account, row.totals_after) for row in rows]
