"""The parts of the dashboard: each reads one snapshot and answers one section."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.routes.scope import Scope
from services.gateway.rules import figures, ranges
from services.gateway.store import coverage, rollups


async def settling(connection: AsyncConnection, scope: Scope) -> dict[str, int]:
    """source → days for which its figures may still move, for the sources that the question is about."""
    known = await coverage.sources(connection, scope.client_ids)
    wanted = {name: days for name, days in known.items() if scope.source in (None, name)}
    return {name: ranges.SETTLING_DAYS[name] if days is None else days for name, days in wanted.items()}


async def maturity(connection: AsyncConnection, scope: Scope) -> dict[str, Any]:
    """Whether figures up to the last day may still change, and from which day on."""
    first = ranges.provisional_from(scope.today, await settling(connection, scope))
    moving = ranges.is_provisional(scope.days.last, first)
    return {"status": "provisional" if moving else "final", "provisional_from": first if moving else None}


async def summary(connection: AsyncConnection, scope: Scope) -> dict[str, Any]:
    """Sums over the range, ratios from them, and the change against the range before."""
    now = await rollups.total(connection, scope.rows())
    before = await rollups.total(connection, scope.rows(scope.days.previous))
    return {
        **figures.values_of(now, scope.metrics),
        **figures.changes(now, before, scope.metrics),
        "rows": now["rows"] if now else 0,
        "previous_range": scope.days.previous.as_typed(),
        "maturity": await maturity(connection, scope),
        "data_version": sum((await rollups.data_version(connection, scope.client_ids)).values()),
    }
