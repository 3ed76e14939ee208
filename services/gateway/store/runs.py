"""Runs as people see them: the ingestion log, rejected rows, the ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading.lists import Paging

STATUSES = {
    "success": ["loaded", "partial", "unchanged"],
    "processing": ["running", "stalled"],
}
"""What the old names of the filter stand for; the others are themselves."""

_COLUMNS = """
    l.run_id, c.public_id AS client_id, c.name AS client_name, l.source, l.account, l.run_date, l.status,
    l.generation, l.delivered_at, l.rows_read, l.rows_loaded, l.rows_rejected, l.rows_merged, l.rows_unpriced,
    l.batches_staged, l.batches_expected, l.warnings, l.error_code, l.error, l.started_at, l.finished_at,
    l.reload_of, l.resolution_status, l.resolution_notes, l.resolved_at"""
_DETAILS = (
    ", l.client_id AS client_no, l.run_no, l.artifact, l.digest, l.control_totals, l.definitions, l.timings, "
    "l.allow_shrink, l.last_batch_at, l.resolved_by, u.email AS resolved_by_email"
)
_WHERE = (
    "WHERE (CAST(:source AS text) IS NULL OR l.source = :source) "
    "AND (CAST(:client AS uuid) IS NULL OR c.public_id = :client) "
    "AND (CAST(:statuses AS text[]) IS NULL OR l.status = ANY(:statuses)) "
    "AND (CAST(:start AS date) IS NULL OR l.run_date >= :start) "
    "AND (CAST(:end AS date) IS NULL OR l.run_date <= :end)"
)
_ORDERS = {
    "started_at": "l.started_at",
    "run_date": "l.run_date",
    "status": "l.status",
    "rows_loaded": "l.rows_loaded",
    "rows_rejected": "l.rows_rejected",
}
_FROM = "FROM ingestion_logs l JOIN clients c ON c.id = l.client_id"


async def page(
    connection: AsyncConnection,
    filters: Mapping[str, Any],
    sort_by: str,
    paging: Paging,
) -> tuple[int, Paging, Sequence[RowMapping]]:
    """How many runs there are, and a page of them; filters: source, client, statuses, start, end."""
    total = await connection.execute(text(f"SELECT count(*) {_FROM} {_WHERE}"), dict(filters))
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS} {_FROM} {_WHERE} ORDER BY {_ORDERS[sort_by]} {paging.sql()}, l.run_no DESC "
            "LIMIT :limit OFFSET :offset"
        ),
        {**filters, "limit": paging.page_size, "offset": paging.offset},
    )
    return int(total.scalar_one()), paging, found.mappings().all()


async def one(connection: AsyncConnection, run_id: UUID, *, lock: bool = False) -> RowMapping | None:
    """A run with everything but its traceback; locked for a change if asked."""
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS}{_DETAILS} {_FROM} LEFT JOIN users u ON u.id = l.resolved_by "
            f"WHERE l.run_id = :run_id ORDER BY l.run_no LIMIT 1" + (" FOR UPDATE OF l" if lock else "")
        ),
        {"run_id": run_id},
    )
    return found.mappings().first()


async def rejected(
    connection: AsyncConnection, client: int, run_id: UUID, limit: int
) -> Sequence[RowMapping]:
    """The first rejected rows of a run: row_number, raw cells, reasons."""
    found = await connection.execute(
        text(
            "SELECT row_number, raw, reasons FROM rejected_rows WHERE client_id = :client AND run_id = :run "
            "ORDER BY row_number LIMIT :limit"
        ),
        {"client": client, "run": run_id, "limit": limit},
    )
    return found.mappings().all()


async def rejected_pages(
    connection: AsyncConnection, client: int, run_id: UUID, *, size: int = 1000
) -> AsyncIterator[Sequence[RowMapping]]:
    """All rejected rows of a run in pages, in order."""
    after = -1
    while True:
        found = await connection.execute(
            text(
                """
                SELECT row_number, raw, reasons FROM rejected_rows
                WHERE client_id = :client AND run_id = :run AND row_number > :after
                ORDER BY row_number LIMIT :size
                """
            ),
            {"client": client, "run": run_id, "after": after, "size": size},
        )
        rows = found.mappings().all()
        if not rows:
            return
        yield rows
        after = rows[-1]["row_number"]


async def ledger(
    connection: AsyncConnection, client: int, run_no: int, paging: Paging
) -> tuple[int, Sequence[RowMapping]]:
    """How many lines a run has in the ledger, and a page of them: for each date its totals before and after
    (JSON text).
    """
    which = {"client": client, "run_no": run_no}
    where = "WHERE client_id = :client AND run_no = :run_no"
    total = await connection.execute(text(f"SELECT count(*) FROM slice_ledger {where}"), which)
    found = await connection.execute(
        text(
            f"""
            SELECT date, account, kind, at,
                   totals_before::text AS totals_before, totals_after::text AS totals_after
            FROM slice_ledger {where} ORDER BY date, id LIMIT :limit OFFSET :offset
            """
        ),
        {**which, "limit": paging.page_size, "offset": paging.offset},
    )
    return int(total.scalar_one()), found.mappings().all()


async def resolve(connection: AsyncConnection, client: int, run_id: UUID, *, notes: str, by: UUID) -> None:
    """Note that somebody took care of a run."""
    await connection.execute(
        text(
            "UPDATE ingestion_logs SET resolution_status = 'resolved', resolution_notes = :notes, "
            "resolved_by = :by, resolved_at = now() WHERE client_id = :client AND run_id = :run"
        ),
        {"client": client, "run": run_id, "notes": notes, "by": by},
    )
