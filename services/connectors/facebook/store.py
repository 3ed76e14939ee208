"""Every SQL statement of this service that connectors do not share. Never commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import RowMapping, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from services.connectors.facebook import frames

_STATUS = """
CASE WHEN l.status IS NULL OR (l.status = 'running' AND u.status = 'pending') THEN 'pending'
     WHEN l.status IN ('running', 'stalled', 'held') THEN 'processing'
     WHEN l.status IN ('failed', 'missing_file') THEN 'failed' ELSE 'completed' END"""
"""As rules.status_of has it."""
_FROM = """
FROM uploaded_files u JOIN clients c ON c.id = u.client_id
LEFT JOIN ingestion_logs l ON l.client_id = u.client_id AND l.run_id = u.run_id
LEFT JOIN users p ON p.id = u.uploaded_by
WHERE u.source = 'facebook'"""
_COLUMNS = f"""
    u.id AS upload_id, c.public_id AS client_id, c.name AS client_name, u.original_name AS file_name, u.size,
    u.digest AS sha256, {_STATUS} AS status, u.run_id AS ingestion_run_id, l.status AS run_status,
    coalesce(l.rows_read, 0) AS rows_read, coalesce(l.rows_loaded, 0) AS rows_loaded,
    coalesce(l.rows_rejected, 0) AS rows_rejected, coalesce(l.rows_merged, 0) AS rows_merged,
    l.batches_staged, l.batches_expected, l.error_code, l.error, p.email AS uploaded_by,
    u.created_at AS uploaded_at, l.finished_at AS processed_at"""
_DETAILS = """,
    u.client_id AS client_no, l.warnings, l.definitions, l.control_totals, l.rows_unpriced, l.run_date,
    l.artifact -> 'options' AS options"""
SORTS = {"uploaded_at": "u.created_at", "file_name": "lower(u.original_name)", "size": "u.size"}


@dataclass(frozen=True)
class ToLoad:
    """An accepted upload, as its worker needs it."""

    run_id: UUID
    run_date: date | None
    delivered_at: datetime
    artifact: dict[str, Any]


@dataclass(frozen=True)
class OldRun:
    """A run whose raw file is to be read again."""

    run_date: date | None
    delivered_at: datetime | None
    generation: int
    artifact: dict[str, Any] | None


@dataclass(frozen=True)
class History:
    """What a client's earlier uploads say about the next one."""

    currency: str
    accounts: frozenset[str]
    definitions: dict[str, str]
    """Of the newest run that stands."""


async def history(connection: AsyncConnection, client_id: int, run_id: UUID) -> History:
    """``run_id``: the run that is to be read, which is not its own past."""
    found = await connection.execute(
        text(
            "SELECT c.currency, ARRAY(SELECT DISTINCT account FROM campaigns "
            "WHERE client_id = c.id AND source = 'facebook') AS accounts, coalesce((SELECT definitions "
            "FROM ingestion_logs WHERE client_id = c.id AND source = 'facebook' AND run_id <> :run_id "
            "AND status IN ('loaded', 'partial', 'unchanged') ORDER BY delivered_at DESC LIMIT 1), '{}') "
            "AS definitions FROM clients c WHERE c.id = :client_id"
        ).columns(definitions=JSONB),
        {"client_id": client_id, "run_id": run_id},
    )
    row = found.one()
    return History(row.currency, frozenset(row.accounts), row.definitions)


async def standing_rows(
    connection: AsyncConnection, client_id: int, account: str, days: Collection[date]
) -> pl.DataFrame:
    """What stands on these days, by the names that the platform sent."""
    found = await connection.execute(
        text(
            "SELECT d.date, ca.name, st.name, pl.name, cr.name, d.impressions, d.clicks, d.conversions, "
            "d.conversion_revenue_micros, d.media_cost_micros FROM campaigns ca "
            "JOIN strategies st ON st.client_id = ca.client_id AND st.campaign_id = ca.id "
            "JOIN placements pl ON pl.client_id = st.client_id AND pl.strategy_id = st.id "
            "JOIN creatives cr ON cr.client_id = pl.client_id AND cr.placement_id = pl.id "
            "JOIN daily_metrics d ON d.client_id = cr.client_id AND d.creative_id = cr.id "
            "WHERE ca.client_id = :client_id AND ca.source = 'facebook' AND ca.account = :account "
            "AND d.client_id = :client_id AND d.date = ANY(:days) ORDER BY 1, 2, 3, 4, 5"
        ),
        {"client_id": client_id, "account": account, "days": list(days)},
    )
    return frames.standing([tuple(row) for row in found])


async def has_rows(connection: AsyncConnection, client_id: int) -> bool:
    """Whether the client has anything of this source that could be there twice."""
    found = await connection.execute(
        text("SELECT EXISTS (SELECT FROM campaigns WHERE client_id = :client_id AND source = 'facebook')"),
        {"client_id": client_id},
    )
    return bool(found.scalar_one())


async def known_campaigns(connection: AsyncConnection, client_id: int, names: Sequence[str]) -> set[str]:
    """Which of these campaigns the client has."""
    found = await connection.execute(
        text(
            "SELECT name FROM campaigns WHERE client_id = :client_id AND source = 'facebook' "
            "AND name = ANY(:names)"
        ),
        {"client_id": client_id, "names": list(names)},
    )
    return set(found.scalars())


async def take_turn(connection: AsyncConnection, client_id: int, digest: str) -> None:
    """Wait until no other request is accepting the same bytes for the same client."""
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"),
        {"what": f"facebook upload {client_id} {digest}"},
    )


async def earlier_upload(connection: AsyncConnection, client_id: int, digest: str) -> RowMapping | None:
    """The upload of the same bytes that stands or is under way: id, file_name, uploaded_at, status, run."""
    found = await connection.execute(
        text(
            f"SELECT u.id AS upload_id, u.original_name AS file_name, u.created_at AS uploaded_at, "
            f"u.run_id AS ingestion_run_id, {_STATUS} AS status {_FROM} AND u.client_id = :client_id "
            "AND u.digest = :digest AND coalesce(l.status, 'running') NOT IN ('failed', 'undone') "
            "ORDER BY u.created_at DESC LIMIT 1"
        ),
        {"client_id": client_id, "digest": digest},
    )
    return found.mappings().first()


async def add_upload(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Takes client_id, id, original_name, size, digest, archive_key, uploaded_by, run_id."""
    await connection.execute(
        text(
            "INSERT INTO uploaded_files (client_id, id, source, original_name, size, digest, archive_key, "
            "uploaded_by, run_id) VALUES (:client_id, :id, 'facebook', :original_name, :size, :digest, "
            ":archive_key, :uploaded_by, :run_id)"
        ),
        dict(values),
    )


async def page(
    connection: AsyncConnection, filters: Mapping[str, Any], order: str, limit: int, offset: int
) -> tuple[int, Sequence[RowMapping]]:
    """How many uploads there are, and some of them; filters: client (public id), status. order: of SORTS."""
    where = (
        "AND (CAST(:client AS uuid) IS NULL OR c.public_id = :client) "
        f"AND (CAST(:status AS text) IS NULL OR {_STATUS} = :status)"
    )
    total = await connection.execute(text(f"SELECT count(*) {_FROM} {where}"), dict(filters))
    found = await connection.execute(
        text(f"SELECT {_COLUMNS} {_FROM} {where} ORDER BY {order}, u.id LIMIT :limit OFFSET :offset"),
        {**filters, "limit": limit, "offset": offset},
    )
    return int(total.scalar_one()), found.mappings().all()


async def one(connection: AsyncConnection, upload_id: UUID, *, lock: bool = False) -> RowMapping | None:
    """An upload with its run; ``lock``: nobody deletes it meanwhile."""
    query = f"SELECT {_COLUMNS} {_DETAILS} {_FROM} AND u.id = :id" + (" FOR UPDATE OF u" if lock else "")
    found = await connection.execute(
        text(query).columns(warnings=JSONB, definitions=JSONB, control_totals=JSONB, options=JSONB),
        {"id": upload_id},
    )
    return found.mappings().first()


async def rejected(
    connection: AsyncConnection, client_id: int, run_id: UUID, limit: int
) -> Sequence[RowMapping]:
    """The first rejected rows of a run."""
    found = await connection.execute(
        text(
            "SELECT row_number, raw, reasons FROM rejected_rows WHERE client_id = :client AND run_id = :run "
            "ORDER BY row_number LIMIT :limit"
        ).columns(raw=JSONB),
        {"client": client_id, "run": run_id, "limit": limit},
    )
    return found.mappings().all()


async def delete(connection: AsyncConnection, client_id: int, upload_id: UUID) -> None:
    """The record; its run and the archived file stay."""
    await connection.execute(
        text("DELETE FROM uploaded_files WHERE client_id = :client AND id = :id"),
        {"client": client_id, "id": upload_id},
    )


async def to_load(connection: AsyncConnection, client_id: int, upload_id: UUID) -> ToLoad | None:
    """An upload for its worker, which is noted; None when there is no such one."""
    found = await connection.execute(
        text(
            "UPDATE uploaded_files u SET status = 'processing' FROM ingestion_logs l "
            "WHERE u.client_id = :client AND u.id = :id AND l.client_id = u.client_id "
            "AND l.run_id = u.run_id RETURNING l.run_id, l.run_date, l.delivered_at, l.artifact"
        ).columns(artifact=JSONB),
        {"client": client_id, "id": upload_id},
    )
    row = found.one_or_none()
    return None if row is None else ToLoad(*row)


async def old_run(connection: AsyncConnection, client_id: int, run_id: UUID) -> OldRun | None:
    """A run of this source; None when there is no such one."""
    found = await connection.execute(
        text(
            "SELECT run_date, delivered_at, generation, artifact FROM ingestion_logs "
            "WHERE client_id = :client_id AND run_id = :run_id AND source = 'facebook'"
        ).columns(artifact=JSONB),
        {"client_id": client_id, "run_id": run_id},
    )
    row = found.one_or_none()
    return None if row is None else OldRun(*row)


async def follow_reload(connection: AsyncConnection, client_id: int, old: UUID, new: UUID) -> None:
    """An upload whose run brought nothing shows from now on how its reload stands."""
    await connection.execute(
        text(
            "UPDATE uploaded_files u SET run_id = :new, status = 'processing' FROM ingestion_logs l "
            "WHERE u.client_id = :client AND u.run_id = :old AND l.client_id = u.client_id "
            "AND l.run_id = u.run_id AND l.status IN ('failed', 'undone')"
        ),
        {"client": client_id, "old": old, "new": new},
    )


async def statuses(connection: AsyncConnection, client_id: int, run_ids: Collection[UUID]) -> dict[UUID, str]:
    """In which status each of these runs stands; unknown ones are left out."""
    found = await connection.execute(
        text(
            "SELECT run_id, status FROM ingestion_logs "
            "WHERE client_id = :client_id AND run_id = ANY(:run_ids)"
        ),
        {"client_id": client_id, "run_ids": list(run_ids)},
    )
    return {row.run_id: row.status for row in found}
