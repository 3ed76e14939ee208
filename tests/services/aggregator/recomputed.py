"""What rollups, blocks and summaries must be, computed from the facts by PostgreSQL alone (invariant I4).

Written without libs.metrics on purpose: the formulas stand here once more, in another language.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import asyncpg

from libs.metrics.blocks import decode

MEASURES = """
    count(*)::int AS rows, sum(impressions)::bigint AS impressions, sum(clicks)::bigint AS clicks,
    sum(conversions)::bigint AS conversions,
    sum(conversion_revenue_micros)::bigint AS conversion_revenue_micros,
    sum(media_cost_micros)::bigint AS media_cost_micros, sum(video_completions)::bigint AS video_completions,
    sum(spend)::bigint AS spend_e7,
    sum(clicks) FILTER (WHERE impressions IS NOT NULL)::bigint AS ctr_clicks,
    sum(impressions) FILTER (WHERE clicks IS NOT NULL)::bigint AS ctr_impressions,
    sum(spend) FILTER (WHERE clicks IS NOT NULL)::bigint AS cpc_spend_e7,
    sum(clicks) FILTER (WHERE spend IS NOT NULL)::bigint AS cpc_clicks,
    sum(impressions) FILTER (WHERE spend IS NOT NULL AND clicks IS NOT NULL)::bigint AS cpc_impressions,
    sum(spend) FILTER (WHERE conversions IS NOT NULL)::bigint AS cpa_spend_e7,
    sum(conversions) FILTER (WHERE spend IS NOT NULL)::bigint AS cpa_conversions,
    sum(impressions) FILTER (WHERE spend IS NOT NULL AND conversions IS NOT NULL)::bigint AS cpa_impressions,
    sum(spend)::bigint AS cpm_spend_e7,
    sum(impressions) FILTER (WHERE spend IS NOT NULL)::bigint AS cpm_impressions,
    sum(conversion_revenue_micros) FILTER (WHERE spend IS NOT NULL)::bigint AS roas_revenue_micros,
    sum(spend) FILTER (WHERE conversion_revenue_micros IS NOT NULL)::bigint AS roas_spend_e7,
    sum(impressions) FILTER (WHERE spend IS NOT NULL AND conversion_revenue_micros IS NOT NULL)::bigint
        AS roas_impressions,
    sum(spend) FILTER (WHERE media_cost_micros IS NOT NULL)::bigint AS margin_spend_e7,
    sum(media_cost_micros) FILTER (WHERE spend IS NOT NULL)::bigint AS margin_cost_micros,
    sum(impressions) FILTER (WHERE spend IS NOT NULL AND media_cost_micros IS NOT NULL)::bigint
        AS margin_impressions
"""
COLUMNS = [part.rsplit("AS ", 1)[1].strip() for part in MEASURES.split(",\n") for part in part.split(", ")]
_FACTS = """
    SELECT d.*, ca.id AS campaign_id, ca.source, d.impressions * r.cpm * 10000 AS spend,
           ca.public_id AS campaign, cr.public_id AS creative
    FROM daily_metrics d
    JOIN creatives cr ON cr.client_id = d.client_id AND cr.id = d.creative_id
    JOIN placements pl ON pl.client_id = d.client_id AND pl.id = cr.placement_id
    JOIN strategies st ON st.client_id = d.client_id AND st.id = pl.strategy_id
    JOIN campaigns ca ON ca.client_id = d.client_id AND ca.id = st.campaign_id
    LEFT JOIN day_rates r ON r.client_id = d.client_id AND r.source = ca.source AND r.date = d.date
"""
_KEYS = "client_id, date, campaign_id, source"
ROLLUP_DIFFERENCES = f"""
    WITH facts AS ({_FACTS}),
    expected AS (SELECT {_KEYS}, {MEASURES} FROM facts GROUP BY {_KEYS}),
    standing AS (SELECT {_KEYS}, {", ".join(COLUMNS)} FROM rollups)
    SELECT 'missing' AS what, * FROM (SELECT * FROM expected EXCEPT SELECT * FROM standing) m
    UNION ALL SELECT 'wrong', * FROM (SELECT * FROM standing EXCEPT SELECT * FROM expected) w
"""
_BLOCKS = f"""
    WITH facts AS ({_FACTS})
    SELECT client_id, creative_id, date_trunc($1, date)::date AS start, {MEASURES}
    FROM facts GROUP BY 1, 2, 3
"""
_SUMMARIES = f"""
    WITH facts AS ({_FACTS}),
    sums AS (SELECT client_id, date_trunc($1, date)::date AS start, count(DISTINCT date) AS days, {MEASURES}
             FROM facts GROUP BY 1, 2)
    SELECT s.client_id, s.start, s.days, s.impressions, s.clicks, s.conversions, s.video_completions,
           s.conversion_revenue_micros / 1000000.0 AS conversion_revenue, s.spend_e7 / 10000000.0 AS spend,
           round(s.ctr_clicks * 100::numeric / nullif(s.ctr_impressions, 0), 6) AS ctr,
           round(s.cpc_spend_e7 / 10000000.0 / nullif(s.cpc_clicks, 0), 4) AS cpc,
           round(s.cpa_spend_e7 / 10000000.0 / nullif(s.cpa_conversions, 0), 4) AS cpa,
           round(s.cpm_spend_e7 / 10000.0 / nullif(s.cpm_impressions, 0), 4) AS cpm,
           round(s.roas_revenue_micros * 1000::numeric / nullif(s.roas_spend_e7, 0), 4) AS roas,
           s.clicks - p.clicks AS clicks_delta,
           round((s.clicks - p.clicks) * 100.0 / nullif(p.clicks, 0), 2) AS clicks_delta_pct,
           round((s.spend_e7 - p.spend_e7) / 10000000.0, 2) AS spend_delta,
           round((s.spend_e7 - p.spend_e7) * 100.0 / nullif(p.spend_e7, 0), 2) AS spend_delta_pct,
           p.client_id IS NOT NULL AS comparable
    FROM sums s LEFT JOIN sums p ON p.client_id = s.client_id
        AND p.start = (s.start - ('1 ' || $1)::interval)::date
"""
_TOPS = f"""
    WITH facts AS ({_FACTS}),
    sums AS (SELECT client_id, date_trunc($1, date)::date AS start, %(key)s_id AS key, %(key)s AS id,
                    {MEASURES}
             FROM facts GROUP BY 1, 2, 3, 4),
    ranked AS (SELECT *, row_number() OVER (PARTITION BY client_id, start
                   ORDER BY %(column)s DESC NULLS LAST, spend_e7 DESC NULLS LAST, key) AS place FROM sums)
    SELECT client_id, start, array_agg(id::text ORDER BY place) AS ids
    FROM ranked WHERE place <= 5 AND %(column)s IS NOT NULL GROUP BY 1, 2
"""
_POOR = f"""
    WITH facts AS ({_FACTS}),
    sums AS (SELECT client_id, date_trunc($1, date)::date AS start, campaign, campaign_id, {MEASURES}
             FROM facts GROUP BY 1, 2, 3, 4),
    ranked AS (SELECT *, row_number() OVER (PARTITION BY client_id, start
                   ORDER BY spend_e7 DESC, campaign_id) AS place FROM sums
               WHERE ctr_clicks * 100.0 / nullif(ctr_impressions, 0) < 0.5
                 AND spend_e7 > 100 * 10000000::bigint AND conversions < 5)
    SELECT client_id, start, array_agg(campaign::text ORDER BY place) AS ids
    FROM ranked WHERE place <= 5 GROUP BY 1, 2
"""

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Key = tuple[int, date]


async def differences(connection: Connection) -> list[str]:
    """One line for each thing that is not what the facts say; empty when all is right."""
    found = [f"rollups: {dict(row)}" for row in await connection.fetch(ROLLUP_DIFFERENCES)]
    for period in ("day", "week", "month"):
        found += await _block_differences(connection, period)
    for period in ("week", "month"):
        found += await _summary_differences(connection, period)
    return found


async def _block_differences(connection: Connection, period: str) -> list[str]:
    expected: dict[Key, dict[int, dict[str, Any]]] = {}
    for row in await connection.fetch(_BLOCKS, period):
        columns = {name: row[name] for name in COLUMNS}
        expected.setdefault((row["client_id"], row["start"]), {})[row["creative_id"]] = columns
    standing: dict[Key, dict[int, dict[str, Any]]] = {}
    for row in await connection.fetch("SELECT * FROM rollup_blocks WHERE period = $1", period):
        decoded = decode(row["payload"], COLUMNS).rows_by_key("creative_id", named=True, unique=True)
        standing[row["client_id"], row["start_date"]] = decoded
    return [
        f"{period} block {key}: {standing.get(key)} instead of {expected.get(key)}"
        for key in sorted(expected.keys() | standing.keys())
        if expected.get(key) != standing.get(key)
    ]


async def _summary_differences(connection: Connection, period: str) -> list[str]:
    expected = {(r["client_id"], r["start"]): dict(r) for r in await connection.fetch(_SUMMARIES, period)}
    rows = await connection.fetch(f"SELECT * FROM {period}ly_summaries")
    standing = {(row["client_id"], row[f"{period}_start"]): row for row in rows}
    found = [f"{period} {key}: missing or left over" for key in expected.keys() ^ standing.keys()]
    lists = await _lists(connection, period)
    for key in expected.keys() & standing.keys():
        said = _said(standing[key])
        for name, value in {**expected[key], **{n: lists[n].get(key, []) for n in lists}}.items():
            if name not in ("client_id", "start") and said[name] != value:
                found.append(f"{period} {key}: {name} is {said[name]} instead of {value}")
    return found


async def _lists(connection: Connection, period: str) -> dict[str, dict[Key, list[str]]]:
    queries = {"underperformers": _POOR}
    for key in ("campaign", "creative"):
        for name, column in (("conversions", "conversions"), ("revenue", "conversion_revenue_micros")):
            queries[f"top_{key}s by_{name}"] = _TOPS % {"key": key, "column": column}
    return {
        name: {(r["client_id"], r["start"]): r["ids"] for r in await connection.fetch(query, period)}
        for name, query in queries.items()
    }


def _said(row: asyncpg.Record) -> dict[str, Any]:
    """A summary as flat names and values, numbers exact."""
    documents = {name: json.loads(row[name], parse_float=Decimal) for name in _DOCUMENTS}
    tops = {
        f"{top} {name}": [entry[key] for entry in entries]
        for top, key in (("top_campaigns", "campaign_id"), ("top_creatives", "creative_id"))
        for name, entries in documents[top].items()
    }
    poor = [entry["campaign_id"] for entry in documents["underperformers"]]
    deltas = documents["deltas"] | {"comparable": documents["deltas"]["reason"] is None}
    return {**deltas, **documents["ratios"], **documents["sums"], **tops, "underperformers": poor}


_DOCUMENTS = ("sums", "ratios", "deltas", "top_campaigns", "top_creatives", "underperformers")
