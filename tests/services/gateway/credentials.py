"""Credentials that are good for nothing, each for one reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from libs.auth.tokens import AUDIENCE, ISSUER
from tests.services.gateway.conftest import KEY, Api
from tests.services.gateway.marked import Holding
from tests.services.gateway.traces import Owner
from tests.services.gateway.world import World, add_user


def token(api: Api, user: str, key: str = KEY, algorithm: str = "HS256", **changed: Any) -> str:
    """An access token of a user as the gateway makes it, but for what is changed (None: left out)."""
    at = datetime.now(UTC)
    claims = {
        "sub": str(api.world.users[user]),
        "email": f"{user}@agency.example",
        "role": "client",
        "jti": str(api.world.sessions[user]),
        "iat": at,
        "nbf": at,
        "exp": at + timedelta(minutes=20),
        "iss": ISSUER,
        "aud": AUDIENCE,
        **changed,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key if algorithm != "none" else "", algorithm=algorithm)


async def add_people_who_are_out(connection: Owner, world: World) -> None:
    """Users whose tokens were good once."""
    for name in ("disabled", "ended", "demoted"):
        await add_user(connection, world, name, "client")
    for change in (
        "UPDATE users SET is_active = false WHERE email = 'disabled@agency.example'",
        "UPDATE refresh_tokens SET ended_at = now() "
        "WHERE user_id = (SELECT id FROM users WHERE email = 'ended@agency.example')",
    ):
        await connection.execute(change)


def bad_credentials(api: Api, held: Holding) -> dict[str, str | None]:
    """What is wrong → what is sent as bearer; None: nothing is."""
    user, past = held.user, datetime.now(UTC) - timedelta(hours=1)
    changed: dict[str, dict[str, Any]] = {
        "expired": {"iat": past, "nbf": past, "exp": past + timedelta(minutes=20)},
        "not yet good": {"nbf": datetime.now(UTC) + timedelta(hours=1)},
        "lives for years": {"exp": datetime.now(UTC) + timedelta(days=4000)},
        "another issuer": {"iss": "somebody"},
        "another audience": {"aud": "somebody-else"},
        "two audiences": {"aud": [AUDIENCE, "somebody-else"]},
        "without a session": {"jti": None},
        "without an end": {"exp": None},
        "an administrator's role": {"role": "admin"},
        "another's session": {"jti": str(api.world.sessions["admin"])},
        "no user": {"sub": "nobody"},
    }
    return {
        "nobody": None,
        "nonsense": "a.b.c",
        **{name: token(api, user, **claims) for name, claims in changed.items()},
        "algorithm none": token(api, user, algorithm="none"),
        "another key": token(api, user, key="a key that somebody else has, of 32 bytes or more"),
        "another algorithm": token(api, user, algorithm="HS384"),
        "a refresh token": held.refresh_token,
        "a disabled user": token(api, "disabled"),
        "an ended session": token(api, "ended"),
        "an unknown API key": "tmk_unknown",
    }
