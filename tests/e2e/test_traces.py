"""One trace from the gateway's request to the aggregator, through real processes, outbox and RabbitMQ."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deploy.demo.run import ADMIN
from libs.testing.waiting import eventually
from tests.e2e.conftest import DAY, E2E, PASSWORD, System
from tests.libs.observability.spans import Span, spans_of, way_up

pytestmark = E2E
REPORT = "Date,Campaign,Strategy,Placement,Creative,Impressions,Clicks,Conversions,Conversion Revenue\n"
NAME = "A campaign that no trace should name"
TRIGGERED = [
    ("aggregator", "process aggregator.loads"),
    ("loader", "send tidemark:run.loaded"),
    ("loader", "process loader.merges"),
    ("loader", "send tidemark:run.staged"),
    ("loader", "process loader.batches"),
    ("surfside", "send tidemark:metrics.batch.surfside"),
    ("surfside", "process surfside.pulls"),
    ("gateway", "send tidemark:pull.requested.surfside"),
    ("gateway", "POST /api/v1/admin/trigger-ingestion"),
]
PRICED = [
    ("aggregator", "process aggregator.repricings"),
    ("loader", "send tidemark:rows.repriced"),
    ("loader", "process loader.rates"),
    ("gateway", "send tidemark:rate.changed"),
    ("gateway", "POST /api/v1/clients/{client_id}/cpm"),
]


async def way(system: System, expected: list[tuple[str, str]], client: str) -> list[Span]:
    """The way from the last of these steps up to the request, once it has come whole."""

    async def look() -> list[Span] | None:
        spans = spans_of(system.collector)
        for span in spans:
            if (span.service, span.name) == expected[0] and client in span.attributes.values():
                try:
                    return way_up(span, spans)
                except KeyError:  # a parent is not here yet
                    return None
        return None

    found = await eventually(look, within=30, every=0.2, what=f"spans of {expected[0]}")
    assert found is not None
    return found


async def test_from_a_trigger_to_the_summaries(system: System) -> None:
    client, prefix = await system.client()
    day = DAY + timedelta(days=3)
    await system.put(prefix, day, f"{REPORT}{day},{NAME},S,P,K,10,1,1,1.00\n".encode())
    await system.pull(client, day)
    await system.run_ended(client, "loaded")
    found = await way(system, TRIGGERED, client)
    assert [(span.service, span.name) for span in found] == TRIGGERED
    assert len({span.trace for span in found}) == 1
    assert found[-1].parent == ""
    assert not any(span.failed for span in found)
    kinds = [span.kind for span in found]
    assert kinds == ["consumer", "producer"] * 4 + ["server"]
    request, trace = found[-1], found[0].trace
    assert request.attributes["http.response.status_code"] == 202
    statements = [
        span for span in spans_of(system.collector) if span.trace == trace and span.kind == "client"
    ]
    assert {"gateway", "surfside", "loader", "aggregator"} <= {span.service for span in statements}
    ids = {span.id for span in spans_of(system.collector) if span.trace == trace and span.kind != "client"}
    assert {span.parent for span in statements} <= ids


async def test_from_a_rate_to_the_summaries(system: System) -> None:
    client, prefix = await system.client(cpm="10")
    await system.put(prefix, DAY, f"{REPORT}{DAY},{NAME},S,P,K,1000,1,1,1.00\n".encode())
    await system.pull(client, DAY)
    await system.run_ended(client, "loaded")
    rate = {"cpm": "20", "effective_date": str(DAY)}
    await system.api.send("POST", f"/clients/{client}/cpm", json=rate)

    async def priced() -> bool:
        spans = spans_of(system.collector)
        return sum(s.name == PRICED[0][1] and client in s.attributes.values() for s in spans) >= 1

    await eventually(priced, within=30, every=0.2, what="the new price reaches the aggregator")
    found = await way(system, PRICED, client)
    assert [(span.service, span.name) for span in found] == PRICED
    assert found[-1].attributes["tidemark.client_id"] == client


@pytest.mark.parametrize("told", [NAME, ADMIN, PASSWORD])
async def test_traces_hold_no_names_persons_or_secrets(system: System, told: str) -> None:
    assert system.collector.posts, "what came from the tests before this one"
    assert all(told.encode() not in post.body for post in system.collector.posts)
