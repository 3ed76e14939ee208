"""A client's CPMs. Spend follows from them, so every change prices the days concerned anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BeforeValidator, ConfigDict, Field
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from contracts.envelope import Source
from contracts.load.v1 import RateChanged
from libs.http.answers import ExactJSON
from libs.http.errors import Invalid, NotFound
from libs.reading import ranges
from libs.reading.lists import page_of
from services.gateway.routes.access import Admin, Caller, Database, Signed, Snapshot
from services.gateway.routes.clients import found
from services.gateway.routes.documents import answers
from services.gateway.routes.once import OnlyOnce
from services.gateway.routes.scope import Paged
from services.gateway.rules import examples, rates, records
from services.gateway.rules.bodies import Body, no_boolean
from services.gateway.rules.kinds import Day
from services.gateway.store import rates as store
from services.gateway.store import work

router = APIRouter(prefix="/clients/{client_id}/cpm", tags=["rates"])
Preview = Annotated[bool, Query(description="Only say what would change.")]
Cpm = Annotated[
    Decimal,
    BeforeValidator(no_boolean),
    Field(gt=0, max_digits=10, decimal_places=4, description="Per 1,000 impressions; at most 4 decimals."),
]


QUEUED = records.queued("rate.changed", client_id=examples.CLIENT, start_date="2026-03-01")
DELETED = {**QUEUED, "id": examples.RATE, "effect": records.EFFECT}
PREVIEW = answers({"preview": True, **records.EFFECT})
SET = {**DELETED, "cpm": 5.5, "source": None, "effective_date": "2026-03-01", "replaced": False}


class NewRate(Body):
    """A CPM from a day on."""

    cpm: Cpm
    effective_date: Day | None = Field(default=None, description="Left out: today, in the account's days.")
    source: Source | None = Field(default=None, description="Only for this source.")
    currency: Annotated[str | None, Field(pattern="^[A-Z]{3}$")] = None

    model_config = ConfigDict(json_schema_extra={"example": {"cpm": 5.25, "effective_date": "2026-03-01"}})


@dataclass(frozen=True)
class Change:
    """A rate that is set, or (``gone``: its row) deleted."""

    client: RowMapping
    rate: rates.Rate
    gone: RowMapping | None = None


@router.get(
    "",
    summary="The CPMs in force",
    responses=answers({"client_id": examples.CLIENT, "general": records.ONE_RATE, "sources": {}}),
)
async def in_force(client_id: UUID, caller: Signed, connection: Snapshot) -> ExactJSON:
    """The general one, and those of sources that have their own, as of today in the account's days."""
    client = await found(connection, client_id)
    return ExactJSON({"client_id": client_id, **await rates_in_force(connection, client)})


async def rates_in_force(connection: AsyncConnection, client: RowMapping) -> dict[str, Any]:
    """``general`` and ``sources``, as of today in the account's days."""
    today = ranges.today_in(client["timezone"], datetime.now(UTC))
    begun = [row for row in await store.history(connection, client["id"]) if row["effective_date"] <= today]
    newest = {row["source"]: dict(row) for row in reversed(begun)}
    sources = {source: rate for source, rate in newest.items() if source is not None}
    return {"general": newest.get(None), "sources": sources}


@router.get("/history", summary="All CPMs, newest first", responses=answers(examples.page(records.ONE_RATE)))
async def history(
    client_id: UUID,
    caller: Signed,
    connection: Snapshot,
    paging: Paged,
    sort_by: Literal["effective_date", "cpm", "created_at"] = "effective_date",
) -> ExactJSON:
    """Each is in force until the next one of its kind."""
    client = await found(connection, client_id)
    rows = await store.history(connection, client["id"])
    return ExactJSON(page_of(rows, paging, sort_by))


@router.post("", status_code=202, summary="Set a CPM", responses={**PREVIEW, **answers(SET, 202)})
async def put(
    client_id: UUID,
    new: NewRate,
    caller: Admin,
    connection: Database,
    once: OnlyOnce,
    preview: Preview = False,
) -> Response:
    """A second one for the same day replaces the first; a past day prices its rows anew."""
    change = change_of(await found(connection, client_id, lock=True), new)
    if preview:
        return await _previewed(connection, change)
    return await once(lambda: set_rate(connection, caller, change))


@router.delete(
    "/{rate_id}", status_code=202, summary="Delete a CPM", responses={**PREVIEW, **answers(DELETED, 202)}
)
async def delete(
    client_id: UUID,
    rate_id: UUID,
    caller: Admin,
    connection: Database,
    once: OnlyOnce,
    preview: Preview = False,
) -> Response:
    """The rows that it priced get the one before it, or none."""
    change = await _deletion(connection, await found(connection, client_id, lock=True), rate_id)
    if preview:
        return await _previewed(connection, change)
    return await once(lambda: _delete(connection, caller, change))


async def set_rate(connection: AsyncConnection, caller: Caller, change: Change) -> dict[str, Any]:
    """Set a rate, announce and audit it; what to answer."""
    client, rate = change.client, change.rate
    before = await store.history(connection, client["id"])
    effect = await effect_of(connection, change)
    values = {"cpm": rate.cpm, "source": rate.source, "effective_date": rate.effective_date}
    put = {**values, "client": client["id"], "currency": client["currency"], "by": caller.id}
    rate_id = await store.put(connection, put)
    replaced = next((dict(row) for row in before if row["id"] == rate_id), None)
    await caller.audit(connection, "rate.set", "rate", rate_id, old=replaced, new=values)
    queued = await _announce(connection, change)
    return {**queued, "id": rate_id, **values, "replaced": replaced is not None, "effect": effect}


async def _delete(connection: AsyncConnection, caller: Caller, change: Change) -> dict[str, Any]:
    assert change.gone is not None  # noqa: S101 - a deletion
    effect = await effect_of(connection, change)
    rate_id = change.gone["id"]
    await store.delete(connection, change.client["id"], rate_id)
    await caller.audit(connection, "rate.deleted", "rate", rate_id, old=dict(change.gone))
    return {**await _announce(connection, change), "id": rate_id, "effect": effect}


async def _announce(connection: AsyncConnection, change: Change) -> dict[str, Any]:
    rate = change.rate
    message = RateChanged(
        client_id=change.client["public_id"], source=rate.source, start_date=rate.effective_date
    )
    return await work.ask(connection, "rate.changed", message)


async def _previewed(connection: AsyncConnection, change: Change) -> ExactJSON:
    return ExactJSON({"preview": True, **await effect_of(connection, change)})


async def effect_of(connection: AsyncConnection, change: Change) -> dict[str, Any]:
    """What setting (or deleting) a rate does, from the rollups. Raises 422 where that cannot be right."""
    client, rate = change.client["id"], change.rate
    before = [rates.rate_of(row) for row in await store.history(connection, client)]
    after = rates.without_rate(before, rate) if change.gone else rates.with_rate(before, rate)
    rows = await store.sums_by_source_and_day(connection, client, rate.effective_date)
    days = [rates.DaySums(**row) for row in rows]
    if problem := rates.refusal(before, after, days):
        raise Invalid("cpm", problem)
    return rates.effect(before, after, days)


def change_of(client: RowMapping, new: NewRate) -> Change:
    """The change that a new rate is. Raises 422."""
    if new.currency not in (None, client["currency"]):
        raise Invalid("currency", f"this client's currency is {client['currency']}")
    today = ranges.today_in(client["timezone"], datetime.now(UTC))
    return Change(client, rates.Rate(new.source, new.effective_date or today, new.cpm))


async def _deletion(connection: AsyncConnection, client: RowMapping, rate_id: UUID) -> Change:
    rows = await store.history(connection, client["id"])
    rate = next((row for row in rows if row["id"] == rate_id), None)
    if rate is None:
        raise NotFound("rate")
    return Change(client, rates.rate_of(rate), rate)
