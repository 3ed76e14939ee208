"""Ready means: the database answers, and every queue has a consumer. An open connection proves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from contracts.ingest.v1 import PullRequested
from deploy.local import Infra, kill_broker, start_broker
from libs.bus import Bus, BusUnavailable
from libs.db.engine import make_engine
from libs.http.worker import worker_app
from libs.settings import BusSettings, DatabaseSettings
from libs.testing.queues import delete_queue
from libs.testing.waiting import eventually
from tests.libs.bus.consuming import KEY, QUEUE, SERVICE, Recorder

RELOADS = "surfside.reloads"


def app_of(settings: BusSettings, engine: AsyncEngine) -> Starlette:
    bus = Bus(settings, SERVICE)
    for queue in (QUEUE, RELOADS):
        bus.subscriber(queue)(Recorder())
    return worker_app(SERVICE, bus=bus, engine=engine)


@asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """The app within its lifespan."""
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://worker") as client,
    ):
        yield client


async def ready(client: httpx.AsyncClient) -> tuple[int, dict[str, str]]:
    answer = await client.get("/health/ready")
    return answer.status_code, answer.json()["checks"]


async def becomes(client: httpx.AsyncClient, status: int, within: float = 20) -> dict[str, str]:
    """Wait for that status; returns the checks that went with it."""

    async def found() -> dict[str, str] | None:
        code, checks = await ready(client)
        return checks if code == status else None

    checks = await eventually(found, within=within, what=f"status {status}")
    assert checks is not None
    return checks


async def test_ready_while_all_is_well_and_not_without_a_queue(
    bus_settings: BusSettings, engine_of: Callable[[str], AsyncEngine]
) -> None:
    async with running(app_of(bus_settings, engine_of(SERVICE))) as client:
        assert await becomes(client, 200) == {
            "postgresql": "ok",
            "rabbitmq": "ok",
            QUEUE: "ok",
            RELOADS: "ok",
        }
        await delete_queue(bus_settings, RELOADS)
        assert await becomes(client, 503) == {
            "postgresql": "ok",
            "rabbitmq": "ok",
            QUEUE: "ok",
            RELOADS: "has no consumer",
        }
        assert (await client.get("/health/live")).status_code == 200


async def test_starts_and_answers_while_everything_is_away(bus_settings: BusSettings) -> None:
    away = bus_settings.model_copy(update={"rabbitmq_url": "amqp://127.0.0.1:1/"})
    engine = make_engine(DatabaseSettings(database_url="postgresql://nobody@127.0.0.1:1/none"), SERVICE)
    async with running(app_of(away, engine)) as client:
        assert await ready(client) == (
            503,
            {"postgresql": "does not answer", "rabbitmq": "does not answer"},
        )
        assert (await client.get("/health/live")).status_code == 200


async def test_not_ready_before_it_consumes(bus_settings: BusSettings) -> None:
    bus = Bus(bus_settings, SERVICE)
    bus.subscriber(QUEUE)(Recorder())
    with pytest.raises(BusUnavailable, match="not consuming yet"):
        await bus.queues()
    await bus.stop()


async def test_not_ready_while_the_broker_is_away_and_ready_again_by_itself(
    faulty: Infra, fault_bus: BusSettings, engine_of: Callable[[str], AsyncEngine]
) -> None:
    async with running(app_of(fault_bus, engine_of(SERVICE))) as client:
        await becomes(client, 200)
        await asyncio.to_thread(kill_broker, faulty)
        assert (await becomes(client, 503))["rabbitmq"] == "does not answer"
        await asyncio.to_thread(start_broker, faulty)
        assert set((await becomes(client, 200, within=30)).values()) == {"ok"}


async def test_metrics_tell_what_became_of_the_messages(
    bus_settings: BusSettings, engine_of: Callable[[str], AsyncEngine]
) -> None:
    async with running(app_of(bus_settings, engine_of(SERVICE))) as client:
        await becomes(client, 200)
        bus = Bus(bus_settings, SERVICE)
        await bus.publish(KEY, PullRequested())
        await bus.stop()
        line = f'tidemark_messages_handled_total{{outcome="handled",queue="{QUEUE}"}}'

        async def counted() -> bool:
            return line in (await client.get("/metrics/")).text

        await eventually(counted)
