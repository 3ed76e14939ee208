"""What was uploaded, and the run of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

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
    u.client_id AS client_no, u.uploaded_by AS uploader, l.warnings, l.definitions, l.control_totals,
    l.rows_unpriced, l.run_date, l.artifact -> 'options' AS options"""
SORTS = {"uploaded_at": "u.created_at", "file_name": "lower(u.original_name)", "size": "u.size"}


@dataclass(frozen=True)
class ToLoad:
    """An accepted upload, as its worker needs it."""

    run_id: UUID
    run_date: date | None
    delivered_at: datetime
    artifact: dict[str, Any]


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


async def read_by(
    connection: AsyncConnection, client_id: int, run_id: UUID, past: Mapping[str, Any]
) -> dict[str, Any]:
    """The record of a run's artifact, with what of the client's past it is read by, in ``past``: this, or
    what was kept when its reading began the first time.
    """
    found = await connection.execute(
        text(
            "UPDATE ingestion_logs "
            "SET artifact = jsonb_build_object('past', CAST(:past AS jsonb)) || artifact "
            "WHERE client_id = :client AND run_id = :run RETURNING artifact"
        ).columns(artifact=JSONB),
        {"client": client_id, "run": run_id, "past": orjson.dumps(past).decode()},
    )
    record: dict[str, Any] = found.scalar_one()
    return record


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
