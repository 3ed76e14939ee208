"""Reports to print, plain and hostile ones."""

from __future__ import annotations

import base64
import io
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from PIL import Image

from libs.exports.report import Report
from libs.metrics.measures import SUMS
from libs.metrics.registry import Metric, visible
from libs.reading import figures

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://evil.example","click")',
    "<b>bold</b> & <img src=x> &amp;",
    "</para><para>",
    "Sale 🚀🔥 ÄÖÜ ñ ș",
    "עברית Acme 2026",
    "w" * 255,
    ("Prospecting – Lookalike 1 % – Broad interests " * 6)[:255],
    "  +49 30 1234",
    "Καλοκαίρι / Распродажа / ไทย / 中文",
)


def sums(impressions: int, **given: int | None) -> dict[str, Any]:
    """Sums of rows that were all measured and priced at 5.25."""
    clicks, conversions = impressions // 290, impressions // 5900
    spend, cost, revenue = impressions * 52_500, impressions * 2_750, conversions * 87_654_321
    whole = {
        "rows": 31,
        "impressions": impressions,
        "clicks": clicks,
        "conversions": conversions,
        "conversion_revenue_micros": revenue,
        "media_cost_micros": cost,
        "spend_e7": spend,
        "ctr_clicks": clicks,
        "cpc_clicks": clicks,
        "cpa_conversions": conversions,
        "roas_revenue_micros": revenue,
        "margin_cost_micros": cost,
    }
    parts = {name: spend for name in SUMS if name.endswith("_spend_e7")}
    covered = {name: impressions for name in SUMS if name.endswith("_impressions")}
    return {**dict.fromkeys(SUMS), **parts, **covered, **whole, **given}


def shown(impressions: int, metrics: Sequence[Metric], **more: Any) -> dict[str, Any]:
    """A row of shown values."""
    return {**more, **figures.values_of(sums(impressions), metrics)}


def points(metrics: Sequence[Metric]) -> list[dict[str, Any]]:
    """A month of days: one is missing, the last ones may still move."""
    rng, found = random.Random(7), []
    for number in range(31):
        day = FIRST + timedelta(days=number)
        state = "no_data" if number == 11 else "provisional" if number > 24 else "ok"
        weekend = 0.55 if day.isoweekday() > 5 else 1
        values = shown(int(rng.randrange(30_000, 48_000) * weekend), metrics)
        nothing = figures.values_of(None, metrics)
        found.append(
            {"date": day, "end_date": day, "status": state, "reason": None}
            | (nothing if state == "no_data" else values)
        )
    return found


def report(names: Sequence[str] = (), *, cost: bool = False, **changes: Any) -> Report:
    """A report of a month; ``names``: of its campaigns and creatives."""
    metrics = visible(admin=cost)
    known = names or [f"Spring sale {number}" for number in range(1, 11)]
    size = [210_000 - 17_000 * place for place in range(len(known))]
    total = shown(1_250_000, metrics)
    campaigns = [
        shown(size[place], metrics, source="surfside", campaign_name=name) for place, name in enumerate(known)
    ]
    creatives = [
        {**row, "creative_name": row["campaign_name"], "campaign_name": known[-1 - place]}
        for place, row in enumerate(campaigns)
    ]
    made = Report(
        client="Northwind Outfitters",
        currency="USD",
        first=FIRST,
        last=LAST,
        compared_with=(date(2026, 1, 29), date(2026, 2, 28)),
        made_at=datetime(2026, 4, 1, 8, 0, tzinfo=UTC),
        metrics=metrics,
        summary={**total, **figures.changes(sums(1_250_000), sums(1_103_211), metrics)},
        by="day",
        points=points(metrics),
        sources=[
            shown(700_000, metrics, source="surfside", spend_share=total["spend"] * 0 + 56),
            shown(400_000, metrics, source="vibe", spend_share=total["spend"] * 0 + 32),
            shown(150_000, metrics, source="facebook", spend_share=total["spend"] * 0 + 12),
        ],
        totals=total,
        campaigns={"total": 57, "data": campaigns, "totals": total},
        creatives={"total": 1432, "data": creatives, "totals": total},
        notes=(
            "surfside: 1 day is missing (the file did not come): 12 March 2026.",
            "surfside: figures from 26 March 2026 on are provisional; it may restate a day for 14 days.",
        ),
    )
    return replace(made, **changes)


def logo(wide: int = 240, high: int = 80) -> str:
    """A picture as client settings hold it."""
    content = io.BytesIO()
    Image.new("RGB", (wide, high), "#0A7E8C").save(content, "PNG")
    return f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"
