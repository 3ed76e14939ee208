"""API keys: for programs that read, or that upload."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.auth import API_KEY_PREFIX, digest_of, new_secret
from libs.http.answers import ExactJSON
from libs.http.errors import Conflict, NotFound
from libs.http.signed import Scope
from libs.reading.lists import listed
from services.gateway.routes.access import Caller, Database, Personal
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import Paged
from services.gateway.rules import examples
from services.gateway.rules import people as records
from services.gateway.rules.bodies import Body, Name
from services.gateway.rules.kinds import Moment
from services.gateway.store import api_keys, people

router = APIRouter(prefix="/auth/api-keys", tags=["auth"])
MOST = 50
"""Keys of a user."""
_END = datetime(9999, 1, 1, tzinfo=UTC)
"""Later ones may have no time in UTC."""


def _in_future(at: datetime) -> datetime:
    if at <= datetime.now(UTC):
        raise ValueError("must be in the future")
    if at >= _END:
        raise ValueError("must be before the year 9999")
    return at


class NewKey(Body):
    """What the key is called and what it is for."""

    name: Name
    scopes: frozenset[Scope] = Field(
        default=frozenset({"read"}), min_length=1, json_schema_extra={"uniqueItems": False}
    )
    expires_at: Annotated[Moment, AfterValidator(_in_future)] | None = Field(
        default=None, description="With a time zone; left out: good until it is deleted."
    )

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "Nightly upload",
                "scopes": ["upload"],
                "expires_at": "2027-01-01T00:00:00Z",
            }
        }
    )


@router.get("", summary="Your API keys", responses=answers(examples.page(records.API_KEY)))
async def listing(
    caller: Personal, connection: Database, paging: Paged, sort_by: api_keys.SortBy = "created_at"
) -> ExactJSON:
    """The newest first; the keys themselves are never shown again. `last_used_at` is exact to a minute."""
    return ExactJSON(listed(*await api_keys.page(connection, caller.id, sort_by, paging)))


@router.post("", status_code=201, summary="Add an API key", responses=answers(records.NEW_API_KEY, 201))
async def add(new: NewKey, caller: Personal, connection: Database) -> ExactJSON:
    """`key` is shown this once: send it as `Authorization: Bearer tmk_…`. It sees what you see: with `read`
    it may use every GET, with `upload` it may send uploads, and nothing else.
    """
    return ExactJSON(await _added(connection, caller, new), 201)


@router.delete(
    "/{key_id}",
    summary="Delete an API key",
    responses=answers({"id": records.API_KEY["id"], "deleted": True}),
)
async def delete(key_id: UUID, caller: Personal, connection: Database) -> ExactJSON:
    """It is good for nothing at once."""
    deleted = await api_keys.delete(connection, caller.id, key_id)
    if deleted is None:
        raise NotFound("API key")
    old = {"name": deleted["name"], "scopes": deleted["scopes"], "expires_at": deleted["expires_at"]}
    await caller.audit(connection, "api_key.deleted", "api_key", key_id, old=old)
    return ExactJSON({"id": key_id, "deleted": True})


async def _added(connection: AsyncConnection, caller: Caller, new: NewKey) -> dict[str, object]:
    await people.hold(connection, caller.id)
    if await api_keys.count(connection, caller.id) >= MOST:
        raise Conflict(f"You have {MOST} API keys: delete those that nobody uses.")
    secret = new_secret(API_KEY_PREFIX)
    told = {"name": new.name, "scopes": sorted(new.scopes), "expires_at": new.expires_at}
    row = await api_keys.add(connection, {"user_id": caller.id, "key_hash": digest_of(secret), **told})
    await caller.audit(connection, "api_key.added", "api_key", row["id"], new=told)
    return {**row, "key": secret}
