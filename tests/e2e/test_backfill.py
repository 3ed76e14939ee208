"""A backfill whose connector is killed in the middle of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from libs.testing.waiting import eventually
from tests.e2e.conftest import DAY, E2E, System

pytestmark = E2E
DAYS = 8
HEADER = "Date,Campaign,Strategy,Placement,Creative,Impressions,Clicks,Conversions,Conversion Revenue\n"


async def test_a_backfill_survives_its_connector(system: System) -> None:
    """kill -9 after the first days: started again, the job ends with every day once, and none is waiting."""
    client, prefix = await system.client(cpm="10")
    first = DAY - timedelta(days=DAYS - 1)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    for number, day in enumerate(days):
        rows = "".join(f"{day},C,S,P,K{n},{100 + number},1,1,1.00\n" for n in range(20))
        await system.put(prefix, day, (HEADER + rows).encode())
    body = {"source": "surfside", "client_id": client}
    body |= {"start_date": str(first), "end_date": str(DAY)}
    job = await system.api.send("POST", "/admin/backfill-historical", json=body)

    async def state() -> dict[str, Any]:
        return await system.api.send("GET", f"/admin/backfills/{job['backfill_id']}")

    async def begun() -> bool:
        return len(await system.runs(client)) >= 1

    await eventually(begun, within=60, every=0.02, what="the connector has begun")
    process = system.stack.processes["surfside"]
    process.kill()
    await asyncio.to_thread(process.wait)
    stopped = await state()
    assert stopped["status"] == "running", "it was killed too late: nothing is proved"
    system.stack.start("surfside")

    async def done() -> bool:
        return bool((await state())["status"] == "done")

    await eventually(done, within=120, every=0.2, what="the backfill has ended")
    ended = await state()
    assert [day["status"] for day in ended["days"]] == ["loaded"] * DAYS
    assert (ended["days_done"], ended["days_left"], ended["days_failed"]) == (DAYS, 0, 0)
    assert len(await system.runs(client)) == DAYS
    await system.shows(client, first, DAY, impressions=sum(20 * (100 + n) for n in range(DAYS)))
