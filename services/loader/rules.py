"""Decisions of the loader; nothing here reads or writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from libs.errors import Terminal
from libs.metrics.measures import LARGEST_DAY
from services.loader.frames.runs import Totals

ENDED = frozenset({"loaded", "partial", "unchanged", "superseded", "missing_file", "failed", "undone"})
UNDOABLE = frozenset({"loaded", "partial", "unchanged"})


@dataclass(frozen=True)
class Order:
    """The order of deliveries: by the time of delivery, then by the run that came later."""

    delivered_at: datetime
    run_no: int

    def is_after(self, other: Order) -> bool:
        """Whether this delivery wins over the other."""
        return (self.delivered_at, self.run_no) > (other.delivered_at, other.run_no)


@dataclass(frozen=True)
class Head:
    """The delivery that stands for a date."""

    order: Order
    digest: str | None

    def as_json(self) -> dict[str, object]:
        """As it is kept for undo."""
        return {
            "delivered_at": self.order.delivered_at.isoformat(),
            "run_no": self.order.run_no,
            "digest": self.digest,
        }


def superseded_dates(dates: Iterable[date], heads: Mapping[date, Head], order: Order) -> set[date]:
    """Dates for which a later delivery stands already."""
    return {day for day in dates if day in heads and heads[day].order.is_after(order)}


def newer_runs(orders: Mapping[int, Order], order: Order) -> list[int]:
    """Runs, of those that have rows in a slice, that were delivered later."""
    return [run_no for run_no, other in orders.items() if other.is_after(order)]


def shrinks(before: Totals, removed: Totals, after: Totals, share: Decimal) -> bool:
    """Whether a delivery takes away more than a share of a date's standing rows or impressions."""
    if not before.rows:
        return False
    lost = before.impressions - after.impressions
    return removed.rows > share * before.rows or (
        before.impressions > 0 and lost > share * before.impressions
    )


def status_of(
    *, dates: Collection[date], superseded: Collection[date], changed: Collection[date], rejected: int
) -> str:
    """How a run that was merged ended."""
    if dates and len(superseded) == len(dates):
        return "superseded"
    if not changed:
        return "unchanged" if dates else ("partial" if rejected else "loaded")
    return "partial" if rejected else "loaded"


def spend(impressions: int | None, cpm: Decimal | None) -> str | None:
    """impressions × CPM / 1000, exact (seven decimals); None: unpriced or not measured."""
    if impressions is None or cpm is None:
        return None
    return format((Decimal(impressions) * cpm / 1000).quantize(Decimal("0.0000001")), "f")


def priced(totals: Totals, cpm: Decimal | None) -> dict[str, object]:
    """Totals as the ledger keeps them, with the rate and the exact spend."""
    return {
        **totals.as_json(),
        "cpm": None if cpm is None else format(cpm, "f"),
        "spend": spend(totals.sums["impressions"], cpm),
    }


class TooLarge(Terminal):
    """What a run, an undo or a rate makes of a day is more than can be right; nothing of it is written."""


def refuse_too_large(day: date, after: Mapping[str, int | None], cpm: Decimal | None) -> None:
    """Raises TooLarge where a day's sums, or its spend, could not be added up over the kept months."""
    sums = {**after, "spend": int((after["impressions"] or 0) * (cpm or 0) * 10_000)}
    name = next((name for name, value in sums.items() if not 0 <= (value or 0) <= LARGEST_DAY), None)
    if name is not None:
        raise TooLarge(
            f"the {name.removesuffix('_micros')} of {day} add up to more than can be right: "
            "correct the report or the rate, and try again"
        )


def repriced(kept: Mapping[str, object], cpm: Decimal | None) -> dict[str, object]:
    """Totals of the ledger at another rate."""
    impressions = kept.get("impressions")
    return {
        **kept,
        "cpm": None if cpm is None else format(cpm, "f"),
        "spend": spend(impressions if isinstance(impressions, int) else None, cpm),
    }


def rate_of(kept: Mapping[str, object]) -> Decimal | None:
    """The rate that totals of the ledger were priced with."""
    cpm = kept.get("cpm")
    return None if cpm is None else Decimal(str(cpm))


def currency_refusal(batch_currency: str | None, client_currency: str) -> str | None:
    """Why a delivery in this currency cannot be loaded; None if it can."""
    if batch_currency is None or batch_currency == client_currency:
        return None
    return (
        f"the delivery is in {batch_currency} but the client's currency is {client_currency}: "
        "send it in the client's currency, or change the client's currency before its first data"
    )


def outside_kept_months(dates: Iterable[date], today: date) -> list[date]:
    """Dates before the first day 37 months back, or after the next month; in order."""
    months = today.year * 12 + today.month - 1
    first = date((months - 37) // 12, (months - 37) % 12 + 1, 1)
    end = date((months + 2) // 12, (months + 2) % 12 + 1, 1)
    return sorted(day for day in dates if not first <= day < end)
