"""Examples of answers, for the OpenAPI document; figures are computed by what answers with them."""

from __future__ import annotations

from typing import Any

from libs.metrics.measures import SUMS
from libs.metrics.registry import METRICS
from libs.metrics.values import Sums
from libs.reading import figures

CLIENT = "6f1c2f0e-3f0b-4a51-9c69-0f6f4c1f7a10"
CAMPAIGN = "0b3f0a8e-5f5d-4f0e-8a37-6d4b1f3f2c11"
STRATEGY = "4a3c9d52-1e0b-4a52-b0b6-2c1d0e9f8a12"
PLACEMENT = "9e8d7c6b-5a49-4838-a726-1504f3e2d113"
CREATIVE = "1c2d3e4f-5061-4728-9394-a5b6c7d8e914"
RUN = "3d0c1b2a-4f5e-5d6c-8b7a-9f0e1d2c3b15"
USER = "7b8c9d0e-1f2a-4b3c-8d4e-5f6a7b8c9d16"
RATE = "2f3e4d5c-6b7a-4988-9706-f5e4d3c2b117"
CORRELATION = "4f1d2c3b5a6978869504f3e2d1c0b9a8"
WHEN = "2026-03-31T04:12:09Z"


def _sums(impressions: int, clicks: int, conversions: int, revenue: int) -> Sums:
    spend, cost = impressions * 52_500, impressions * 2_750
    whole = {"impressions": impressions, "clicks": clicks, "conversions": conversions, "rows": 31}
    money = {"conversion_revenue_micros": revenue, "media_cost_micros": cost, "spend_e7": spend}
    ratios = {
        **{"ctr_clicks": clicks, "cpc_clicks": clicks, "cpa_conversions": conversions},
        **{"roas_revenue_micros": revenue, "margin_cost_micros": cost},
        **{name: spend for name in SUMS if name.endswith("_spend_e7")},
        **{name: impressions for name in SUMS if name.endswith("_impressions")},
    }
    return {**dict.fromkeys(SUMS), **whole, **money, **ratios}


NOW = _sums(1_250_000, 4_310, 212, 18_450_000_000)
BEFORE = _sums(1_100_000, 4_020, 190, 16_020_000_000)
FIGURES = figures.values_of(NOW, METRICS)
HEADING: dict[str, Any] = {
    "client_id": CLIENT,
    "client_name": "Northwind Outfitters",
    "client_ids": [CLIENT],
    "currency": "USD",
    "date_range": {"start": "2026-03-01", "end": "2026-03-31"},
    "source": None,
    "campaign_id": None,
    "maturity": {"status": "provisional", "provisional_from": "2026-03-18"},
    "data_version": 412,
}
SUMMARY: dict[str, Any] = {
    **FIGURES,
    **figures.changes(NOW, BEFORE, METRICS),
    "rows": 31,
    "previous_range": {"start": "2026-01-29", "end": "2026-02-28"},
}
NAMES: dict[str, dict[str, Any]] = {
    "campaign": {"campaign_id": CAMPAIGN, "campaign_name": "Spring sale"},
    "strategy": {"strategy_id": STRATEGY, "strategy_name": "Prospecting"},
    "placement": {"placement_id": PLACEMENT, "placement_name": "Homepage 300x250"},
    "creative": {"creative_id": CREATIVE, "creative_name": "Blue banner", "preview_url": None},
}
_UPWARDS = ("creative", "placement", "strategy", "campaign")


def level(name: str) -> dict[str, Any]:
    """A row of a level, without figures."""
    above = _UPWARDS[_UPWARDS.index(name) :]
    return {
        **{k: v for each in above for k, v in NAMES[each].items()},
        "source": "surfside",
        "client_id": CLIENT,
    }


def detail(name: str) -> dict[str, Any]:
    """An entity of a level."""
    counts = {"campaign": "strategies", "strategy": "placements", "placement": "creatives"}
    below = {counts[name]: 3} if name in counts else {}
    known = {
        "account": "",
        "source_name": level(name)[f"{name}_name"],
        "created_at": WHEN,
        "updated_at": WHEN,
    }
    return {**level(name), **known, **below}


def page(*rows: dict[str, Any]) -> dict[str, Any]:
    """A list."""
    return {"total": len(rows), "page": 1, "page_size": 50, "data": list(rows)}


def ranked(name: str) -> dict[str, Any]:
    """A list of a level with figures."""
    return {**page({**level(name), **FIGURES}), "totals": FIGURES}


TREE: dict[str, Any] = {
    **level("campaign"),
    "strategies": [
        {**NAMES["strategy"], "placements": [{**NAMES["placement"], "creatives": [NAMES["creative"]]}]}
    ],
}
POINT = {"date": "2026-03-01", "end_date": "2026-03-01", "status": "ok", "reason": None, **FIGURES}
TRENDS = {"by": "day", "points": [POINT]}
BREAKDOWN = {
    "data": [{"source": "surfside", **FIGURES, "impressions_share": 100, "spend_share": 100}],
    "totals": FIGURES,
}
FRESHNESS = [
    {
        "source": "facebook",
        "first_day": "2025-06-01",
        "latest_day": "2026-03-28",
        "latest_delivery_at": WHEN,
        "days_behind": 3,
        "settling_days": 28,
        "provisional_from": "2026-03-04",
        "missing_days": [{"date": "2026-03-12", "reason": "failed"}],
        "not_uploaded_from": "2026-03-29",
    }
]
PAGE: dict[str, Any] = {
    **HEADING,
    "summary": SUMMARY,
    "campaigns": ranked("campaign"),
    "strategies": ranked("strategy"),
    "placements": ranked("placement"),
    "creatives": ranked("creative"),
    "trends": TRENDS,
    "source_breakdown": BREAKDOWN,
    "weekly_summary": None,
    "monthly_summary": None,
    "freshness": FRESHNESS,
}
