"""Recomputing on request: wide requests become one message per client and month."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.summarise.v1 import SummariesRequested
from libs.bus import outbox
from libs.db.engine import transaction
from libs.db.errors import translated
from libs.metrics.periods import DAY, days_of
from services.aggregator.handlers.refresh import refresh
from services.aggregator.rules import months_between
from services.aggregator.store import clients
from services.aggregator.store.hierarchy import Hierarchies


async def recompute(
    engine: AsyncEngine, request: SummariesRequested, *, hierarchies: Hierarchies | None = None
) -> None:
    """Refresh one client's days of one month; split what is wider, and come back for the pieces."""
    with translated():
        async with transaction(engine) as connection:
            pieces = await _pieces(connection, request)
            if len(pieces) != 1 or pieces[0].client_id != request.client_id:
                for piece in pieces:
                    await outbox.put(connection, "aggregator", "summaries.requested", piece)
                return
    (piece,) = pieces
    if piece.client_id and piece.start_date and piece.end_date:
        days = list(days_of(piece.start_date, piece.end_date + DAY))
        await refresh(engine, piece.client_id, days, hierarchies=hierarchies)


async def _pieces(connection: AsyncConnection, request: SummariesRequested) -> list[SummariesRequested]:
    if request.client_id is None:
        everyone = await clients.public_ids(connection)
        return [request.model_copy(update={"client_id": client}) for client in everyone]
    bounds = await clients.bounds(connection, request.client_id)
    if request.start_date and request.end_date:
        bounds = (request.start_date, request.end_date)
    return [
        SummariesRequested(client_id=request.client_id, start_date=first, end_date=last)
        for first, last in (months_between(*bounds) if bounds else [])
    ]
