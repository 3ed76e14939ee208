"""The demo's world with all its services running, and what tests of the page need beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.fernet import Fernet

from deploy.demo.api import Api
from deploy.demo.check import differences, expected_of, settled
from deploy.demo.outside import Outside
from deploy.demo.run import (
    ADMIN,
    Course,
    create_admin,
    deliver,
    follow,
    signed_in,
    troubles,
    write_files,
)
from deploy.demo.stack import MODULES, Stack
from deploy.demo.world import BUCKET, demo_days, demo_world, others
from deploy.local import Infra
from deploy.world.facebook_exports import Export, csv_bytes, export
from libs.testing.waiting import eventually
from tests.browser import large
from tests.browser.hostile import MARKUP, hostile_table

PASSWORD = "correct horse battery staple"
SCRATCH = "Lakeside Clinics"
"""A client whose numbers tests may change."""
HOUR_LONG = {"ACCESS_TOKEN_EXPIRE_MINUTES": "600"}
"""No token runs out while tests are under way, but those that are dropped on purpose."""


@dataclass(frozen=True)
class Login:
    """Somebody who can sign in."""

    email: str
    password: str = PASSWORD


@dataclass
class System:
    """Where it answers, and who and what is in it."""

    url: str
    api: Api
    """As its administrator."""
    days: Sequence[date]
    clients: Mapping[str, str]
    """Name → id."""
    admin: Login
    reader: Login
    """Sees Northwind alone, and no media cost."""
    _tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def tokens(self, login: Login, *, new: bool = False) -> dict[str, Any]:
        """Of a session of theirs; the same one unless a new one is asked for."""
        if new or login.email not in self._tokens:
            body = {"email": login.email, "password": login.password}
            self._tokens[login.email] = await self.api.send("POST", "/auth/login", json=body)
        return self._tokens[login.email]

    async def person(self, role: str = "admin") -> Login:
        """Somebody new."""
        return await add_person(self.api, f"{uuid4().hex[:10]}@agency.example", role)

    @asynccontextmanager
    async def seen_by(self, login: Login) -> AsyncIterator[Api]:
        """The API as somebody else sees it, in a session of its own."""
        api = Api(self.url)
        try:
            await api.sign_in(login.email, login.password)
            yield api
        finally:
            await api.close()

    async def upload(self, client: str, name: str, body: bytes) -> str:
        """Upload a file and wait until it is loaded; its id."""
        return await upload(self.api, self.clients[client], name, body)


@asynccontextmanager
async def running(infra: Infra, creatives: int = large.CREATIVES) -> AsyncIterator[System]:
    """Everything from nothing, ended afterwards. ``creatives``: of the client that has many."""
    outside = Outside(infra.root, infra.root / ".local" / infra.name / "outside")
    extra = outside.settings | HOUR_LONG | {"ENCRYPTION_KEY": Fernet.generate_key().decode()}
    stack = Stack(infra, infra.name.replace("-", "_"), extra=extra)
    course = Course(time.monotonic(), infra, outside, stack, demo_world(demo_days()), PASSWORD)
    try:
        outside.start()
        await asyncio.gather(stack.prepare(), write_files(infra, course.world))
        await asyncio.to_thread(create_admin, stack, PASSWORD)
        stack.start(*MODULES)
        await stack.ready()
        async with signed_in(stack, PASSWORD) as api:
            system = await _furnished(course, api)
            await large.load(infra, api, system.clients[large.SPEC.name], system.days, creatives)
            yield system
    finally:
        stack.stop()
        outside.stop()


async def _furnished(course: Course, api: Api) -> System:
    world = course.world
    there = await api.runs()
    ids = {client.slug: await api.add_client(client, BUCKET) for client in world.clients}
    await deliver(api, world, ids)
    await follow(api, there + course.deliveries)
    expected = {each.slug: expected_of(world, each, others(each.slug, world.days)) for each in world.clients}
    wrong = differences(world, expected, await settled(api, ids, expected, world.days))
    assert not wrong, wrong[0]
    await troubles(course, api, ids)
    await api.add_client(large.SPEC, BUCKET)
    await _add_client(api, SCRATCH, scratch_export(world.days[-10:], seed=1))
    hostile = await _add_client(api, MARKUP, None)
    await upload(api, hostile, f"{MARKUP}.csv", csv_bytes(hostile_table(world.days[-5:])))
    reader = await add_person(api, "reader@northwind.example", "client")
    user = (await api.send("GET", "/users", params={"email": reader.email}))["data"][0]["id"]
    await api.send("PUT", f"/clients/{ids['northwind']}", json={"user_id": str(user)})
    listed = (await api.send("GET", "/clients", params={"page_size": 100}))["data"]
    clients = {str(each["name"]): str(each["id"]) for each in listed}
    return System(course.stack.url("gateway"), api, world.days, clients, Login(ADMIN), reader)


async def _add_client(api: Api, name: str, exported: Export | None) -> str:
    made = await api.send("POST", "/clients", json={"name": name, "currency": "USD"})
    client = str(made["id"])
    rate = {"cpm": "10", "effective_date": "2020-01-01"}
    await api.send("POST", f"/clients/{client}/cpm", json=rate)
    if exported is not None:
        await upload(api, client, "first.csv", csv_bytes(exported.table()))
    return client


async def add_person(api: Api, email: str, role: str) -> Login:
    """A user whose password is theirs already."""
    new = {"email": email, "role": role, "password": PASSWORD, "must_change_password": False}
    await api.send("POST", "/auth/register", json=new)
    return Login(email)


async def upload(api: Api, client: str, name: str, body: bytes) -> str:
    """Upload a file and wait until it is loaded and summed up; its id."""
    answer = await api.upload(client, name, body)
    assert answer.status_code == 202, answer.text
    found = str(answer.json()["upload_id"])

    async def ended() -> bool:
        shown = await api.send("GET", f"/facebook/uploads/{found}")
        assert shown["status"] != "failed", shown
        return bool(shown["status"] == "completed")

    await eventually(ended, within=60, what=f"{name} is loaded")
    return found


def scratch_export(days: Sequence[date], *, seed: int) -> Export:
    """What the people of SCRATCH export."""
    return export(days, ads=4, seed=seed)


def root() -> Path:
    """The checkout."""
    return Path(__file__).parents[2]
