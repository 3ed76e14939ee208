"""Ends of a run that write no row: failed, held."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.load.v1 import RunFailed
from contracts.notify.v1 import AlertRaised
from libs.bus import outbox
from libs.db.engine import transaction
from services.loader.rules import ENDED
from services.loader.store import runs, staging
from services.loader.store.runs import Client, Outcome, Run

log = structlog.get_logger()


async def fail(engine: AsyncEngine, client: Client, run: Run, code: str, error: str) -> None:
    """The run ends without a row, and says why."""
    async with transaction(engine) as connection:
        locked = await runs.find_run(connection, client.id, run.run_id, lock=True)
        if locked is not None and locked.status not in ENDED:
            await fail_here(connection, client, locked, code, error)


async def fail_here(connection: AsyncConnection, client: Client, run: Run, code: str, error: str) -> None:
    """As ``fail``, in a transaction that holds the run already."""
    await runs.end_run(connection, run, Outcome("failed", error_code=code, error=error))
    await staging.clear_staging(connection, client.id, run.run_id)
    event = RunFailed(
        client_id=client.public_id,
        run_id=run.run_id,
        source=run.source,
        run_date=run.run_date,
        error_code=code,
        error=error,
    )
    await outbox.put(connection, "loader", "run.failed", event)
    log.warning("run failed", run_id=str(run.run_id), code=code, error=error)


async def hold(connection: AsyncConnection, client: Client, run: Run, days: Collection[date]) -> None:
    """The run waits, with its batches, until somebody confirms that it may remove rows."""
    shown = ", ".join(str(day) for day in sorted(days)[:5])
    message = (
        f"the {run.source} delivery for {run.run_date or shown} would remove more than the allowed share of "
        f"what stands for {shown}; confirm it (POST /admin/ingestion-logs/{run.run_id}/confirm) or leave it"
    )
    await runs.end_run(connection, run, Outcome("held", error_code="SHRINKS", error=message))
    alert = AlertRaised(
        kind="run.held",
        severity="warning",
        message=message,
        dedupe_key=f"held:{run.run_id}",
        client_id=client.public_id,
        run_id=run.run_id,
        details={"dates": [str(day) for day in sorted(days)], "source": run.source},
    )
    await outbox.put(connection, "loader", "alert.raised", alert)
