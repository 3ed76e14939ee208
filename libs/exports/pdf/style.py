"""How a report looks, and how it writes figures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from libs.exports.pdf.fonts import BOLD, REGULAR
from libs.metrics.registry import Metric, Unit

WIDTH, HEIGHT = A4
MARGIN = 15 * mm
CONTENT = WIDTH - 2 * MARGIN

INK, GREY, FAINT = HexColor("#17324D"), HexColor("#5E6E7E"), HexColor("#93A1AF")
LINE, PAPER = HexColor("#DCE3EA"), HexColor("#F5F8FA")
BAR, BAR_LIGHT, CURVE = HexColor("#2E7DAF"), HexColor("#A9CDE3"), HexColor("#E07A2F")
GOOD, BAD = HexColor("#1B7F4B"), HexColor("#B3382C")

LESS_IS_BETTER = {"cpc", "cpa", "cpm"}
NEITHER = {"spend", "media_cost", "impressions"}
NOTHING = "–"
"""What is not defined or not measured."""
DECIMALS = {"cpc": 2, "cpa": 2, "cpm": 2, "ctr": 2, "roas": 1}
"""Fewer than the registry's: people read these, files keep the others."""


def paragraph(size: float, *, bold: bool = False, color: Color = INK, **more: Any) -> ParagraphStyle:
    """A style; long words are broken."""
    return ParagraphStyle(
        f"{size}{bold}{color}{sorted(more.items())}",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.28,
        textColor=color,
        splitLongWords=1,
        **more,
    )


def shown(metric: Metric, values: Mapping[str, Any], suffix: str = "") -> str:
    """A figure as people read it."""
    return number(metric, values.get(f"{metric.name}{suffix}"))


def number(metric: Metric, value: Decimal | None, *, signed: bool = False) -> str:
    """A value of a metric with thousands and its unit."""
    if value is None:
        return NOTHING
    decimals = DECIMALS.get(metric.name, metric.decimals)
    unit = " %" if metric.unit is Unit.PERCENT else ""
    return f"{value:{'+' if signed else ''},.{decimals}f}{unit}"


def label(metric: Metric, currency: str) -> str:
    """The label, with the currency where it is money."""
    return f"{metric.label}, {currency}" if metric.unit is Unit.MONEY else metric.label


def tone(metric: Metric, change: Decimal | None) -> Color:
    """Green for the better, red for the worse, grey where it is neither."""
    if not change or metric.name in NEITHER:
        return GREY
    return GOOD if (change > 0) != (metric.name in LESS_IS_BETTER) else BAD
