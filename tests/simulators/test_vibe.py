"""The simulator as a process of its own, as the demo runs it."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

import httpx

from deploy.local.ports import free_ports
from libs.testing.waiting import eventually
from tests.connectors.harness import ROOT


async def test_it_runs_as_a_process_and_takes_orders() -> None:
    port = free_ports("vibe")["vibe"]
    command = ("-m", "tests.simulators.vibe", "--port", str(port), "--ready-after", "0")
    process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:

            async def is_up() -> bool:
                try:
                    return (await http.get("/_state")).status_code == 200
                except httpx.TransportError:
                    return False

            await eventually(is_up, within=30)
            fault = [{"operation": "create", "kind": "error"}]
            assert (await http.post("/_faults", json=fault)).status_code == 200
            key = {"Authorization": "Bearer demo-key"}
            today = str(datetime.now(UTC).date())
            body = {
                "advertiserId": "adv",
                "startDate": today,
                "endDate": today,
                "metrics": ["spend"],
                "dimensions": [],
            }
            answers = [await http.post("/reports", json=body, headers=key) for _ in range(2)]
            assert [answer.status_code for answer in answers] == [500, 200]
            state = (await http.get(f"/reports/{answers[1].json()['reportId']}", headers=key)).json()
            report = await http.get(state["download_url"])
            assert report.text.startswith("impression_date,advertiser_id")
    finally:
        process.terminate()
        await process.wait()
