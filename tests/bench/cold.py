"""Phase P6: the dashboard with cold caches, beside plain SQL and beside a database with that range only."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from deploy.local import Infra
from tests.bench.asking import Asking, percentile
from tests.bench.expected import Model, Rates, differences, wrong_leaders, wrong_points, wrong_sources
from tests.bench.figures import Figures, Target
from tests.bench.filling import Client, Owner
from tests.bench.made import DAYS
from tests.bench.place import PASSWORD, Place, Size

_PLAIN = {
    "creatives": """
        SELECT m.creative_id, sum(m.impressions), sum(m.clicks), sum(m.conversions),
               sum(m.conversion_revenue_micros), sum(m.media_cost_micros), sum(m.video_completions),
               sum(m.impressions * r.cpm) / 1000 AS spend
        FROM daily_metrics m
        JOIN creatives cr ON cr.client_id = m.client_id AND cr.id = m.creative_id
        JOIN placements pl ON pl.client_id = m.client_id AND pl.id = cr.placement_id
        JOIN strategies st ON st.client_id = m.client_id AND st.id = pl.strategy_id
        JOIN campaigns ca ON ca.client_id = m.client_id AND ca.id = st.campaign_id
        JOIN day_rates r ON r.client_id = m.client_id AND r.date = m.date AND r.source = ca.source
        WHERE m.client_id = $1 AND m.date BETWEEN $2 AND $3
        GROUP BY m.creative_id ORDER BY spend DESC LIMIT 50
    """,
    "summary": """
        SELECT sum(m.impressions), sum(m.clicks), sum(m.conversions), sum(m.conversion_revenue_micros),
               sum(m.media_cost_micros), sum(m.video_completions)
        FROM daily_metrics m WHERE m.client_id = $1 AND m.date BETWEEN $2 AND $3
    """,
}
"""What a dashboard without rollups would ask. The summary leaves the spend out, to its own advantage."""
BETTER = {"creatives": 30, "summary": 500}


@dataclass
class Cold:
    """A place to ask, and how often."""

    place: Place
    asking: Asking
    figures: Figures
    times: int

    async def seconds(self, client: Client, days: int, path: str = "/dashboard") -> list[float]:
        """Of each of several questions, everything forgotten before each."""
        found = []
        for _ in range(self.times):
            await self.place.forget(self.asking, client)
            answer = await self.asking.about(client, days, path)
            assert answer.ok, f"{path} answered {answer.status}: {answer.body[:300]!r}"
            found.append(answer.seconds)
        return found


async def dashboards(cold: Cold, model: Model, rates: Rates) -> dict[str, list[float]]:
    """P6 over every range; the answers are compared with the model first."""
    client, size = cold.place.largest, cold.place.size
    found = {}
    for name, days in size.ranges.items():
        await check(cold.asking, client, days, model, rates)
        found[name] = await cold.seconds(client, days)
        worst, middle = percentile(found[name], 0.95), statistics.median(found[name])
        what = f"dashboard over {name}, cold, {size.label}"
        cold.figures.add(
            "P6", f"{what}: p95 of {cold.times}", worst * 1000, "ms", target=Target("<=", 500, 300)
        )
        cold.figures.add("P6", f"{what}: median", middle * 1000, "ms")
    return found


async def check(asking: Asking, client: Client, days: int, model: Model, rates: Rates) -> None:
    """Raises AssertionError where the page does not show what the rows come to."""
    page = (await asking.dashboard(client, days)).json()
    last = client.maker.last
    chosen = model.days(last - timedelta(days=days - 1), last)
    wrong = [
        *differences(f"{days} days", page["summary"], model.total(chosen, rates)),
        *wrong_points(page["trends"]["points"], model, rates),
        *wrong_sources(page["source_breakdown"]["data"], model, chosen, rates),
        *wrong_leaders(page["creatives"]["data"], model.leaders(chosen, rates)),
    ]
    assert not wrong, "; ".join(wrong[:5])


async def against_plain_sql(cold: Cold) -> None:
    """P6: list of creatives and summary of the longest range against daily_metrics itself, all cold."""
    client, (longest, days) = cold.place.largest, list(cold.place.size.ranges.items())[-1]
    for path, at_least in BETTER.items():
        ours = statistics.median(await cold.seconds(client, days, f"/dashboard/{path}"))
        await cold.place.forget(cold.asking, client)
        plain = await _plain(cold.place.owner, client, days, path)
        what = f"plain SQL instead of /dashboard/{path}, {longest}, cold, {cold.place.size.label}"
        cold.figures.add("P6", what, plain, "s", baseline=ours, target=Target(">=", at_least))


async def _plain(owner: Owner, client: Client, days: int, path: str) -> float:
    last = client.maker.last
    began = time.perf_counter()
    await owner.fetch(_PLAIN[path], client.id, last - timedelta(days=days - 1), last)
    return time.perf_counter() - began


async def against_range_alone(
    infra: Infra, figures: Figures, whole: Size, found: Mapping[str, list[float]], times: int
) -> None:
    """P6: the same ranges in databases that hold nothing else."""
    for name, days in whole.ranges.items():
        if days == DAYS:  # it is all that there is
            continue
        size = Size(whole.rows, days)
        async with (
            Place.open(infra, size, "gateway") as place,
            Asking.signed_in(place.stack.url("gateway"), PASSWORD) as asking,
        ):
            model, rates = Model.of(place.largest.maker), await rates_of(place.owner, place.largest)
            await check(asking, place.largest, days, model, rates)
            alone = await Cold(place, asking, figures, times).seconds(place.largest, days)
        what = f"dashboard over {name}, cold, {whole.label}, against a database with that range only: median"
        baseline, value = statistics.median(alone) * 1000, statistics.median(found[name]) * 1000
        figures.add("P6", what, value, "ms", baseline=baseline, target=Target("<=", 1.3))


async def rates_of(owner: Owner, client: Client) -> Rates:
    """The CPMs that are set; P11 of an earlier run may have left one."""
    rows = await owner.fetch(
        "SELECT effective_date, cpm FROM client_settings WHERE client_id = $1 AND source IS NULL "
        "ORDER BY effective_date",
        client.id,
    )
    return Rates(tuple((row["effective_date"], row["cpm"]) for row in rows))
