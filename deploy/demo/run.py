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
from deploy.demo.check import differences, expected_of, print_summary, settled
from deploy.demo.outside import Outside
from deploy.demo.stack import MODULES, Stack
from deploy.demo.troubles import Troubled
from deploy.demo.world import (
    ADVERTISERS,
    BUCKET,
    UPLOADERS,
    demo_days,
    demo_world,
    export_of,
    others,
    vibe_days,
)
from deploy.local import Infra, ensure
from deploy.local.ports import is_free
from deploy.world.facebook_exports import xlsx_bytes
from deploy.world.surfside_files import ClientSpec, World
from libs.testing.waiting import eventually

ADMIN = "admin@tidemark.example"
GATEWAY_PORT = 8000
LOAD_SECONDS = 300
ENDED = ("loaded", "partial", "unchanged")
BROKEN = ("failed", "held", "missing_file")
DEMO_SPEED = {"SURFSIDE_CRON": "* * * * *", "VIBE_CRON": "*/5 * * * *"}
"""So that somebody who looks at the demo sees the clock tick."""

console = Console(stderr=True)


@dataclass
class Course:
    """What a run of the demo knows."""

    started: float
    infra: Infra
    outside: Outside
    stack: Stack
    world: World
    password: str

    @property
    def deliveries(self) -> int:
        """How many runs it takes: each day of Surfside's, each report of Vibe's, each upload."""
        return len(self.world.clients) * len(self.world.days) + len(ADVERTISERS) + len(UPLOADERS)


async def run(root: Path, *, name: str, stay: bool) -> int:
    """Everything from nothing; 0 if every figure that the API shows is exact."""
    started = time.monotonic()
    console.print("Bringing up PostgreSQL, RabbitMQ and an S3 endpoint …")
    infra = await asyncio.to_thread(ensure, root, name)
    outside = Outside(root, root / ".local" / name / "outside")
    stack = Stack(infra, name, extra=outside.settings | (DEMO_SPEED if stay else {}))
    course = Course(started, infra, outside, stack, demo_world(demo_days()), secrets.token_urlsafe(12))
    console.print("Migrating, declaring queues, writing files …")
    try:
        outside.start()
        await asyncio.gather(stack.prepare(), write_files(infra, course.world))
        return await _with_services(course, stay=stay)
    finally:
        stack.stop()
        outside.stop()


async def _with_services(course: Course, *, stay: bool) -> int:
    stack = course.stack
    await asyncio.to_thread(create_admin, stack, course.password)
    stack.start(*MODULES, gateway_port=GATEWAY_PORT if is_free(GATEWAY_PORT) else None)
    await stack.ready()
    console.print(f"Services ready after {time.monotonic() - course.started:.1f} s.")
    async with signed_in(stack, course.password) as api:
        return await _load_and_check(course, api, stay=stay)


async def _load_and_check(course: Course, api: Api, *, stay: bool) -> int:
    world = course.world
    ids = {client.slug: await api.add_client(client, BUCKET) for client in world.clients}
    await deliver(api, world, ids)
    await follow(api, course.deliveries)
    if not await _is_exact(course, api, ids):
        return 1
    for line in await troubles(course, api, ids):
        print(line)
    if not await _is_exact(course, api, ids, aloud=False):
        return 1
    _say_done(course)
    if stay:
        console.print("It stays up until Ctrl-C. Surfside is asked every minute, Vibe every five.")
        await asyncio.Event().wait()
    return 0


async def deliver(api: Api, world: World, ids: dict[str, str]) -> None:
    """All three sources: files that are looked for, reports that are asked for, exports that are uploaded."""
    for slug, client_id in ids.items():
        await api.backfill("surfside", client_id, world.days[0], world.days[-1])
        if slug in ADVERTISERS:
            await api.enable_vibe(client_id, ADVERTISERS[slug])
            wanted = vibe_days(world.days)
            await api.backfill("vibe", client_id, wanted[0], wanted[-1])
        if slug in UPLOADERS:
            body = xlsx_bytes(export_of(slug, world.days).table(), scheduled=True)
            answer = await api.upload(client_id, "ads-by-day.xlsx", body)
            if answer.status_code != 202:
                raise AssertionError(f"an upload was answered {answer.status_code}: {answer.text}")


async def troubles(course: Course, api: Api, ids: dict[str, str]) -> list[str]:
    """A restated day, a file that does not come, an upload that is refused: a line on each."""
    troubled = Troubled(api, course.world, ids, course.outside)
    first, second, third = course.world.clients
    return [
        await troubled.restate(first, lambda: write_files(course.infra, course.world, first)),
        await troubled.miss(third),
        await troubled.upload_a_period(second),
    ]


async def _is_exact(course: Course, api: Api, ids: dict[str, str], *, aloud: bool = True) -> bool:
    """Whether every figure that the API shows is the generators' own."""
    world = course.world
    expected = {
        client.slug: expected_of(world, client, others(client.slug, world.days)) for client in world.clients
    }
    shown = await settled(api, ids, expected, world.days)
    if aloud:
        print_summary(world, shown)
    wrong = differences(world, expected, shown)
    for line in wrong:
        console.print(f"[red]WRONG[/red] {line}")
    return not wrong


def _say_done(course: Course) -> None:
    clients = len(course.world.clients)
    print(
        f"exact: {course.deliveries} deliveries of 3 sources for {clients} clients, every figure as generated"
    )
    url = course.stack.url("gateway")
    print(f"page:  {url}/   login {ADMIN}   password {course.password}")
    print(f"API:   {url}/docs")
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
    """On the command line, with a password that need not be changed. Raises CalledProcessError."""
    subprocess.run(
        [sys.executable, "-m", "services.console.main", "create-admin", ADMIN, "--password-stdin", "--final"],
        env=stack.environment("console"),
        cwd=stack.infra.root,
        input=password.encode(),
        stdout=subprocess.DEVNULL,
        check=True,
    )


async def write_files(infra: Infra, world: World, *clients: ClientSpec) -> None:
    """Put every generated file into the bucket of the agency; of some clients: what was restated."""
    given = infra.environment()
    session = aioboto3.Session(
        given.get("AWS_ACCESS_KEY_ID"),
        given.get("AWS_SECRET_ACCESS_KEY"),
        region_name=given.get("AWS_REGION", "us-east-1"),
    )
    async with session.client("s3", endpoint_url=infra.s3_endpoint_url or None) as s3:
        if not clients:
            await s3.create_bucket(Bucket=BUCKET)
        for client in clients or world.clients:
            days = {day for slug, day in world.revisions if slug == client.slug} if clients else world.days
            for key, body in await asyncio.to_thread(_files_of, world, client, sorted(days)):
                await s3.put_object(Bucket=BUCKET, Key=key, Body=body)


def _files_of(world: World, client: ClientSpec, days: Sequence[date]) -> list[tuple[str, bytes]]:
    return [(file.key, file.body) for day in days for file in world.files_for(client, day)]


async def follow(api: Api, total: int) -> None:
    """Show progress until every delivery ended. Raises AssertionError when one ended badly or time is up."""
    with Progress(console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task("Loading three sources of 3 clients", total=total)
        await eventually(
            lambda: _all_ended(api, progress, task, total),
            within=LOAD_SECONDS,
            every=0.5,
            what="all deliveries loaded",
        )


async def _all_ended(api: Api, progress: Progress, task: TaskID, total: int) -> bool:
    for status in BROKEN:
        if count := await api.runs(status):
            raise RuntimeError(f"{count} runs are {status}: see GET /admin/ingestion-logs?status={status}")
    done = sum([await api.runs(status) for status in ENDED])
    progress.update(task, completed=done)
    return done >= total
