"""Pulls end to end: real S3, PostgreSQL and RabbitMQ; what reaches the loader's queue is compared exactly."""

from __future__ import annotations

from datetime import date

from deploy.world.surfside_files import ClientSpec, World
from tests.connectors.harness import totals_of
from tests.services.connectors.surfside.conftest import Surfside

DAY = date(2025, 11, 4)
ACME = ClientSpec("Acme Outdoor", "acme-outdoor")
WORLD = World(7, [ACME], [DAY])


async def test_a_days_file_reaches_the_loader_to_the_last_digit(surfside: Surfside) -> None:
    made = WORLD.file_for(ACME, DAY)
    await surfside.buckets.put(made.key, made.body)
    client = await surfside.records.client(
        ACME.name, bucket=surfside.buckets.reports, prefix="surfside/{client}", file_pattern=ACME.pattern
    )
    async with surfside.started():
        await surfside.pull(client_id=client, start_date=DAY, end_date=DAY)
        batches = await surfside.ears.whole_run()
    assert totals_of(batches) == made.by_day[DAY]
    end = batches[-1].end
    assert end is not None
    assert end.coverage == [DAY]
    assert end.rows_read == made.by_day[DAY].lines
