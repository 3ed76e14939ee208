"""Examples of records and of accepted requests, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from services.gateway.rules.examples import (
    CAMPAIGN,
    CLIENT,
    CORRELATION,
    CREATIVE,
    PLACEMENT,
    RATE,
    RUN,
    STRATEGY,
    USER,
    WHEN,
)

ONE_CLIENT: dict[str, Any] = {
    "id": CLIENT,
    "name": "Northwind Outfitters",
    "status": "active",
    "user_id": USER,
    "currency": "USD",
    "timezone": "America/New_York",
    "settings": {"show_media_cost": False},
    "created_at": WHEN,
    "updated_at": WHEN,
    "cpm": {"cpm": 5.25, "source": None, "effective_date": "2026-01-01"},
    "cpm_by_source": {"vibe": {"cpm": 7.5, "source": "vibe", "effective_date": "2026-02-01"}},
}
TOGGLED: dict[str, Any] = {**ONE_CLIENT, "status": "disabled", "user_disabled": True}
ONE_RATE: dict[str, Any] = {
    "id": RATE,
    "source": None,
    "cpm": 5.25,
    "currency": "USD",
    "effective_date": "2026-01-01",
    "created_by": USER,
    "created_at": WHEN,
    "updated_at": WHEN,
}
SETTINGS: dict[str, Any] = {
    "client_id": CLIENT,
    "currency": "USD",
    "show_media_cost": False,
    "thresholds": {"ctr_below": 0.5, "spend_over": 100, "conversions_under": 5},
    "logo": None,
    "general": ONE_RATE,
    "sources": {},
    "updated_at": WHEN,
}
EFFECT: dict[str, Any] = {
    "rows": 1_550_000,
    "days": 31,
    "first_day": "2026-03-01",
    "last_day": "2026-03-31",
    "spend_before": 6562.5,
    "spend_after": 6875,
    "spend_change": 312.5,
}


SETTINGS_PUT: dict[str, Any] = {
    **SETTINGS,
    "queued": ["summaries.requested", "rate.changed"],
    "effect": EFFECT,
}


def queued(key: str, **message: Any) -> dict[str, Any]:
    """What an accepted request says of the message that it queued."""
    return {"queued": key, "message": message, "correlation_id": CORRELATION}


def deleted(level: str) -> dict[str, Any]:
    """What an accepted deletion says."""
    ids = {"campaign": CAMPAIGN, "strategy": STRATEGY, "placement": PLACEMENT, "creative": CREATIVE}
    return {
        **queued("hierarchy.deleted", client_id=CLIENT, level=level, id=ids[level]),
        f"{level}_id": ids[level],
        "rows": 48_211,
        "first_day": "2026-01-01",
        "last_day": "2026-03-31",
    }


ONE_SOURCE: dict[str, Any] = {
    "client_id": CLIENT,
    "source": "surfside",
    "enabled": True,
    "bucket": "reports",
    "prefix": "surfside",
    "file_pattern": "media-report-{date}.csv",
    "parts": "latest",
    "due_by": "12:00:00",
    "default_campaign": None,
    "column_map": {},
    "date_format": None,
    "timezone": None,
    "settling_days": None,
    "advertiser_id": None,
    "strict": False,
    "max_bad_share": 0.5,
    "max_shrink_share": 0.5,
    "created_at": WHEN,
    "updated_at": WHEN,
}
VIEW: dict[str, Any] = {
    "id": RATE,
    "name": "Vibe by week",
    "state": {"source": "vibe", "by": "week"},
    "created_at": WHEN,
    "updated_at": WHEN,
}
NOTIFICATION: dict[str, Any] = {
    "id": RATE,
    "client_id": CLIENT,
    "client_name": "Northwind Outfitters",
    "kind": "file.missing",
    "severity": "warning",
    "message": "No file s3://reports/surfside/media-report-2026-03-12.csv by 12:00 US Eastern.",
    "run_id": RUN,
    "details": {},
    "times": 1,
    "acknowledged_by": None,
    "acknowledged_at": None,
    "resolved_at": None,
    "created_at": WHEN,
    "updated_at": WHEN,
}
SCHEDULE: dict[str, Any] = {
    "name": "surfside",
    "cron": "0 5 * * *",
    "timezone": "Europe/Berlin",
    "message": "pull.requested.surfside",
    "last": "2026-03-12T04:00:00Z",
    "result": "pull.requested.surfside published",
    "next": "2026-03-13T04:00:00Z",
    "overdue": False,
}
REPORT: dict[str, Any] = {
    "id": RATE,
    "client_id": CLIENT,
    "client_name": "Northwind Outfitters",
    "frequency": "weekly",
    "formats": ["pdf", "xlsx"],
    "recipients": ["marketing@northwind.example"],
    "is_active": True,
    "created_by": USER,
    "created_at": WHEN,
    "updated_at": WHEN,
}
REPORT_DELIVERY: dict[str, Any] = {
    "due": "2026-03-30",
    "period_start": "2026-03-23",
    "period_end": "2026-03-29",
    "status": "sent",
    "recipients": ["marketing@northwind.example"],
    "notes": [],
    "error": None,
    "attempts": 1,
    "sent_at": WHEN,
    "created_at": WHEN,
}
