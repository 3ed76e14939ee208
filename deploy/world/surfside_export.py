"""A file with the shape and the sums of one real export: 496 lines, no campaign column, keys that repeat.

Two thirds of the lines share date and names with another one (they differ in Creative Size), 64 have more
conversions than clicks, four have conversions and no impressions, lines without impressions have no cost.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from deploy.world.surfside_layouts import as_csv
from deploy.world.totals import Row

LINES = 496
IMPRESSIONS = 541_210
CLICKS = 565
CONVERSIONS = 199
REVENUE_MICROS = 24_963_380_000
VIEW_THROUGH = 64
"""Lines with more conversions than clicks."""
UNSEEN = 4
"""Of these, lines without impressions."""
_SILENT = 20
"""Other lines without impressions: nothing happened."""
_GROUPS = (*[1] * 165, *[3] * 109, 2, 2)
"""Lines per key: 331 of 496 share theirs."""
SIZES = ("300x250", "728x90", "nullxnull")


def real_export(first_day: date, *, days: int = 7, seed: int = 1) -> bytes:
    """The file. The sums above hold over all of its days."""
    return as_csv(real_export_rows(first_day, days=days, seed=seed), "export")


def real_export_rows(first_day: date, *, days: int = 7, seed: int = 1) -> list[Row]:
    """Its lines, each with known figures."""
    chance = random.Random(seed)  # noqa: S311 - figures, not secrets
    kinds = ["view"] * (VIEW_THROUGH - UNSEEN) + ["unseen"] * UNSEEN + ["silent"] * _SILENT
    kinds += ["buy"] * 71 + ["plain"] * (LINES - len(kinds) - 71)
    chance.shuffle(kinds)
    conversions = [{"view": 2, "unseen": 2, "buy": 1}.get(kind, 0) for kind in kinds]
    clicks = _clicks(kinds, chance)
    seen = [kind not in ("unseen", "silent") for kind in kinds]
    impressions = _shared(IMPRESSIONS, [chance.lognormvariate(0, 0.8) * flag for flag in seen], least=60)
    cents = _shared(
        REVENUE_MICROS // 10_000, [count * chance.uniform(0.3, 2) for count in conversions], least=500
    )
    names = _keys(first_day, days, chance)
    return [
        Row(
            *names[n],
            impressions[n],
            clicks[n],
            conversions[n],
            revenue_micros=cents[n] * 10_000,
            media_cost_micros=_cost(impressions[n], n),
        )
        for n in range(LINES)
    ]


def _cost(impressions: int, number: int) -> int | None:
    """The platform's CPM is 5.50 or 6.00; whole cents, and blank where nothing was shown."""
    return impressions * (5_500 if number % 2 else 6_000) // 10_000 * 10_000 if impressions else None


def _clicks(kinds: list[str], chance: random.Random) -> list[int]:
    """At least one where somebody bought after a click, at most one below the view-throughs."""
    clicks = [1 if kind == "buy" else 0 for kind in kinds]
    places = [n for n, kind in enumerate(kinds) if kind in ("buy", "plain")]
    for n in chance.choices(places, k=CLICKS - sum(clicks)):
        clicks[n] += 1
    return clicks


def _shared(total: int, weights: list[float], *, least: int) -> list[int]:
    """Whole shares of a total, by weight, exact in sum; zero only where the weight is."""
    holders = [n for n, weight in enumerate(weights) if weight]
    rest, scale = total - least * len(holders), sum(weights)
    shares = [least + int(rest * weight / scale) if weight else 0 for weight in weights]
    shares[holders[0]] += total - sum(shares)
    return shares


def _keys(first_day: date, days: int, chance: random.Random) -> list[tuple[date, str, str, str, str, str]]:
    """Day, the four names and a size for each line; lines of one key are neighbours and differ in size."""
    found: list[tuple[date, str, str, str, str, str]] = []
    for number, count in enumerate(_GROUPS):
        day = first_day + timedelta(days=number % days)
        strategy, line = f"Strategy {number % 4 + 1}", number // days
        placement = f"Placement\t{line % 9 + 1}"  # the real file has a TAB in a placement name, too
        for size in chance.sample(SIZES, count):
            found.append((day, "Unassigned", strategy, placement, f"Creative {number}", size))
    return found
