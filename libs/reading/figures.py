"""Sums as the fields of an answer: values, changes, and what share of the impressions a ratio covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from libs.metrics.measures import SUMS
from libs.metrics.registry import BY_NAME, METRICS, Audience, Metric, visible
from libs.metrics.values import PREVIOUS_PERIOD_PARTIAL, Sums, coverage, delta, rounded, show

COVERAGE_DECIMALS = 4
NOTHING: Sums = dict.fromkeys(SUMS)
"""The sums of no rows."""


def added(parts: Iterable[Sums]) -> Sums:
    """The sums of several; null where none of them was measured."""
    found: dict[str, int | None] = dict.fromkeys(SUMS)
    for part in parts:
        for name in SUMS:
            value = part[name]
            if value is not None:
                found[name] = (found[name] or 0) + value
    return found


def audience(*, admin: bool, settings: Iterable[Mapping[str, Any]]) -> tuple[Metric, ...]:
    """The metrics that somebody may see over these clients: cost only if each of them shows it."""
    return visible(admin=admin, show_cost=all(s.get("show_media_cost") is True for s in settings))


def values_of(sums: Sums | None, metrics: Iterable[Metric]) -> dict[str, Any]:
    """Shown values by name, with ``coverage`` and ``unpriced_impressions``."""
    found: Sums = sums or NOTHING
    chosen = tuple(metrics)
    return {
        **show(found, chosen),
        "coverage": coverage_of(found, chosen),
        "unpriced_impressions": unpriced(found),
    }


def coverage_of(sums: Sums, metrics: Iterable[Metric]) -> dict[str, Decimal | None]:
    """The share of the impressions behind each ratio that leaves rows out; the others are not named."""
    shares = {metric.name: coverage(metric, sums) for metric in metrics}
    return {
        name: rounded(share, COVERAGE_DECIMALS)
        for name, share in shares.items()
        if share is not None and share < 1
    }


def unpriced(sums: Sums) -> int:
    """Impressions for which no CPM was in force."""
    return (sums["impressions"] or 0) - (sums["cpm_impressions"] or 0)


def changes(
    now: Sums | None, before: Sums | None, metrics: Iterable[Metric], *, partial: bool = False
) -> dict[str, Any]:
    """``<metric>_delta``, ``<metric>_delta_pct`` and, for those that are null, ``delta_reasons``.

    ``partial``: deliveries began in the midst of the period before.
    """
    answer: dict[str, Any] = {}
    reasons = {}
    for metric in metrics:
        change = delta(metric, now or NOTHING, before, partial=partial)
        answer[f"{metric.name}_delta"] = change.absolute
        answer[f"{metric.name}_delta_pct"] = change.percent
        if change.reason:
            reasons[metric.name] = change.reason
    return {**answer, "delta_reasons": reasons}


HIDDEN = tuple(metric.name for metric in METRICS if metric.audience is Audience.COST)


def without_cost(content: Any) -> Any:
    """Stored JSON without what not everyone may see (media cost, margin), at whatever depth."""
    if isinstance(content, dict):
        kept = {name: value for name, value in content.items() if not name.startswith(HIDDEN)}
        return {name: without_cost(value) for name, value in kept.items()}
    if isinstance(content, list):
        return [without_cost(value) for value in content]
    return content


def as_shown(content: Any) -> Any:
    """Stored JSON with every figure as it is shown everywhere else, at whatever depth."""
    if isinstance(content, list):
        return [as_shown(value) for value in content]
    if not isinstance(content, dict):
        return content
    return {name: _shown(name, value) for name, value in content.items()}


def _shown(name: str, value: Any) -> Any:
    if name == "coverage":  # shares by the names of metrics
        return value
    if name in BY_NAME and isinstance(value, int | Decimal):
        return rounded(Fraction(value), BY_NAME[name].decimals)
    return as_shown(value)


def told_changes(stored: Mapping[str, Any], *, partial: bool) -> dict[str, Any]:
    """The changes of a stored summary as they are told: with ``delta_reasons``, as everywhere.

    ``partial``: deliveries began in the midst of the period before.
    """
    kept = {name: value for name, value in stored.items() if name not in ("reason", "reasons")}
    reason = PREVIOUS_PERIOD_PARTIAL if partial and not stored.get("reason") else stored.get("reason")
    reasons = dict(stored.get("reasons") or {})
    if reason:
        kept = {name: None if _is_change(name) else value for name, value in kept.items()}
        changed = [name.removesuffix("_delta") for name in kept if name.endswith("_delta")]
        reasons = dict.fromkeys(changed, reason)
    return {**kept, "reason": reason, "delta_reasons": reasons}


def _is_change(name: str) -> bool:
    return name.endswith(("_delta", "_delta_pct"))


def shows_cost(metrics: Iterable[Metric]) -> bool:
    """Whether media cost is among the metrics that somebody may see."""
    return any(metric.audience is Audience.COST for metric in metrics)


def shares(part: Sums, whole: Sums | None) -> dict[str, Decimal | None]:
    """A part's percentage of all impressions and of all spend; null where there are none."""
    return {
        "impressions_share": _share(part, whole, "impressions"),
        "spend_share": _share(part, whole, "spend_e7"),
    }


def _share(part: Sums, whole: Sums | None, column: str) -> Decimal | None:
    everything = whole[column] if whole else None
    value = part[column]
    return rounded(Fraction(value * 100, everything), 2) if everything and value is not None else None


def entries(lists: Any) -> list[Mapping[str, Any]]:
    """The entries of a summary's top lists (by what they are ranked) or of its plain list."""
    parts = lists.values() if isinstance(lists, dict) else [lists]
    return [entry for part in parts for entry in part]


def named(lists: Any, key: str, names: Mapping[str, Mapping[str, Any]]) -> Any:
    """The same lists with names beside ids; entries whose id has no name any more are left out."""
    if isinstance(lists, dict):
        return {name: named(part, key, names) for name, part in lists.items()}
    return [{**names[entry[key]], **entry} for entry in lists if entry[key] in names]
