"""The trend: bars of spend, a line of conversions, and what is missing or may still move. Vectors only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil, floor, log10
from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String

from libs.exports.pdf.fonts import REGULAR
from libs.exports.pdf.style import BAR, BAR_LIGHT, CONTENT, CURVE, FAINT, GREY, LINE, label
from libs.exports.report import Report
from libs.metrics.registry import BY_NAME, Metric

HIGH, BOTTOM, TOP, SIDE = 158.0, 22.0, 24.0, 42.0
STEPS = 4
"""Lines of the grid."""
LABELS = 9
FACTORS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
BARS, CURVES = ("spend", "impressions"), ("conversions", "clicks")
"""The first of them that has figures is drawn."""


class _Scale:
    """From values to heights: a round maximum over STEPS lines."""

    def __init__(self, values: Sequence[float], *, whole: bool) -> None:
        self.step = _round_step(max(values, default=0) / STEPS, whole=whole)
        self.most = self.step * STEPS

    def height(self, value: float) -> float:
        return BOTTOM + (HIGH - BOTTOM - TOP) * value / self.most


def trend(report: Report) -> Drawing:
    """The chart of a report's points."""
    drawing = Drawing(CONTENT, HIGH)
    bars, curve = _first(BARS, report), _first(CURVES, report)
    width = (CONTENT - 2 * SIDE) / len(report.points)
    centers = [SIDE + width * (place + 0.5) for place in range(len(report.points))]
    scale = _Scale(_values(report.points, bars), whole=bars.name == "impressions")
    second = _Scale(_values(report.points, curve), whole=True) if curve else None
    shapes = [
        *_grid(scale, second),
        *_days(report.points, bars, scale, centers, width),
        *(_curve(report.points, curve, second, centers) if curve and second else []),
        *_axis(report, centers),
        *_legend(report, bars, curve),
    ]
    for shape in shapes:
        drawing.add(shape)
    return drawing


def _first(names: Sequence[str], report: Report) -> Metric:
    known = [BY_NAME[name] for name in names if any(p.get(name) is not None for p in report.points)]
    return known[0] if known else BY_NAME[names[0]]


def _values(points: Sequence[Mapping[str, Any]], metric: Metric) -> list[float]:
    return [float(point[metric.name]) for point in points if point.get(metric.name) is not None]


def _grid(scale: _Scale, second: _Scale | None) -> list[Any]:
    shapes: list[Any] = []
    for number in range(STEPS + 1):
        y = scale.height(scale.step * number)
        shapes.append(Line(SIDE, y, CONTENT - SIDE, y, strokeColor=LINE, strokeWidth=0.6))
        shapes.append(_text(SIDE - 5, y - 2.3, _short(scale.step * number), "end"))
        if second:
            shapes.append(_text(CONTENT - SIDE + 5, y - 2.3, _short(second.step * number), "start"))
    return shapes


def _days(
    points: Sequence[Mapping[str, Any]], metric: Metric, scale: _Scale, centers: Sequence[float], width: float
) -> list[Any]:
    shapes: list[Any] = []
    thick = min(width * 0.72, 26)
    for point, center in zip(points, centers, strict=True):
        value = point.get(metric.name)
        if point["status"] == "no_data":
            shapes.append(_cross(center, min(thick, 4) / 2))
        elif value:
            fill = BAR_LIGHT if point["status"] == "provisional" else BAR
            high = scale.height(float(value)) - BOTTOM
            shapes.append(Rect(center - thick / 2, BOTTOM, thick, high, fillColor=fill, strokeColor=None))
    return [shape for found in shapes for shape in (found if isinstance(found, list) else [found])]


def _cross(x: float, half: float) -> list[Line]:
    y, color = BOTTOM + 4, FAINT
    return [
        Line(x - half, y - half, x + half, y + half, strokeColor=color, strokeWidth=0.8),
        Line(x - half, y + half, x + half, y - half, strokeColor=color, strokeWidth=0.8),
    ]


def _curve(
    points: Sequence[Mapping[str, Any]], metric: Metric, scale: _Scale, centers: Sequence[float]
) -> list[Any]:
    """Interrupted where there is no figure."""
    parts: list[list[float]] = [[]]
    for point, x in zip(points, centers, strict=True):
        value = point.get(metric.name)
        if value is None:
            parts.append([])
        else:
            parts[-1] += [x, scale.height(float(value))]
    lines = [PolyLine(p, strokeColor=CURVE, strokeWidth=1.5, strokeLineJoin=1) for p in parts if len(p) > 2]
    if len(points) > 40:
        alone = [p for p in parts if len(p) == 2]
    else:
        alone = [p[place : place + 2] for p in parts for place in range(0, len(p), 2)]
    return [*lines, *(Circle(x, y, 1.7, fillColor=CURVE, strokeColor=None) for x, y in alone)]


def _axis(report: Report, centers: Sequence[float]) -> list[Any]:
    each = max(1, ceil(len(centers) / LABELS))
    return [
        _text(center, BOTTOM - 11, _day(point["date"], report.by), "middle")
        for place, (point, center) in enumerate(zip(report.points, centers, strict=True))
        if place % each == 0
    ]


def _legend(report: Report, bars: Metric, curve: Metric | None) -> list[Any]:
    states = {point["status"] for point in report.points}
    marks: list[tuple[Any, str]] = [(BAR, label(bars, report.currency))]
    if "provisional" in states:
        marks.append((BAR_LIGHT, "provisional"))
    shapes: list[Any] = []
    x, y = SIDE, HIGH - 9
    for color, text in marks:
        shapes += [
            Rect(x, y - 1, 7, 7, fillColor=color, strokeColor=None),
            _text(x + 11, y, text, "start", GREY),
        ]
        x += 11 + _wide(text)
    if curve:
        text = label(curve, report.currency)
        shapes += [Line(x, y + 2.5, x + 12, y + 2.5, strokeColor=CURVE, strokeWidth=1.5)]
        shapes += [_text(x + 16, y, f"{text} (right)", "start", GREY)]
        x += 16 + _wide(f"{text} (right)")
    if "no_data" in states:
        for line in _cross(x + 3, 2):
            line.y1, line.y2 = line.y1 - BOTTOM - 4 + y + 2.5, line.y2 - BOTTOM - 4 + y + 2.5
            shapes.append(line)
        shapes.append(_text(x + 10, y, "no data", "start", GREY))
    return shapes


def _wide(text: str) -> float:
    return 4.1 * len(text) + 14


def _day(day: date, by: str) -> str:
    return f"{day:%b %Y}" if by == "month" else f"{day.day} {day:%b}"


def _round_step(rough: float, *, whole: bool) -> float:
    """A round factor times a power of ten, at least as large."""
    if rough <= 0:
        return 1
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in FACTORS if factor * power >= rough * 0.9999)
    return max(1, ceil(step)) if whole else step


def _short(value: float) -> str:
    for limit, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:g} {unit}"
    return f"{value:g}"


def _text(x: float, y: float, text: str, anchor: str, color: Any = FAINT) -> String:
    return String(x, y, text, fontName=REGULAR, fontSize=6.8, fillColor=color, textAnchor=anchor)
