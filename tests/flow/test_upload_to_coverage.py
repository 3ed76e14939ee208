"""An upload that adds rows covers no day, and yet its days were delivered: the API says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import httpx

from deploy.world.facebook_exports import csv_bytes, export
from services.gateway.main import create_app
from services.gateway.settings import GatewaySettings
from tests.services.connectors.facebook.conftest import KEY, Facebook, buckets, facebook, make, records

__all__ = ["buckets", "facebook", "make", "records"]

FIRST, BETWEEN, LAST = (date(2025, 11, day) for day in (1, 2, 3))


@asynccontextmanager
async def gateway(facebook: Facebook) -> AsyncIterator[httpx.AsyncClient]:
    """The gateway's API on the same database."""
    settings = GatewaySettings(
        _env_file=None,
        database_url=facebook.database.url_of("gateway"),
        rabbitmq_url=facebook.bus.rabbitmq_url,
        secret_key=KEY,
    )
    app = create_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway/api/v1") as http:
        yield http
    await app.state.parts.engine.dispose()
    app.state.parts.hasher.close()


async def asked(
    http: httpx.AsyncClient, facebook: Facebook, path: str, who: str, **params: Any
) -> dict[str, Any]:
    params |= {"start_date": str(FIRST), "end_date": str(LAST)}
    headers = {"Authorization": f"Bearer {facebook.token(who)}"}
    answer = await http.get(path, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_days_of_an_upload_that_rejects_duplicates_count_as_delivered(facebook: Facebook) -> None:
    body = csv_bytes(export([FIRST, LAST]).table())
    async with facebook.started(), facebook.loader():
        accepted = await facebook.accepted(body, wait=30)
        assert accepted["run_status"] == "loaded"
    heads = await facebook.records.fetch("SELECT date, whole FROM slice_head ORDER BY date")
    assert [tuple(head) for head in heads] == [(FIRST, False), (LAST, False)]  # the case that is meant

    async with gateway(facebook) as http:
        (fresh,) = (await asked(http, facebook, "/dashboard/freshness", "nina"))["data"]
        assert (fresh["source"], fresh["first_day"], fresh["latest_day"]) == (
            "facebook",
            str(FIRST),
            str(LAST),
        )
        assert fresh["latest_delivery_at"] is not None
        assert fresh["missing_days"] == [{"date": str(BETWEEN), "reason": "not_delivered"}]

        covered = await asked(http, facebook, "/admin/coverage", "admin", client_id=str(facebook.acme))
        (line,) = covered["data"]
        assert (line["source"], line["counts"]["loaded"], line["counts"]["missing"]) == ("facebook", 2, 1)
        days = {day["date"]: day for day in line["days"]}
        assert [days[str(day)]["status"] for day in (FIRST, BETWEEN, LAST)] == ["loaded", "missing", "loaded"]
        for day in (FIRST, LAST):
            assert days[str(day)]["run_id"] == accepted["ingestion_run_id"]
            assert days[str(day)]["delivered_at"] is not None

        (other,) = (await asked(http, facebook, "/dashboard/freshness", "sam"))["data"]
        assert (other["latest_day"], other["missing_days"]) == (None, [])  # another client's
