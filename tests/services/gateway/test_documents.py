"""The examples of the OpenAPI document have the fields that the API really answers with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.gateway.conftest import Api
from tests.services.gateway.operations import operations
from tests.services.gateway.world import Client

READS = (
    "GET /auth/me",
    "GET /auth/sessions",
    "GET /users",
    "GET /dashboard",
    "GET /dashboard/summary",
    "GET /dashboard/overview",
    "GET /dashboard/campaigns",
    "GET /dashboard/strategies",
    "GET /dashboard/placements",
    "GET /dashboard/creatives",
    "GET /dashboard/trends",
    "GET /dashboard/source-breakdown",
    "GET /dashboard/freshness",
    "GET /campaigns",
    "GET /clients",
    "GET /clients/active",
    "GET /clients/{client_id}",
    "GET /clients/{client_id}/cpm",
    "GET /clients/{client_id}/cpm/history",
    "GET /clients/{client_id}/sources/{source}",
    "GET /admin/ingestion-logs",
    "GET /admin/ingestion-logs/{run_id}",
    "GET /admin/audit-logs",
)


FREE = {
    *(
        "coverage",
        "cpm_by_source",
        "delta_reasons",
        "settings",
        "artifact",
        "timings",
        "definitions",
        "column_map",
    ),
    *("old_values", "new_values"),
}


def shape(value: Any) -> Any:
    """The names in a JSON value, lists by their first element; what stands in free dictionaries left out."""
    if isinstance(value, dict):
        return {name: "…" if name in FREE else shape(found) for name, found in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "value"


def differences(example: Any, real: Any, path: str = "") -> list[str]:
    """Where two shapes differ; an empty list or null fits whatever the other has."""
    if isinstance(example, list) and isinstance(real, list) and example and real:
        return differences(example[0], real[0], path + "[]")
    if isinstance(example, dict) and isinstance(real, dict) and example and real:
        below = [differences(example[n], real[n], f"{path}.{n}") for n in example.keys() & real.keys()]
        return sum(below, [f"{path}.{name}" for name in example.keys() ^ real.keys()])
    return []


@pytest.mark.parametrize("name", READS)
async def test_the_example_has_the_fields_of_the_answer(api: Api, guest: Client, name: str) -> None:
    operation = next(found for found in operations(api.app) if str(found) == name)
    example = operation.document["responses"]["200"]["content"]["application/json"]["example"]
    ids = {"client_id": guest.public_id, "run_id": api.world.runs[guest.name]}
    params = {"client_id": str(guest.public_id)} if "client_id" in operation.query else {}
    real = await api.get(operation.at(ids), **params)
    ignored = (".rejected_rows[].raw",)
    assert [d for d in differences(shape(example), shape(real)) if not d.startswith(ignored)] == []
