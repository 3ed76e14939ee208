"""Clients."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import APIRouter
from pydantic import AfterValidator, ConfigDict, Field
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.http.answers import ExactJSON, exact_json
from libs.http.errors import Conflict, Invalid, NotFound
from libs.metrics.ranking import LARGEST
from libs.reading.lists import listed, without
from services.gateway.routes.access import Admin, Database, Signed, Snapshot
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import Named, Paged
from services.gateway.rules import examples, records
from services.gateway.rules.bodies import Body, Name
from services.gateway.store import clients, people

router = APIRouter(prefix="/clients", tags=["clients"])
_ZONES = available_timezones()


def _known_zone(zone: str) -> str:
    if zone not in _ZONES:
        raise ValueError("is not a time zone of the IANA database, such as America/New_York")
    return zone


Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217.")]
Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]


class Thresholds(Body):
    """When a campaign counts as an underperformer."""

    ctr_below: Annotated[Decimal, Field(ge=0, le=100, decimal_places=6)] = Decimal("0.5")
    spend_over: Annotated[Decimal, Field(ge=0, le=LARGEST, decimal_places=4)] = Decimal(100)
    conversions_under: Annotated[int, Field(ge=0, le=LARGEST)] = 5


class ClientSettings(Body):
    """What is agreed with a client."""

    show_media_cost: bool = False
    thresholds: Thresholds | None = None
    logo: Annotated[
        str | None, Field(max_length=400_000, pattern="^(https://|data:image/(png|jpeg);base64,)")
    ] = Field(default=None, description="`data:` is printed in PDF files; an address is for pages alone.")


class NewClient(Body):
    """A client to be."""

    name: Name
    user_id: UUID | None = Field(default=None, description="The user who may see it.")
    currency: Currency = "USD"
    timezone: Zone = "UTC"
    settings: ClientSettings = ClientSettings()

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"name": "Northwind Outfitters", "currency": "USD", "timezone": "America/New_York"}
        }
    )


@router.get("", summary="All clients", responses=answers(examples.page(records.ONE_CLIENT)))
async def listing(
    caller: Admin,
    connection: Snapshot,
    paging: Paged,
    status: Literal["active", "disabled"] | None = None,
    name: Named = None,
    sort_by: Literal["name", "created_at", "status"] = "name",
) -> ExactJSON:
    """With the CPMs in force today: the general one, and those of sources that have their own."""
    filters = {"status": status, "name": name}
    total, _, rows = await clients.page(connection, filters, sort_by, paging)
    return ExactJSON(listed(total, paging, map(shown, rows)))


@router.post("", status_code=201, summary="Add a client", responses=answers(records.ONE_CLIENT, 201))
async def add(new: NewClient, caller: Admin, connection: Database) -> ExactJSON:
    """Nothing is pulled for it until a source is enabled, and nothing is priced until it has a CPM."""
    if await clients.name_is_taken(connection, new.name):
        raise Conflict(f"There is a client called {new.name} already.")
    if new.user_id:
        await owner_exists(connection, new.user_id)
    settings = exact_json(new.settings.model_dump(exclude_none=True)).decode()
    public_id = await clients.add(connection, {**new.model_dump(exclude={"settings"}), "settings": settings})
    await caller.audit(connection, "client.added", "client", public_id, new=new.model_dump(mode="json"))
    return ExactJSON(shown(await found(connection, public_id)), 201)


@router.get("/active", summary="Your active clients", responses=answers(examples.page(records.ONE_CLIENT)))
async def active(
    caller: Signed, connection: Snapshot, paging: Paged, sort_by: Literal["name", "created_at"] = "name"
) -> ExactJSON:
    """Those to choose from on the dashboard, with the CPMs in force today."""
    filters = {"status": "active", "name": None}
    total, paging, rows = await clients.page(connection, filters, sort_by, paging)
    return ExactJSON(listed(total, paging, map(shown, rows)))


@router.get("/{client_id}", summary="One client", responses=answers(records.ONE_CLIENT))
async def one(client_id: UUID, caller: Signed, connection: Snapshot) -> ExactJSON:
    """With the CPM in force today."""
    return ExactJSON(shown(await found(connection, client_id)))


async def owner_exists(connection: AsyncConnection, user_id: UUID) -> None:
    """Raises 422 for a user who cannot own a client."""
    if not await people.user_exists(connection, user_id):
        raise Invalid("user_id", "there is no such active user")


async def found(connection: Any, client_id: UUID, *, lock: bool = False) -> RowMapping:
    """A client that the caller may see. Raises NotFound."""
    client = await clients.one(connection, client_id, lock=lock)
    if client is None:
        raise NotFound("client")
    return client


def shown(client: RowMapping) -> dict[str, Any]:
    """A client as it is answered: ``id`` is its UUID."""
    rate, by_source = client.get("cpm"), client.get("cpm_by_source") or {}
    return {
        "id": client["public_id"],
        **without(client, "id", "public_id"),
        "cpm": _exact(rate) if rate else None,
        "cpm_by_source": {source: _exact(each) for source, each in by_source.items()},
    }


def _exact(rate: Mapping[str, Any]) -> dict[str, Any]:
    return {**rate, "cpm": Decimal(rate["cpm"])}
