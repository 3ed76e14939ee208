"""Every operation of the OpenAPI document, and who may use it; a route that is not here fails the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from tests.services.gateway.world import Client

BASE = "/api/v1"
LEVELS = {
    "campaign": "campaigns",
    "strategy": "strategies",
    "placement": "placements",
    "creative": "creatives",
}
PUBLIC = {
    "POST /auth/login",
    "POST /auth/refresh",
    "POST /auth/logout",
}
PERSONAL = {
    "PUT /auth/change-password",
    "GET /auth/sessions",
    "DELETE /auth/sessions/{session_id}",
    "POST /auth/mfa/enroll",
    "POST /auth/mfa/verify",
    "DELETE /auth/mfa",
    "GET /auth/api-keys",
    "POST /auth/api-keys",
    "DELETE /auth/api-keys/{key_id}",
}
"""Of everybody's own account; no API key may do these."""
CLIENT = PERSONAL | {
    "GET /auth/me",
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
    "GET /clients/active",
    "GET /clients/{client_id}",
    "GET /clients/{client_id}/cpm",
    "GET /clients/{client_id}/cpm/history",
    "GET /exports/csv",
    "POST /exports/csv",
    "GET /exports/xlsx",
    "POST /exports/xlsx",
    "GET /exports/pdf",
    "POST /exports/pdf",
    "GET /clients/{client_id}/settings",
    *(f"GET /{plural}" for plural in LEVELS.values()),
    *(f"GET /{plural}/{{{level}_id}}" for level, plural in LEVELS.items()),
    *(f"GET /{plural}/{{{level}_id}}/metrics" for level, plural in LEVELS.items()),
    "GET /campaigns/{campaign_id}/tree",
    "GET /campaigns/{campaign_id}/performance",
    "GET /metrics/daily",
    "GET /metrics/weekly",
    "GET /metrics/monthly",
    "GET /metrics/trends",
    "GET /metrics/top-campaigns",
    "GET /metrics/top-creatives",
    "GET /metrics/underperformers",
    "GET /metrics/explain",
    "GET /views",
    "POST /views",
    "DELETE /views/{view_id}",
}
ADMIN = {
    "POST /auth/register",
    "POST /auth/reset-password/{user_id}",
    "GET /users",
    "GET /users/{user_id}",
    "PATCH /users/{user_id}",
    "GET /clients",
    "POST /clients",
    "PUT /clients/{client_id}",
    "DELETE /clients/{client_id}",
    "POST /clients/{client_id}/toggle",
    "PUT /admin/clients/{client_id}/toggle-status",
    "POST /clients/{client_id}/settings",
    *(f"POST /{plural}" for plural in LEVELS.values()),
    *(
        f"{method} /{plural}/{{{level}_id}}"
        for level, plural in LEVELS.items()
        for method in ("PUT", "DELETE")
    ),
    "POST /clients/{client_id}/cpm",
    "DELETE /clients/{client_id}/cpm/{rate_id}",
    "GET /clients/{client_id}/sources/{source}",
    "PUT /clients/{client_id}/sources/{source}",
    "GET /admin/ingestion-logs",
    "GET /admin/ingestion-logs/{run_id}",
    "GET /admin/ingestion-logs/{run_id}/rejected.csv",
    "POST /admin/ingestion-logs/{run_id}/resolve",
    "POST /admin/ingestion-logs/{run_id}/confirm",
    "POST /admin/ingestion-logs/{run_id}/undo",
    "POST /admin/ingestion-logs/{run_id}/reload",
    "POST /admin/trigger-ingestion",
    "POST /admin/backfill-historical",
    "GET /admin/backfills/{backfill_id}",
    "GET /admin/notifications",
    "POST /admin/notifications/{notification_id}/acknowledge",
    "GET /admin/schedules",
    "GET /admin/coverage",
    "GET /admin/restatements",
    "GET /admin/queues",
    "POST /admin/queues/{name}/replay",
    "GET /admin/audit-logs",
    "GET /reports",
    "POST /reports",
    "GET /reports/{report_id}",
    "PUT /reports/{report_id}",
    "DELETE /reports/{report_id}",
    "GET /reports/{report_id}/deliveries",
}
BODIES: dict[str, dict[str, Any]] = {
    "PUT /auth/change-password": {"current_password": "wrong", "new_password": "quiet violet harbour 41"},
    "POST /auth/mfa/enroll": {"password": "wrong"},
    "POST /auth/mfa/verify": {"code": "000000"},
    "DELETE /auth/mfa": {"password": "wrong", "code": "000000"},
    "POST /auth/api-keys": {"name": "Never used"},
    "POST /auth/register": {"email": "never@made.example", "password": "quiet violet harbour 41"},
    "POST /auth/reset-password/{user_id}": {"new_password": "quiet violet harbour 41"},
    "PATCH /users/{user_id}": {"is_active": True},
    "POST /clients": {"name": "Never made"},
    "PUT /clients/{client_id}": {"name": "Never called so"},
    "POST /clients/{client_id}/settings": {"logo": "https://cdn.example/logo.png"},
    "POST /campaigns": {"client_id": str(UUID(int=0)), "source": "vibe", "name": "Never made"},
    "POST /strategies": {"campaign_id": str(UUID(int=0)), "name": "Never made"},
    "POST /placements": {"strategy_id": str(UUID(int=0)), "name": "Never made"},
    "POST /creatives": {"placement_id": str(UUID(int=0)), "name": "Never made"},
    **{f"PUT /{plural}/{{{level}_id}}": {"name": "Never called so"} for level, plural in LEVELS.items()},
    "POST /views": {"name": "Never saved", "state": {}},
    "POST /clients/{client_id}/cpm": {"cpm": 4.5},
    "PUT /clients/{client_id}/sources/{source}": {"enabled": False},
    "POST /admin/ingestion-logs/{run_id}/resolve": {"resolution_notes": "looked at it"},
    "POST /admin/trigger-ingestion": {"source": "surfside"},
    "POST /exports/csv": {"level": "campaign"},
    "POST /exports/xlsx": {"level": "campaign"},
    "POST /exports/pdf": {},
    "PUT /reports/{report_id}": {"frequency": "weekly", "recipients": ["someone@agency.example"]},
}
"""What an operation needs beside its ids."""


def ids_of(client: Client) -> dict[str, UUID]:
    """An id of each kind that belongs to a client."""
    levels = {
        f"{level}_id": client.ids[level, 1 if level in ("campaign", "strategy") else 10] for level in LEVELS
    }
    return {"client_id": client.public_id, **levels}


@dataclass(frozen=True)
class Operation:
    """One method of one address, below the base."""

    method: str
    path: str
    document: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def ids(self) -> list[str]:
        """The ids in its address."""
        return [p["name"] for p in self._parameters("path") if p["schema"].get("format") == "uuid"]

    @property
    def query_ids(self) -> list[str]:
        """The ids that may stand in its query."""
        return [
            p["name"] for p in self._parameters("query") if '"uuid"' in str(p["schema"]).replace("'", '"')
        ]

    @property
    def query(self) -> list[str]:
        """All that may stand in its query."""
        return [p["name"] for p in self._parameters("query")]

    @property
    def needed(self) -> dict[str, str]:
        """What must stand in its query."""
        return {"metric": "spend"} if self.path == "/metrics/explain" else {}

    @property
    def body(self) -> dict[str, Any] | None:
        return BODIES.get(str(self))

    def at(self, ids: dict[str, UUID]) -> str:
        """Its address with these ids; ``source`` is surfside, and a queue's ``name`` that of its pulls."""
        known = {"source": "surfside", "name": "surfside.pulls"}
        return self.path.format(**{**{name: UUID(int=0) for name in self.ids}, **ids, **known})

    def _parameters(self, place: str) -> list[dict[str, Any]]:
        return [p for p in self.document.get("parameters", []) if p["in"] == place]


def operations(app: FastAPI) -> list[Operation]:
    """All of them."""
    return [
        Operation(method.upper(), path.removeprefix(BASE), document)
        for path, methods in app.openapi()["paths"].items()
        for method, document in methods.items()
    ]
