"""RabbitMQ's queues: what waits, what died, and dead letters that are moved back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends, Path, Query
from pydantic import ConfigDict, Field
from starlette.responses import Response

from contracts.topology import QUEUES, Queue, queue_named
from libs.bus import BusUnavailable
from libs.bus.queues import QueueCounts, Replayed
from libs.failpoints import failpoint
from libs.http.answers import ExactJSON
from libs.http.errors import RETRY_AFTER_SECONDS, Problem
from libs.reading.lists import Paging, page_of, without
from services.gateway.routes.access import Admin, Caller, Database, Parts, Wired, seen_by
from services.gateway.routes.documents import answers
from services.gateway.routes.once import OnlyOnce
from services.gateway.routes.scope import Paged
from services.gateway.rules import examples, run_records
from services.gateway.rules.bodies import Body
from services.gateway.store import work

router = APIRouter(prefix="/admin/queues", tags=["ingestion"])
SortBy = Literal["flow", "name", "waiting", "dead_letters"]
"""``flow``: as data goes through them."""
USUAL, MOST = 1_000, 10_000
"""Dead letters of one request."""


class Replay(Body):
    """How many dead letters to move at most; ``limit`` may also be given in the query."""

    limit: Annotated[int, Field(ge=1, le=MOST)] | None = None

    model_config = ConfigDict(json_schema_extra={"example": {"limit": 100}})


def limit_of(replay: Replay | None = None, limit: Annotated[int | None, Query(ge=1, le=MOST)] = None) -> int:
    """From the body, or from the query."""
    return (replay.limit if replay else None) or limit or USUAL


def queue_of(name: Annotated[str, Path(max_length=100, description="With or without `.dead`.")]) -> Queue:
    """The queue of that name. Raises 404 with the names."""
    try:
        return queue_named(name.removesuffix(".dead"))
    except KeyError:
        names = [queue.name for queue in QUEUES]
        raise Problem(
            404, f"There is no such queue; there are {', '.join(names)}.", details={"queues": names}
        ) from None


@router.get(
    "",
    summary="What waits in each queue, and what died",
    responses=answers(
        {
            **examples.page(run_records.QUEUE),
            "outbox": [{"service": "gateway", "messages": 1, "oldest": examples.WHEN}],
        }
    ),
)
async def listing(
    caller: Admin, connection: Database, parts: Wired, paging: Paged, sort_by: SortBy = "flow"
) -> ExactJSON:
    """As of now, usually in the order in which data flows. `null`: the queue was not declared.

    RabbitMQ keeps the age of dead letters; of messages that wait it tells none. `outbox`: what was
    announced and has not reached RabbitMQ yet.
    """
    waiting = await work.waiting(connection)
    try:
        counts = await parts.queues.counts()
    except BusUnavailable:
        raise _away() from None
    return ExactJSON({**_page(counts, sort_by, paging), "outbox": [dict(row) for row in waiting]})


def _page(counts: Mapping[str, QueueCounts], sort_by: SortBy, paging: Paging) -> dict[str, Any]:
    rows = [{**_row(queue, counts[queue.name]), "flow": place} for place, queue in enumerate(QUEUES)]
    found = page_of(rows, paging, sort_by, "asc" if sort_by in ("flow", "name") else "desc")
    return {**found, "data": [without(row, "flow") for row in found["data"]]}


@router.post(
    "/{name}/replay",
    summary="Move dead letters back into their queue",
    responses=answers(
        {"queue": "loader.batches", "moved": 2, "remaining": 0, "complete": True, "interrupted": None}
    ),
)
async def replay(
    caller: Admin,
    parts: Wired,
    once: OnlyOnce,
    queue: Annotated[Queue, Depends(queue_of)],
    limit: Annotated[int, Depends(limit_of)],
) -> Response:
    """Attempts count anew. Nothing is counted twice: what was handled by another copy is a no-op.

    Only letters that are there at the beginning are moved; `remaining` are still there. `interrupted`
    says why it stopped in the middle: send the request again, with another Idempotency-Key.
    """
    return await once(lambda: _replay(caller, parts, queue, limit), status=200)


async def _replay(caller: Caller, parts: Parts, queue: Queue, limit: int) -> dict[str, Any]:
    replay_id = uuid4().hex
    await _note(caller, parts, "queue.replay_requested", queue, {"replay": replay_id, "limit": limit})
    try:
        done = await parts.queues.replay(queue, limit=limit)
    except BusUnavailable:
        nothing = {"replay": replay_id, "moved": 0, "interrupted": "RabbitMQ does not answer."}
        await _note(caller, parts, "queue.replayed", queue, nothing)
        raise _away() from None
    failpoint("gateway.after_replay")
    answer = _answer(queue, done)
    await _note(caller, parts, "queue.replayed", queue, {"replay": replay_id, **answer})
    return answer


async def _note(caller: Caller, parts: Parts, action: str, queue: Queue, told: dict[str, Any]) -> None:
    """Committed at once, beside the request's transaction. That letters are to be moved before they are, and
    what became of it after: the first line without the second one is a request that was cut off.
    """
    async with seen_by(parts.engine, caller) as connection:
        await caller.audit(connection, action, "queue", queue.name, new=told)


def _answer(queue: Queue, done: Replayed) -> dict[str, Any]:
    whole = done.interrupted is None and not done.remaining
    stopped = None if done.interrupted is None else "RabbitMQ stopped taking messages."
    return {
        "queue": queue.name,
        "moved": done.moved,
        "remaining": done.remaining,
        "complete": whole,
        "interrupted": stopped,
    }


def _row(queue: Queue, counts: QueueCounts) -> dict[str, Any]:
    return {
        "name": queue.name,
        "service": queue.service,
        "waiting": counts.waiting,
        "consumers": counts.consumers,
        "dead_letters": counts.dead,
        "oldest_dead_letter": asdict(counts.oldest) if counts.oldest else None,
    }


def _away() -> Problem:
    return Problem(
        503,
        "RabbitMQ does not answer, or takes nothing just now: nothing was moved; try again shortly.",
        headers={"Retry-After": RETRY_AFTER_SECONDS},
    )
