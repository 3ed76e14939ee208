"""What is agreed with a client: its settings, and what a change of them means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.metrics.ranking import Thresholds
from libs.metrics.registry import SHOW_COST_SETTING

Settings = Mapping[str, Any]


def merged(before: Settings, given: Settings) -> dict[str, Any]:
    """Settings with those that were given put in place, thresholds one by one; null takes one away."""
    after = {**before, **given}
    if before.get("thresholds") and given.get("thresholds"):
        after["thresholds"] = {**before["thresholds"], **given["thresholds"]}
    return {name: value for name, value in after.items() if value is not None}


def thresholds(settings: Settings) -> dict[str, Any]:
    """Those that hold: what was not agreed has its usual value."""
    holding = Thresholds.of(settings)
    return {
        "ctr_below": holding.ctr_below,
        "spend_over": holding.spend_over,
        "conversions_under": holding.conversions_under,
    }


def other_underperformers(before: Settings, after: Settings) -> bool:
    """Whether summaries have to be made again: they hold the underperformers by these thresholds."""
    return Thresholds.of(before) != Thresholds.of(after)


def shown(settings: Settings) -> dict[str, Any]:
    """Every setting with the value that holds."""
    return {
        SHOW_COST_SETTING: settings.get(SHOW_COST_SETTING) is True,
        "thresholds": thresholds(settings),
        "logo": settings.get("logo"),
    }
