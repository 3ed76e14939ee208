"""Users, as administrators make and change them."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, ConfigDict, Field, StrictBool
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.auth.policy import checked_email
from libs.http.answers import ExactJSON
from libs.http.errors import Conflict, Invalid, NotFound
from libs.reading.lists import listed
from services.gateway.routes.access import Admin, Caller, Database, Snapshot, Wired, seen_by
from services.gateway.routes.documents import answers
from services.gateway.routes.passwords import NewPassword, Secrets, refuse_weak
from services.gateway.routes.scope import Paged
from services.gateway.rules import examples
from services.gateway.rules import people as rules
from services.gateway.rules.bodies import Body, Name, storable
from services.gateway.store import people, sessions

router = APIRouter(tags=["users"])
Role = Literal["admin", "client"]
Email = Annotated[str, Field(max_length=254), AfterValidator(storable), AfterValidator(checked_email)]


class NewUser(Secrets):
    """A user to be; which clients are theirs is said at the clients."""

    email: Email
    password: NewPassword
    role: Role = "client"
    must_change_password: StrictBool = Field(
        default=False, description="They have to choose a password of their own first."
    )

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "email": "nina@northwind.example",
                "password": "quiet violet harbour 41",
                "role": "client",
            }
        }
    )


class UserChange(Body):
    """What is left out stays as it is."""

    role: Role | None = None
    is_active: StrictBool | None = None

    model_config = ConfigDict(json_schema_extra={"example": {"is_active": False}})


@router.post("/auth/register", status_code=201, summary="Add a user", responses=answers(rules.ONE_USER, 201))
async def register(new: NewUser, caller: Admin, parts: Wired) -> ExactJSON:
    """They can sign in at once. A client user sees nothing until a client is theirs (its `user_id`)."""
    await refuse_weak("password", new.password, new.email)
    password_hash = await parts.hasher.hash(new.password)
    told = new.model_dump(include={"email", "role", "must_change_password"})
    async with seen_by(parts.engine, caller) as connection:
        added = await people.add(connection, {**told, "password_hash": password_hash})
        if added is None:
            raise Conflict("There is a user with this e-mail address already.")
        await caller.audit(connection, "user.added", "user", added, new=told)
        return ExactJSON(dict(await found(connection, added)), 201)


@router.get("/users", summary="All users", responses=answers(examples.page(rules.ONE_USER)))
async def listing(
    caller: Admin,
    connection: Snapshot,
    paging: Paged,
    email: Name | None = None,
    role: Role | None = None,
    is_active: bool | None = None,
    sort_by: Literal["email", "created_at", "last_seen_at"] = "email",
) -> ExactJSON:
    """`email` is contained in the address. `last_seen_at`: when they signed in or renewed a session last."""
    filters = {"email": email, "role": role, "is_active": is_active}
    return ExactJSON(listed(*await people.page(connection, filters, sort_by, paging)))


@router.get("/users/{user_id}", summary="One user", responses=answers(rules.ONE_USER))
async def one(user_id: UUID, caller: Admin, connection: Snapshot) -> ExactJSON:
    """With the clients that are theirs."""
    return ExactJSON(dict(await found(connection, user_id)))


@router.patch(
    "/users/{user_id}", summary="Change a user's role, or disable one", responses=answers(rules.ONE_USER)
)
async def change(user_id: UUID, new: UserChange, caller: Admin, connection: Database) -> ExactJSON:
    """Takes effect on their next request. Whoever is disabled is signed out everywhere, and API keys rest.

    The last active administrator stays one.
    """
    if new.role is None and new.is_active is None:
        raise Invalid("body", "say role or is_active")
    await _change(connection, caller, user_id, new)
    return ExactJSON(dict(await found(connection, user_id)))


async def found(connection: AsyncConnection, user_id: UUID) -> RowMapping:
    """A user as administrators see them. Raises NotFound."""
    user = await people.one(connection, user_id)
    if user is None:
        raise NotFound("user")
    return user


async def _change(connection: AsyncConnection, caller: Caller, user_id: UUID, new: UserChange) -> None:
    held = await people.hold_with_admins(connection, user_id)
    if user_id not in held:
        raise NotFound("user")
    old = {name: held[user_id][name] for name in ("role", "is_active")}
    wanted = {**old, **new.model_dump(exclude_none=True)}
    if rules.leaves_no_admin(held.values(), user_id, **wanted):
        raise Conflict("This is the last active administrator: make somebody else one first.")
    await people.change(connection, user_id, **wanted)
    if not wanted["is_active"]:
        await sessions.end_all(connection, user_id)
    await caller.audit(connection, "user.changed", "user", user_id, old=old, new=wanted)
