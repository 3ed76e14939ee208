"""Examples of what /metrics answers, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from libs.metrics.registry import BY_NAME, METRICS
from libs.metrics.values import Sums, show
from libs.reading import figures
from services.gateway.rules import explaining
from services.gateway.rules.examples import (
    BEFORE,
    CLIENT,
    FIGURES,
    HEADING,
    NOW,
    POINT,
    RATE,
    RUN,
    WHEN,
    level,
    page,
)


def top(name: str) -> dict[str, Any]:
    """The first of a level by a metric."""
    asked = {"metric": "spend", "order": "desc", "total": 1}
    return {**HEADING, **asked, "data": [{"rank": 1, **level(name), **FIGURES}], "totals": FIGURES}


WEAK: dict[str, Any] = {
    **HEADING,
    **{"metric": "spend", "order": "desc", "total": 1},
    "data": [
        {
            **level("campaign"),
            **FIGURES,
            "reason": "CTR 0.34 % is under 0.5 %, spend 6,562.50 is over 100, conversions 3 are fewer than 5",
            "thresholds": {"ctr_below": 0.5, "spend_over": 100, "conversions_under": 5},
        }
    ],
}
_CHANGES = figures.changes(NOW, BEFORE, METRICS)
COMPARED: dict[str, Any] = {
    **HEADING,
    "by": "day",
    "totals": FIGURES,
    "compare": "previous_year",
    "compare_range": {"start": "2025-03-01", "end": "2025-03-31"},
    "compare_totals": {**figures.values_of(BEFORE, METRICS), **_CHANGES},
    "points": [
        {
            **POINT,
            "compare": {
                **POINT,
                **{"date": "2025-03-01", "end_date": "2025-03-01"},
                **figures.values_of(BEFORE, METRICS),
            },
            **_CHANGES,
        }
    ],
}
DAILY: dict[str, Any] = {
    **HEADING,
    **page({"date": "2026-03-30", "status": "provisional", **level("creative"), **FIGURES}),
    "totals": FIGURES,
}


def _public(sums: Sums, *, additive: bool) -> dict[str, Any]:
    chosen = [m for m in METRICS if m.additive == additive and m.name not in figures.HIDDEN]
    return show(sums, chosen)


_ENTRY = {**_public(NOW, additive=True), **_public(NOW, additive=False)}


def summaries(period: str) -> dict[str, Any]:
    """A page of weekly or monthly summaries."""
    days = {"week": ("2026-03-23", "2026-03-29"), "month": ("2026-03-01", "2026-03-31")}[period]
    campaign, creative = {**level("campaign"), **_ENTRY}, {**level("creative"), **_ENTRY}
    public = [m for m in METRICS if m.name not in figures.HIDDEN]
    changes = figures.changes(NOW, BEFORE, public)
    found = {
        f"{period}_start": days[0],
        f"{period}_end": days[1],
        "sums": {"days": 7, **_public(NOW, additive=True)},
        "ratios": {**_public(NOW, additive=False), "coverage": {"ctr": 1}},
        "deltas": {"reason": None, "days": 7, "previous_days": 7, **changes},
        "top_campaigns": {"by_conversions": [campaign], "by_revenue": [campaign]},
        "top_creatives": {"by_conversions": [creative], "by_revenue": [creative]},
        "underperformers": [{**campaign, "reason": WEAK["data"][0]["reason"]}],
        "updated_at": WHEN,
        "status": "provisional",
    }
    return {**HEADING, **page(found)}


_FILE = {
    "name": "media-report-2026-03-30.csv",
    "bucket": "tidemark-raw",
    "key": "surfside/media-report-2026-03-30.csv",
}
EXPLAINED: dict[str, Any] = {
    **HEADING,
    "entity": {"level": "campaign", **level("campaign")},
    **explaining.taken_apart(BY_NAME["cpa"], NOW),
    "rates": [
        {
            "client_id": CLIENT,
            "source": "surfside",
            "cpm": 5.25,
            "rate_id": RATE,
            "first_day": "2026-03-01",
            "last_day": "2026-03-31",
            "days": 31,
        }
    ],
    "runs": {
        "total": 1,
        "data": [
            {
                "client_id": CLIENT,
                "source": "surfside",
                "account": "",
                "run_id": RUN,
                "status": "loaded",
                "delivered_at": WHEN,
                "first_day": "2026-03-30",
                "last_day": "2026-03-30",
                "days": 1,
                "file": _FILE,
            }
        ],
    },
    "restatements": {"total": 0, "data": []},
}
