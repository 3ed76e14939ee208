"""The whole system as real processes, once for all tests here.

Their modules carry ``pytestmark = E2E``: one event loop and one set of processes for each worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import aio_pika
import aioboto3
import pytest
import pytest_asyncio

from deploy.demo.api import Api
from deploy.demo.run import ADMIN, create_admin
from deploy.demo.stack import Stack
from deploy.local import Infra
from libs.testing.waiting import eventually
from tests.libs.observability.receiver import Receiver, receiver

E2E = [pytest.mark.asyncio(loop_scope="session")]
PASSWORD = "correct horse battery staple"
TODAY = datetime.now(UTC).date()
DAY = TODAY - timedelta(days=20)


@dataclass
class System:
    """Every service, and the ways in that people and platforms have."""

    stack: Stack
    api: Api
    s3: Any
    bucket: str
    collector: Receiver
    """Where all of them send their traces."""

    async def client(self, *, cpm: str = "17", **surfside: object) -> tuple[str, str]:
        """(id, prefix) of a new client that Surfside is enabled for."""
        name = f"client {uuid4().hex[:8]}"
        made = await self.api.send("POST", "/clients", json={"name": name})
        rate = {"cpm": cpm, "effective_date": "2020-01-01"}
        await self.api.send("POST", f"/clients/{made['id']}/cpm", json=rate)
        prefix = uuid4().hex
        settings = {"enabled": True, "bucket": self.bucket, "prefix": prefix} | surfside
        settings.setdefault("file_pattern", "media-report-{date}.*")
        await self.api.send("PUT", f"/clients/{made['id']}/sources/surfside", json=settings)
        return str(made["id"]), prefix

    async def put(self, prefix: str, day: date, body: bytes, suffix: str = "csv") -> None:
        """A file arrives in the agency's bucket."""
        await self.s3.put_object(Bucket=self.bucket, Key=f"{prefix}/media-report-{day}.{suffix}", Body=body)

    async def pull(self, client: str, day: date) -> None:
        """An administrator asks for a day."""
        wanted = {"source": "surfside", "client_id": client, "date": day.isoformat()}
        await self.api.send("POST", "/admin/trigger-ingestion", json=wanted)

    async def runs(self, client: str) -> list[dict[str, Any]]:
        """Runs of a client, newest first."""
        answer = await self.api.send("GET", "/admin/ingestion-logs", params={"client_id": client})
        return list(answer["data"])

    async def run_ended(self, client: str, *statuses: str, runs: int = 1) -> dict[str, Any]:
        """The newest run, once there are so many and it has one of these statuses."""

        async def look() -> dict[str, Any] | None:
            found = await self.runs(client)
            return found[0] if len(found) >= runs and found[0]["status"] in statuses else None

        found = await eventually(look, within=60, every=0.1, what=f"a run that is {statuses}")
        assert found is not None
        return found

    async def shows(self, client: str, start: date, end: date, **expected: Decimal | int | None) -> None:
        """The dashboard's summary has these values, soon."""

        async def look() -> bool:
            shown = await self.api.summary(client, start, end)
            return {name: shown[name] for name in expected} == expected

        try:
            await eventually(look, within=30, every=0.1)
        except AssertionError:
            shown = await self.api.summary(client, start, end)
            assert {name: shown[name] for name in expected} == expected

    async def type_message(self, queue: str, body: bytes) -> None:
        """As on RabbitMQ's management page: into the queue, body only."""
        connection = await aio_pika.connect(self.stack.rabbitmq_url)
        async with connection:
            channel = await connection.channel()
            await channel.default_exchange.publish(aio_pika.Message(body), routing_key=queue)

    async def depth(self, queue: str) -> int:
        """Messages that wait in a queue."""
        connection = await aio_pika.connect(self.stack.rabbitmq_url)
        async with connection:
            channel = await connection.channel()
            declared = await channel.declare_queue(queue, passive=True)
            return declared.declaration_result.message_count or 0


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system(infra: Infra, worker: str) -> AsyncIterator[System]:
    """All services, ready; an administrator is signed in."""
    with receiver() as collector:
        async for found in _running(infra, worker, collector):
            yield found


async def _running(infra: Infra, worker: str, collector: Receiver) -> AsyncIterator[System]:
    extra = {"RETRY_SECONDS": "[0.2, 0.5, 1]", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
    stack = Stack(infra, f"e2e_{worker}", extra=extra)
    await stack.prepare()
    await asyncio.to_thread(create_admin, stack, PASSWORD)
    stack.start()
    given = infra.environment()
    session = aioboto3.Session(
        given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], region_name=given["AWS_REGION"]
    )
    try:
        await stack.ready()
        api = Api(stack.url("gateway"))
        await api.sign_in(ADMIN, PASSWORD)
        async with session.client("s3", endpoint_url=infra.s3_endpoint_url) as s3:
            bucket = f"e2e-{uuid4().hex[:12]}"
            await s3.create_bucket(Bucket=bucket)
            yield System(stack, api, s3, bucket, collector)
        await api.close()
    finally:
        stack.stop()
        await stack.remove()
