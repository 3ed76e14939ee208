"""The demo's course: servers, services, files, pulls, and the check of every figure."""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import aioboto3
from rich.console import Console
from rich.progress import Progress, TaskID

from deploy.demo.api import Api
from deploy.demo.check import Figures, differences, expected_of, print_summary
from deploy.demo.stack import Stack
from deploy.demo.world import BUCKET, demo_days, demo_world
from deploy.local import Infra, ensure
from deploy.local.ports import is_free
from deploy.world.surfside_files import ClientSpec, World
from libs.testing.waiting import eventually

ADMIN = "admin@tidemark.example"
GATEWAY_PORT = 8000
LOAD_SECONDS = 300
ENDED = ("loaded", "partial", "unchanged")
BROKEN = ("failed", "held", "missing_file")

console = Console(stderr=True)


@dataclass
class Course:
    """What a run of the demo knows."""

    started: float
    stack: Stack
    world: World
    password: str


async def run(root: Path, *, name: str, stay: bool) -> int:
    """Everything from nothing; 0 if every figure that the API shows is exact."""
    started = time.monotonic()
    console.print("Bringing up PostgreSQL, RabbitMQ and an S3 endpoint …")
    infra = await asyncio.to_thread(ensure, root, name)
    course = Course(started, Stack(infra, name), demo_world(demo_days()), secrets.token_urlsafe(12))
    console.print("Migrating, declaring queues, writing files …")
    await asyncio.gather(course.stack.prepare(), write_files(infra, course.world))
    try:
        return await _with_services(course, stay=stay)
    finally:
        course.stack.stop()


async def _with_services(course: Course, *, stay: bool) -> int:
    stack = course.stack
    await asyncio.to_thread(create_admin, stack, course.password)
    stack.start(gateway_port=GATEWAY_PORT if is_free(GATEWAY_PORT) else None)
    await stack.ready()
    console.print(f"Services ready after {time.monotonic() - course.started:.1f} s.")
    async with signed_in(stack, course.password) as api:
        return await _load_and_check(course, api, stay=stay)


async def _load_and_check(course: Course, api: Api, *, stay: bool) -> int:
    world = course.world
    ids = {client.slug: await api.add_client(client, BUCKET) for client in world.clients}
    for client_id in ids.values():
        await api.backfill(client_id, world.days[0], world.days[-1])
    await follow(api, len(ids) * len(world.days))
    expected = {client.slug: expected_of(world, client) for client in world.clients}
    shown = await settled(api, ids, expected, world.days)
    print_summary(world, shown)
    wrong = differences(world, expected, shown)
    for line in wrong:
        console.print(f"[red]WRONG[/red] {line}")
    if wrong:
        return 1
    _say_done(course)
    if stay:
        console.print("It stays up until Ctrl-C.")
        await asyncio.Event().wait()
    return 0


def _say_done(course: Course) -> None:
    total = len(course.world.clients) * len(course.world.days)
    print(f"exact: {total} days of {len(course.world.clients)} clients, every figure as generated")
    print(f"API:   {course.stack.url('gateway')}/docs   login {ADMIN}   password {course.password}")
    print(f"time:  {time.monotonic() - course.started:.1f} s")


@asynccontextmanager
async def signed_in(stack: Stack, password: str) -> AsyncIterator[Api]:
    """The API as the administrator sees it."""
    api = Api(stack.url("gateway"))
    try:
        await api.sign_in(ADMIN, password)
        yield api
    finally:
        await api.close()


def create_admin(stack: Stack, password: str) -> None:
    """As an operator does it, on the command line. Raises CalledProcessError."""
    subprocess.run(
        [sys.executable, "-m", "services.console.main", "create-admin", ADMIN, "--password-stdin"],
        env=stack.environment("console"),
        cwd=stack.infra.root,
        input=password.encode(),
        stdout=subprocess.DEVNULL,
        check=True,
    )


async def write_files(infra: Infra, world: World) -> None:
    """Put every generated file into the bucket of the agency."""
    given = infra.environment()
    session = aioboto3.Session(
        given.get("AWS_ACCESS_KEY_ID"),
        given.get("AWS_SECRET_ACCESS_KEY"),
        region_name=given.get("AWS_REGION", "us-east-1"),
    )
    async with session.client("s3", endpoint_url=infra.s3_endpoint_url or None) as s3:
        await s3.create_bucket(Bucket=BUCKET)
        for client in world.clients:
            for file in await asyncio.to_thread(_files_of, world, client):
                await s3.put_object(Bucket=BUCKET, Key=file[0], Body=file[1])


def _files_of(world: World, client: ClientSpec) -> list[tuple[str, bytes]]:
    return [(file.key, file.body) for day in world.days for file in world.files_for(client, day)]


async def follow(api: Api, total: int) -> None:
    """Show progress until every day ended. Raises AssertionError when one ended badly or time is up."""
    with Progress(console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task("Loading 60 days of 3 clients", total=total)
        await eventually(
            lambda: _all_ended(api, progress, task, total),
            within=LOAD_SECONDS,
            every=0.5,
            what="all days loaded",
        )


async def _all_ended(api: Api, progress: Progress, task: TaskID, total: int) -> bool:
    for status in BROKEN:
        if count := await api.runs(status):
            raise RuntimeError(f"{count} runs are {status}: see GET /admin/ingestion-logs?status={status}")
    done = sum([await api.runs(status) for status in ENDED])
    progress.update(task, completed=done)
    return done == total


async def settled(
    api: Api, ids: dict[str, str], expected: dict[str, Figures], days: Sequence[date]
) -> dict[str, Figures]:
    """What the API shows, once its rollups cover all that was loaded (or after a while, as it is)."""

    async def look() -> dict[str, Figures]:
        return {slug: await figures_of(api, client_id, days) for slug, client_id in ids.items()}

    shown = await look()
    deadline = time.monotonic() + 60
    while shown != expected and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
        shown = await look()
    return shown


async def figures_of(api: Api, client_id: str, days: Sequence[date]) -> Figures:
    """Totals of the range and of each day, as the API shows them."""
    summary = await api.summary(client_id, days[0], days[-1])
    trends = await api.trends(client_id, days[0], days[-1])
    return Figures.shown(summary, trends)
