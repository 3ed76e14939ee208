"""Saved views of the page: a name and whatever state the page wants back."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from libs.http.answers import ExactJSON, exact_json
from libs.http.errors import Conflict, NotFound
from libs.reading.lists import page_of
from services.gateway.routes.access import Caller, Database, Signed, Snapshot
from services.gateway.routes.documents import answers
from services.gateway.routes.once import OnlyOnce
from services.gateway.routes.scope import Paged
from services.gateway.rules import examples, records
from services.gateway.rules.bodies import Body, Name, sayable
from services.gateway.store import views

router = APIRouter(prefix="/views", tags=["dashboard"])
MOST_VIEWS = 200
MOST_BYTES = 16_384


def _small(state: dict[str, Any]) -> dict[str, Any]:
    if len(exact_json(state)) > MOST_BYTES:
        raise ValueError(f"is larger than {MOST_BYTES:,} bytes")
    return state


class NewView(Body):
    """A view to save."""

    name: Name
    state: Annotated[dict[str, Any], Field(max_length=200), AfterValidator(sayable), AfterValidator(_small)]

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "Vibe by week",
                "state": {"source": "vibe", "by": "week"},
            }
        }
    )


@router.get("", summary="Your saved views", responses=answers(examples.page(records.VIEW)))
async def listing(
    caller: Signed,
    connection: Snapshot,
    paging: Paged,
    sort_by: Literal["name", "created_at", "updated_at"] = "name",
) -> ExactJSON:
    """By name; nobody else's."""
    rows = await views.of_user(connection, caller.id)
    return ExactJSON(page_of(rows, paging, sort_by, "asc" if sort_by == "name" else "desc"))


@router.post("", status_code=201, summary="Save a view", responses=answers(records.VIEW, 201))
async def add(new: NewView, caller: Signed, connection: Database, once: OnlyOnce) -> Response:
    """One of the same name is not overwritten: delete it first."""
    return await once(lambda: _add(connection, caller, new), status=201)


@router.delete("/{view_id}", summary="Delete a saved view", responses=answers(records.VIEW))
async def delete(view_id: UUID, caller: Signed, connection: Database) -> ExactJSON:
    """Answers with what it was."""
    gone = await views.delete(connection, caller.id, view_id)
    if gone is None:
        raise NotFound("view")
    old = {"name": gone["name"], "state": gone["state"]}
    await caller.audit(connection, "view.deleted", "view", view_id, old=old)
    return ExactJSON(dict(gone))


async def _add(connection: AsyncConnection, caller: Caller, new: NewView) -> dict[str, Any]:
    if len(await views.of_user(connection, caller.id)) >= MOST_VIEWS:
        raise Conflict(f"You have {MOST_VIEWS} saved views: delete one first.")
    made = await views.add(connection, caller.id, new.name, exact_json(new.state).decode())
    if made is None:
        raise Conflict(f"You have a view called {new.name} already: delete it first, or choose another name.")
    told = {"name": new.name, "state": new.state}
    await caller.audit(connection, "view.added", "view", made["id"], new=told)
    return dict(made)
