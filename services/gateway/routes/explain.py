"""How a number came about."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from libs.http.answers import ExactJSON
from libs.operations import restatements
from libs.reading import figures, levels, sections
from libs.reading.levels import MetricName
from libs.reading.lists import without
from libs.reading.reading import Reading
from libs.reading.store import hierarchy
from services.gateway.routes.access import Signed
from services.gateway.routes.documents import answers
from services.gateway.routes.entities import ReadPart
from services.gateway.rules import explaining, metric_examples
from services.gateway.store import explaining as store

router = APIRouter(prefix="/metrics", tags=["metrics"])
MOST = 50
"""Runs and restatements shown; the totals say how many there are."""


@router.get("/explain", summary="How a number came about", responses=answers(metric_examples.EXPLAINED))
async def explain(read: ReadPart, caller: Signed, metric: MetricName) -> ExactJSON:
    """Formula and exact parts, the CPMs in it, the runs and files that stand behind it, what was restated."""
    shown = levels.visible_metric(read.scope, "metric", metric)
    apart = explaining.taken_apart(shown, await read.total())
    return ExactJSON(
        {
            **await sections.heading(read),
            "entity": await _entity(read),
            **apart,
            "rates": await _rates(read) if explaining.is_priced(shown) else [],
            "runs": await _runs(read, admin=caller.is_admin),
            "restatements": await _restatements(read, admin=caller.is_admin),
        }
    )


async def _entity(read: Reading) -> dict[str, Any] | None:
    """Names of the part of the hierarchy that the number is of; None: all of it."""
    scope = read.scope
    level, key = scope.within or ("campaign", scope.campaign_key)
    if key is None:
        return None
    found = (scope.client_ids[0], key)
    return {"level": level, **(await hierarchy.names(read.connection, level, [found]))[found]}


def _days(read: Reading) -> store.Days:
    scope = read.scope
    account = scope.campaign["account"] if scope.campaign else None
    return store.Days(scope.client_ids, scope.days.start, scope.days.end, scope.only_source, account)


async def _rates(read: Reading) -> list[dict[str, Any]]:
    return [dict(row) for row in await store.rates(read.connection, _days(read))]


async def _runs(read: Reading, *, admin: bool) -> dict[str, Any]:
    total, rows = await store.runs(read.connection, _days(read), MOST)
    data = [
        {**without(row, "artifact", "total"), "file": explaining.file_of(row["artifact"], admin=admin)}
        for row in rows
    ]
    return {"total": total, "data": data}


async def _restatements(read: Reading, *, admin: bool) -> dict[str, Any]:
    """Of whole days of the source: what stood before and stands now, newest first."""
    total, data = 0, []
    for client in read.scope.clients:
        filters = _filters(read, client["public_id"])
        count, rows = await restatements.page(read.connection, filters, "changed_at", "DESC", MOST, 0)
        total += count
        data += rows
    newest = sorted(data, key=lambda row: (row["changed_at"], row["id"]), reverse=True)[:MOST]
    return {"total": total, "data": [_told(read, row, admin=admin) for row in newest]}


def _filters(read: Reading, client: object) -> dict[str, Any]:
    days = read.scope.days
    return {
        "client": client,
        "source": read.scope.only_source,
        "kind": None,
        "start": days.start,
        "end": days.last,
    }


def _told(read: Reading, row: dict[str, Any], *, admin: bool) -> dict[str, Any]:
    """A restatement without what its reader may not see."""
    shown = row if figures.shows_cost(read.scope.metrics) else figures.without_cost(row)
    earlier = {**shown["earlier"], "file": explaining.file_of(shown["earlier"]["file"], admin=admin)}
    return {**shown, "file": explaining.file_of(shown["file"], admin=admin), "earlier": earlier}
