"""The three clients of the demo, their rates, and 60 days of files with the quirks of real ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from deploy.world.surfside_files import ClientSpec, World

DAYS = 60
SEED = 20_261_120
BUCKET = "tidemark-demo"


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
