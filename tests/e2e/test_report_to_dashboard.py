"""A report travels from S3 to an answer of the dashboard, through every process."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from deploy.world.surfside_export import real_export, real_export_rows
from deploy.world.surfside_layouts import as_xlsx
from libs.testing.waiting import eventually
from tests.e2e.bad_cells import KINDS, ROWS, generated
from tests.e2e.conftest import DAY, E2E, System

pytestmark = E2E

GOOD = b"Date,Campaign,Strategy,Placement,Creative,Impressions,Clicks,Conversions,Conversion Revenue\n%s"


def report(*rows: str) -> bytes:
    return GOOD % "\n".join(rows).encode()


def row(impressions: int, creative: str = "K", revenue: str = "1.00") -> str:
    return f"{DAY},C,S,P,{creative},{impressions},1,1,{revenue}"


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
async def test_a_file_of_the_real_shape_to_the_last_cent(system: System, suffix: str) -> None:
    first = DAY - timedelta(days=6)
    rows = real_export_rows(first)
    body = real_export(first) if suffix == "csv" else as_xlsx(rows, "export")
    client, prefix = await system.client(cpm="17")
    await system.put(prefix, DAY, body, suffix)
    await system.pull(client, DAY)
    run = await system.run_ended(client, "loaded", "partial")
    assert (run["rows_read"], run["rows_rejected"]) == (496, 0)
    assert run["rows_loaded"] + run["rows_merged"] == 496
    await system.shows(
        client,
        first,
        DAY,
        impressions=541_210,
        clicks=565,
        conversions=199,
        conversion_revenue=Decimal("24963.38"),
        spend=Decimal("9200.57"),
    )
    page = await system.api.send(
        "GET", "/dashboard", params={"client_id": client, "start_date": first, "end_date": DAY}
    )
    assert page["summary"]["spend"] == page["campaigns"]["totals"]["spend"] == Decimal("9200.57")


async def test_bad_cells_are_quarantined_and_the_good_rows_load(system: System) -> None:
    body, bad = generated(DAY)
    client, prefix = await system.client()
    await system.put(prefix, DAY, body)
    await system.pull(client, DAY)
    run = await system.run_ended(client, "partial", "failed", "loaded")
    assert run["status"] == "partial"
    assert (run["rows_read"], run["rows_rejected"], run["rows_loaded"]) == (ROWS, len(bad), ROWS - len(bad))
    await system.shows(client, DAY, DAY, impressions=7 * (ROWS - len(bad)))
    details = await system.api.send("GET", f"/admin/ingestion-logs/{run['run_id']}")
    shown = {rejected["row_number"]: rejected for rejected in details["rejected_rows"]}
    assert set(shown) == set(sorted(bad)[: len(shown)])
    assert {bad[number] for number in shown} >= set(KINDS)
    for number, rejected in shown.items():
        column, cell = bad[number]
        assert any(column in reason for reason in rejected["reasons"]), (column, cell, rejected)
        assert cell.strip() in " ".join(str(value) for value in rejected["raw"]), rejected


async def test_a_poisonous_file_does_not_stop_the_next_one(system: System) -> None:
    client, prefix = await system.client()
    poison = {
        DAY: b"",
        DAY + timedelta(days=1): b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        DAY + timedelta(days=2): b"PK\x03\x04 not really a workbook",
        DAY + timedelta(days=3): GOOD % b"",
        DAY + timedelta(days=4): b"<html><table><tr><td>Date</td></tr></table></html>",
    }
    for day, body in poison.items():
        await system.put(prefix, day, body)
        await system.pull(client, day)
    last = DAY + timedelta(days=5)
    await system.put(prefix, last, report(row(5).replace(str(DAY), str(last))))
    await system.pull(client, last)

    async def all_ended() -> list[dict[str, Any]] | None:
        runs = await system.runs(client)
        return runs if len(runs) == 6 and all(r["status"] in ("failed", "loaded") for r in runs) else None

    runs = await eventually(all_ended, within=60)
    assert runs is not None
    assert {r["run_date"]: r["status"] for r in runs} == {str(day): "failed" for day in poison} | {
        str(last): "loaded"
    }
    assert all(r["error"] for r in runs if r["status"] == "failed")
    await system.shows(client, last, last, impressions=5)


async def test_poison_in_every_queue_does_not_stop_the_next_message(system: System) -> None:
    queues = ("surfside.pulls", "loader.batches", "loader.merges", "aggregator.loads", "notifier.alerts")
    before = {queue: await system.depth(f"{queue}.dead") for queue in queues}
    for queue in queues:
        for body in (b"not json", b"[]", b'{"client": 5}', b"\x00" * 50):
            await system.type_message(queue, body)
    client, prefix = await system.client()
    await system.put(prefix, DAY, report(row(11)))
    await system.pull(client, DAY)
    await system.run_ended(client, "loaded")
    await system.shows(client, DAY, DAY, impressions=11)
    for queue in queues:

        async def all_dead(queue: str = queue) -> bool:
            return await system.depth(f"{queue}.dead") == before[queue] + 4

        await eventually(all_dead, what=f"{queue}.dead holds the poison")


async def test_a_pull_typed_by_hand_works(system: System) -> None:
    client, prefix = await system.client()
    await system.put(prefix, DAY, report(row(3)))
    body = f'{{"client_id": "{client}", "start_date": "{DAY}", "end_date": "{DAY}"}}'
    await system.type_message("surfside.pulls", body.encode())
    await system.run_ended(client, "loaded")
    await system.shows(client, DAY, DAY, impressions=3)


async def test_restatement_undo_and_a_changed_rate(system: System) -> None:
    client, prefix = await system.client(cpm="10")
    await system.put(prefix, DAY, report(row(1000), row(500, "L")))
    await system.pull(client, DAY)
    await system.run_ended(client, "loaded")
    await system.shows(client, DAY, DAY, impressions=1500, spend=Decimal("15.00"))

    await system.put(prefix, DAY, report(row(1200), row(500, "L")))
    await system.pull(client, DAY)
    second = await system.run_ended(client, "loaded", runs=2)
    await system.shows(client, DAY, DAY, impressions=1700, spend=Decimal("17.00"))

    await system.api.send("POST", f"/clients/{client}/cpm", json={"cpm": "20", "effective_date": str(DAY)})
    await system.shows(client, DAY, DAY, impressions=1700, spend=Decimal("34.00"))

    await system.api.send("POST", f"/admin/ingestion-logs/{second['run_id']}/undo")
    await system.shows(client, DAY, DAY, impressions=1500, spend=Decimal("30.00"))


async def test_a_held_run_loads_when_it_is_confirmed(system: System) -> None:
    client, prefix = await system.client()
    await system.put(prefix, DAY, report(row(1000), row(500, "L"), row(500, "M")))
    await system.pull(client, DAY)
    await system.run_ended(client, "loaded")
    await system.put(prefix, DAY, report(row(10)))
    await system.pull(client, DAY)
    held = await system.run_ended(client, "held", runs=2)
    await system.shows(client, DAY, DAY, impressions=2000)

    async def told() -> bool:
        answer = await system.api.send("GET", "/admin/notifications")
        return any(n["run_id"] == held["run_id"] for n in answer["data"])

    await eventually(told)
    await system.api.send("POST", f"/admin/ingestion-logs/{held['run_id']}/confirm")
    await system.run_ended(client, "loaded", runs=2)
    await system.shows(client, DAY, DAY, impressions=10)


async def test_the_same_trigger_twice_is_the_same_run(system: System) -> None:
    client, prefix = await system.client()
    await system.put(prefix, DAY, report(row(7)))
    for _ in range(3):
        await system.pull(client, DAY)
    await system.run_ended(client, "loaded")
    other, other_prefix = await system.client()
    await system.put(other_prefix, DAY, report(row(8)))
    await system.pull(other, DAY)
    await system.run_ended(other, "loaded")
    assert len(await system.runs(client)) == 1
    await system.shows(client, DAY, DAY, impressions=7)
