"""What can be done about a run: load it after all, take it back, read it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from libs.http.errors import Conflict
from libs.operations.corrections import Action, asked, refusal
from services.gateway.routes.access import Admin, Caller, Database
from services.gateway.routes.documents import answers
from services.gateway.routes.once import OnlyOnce
from services.gateway.routes.runs import found
from services.gateway.rules import examples, records
from services.gateway.rules.bodies import Body
from services.gateway.store import work

router = APIRouter(prefix="/admin/ingestion-logs", tags=["ingestion"])


class Reload(Body):
    """How to read the raw file again."""

    allow_shrink: bool = False

    model_config = ConfigDict(json_schema_extra={"example": {"allow_shrink": False}})


@router.post(
    "/{run_id}/confirm",
    status_code=202,
    summary="Load a held run after all",
    responses=answers(
        {
            **records.queued("run.confirmed", client_id=examples.CLIENT, run_id=examples.RUN),
            "run_id": examples.RUN,
        },
        202,
    ),
)
async def confirm(run_id: UUID, caller: Admin, connection: Database, once: OnlyOnce) -> Response:
    """A run is held when it would remove more than half of a day; this says that it is right."""

    async def work_() -> dict[str, Any]:
        return await _ask(connection, caller, run_id, "confirm")

    return await once(work_)


@router.post(
    "/{run_id}/undo",
    status_code=202,
    summary="Take a run back",
    responses=answers(
        {
            **records.queued("run.undo", client_id=examples.CLIENT, run_id=examples.RUN),
            "run_id": examples.RUN,
        },
        202,
    ),
)
async def undo(run_id: UUID, caller: Admin, connection: Database, once: OnlyOnce) -> Response:
    """Puts back what the run displaced, for the dates that no later run touched."""

    async def work_() -> dict[str, Any]:
        return await _ask(connection, caller, run_id, "undo")

    return await once(work_)


@router.post(
    "/{run_id}/reload",
    status_code=202,
    summary="Read the raw file again",
    responses=answers(
        {
            **records.queued("reload.requested.surfside", client_id=examples.CLIENT, run_id=examples.RUN),
            "run_id": examples.RUN,
        },
        202,
    ),
)
async def reload(
    run_id: UUID, caller: Admin, connection: Database, once: OnlyOnce, wanted: Reload | None = None
) -> Response:
    """A new run from the archived bytes, with today's settings."""

    async def work_() -> dict[str, Any]:
        shrink = wanted is not None and wanted.allow_shrink
        return await _ask(connection, caller, run_id, "reload", allow_shrink=shrink)

    return await once(work_)


async def _ask(
    connection: AsyncConnection, caller: Caller, run_id: UUID, action: Action, *, allow_shrink: bool = False
) -> dict[str, Any]:
    run = await found(connection, run_id, lock=True)
    if refused := refusal(action, run["status"], has_file=bool(run["artifact"])):
        raise Conflict(refused, status=run["status"])
    key, message = asked(
        action, run["source"], run["client_id"], run_id, caller.email, allow_shrink=allow_shrink
    )
    queued = await work.ask(connection, key, message)
    await caller.audit(connection, key, "run", run_id, old={"status": run["status"]}, new=queued["message"])
    return {**queued, "run_id": run_id}
