"""Sources, campaigns and creatives as tables; names wrap, figures are set right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from reportlab.graphics.shapes import Drawing, Rect
from reportlab.platypus import Paragraph, Table, TableStyle

from libs.exports.pdf.fonts import BOLD, REGULAR
from libs.exports.pdf.lines import markup
from libs.exports.pdf.style import BAR, CONTENT, FAINT, GREY, INK, LINE, PAPER, paragraph, shown
from libs.exports.report import Report
from libs.metrics.registry import BY_NAME, Metric

SHOWN = ("impressions", "clicks", "ctr", "conversions", "spend", "cpa", "roas")
WIDTHS = {"impressions": 50, "clicks": 38, "ctr": 36, "conversions": 42, "spend": 58, "cpa": 44, "roas": 46}
SHARE, PAD = 64.0, 3.0
SIZE = 7.6
HEADS = {"impressions": "Impressions", "conversions": "Conv.", "ctr": "CTR"}


def sources(report: Report) -> Table:
    """Each source with its share of spend, and all of them."""
    metrics = _metrics(report)
    head = ["Source", "Share of spend", *(HEADS.get(m.name, m.label) for m in metrics)]
    rows: list[list[Any]] = [
        [_name(str(row["source"]).capitalize()), _share(row["spend_share"]), *_figures(metrics, row)]
        for row in report.sources
    ]
    rows.append([_name("All", bold=True), "", *_figures(metrics, report.totals)])
    return _table(head, rows, metrics, before=SHARE)


def ranked(report: Report, level: str) -> Table:
    """The ten with the most spend, and all of them."""
    listing = report.campaigns if level == "campaign" else report.creatives
    metrics = _metrics(report)
    head = [level.capitalize(), *(HEADS.get(m.name, m.label) for m in metrics)]
    rows: list[list[Any]] = [
        [[_name(str(row[f"{level}_name"])), _below(row, level)], *_figures(metrics, row)]
        for row in listing["data"]
    ]
    everything = f"All {listing['total']:,}" if listing["total"] != 1 else "All"
    rows.append([_name(everything, bold=True), *_figures(metrics, listing["totals"])])
    return _table(head, rows, metrics)


def _metrics(report: Report) -> list[Metric]:
    return [BY_NAME[name] for name in SHOWN if BY_NAME[name] in report.metrics]


def _figures(metrics: Sequence[Metric], row: Mapping[str, Any]) -> list[str]:
    return [shown(metric, row) for metric in metrics]


def _name_width(metrics: Sequence[Metric], before: float = 0) -> float:
    return float(CONTENT - before - sum(WIDTHS[metric.name] for metric in metrics))


def _name(text: str, *, bold: bool = False) -> Paragraph:
    width = CONTENT - sum(WIDTHS.values()) - 2 * PAD
    return Paragraph(markup(text, BOLD if bold else REGULAR, SIZE, width), paragraph(SIZE, bold=bold))


def _below(row: Mapping[str, Any], level: str) -> Paragraph:
    """Where it belongs, small."""
    parts = [str(row["source"]).capitalize()]
    if level == "creative":
        parts.append(str(row["campaign_name"]))
    width = CONTENT - sum(WIDTHS.values()) - 2 * PAD
    return Paragraph(markup(" · ".join(parts), REGULAR, SIZE - 1.2, width), paragraph(SIZE - 1.2, color=GREY))


def _share(percent: Decimal | None) -> Any:
    """A bar and the number."""
    if percent is None:
        return ""
    drawing = Drawing(SHARE - 2 * PAD, 8)
    full = SHARE - 2 * PAD - 26
    drawing.add(Rect(0, 1, full, 6, fillColor=LINE, strokeColor=None))
    drawing.add(Rect(0, 1, full * float(percent) / 100, 6, fillColor=BAR, strokeColor=None))
    number = Paragraph(f"{percent:.0f} %", paragraph(SIZE, color=GREY, alignment=2))
    return Table(
        [[drawing, number]],
        colWidths=[full, 26],
        style=[
            (name, (0, 0), (-1, -1), 0)
            for name in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
        ]
        + [("VALIGN", (0, 0), (-1, -1), "MIDDLE")],
    )


def _table(head: list[str], rows: list[list[Any]], metrics: Sequence[Metric], before: float = 0) -> Table:
    widths = [
        _name_width(metrics, before),
        *([before] if before else []),
        *(WIDTHS[metric.name] for metric in metrics),
    ]
    first = 2 if before else 1
    style = [
        ("FONT", (0, 0), (-1, -1), REGULAR, SIZE),
        ("FONT", (0, 0), (-1, 0), BOLD, SIZE - 0.8),
        ("FONT", (first, -1), (-1, -1), BOLD, SIZE),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("TEXTCOLOR", (0, 0), (-1, 0), GREY),
        ("ALIGN", (first, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, 1), (-1, -2), 0.4, LINE),
        ("LINEABOVE", (0, -1), (-1, -1), 0.8, FAINT),
        ("BACKGROUND", (0, -1), (-1, -1), PAPER),
        ("LEFTPADDING", (0, 0), (-1, -1), PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 3.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.6),
    ]
    return Table([head, *rows], colWidths=widths, repeatRows=1, style=TableStyle(style))
