"""Adding, renaming and deleting entities of the hierarchy. One code for its four levels."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from contracts.load.v1 import HierarchyDeleted
from libs.http.answers import ExactJSON
from libs.http.errors import Conflict
from libs.reading.store.hierarchy import TABLES, Level
from services.gateway.routes.access import Admin, Caller, Database
from services.gateway.routes.clients import found as client_of
from services.gateway.routes.documents import answers
from services.gateway.routes.entities import entity_of
from services.gateway.routes.hierarchy import detail
from services.gateway.routes.hierarchy_bodies import CHANGING, MAKING, Making
from services.gateway.routes.once import OnlyOnce
from services.gateway.rules import examples, records
from services.gateway.store import levels as store
from services.gateway.store import work

Confirm = Annotated[bool, Query(description="Needed where there are metrics: they are deleted, too.")]


def writes(level: Level) -> APIRouter:
    """Adding to, renaming in and deleting from a level."""
    plural = TABLES[level][0]
    router = APIRouter(prefix=f"/{plural}", tags=["hierarchy"])
    made, key = Depends(MAKING[level]), Path(alias=f"{level}_id")
    changed = Depends(CHANGING[level])

    @router.post(
        "", status_code=201, summary=f"Add a {level}", responses=answers(examples.detail(level), 201)
    )
    async def add(caller: Admin, connection: Database, once: OnlyOnce, new: Making = made) -> Response:
        """Under the name that the source sends, or will send. It stays while it has no rows."""
        return await once(lambda: _add(connection, caller, level, new), status=201)

    @router.put(f"/{{{level}_id}}", summary=f"Rename a {level}", responses=answers(examples.detail(level)))
    async def change(
        caller: Admin, connection: Database, entity_id: UUID = key, values: dict[str, Any] = changed
    ) -> ExactJSON:
        """Everything shows the new name; deliveries go on using the source's."""
        return ExactJSON(await _change(connection, caller, (level, entity_id), values))

    @router.delete(
        f"/{{{level}_id}}",
        status_code=202,
        summary=f"Delete a {level} and all that belongs to it",
        responses=answers(records.deleted(level), 202),
    )
    async def delete(
        caller: Admin, connection: Database, once: OnlyOnce, entity_id: UUID = key, confirm: Confirm = False
    ) -> Response:
        """Its metrics go with it, so `confirm=true` is needed where there are any; `rows` says how many."""
        return await once(lambda: _delete(connection, caller, (level, entity_id), confirm=confirm))

    return router


async def _add(connection: AsyncConnection, caller: Caller, level: Level, new: Making) -> dict[str, Any]:
    shared = await _shared(connection, new)
    if await store.name_is_taken(connection, level, shared, new.values["name"]):
        raise Conflict(f"There is a {level} called {new.values['name']} there already.")
    public_id = await store.add(connection, level, {**shared, **new.values})
    answer = await detail(connection, level, await entity_of(connection, level, public_id))
    await caller.audit(connection, f"{level}.added", level, public_id, new=answer)
    return answer


async def _shared(connection: AsyncConnection, new: Making) -> dict[str, Any]:
    """The columns that it shares with its siblings. Takes the client's turn. Raises NotFound."""
    if new.parent is None:
        assert new.client is not None  # noqa: S101 - of a campaign
        client = await client_of(connection, new.client)
        await store.take_turn(connection, client["id"])
        return {"client_id": client["id"], "source": new.values["source"], "account": new.values["account"]}
    parent = await entity_of(connection, *new.parent)
    await store.take_turn(connection, parent["client_id"])
    parent = await entity_of(connection, *new.parent)  # it may be gone by now
    return {"client_id": parent["client_id"], f"{new.parent[0]}_id": parent["key"]}


async def _change(
    connection: AsyncConnection, caller: Caller, which: tuple[Level, UUID], values: dict[str, Any]
) -> dict[str, Any]:
    level, public_id = which
    entity = await _taken(connection, level, public_id)
    siblings = await store.siblings_of(connection, level, entity["client_id"], entity["key"])
    name = values.get("label")
    if name and await store.name_is_taken(connection, level, siblings, name, but=entity["key"]):
        raise Conflict(f"There is a {level} called {name} there already.")
    before = await detail(connection, level, entity)
    await store.change(connection, level, entity["client_id"], entity["key"], values)
    after = await detail(connection, level, await entity_of(connection, level, public_id))
    await caller.audit(connection, f"{level}.changed", level, public_id, old=before, new=after)
    return after


async def _delete(
    connection: AsyncConnection, caller: Caller, which: tuple[Level, UUID], *, confirm: bool
) -> dict[str, Any]:
    level, public_id = which
    entity = await entity_of(connection, level, public_id)
    there = dict(await store.rows_of(connection, level, entity["client_id"], entity["key"]))
    if there["rows"] and not confirm:
        raise Conflict(
            f"This {level} has {there['rows']:,} rows of metrics from {there['first_day']} to "
            f"{there['last_day']}: send confirm=true to delete them with it.",
            **there,
        )
    message = HierarchyDeleted(client_id=entity["client_public_id"], level=level, id=public_id)
    queued = await work.ask(connection, "hierarchy.deleted", message)
    old = {**await detail(connection, level, entity), **there}
    await caller.audit(connection, f"{level}.deleted", level, public_id, old=old)
    return {**queued, f"{level}_id": public_id, **there}


async def _taken(connection: AsyncConnection, level: Level, public_id: UUID) -> RowMapping:
    """An entity whose client's turn is taken. Raises NotFound."""
    entity = await entity_of(connection, level, public_id)
    await store.take_turn(connection, entity["client_id"])
    return await entity_of(connection, level, public_id)
