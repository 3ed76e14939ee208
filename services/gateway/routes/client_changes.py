"""Changing clients: what is known of them, what is agreed with them, and whether they are active."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict, model_validator
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from contracts.summarise.v1 import SummariesRequested
from libs.http.answers import ExactJSON, exact_json
from libs.http.errors import Conflict, Invalid
from services.gateway.routes.access import Admin, Caller, Database
from services.gateway.routes.clients import ClientSettings, Currency, Zone, found, owner_exists, shown
from services.gateway.routes.documents import answers
from services.gateway.routes.once import OnlyOnce
from services.gateway.rules import agreed, records
from services.gateway.rules.bodies import Body, Name
from services.gateway.store import clients, people, work

router = APIRouter(tags=["clients"])
Status = Literal["active", "disabled"]


class ClientChange(Body):
    """What to change; what is left out stays as it is. ``user_id`` null: nobody's."""

    name: Name | None = None
    user_id: UUID | None = None
    currency: Currency | None = None
    timezone: Zone | None = None
    settings: ClientSettings | None = None

    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "Northwind", "settings": {"show_media_cost": True}}}
    )

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        empty = {name for name in self.model_fields_set if getattr(self, name) is None} - {"user_id"}
        if empty:
            raise ValueError(f"{', '.join(sorted(empty))}: leave it out or give a value")
        return self


class Wanted(Body):
    """The status to have; left out: the other one."""

    status: Status | None = None

    model_config = ConfigDict(json_schema_extra={"example": {"status": "disabled"}})


def status_of(
    wanted: Wanted | None = None,
    status: Annotated[Status | None, Query(description="May also be given in the body.")] = None,
) -> Status | None:
    """From the query or the body. Raises 422 where they contradict each other."""
    typed = wanted.status if wanted else None
    if typed and status and typed != status:
        raise Invalid("status", f"is {typed} in the body and {status} in the query")
    return typed or status


WantedStatus = Annotated[Status | None, Depends(status_of)]


@router.put("/clients/{client_id}", summary="Change a client", responses=answers(records.ONE_CLIENT))
async def change(client_id: UUID, new: ClientChange, caller: Admin, connection: Database) -> ExactJSON:
    """What is left out stays. The currency stays once there are rows or CPMs in it."""
    client = await found(connection, client_id, lock=True)
    values = await _checked(connection, client, new)
    old = {name: client[name] for name in values}
    if "settings" in values:
        values["settings"] = await put_settings(connection, client, values["settings"])
    await clients.change(connection, client["id"], {n: v for n, v in values.items() if n != "settings"})
    await caller.audit(connection, "client.changed", "client", client_id, old=old, new=values)
    return ExactJSON(shown(await found(connection, client_id)))


@router.delete("/clients/{client_id}", summary="Disable a client", responses=answers(records.TOGGLED))
async def delete(client_id: UUID, caller: Admin, connection: Database) -> ExactJSON:
    """Its data stay; nothing is pulled for it any more, and its user does not see it."""
    return ExactJSON(await _set_status(connection, caller, client_id, "disabled"))


@router.post(
    "/clients/{client_id}/toggle",
    summary="Disable a client, or make it active again",
    responses=answers(records.TOGGLED),
)
@router.put(
    "/admin/clients/{client_id}/toggle-status",
    summary="Disable a client, or make it active again (the same as /clients/{client_id}/toggle)",
    responses=answers(records.TOGGLED),
)
async def toggle(
    client_id: UUID, caller: Admin, connection: Database, once: OnlyOnce, status: WantedStatus
) -> Response:
    """A user whose last active client is disabled is disabled, too; nobody is made active again with it."""
    return await once(lambda: _set_status(connection, caller, client_id, status), status=200)


async def put_settings(
    connection: AsyncConnection, client: RowMapping, given: dict[str, Any]
) -> dict[str, Any]:
    """Put settings in place, those that are not given stay; summaries follow. Returns all of them."""
    after = agreed.merged(client["settings"], given)
    await clients.change(connection, client["id"], {"settings": exact_json(after).decode()})
    if agreed.other_underperformers(client["settings"], after):
        message = SummariesRequested(client_id=client["public_id"])
        await work.ask(connection, "summaries.requested", message)
    return after


async def _checked(connection: AsyncConnection, client: RowMapping, new: ClientChange) -> dict[str, Any]:
    """The values to put. Raises 409 and 422."""
    values = new.model_dump(exclude_unset=True)
    if "name" in values and await clients.name_is_taken(connection, values["name"], but=client["id"]):
        raise Conflict(f"There is a client called {values['name']} already.")
    if values.get("user_id"):
        await owner_exists(connection, values["user_id"])
    if values.get("currency", client["currency"]) != client["currency"] and await clients.has_money(
        connection, client["id"]
    ):
        raise Conflict(f"This client has rows or CPMs in {client['currency']}: its currency cannot change.")
    return values


async def _set_status(
    connection: AsyncConnection, caller: Caller, client_id: UUID, status: Status | None
) -> dict[str, Any]:
    client = await found(connection, client_id, lock=True)
    before = client["status"]
    after = status or ("active" if before == "disabled" else "disabled")
    if client["user_id"]:
        await people.lock_user(connection, client["user_id"])
    if after != before:
        await clients.change(connection, client["id"], {"status": after})
        said = "client.disabled" if after == "disabled" else "client.enabled"
        await caller.audit(
            connection, said, "client", client_id, old={"status": before}, new={"status": after}
        )
    gone = after == "disabled" and await _disable_user(connection, caller, client["user_id"])
    return {**shown(await found(connection, client_id)), "user_disabled": gone}


async def _disable_user(connection: AsyncConnection, caller: Caller, user_id: UUID | None) -> bool:
    """Disable the user who has no active client left, if so."""
    if user_id is None or not await people.disable_without_clients(connection, user_id):
        return False
    new = {"is_active": False, "because": "no active client is left"}
    await caller.audit(connection, "user.disabled", "user", user_id, old={"is_active": True}, new=new)
    return True
