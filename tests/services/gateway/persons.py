"""Somebody with a password, and what they do at the API."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyotp

from tests.services.gateway.conftest import Api
from tests.services.gateway.traces import Owner

PASSWORD = "correct horse battery staple"
OTHER = "quiet violet harbour 41"


@dataclass
class Person:
    """A user; ``tokens`` are those of the last login or renewal."""

    api: Api
    id: UUID
    email: str
    password: str = PASSWORD
    tokens: dict[str, Any] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    secret: str = ""

    async def login(self, **more: Any) -> httpx.Response:
        """Try to sign in."""
        body = {"email": self.email, "password": self.password, **more}
        answer = await self.api("POST", "/auth/login", who=None, json=body)
        if answer.status_code == 200:
            self.tokens = answer.json()
        return answer

    async def enter(self, **more: Any) -> dict[str, Any]:
        """The tokens of a login that must be good."""
        answer = await self.login(**more)
        assert answer.status_code == 200, answer.text
        assert answer.json()["access_token"], answer.text
        return self.tokens

    async def __call__(
        self, method: str, path: str, json: Any = None, *, token: str | None = None
    ) -> httpx.Response:
        """Ask with the access token (or another one)."""
        headers = {"Authorization": f"Bearer {token or self.tokens['access_token']}"}
        return await self.api(method, path, who=None, headers=headers, json=json)

    async def does(self, method: str, path: str, json: Any = None, status: int = 200) -> dict[str, Any]:
        """The body of an answer that must have this status."""
        answer = await self(method, path, json)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def is_in(self, token: str | None = None) -> bool:
        """Whether an access token (the present one) is good."""
        answer = await self("GET", "/auth/me", token=token)
        assert answer.status_code in (200, 401)
        return answer.status_code == 200

    async def enrol(self) -> None:
        """With an authenticator app."""
        begun = await self.does("POST", "/auth/mfa/enroll", {"password": self.password})
        self.secret = begun["secret"]
        done = await self.does("POST", "/auth/mfa/verify", {"code": self.code(-1)})
        self.codes = done["recovery_codes"]

    def code(self, steps: int = 0) -> str:
        """What the app shows, so many steps from now."""
        return pyotp.TOTP(self.secret).at(datetime.now(UTC), counter_offset=steps)


async def person(api: Api, owner: Owner, role: str = "client", **columns: Any) -> Person:
    """A new user with PASSWORD, signed in."""
    email = f"{uuid4().hex[:10]}@agency.example"
    names = ["email", "password_hash", "role", *columns]
    values = [email, await api.parts.hasher.hash(PASSWORD), role, *columns.values()]
    user = await owner.fetchval(
        f"INSERT INTO users ({', '.join(names)}) "
        f"VALUES ({', '.join(f'${n}' for n in range(1, len(names) + 1))}) RETURNING id",
        *values,
    )
    made = Person(api, user, email)
    await made.enter()
    return made


async def renew(api: Api, refresh_token: str) -> httpx.Response:
    """Use a refresh token."""
    return await api("POST", "/auth/refresh", who=None, json={"refresh_token": refresh_token})


async def at_once(*requests: Any) -> list[int]:
    """The statuses of requests that run at the same time, in order of size."""
    return sorted(answer.status_code for answer in await asyncio.gather(*requests))
