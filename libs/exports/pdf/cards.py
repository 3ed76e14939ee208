"""The key figures, each on a card with its change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportlab.graphics.shapes import Drawing, Polygon, Rect, String
from reportlab.pdfbase.pdfmetrics import stringWidth

from libs.exports.pdf.fonts import BOLD, REGULAR
from libs.exports.pdf.style import CONTENT, FAINT, GREY, INK, LINE, PAPER, label, number, shown, tone
from libs.exports.report import Report
from libs.metrics.registry import Metric

ORDER = (
    "spend",
    "impressions",
    "clicks",
    "ctr",
    "conversions",
    "cpa",
    "conversion_revenue",
    "roas",
    "cpc",
    "cpm",
    "video_completions",
    "media_cost",
    "margin",
)
PER_ROW = (4, 5)
GAP, HIGH = 7.0, 52.0
_REASONS = {
    "no_previous_period": "no earlier period",
    "previous_period_partial": "earlier period in part",
    "previous_is_zero": "from 0",
    "not_measured": "not measured",
    "previous_not_measured": "not measured before",
}


def cards(report: Report) -> list[Drawing]:
    """A row of cards after the other; what was never measured has none."""
    visible = {metric.name: metric for metric in report.metrics}
    chosen = [visible[name] for name in ORDER if name in visible]
    told = [
        metric for metric in chosen if report.summary.get(metric.name) is not None or metric.name == "spend"
    ]
    number = min(PER_ROW, key=lambda number: -len(told) % number)  # the fewest empty places
    rows = [told[start : start + number] for start in range(0, len(told), number)]
    return [_row(row, report, number) for row in rows]


def _row(metrics: Sequence[Metric], report: Report, number: int) -> Drawing:
    drawing = Drawing(CONTENT, HIGH + GAP)
    width = (CONTENT - GAP * (number - 1)) / number
    for place, metric in enumerate(metrics):
        for shape in _card(metric, report.summary, report.currency, place * (width + GAP), width):
            drawing.add(shape)
    return drawing


def _card(metric: Metric, summary: Mapping[str, Any], currency: str, x: float, width: float) -> list[Any]:
    value, pad = shown(metric, summary), 8
    size = 15.0
    while stringWidth(value, BOLD, size) > width - 2 * pad:
        size -= 0.5
    return [
        Rect(x, GAP, width, HIGH, rx=3, ry=3, fillColor=PAPER, strokeColor=LINE, strokeWidth=0.5),
        _text(x + pad, GAP + HIGH - 13, label(metric, currency), 7.2, GREY),
        _text(x + pad, GAP + 20, value, size, INK, bold=True),
        *_change(metric, summary, x + pad, GAP + 8),
    ]


def _change(metric: Metric, summary: Mapping[str, Any], x: float, y: float) -> list[Any]:
    percent, absolute = summary[f"{metric.name}_delta_pct"], summary[f"{metric.name}_delta"]
    if percent is None:
        reason = summary["delta_reasons"].get(metric.name, "")
        return [_text(x, y, _REASONS.get(reason, ""), 7, FAINT)]
    if not round(percent, 1):
        return [_text(x, y, "unchanged", 7, FAINT)]
    color = tone(metric, percent)
    text, start = f"{percent:+,.1f} %", x + 8
    beside = start + stringWidth(text, BOLD, 7.2) + 4
    return [
        _arrow(x, y, up=percent > 0, color=color),
        _text(start, y, text, 7.2, color, bold=True),
        _text(beside, y, number(metric, absolute, signed=True), 7, FAINT),
    ]


def _arrow(x: float, y: float, *, up: bool, color: Any) -> Polygon:
    low, high = (y, y + 5) if up else (y + 5, y)
    points = [x, low, x + 5.6, low, x + 2.8, high]
    return Polygon(points, fillColor=color, strokeColor=None)


def _text(x: float, y: float, text: str, size: float, color: Any, *, bold: bool = False) -> String:
    return String(x, y, text, fontName=BOLD if bold else REGULAR, fontSize=size, fillColor=color)
