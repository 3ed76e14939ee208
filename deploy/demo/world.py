"""The three clients of the demo, their rates, and what three sources deliver for them, with real quirks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from deploy.world.facebook_exports import Export, export
from deploy.world.surfside_files import ClientSpec, World
from deploy.world.totals import Totals, totals_of
from deploy.world.vibe_reports import vibe_report

DAYS = 60
SEED = 20_261_120
BUCKET = "tidemark-demo"

ADVERTISERS = {"northwind": "adv-northwind", "meridian": "adv-meridian"}
"""Clients with an account at Vibe."""
VIBE_DAYS = 30
UPLOADERS = {"northwind": 1, "harbour": 2}
"""Clients whose people upload an export of Ads Manager, and the seed of theirs."""
UPLOADED_DAYS = 14


def demo_days(today: date | None = None) -> list[date]:
    """The last 60 complete days."""
    end = today or datetime.now(UTC).date()
    return [end - timedelta(days=back) for back in range(DAYS, 0, -1)]


def demo_world(days: Sequence[date]) -> World:
    """The same days make the same files."""
    first, middle = days[0], days[len(days) // 2]
    return World(SEED, _clients(first, middle), days)


def _clients(first: date, middle: date) -> tuple[ClientSpec, ...]:
    long_ago = first - timedelta(days=400)
    return (
        ClientSpec(
            "Northwind Outfitters",
            "northwind",
            quirks=frozenset({"bom", "split_sizes", "view_through"}),
            rates=((long_ago, Decimal("12.5000")), (middle, Decimal("14.2500"))),
        ),
        ClientSpec(
            "Harbour Coffee",
            "harbour",
            layout="export",
            file_format="xlsx",
            quirks=frozenset({"split_sizes", "tab_in_name"}),
            rates=((long_ago, Decimal("17.0000")), (first + timedelta(days=10), Decimal("16.3333"))),
            default_campaign="Harbour Always On",
        ),
        ClientSpec(
            "Meridian Motors",
            "meridian",
            campaigns=5,
            quirks=frozenset({"parts", "bad_rows", "tab_in_name"}),
            rates=((long_ago, Decimal("8.0000")), (middle + timedelta(days=7), Decimal("9.1250"))),
        ),
    )


def vibe_days(days: Sequence[date]) -> Sequence[date]:
    """Those that are asked of Vibe."""
    return days[-VIBE_DAYS:]


def export_of(slug: str, days: Sequence[date]) -> Export:
    """What a client's people export and upload."""
    return export(days[-UPLOADED_DAYS:], seed=UPLOADERS[slug])


def others(slug: str, days: Sequence[date]) -> list[dict[date, Totals]]:
    """What a client's other sources deliver, by day; all of them measure media cost."""
    found = []
    if slug in ADVERTISERS:
        wanted = vibe_days(days)
        found.append(vibe_report(ADVERTISERS[slug], wanted[0], wanted[-1]).by_day)
    if slug in UPLOADERS:
        rows = export_of(slug, days).rows
        found.append({day: totals_of(row for row in rows if row.day == day) for day in days[-UPLOADED_DAYS:]})
    return found
