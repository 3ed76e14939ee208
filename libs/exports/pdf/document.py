"""A report as PDF pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import structlog
from PIL import Image as Picture
from PIL import UnidentifiedImageError
from PIL.Image import DecompressionBombError
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Image, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from libs.exports.pdf import tables
from libs.exports.pdf.cards import cards
from libs.exports.pdf.chart import trend
from libs.exports.pdf.fonts import BOLD, REGULAR, register
from libs.exports.pdf.lines import draw, lacks_glyphs, markup, shortened, visible, width_of
from libs.exports.pdf.style import CONTENT, FAINT, GREY, HEIGHT, INK, LINE, MARGIN, WIDTH, paragraph
from libs.exports.report import Report, day_text

MEDIA_TYPE = "application/pdf"
LOGO_WIDTH, LOGO_HEIGHT = 120.0, 46.0
LOGO_PIXELS = 4_000_000
FRAME_PADDING = 6
"""Of ReportLab's frames, on each side."""
TITLE_SIZES = (20.0, 18.0, 16.0, 14.0)
"""The largest that fits into a line; where none does, the title is small."""
SMALL_TITLE = 11.0

log = structlog.get_logger()


def render(report: Report) -> bytes:
    """The document. Takes some tenths of a second of processor time: not for the event loop."""
    register()
    output = io.BytesIO()
    document = SimpleDocTemplate(
        output,
        pagesize=(WIDTH, HEIGHT),
        leftMargin=MARGIN - FRAME_PADDING,
        rightMargin=MARGIN - FRAME_PADDING,
        topMargin=MARGIN - FRAME_PADDING,
        bottomMargin=MARGIN + 4,
        title=visible(report.title),
        author="Tidemark",
        subject=f"{report.first} to {report.last}",
        lang="en",
    )
    foot = shortened(f"{report.client} · {_period(report)}", REGULAR, 7, CONTENT - 90)
    document.build(list(_story(report)), canvasmaker=lambda *a, **k: _Numbered(foot, *a, **k))
    return output.getvalue()


def _story(report: Report) -> Iterator[Flowable]:
    yield _heading(report)
    yield Spacer(1, 10)
    yield from cards(report)
    yield Spacer(1, 6)
    by = {"day": "day by day", "week": "week by week", "month": "month by month"}[report.by]
    yield KeepTogether([_section(f"Trend, {by}"), trend(report)])
    yield KeepTogether([_section("Sources"), tables.sources(report)])
    for level, heading in (("campaign", "Top campaigns by spend"), ("creative", "Top creatives by spend")):
        listing = report.campaigns if level == "campaign" else report.creatives
        if listing["data"]:
            yield _section(heading)
            yield tables.ranked(report, level)
    yield KeepTogether([_section("Notes"), *_notes(report)])


def _heading(report: Report) -> Flowable:
    logo = _logo(report.logo)
    width = CONTENT - (LOGO_WIDTH + 12 if logo else 0)
    fitting = (size for size in TITLE_SIZES if width_of(visible(report.title), BOLD, size) <= width)
    size = next(fitting, SMALL_TITLE)
    before = f"{day_text(report.compared_with[0])} to {day_text(report.compared_with[1])}"
    lines = [
        Paragraph(markup(report.title, BOLD, size, width), paragraph(size, bold=True, spaceAfter=3)),
        Paragraph(_period(report), paragraph(10.5, bold=True, color=GREY, spaceAfter=2)),
        Paragraph(f"Compared with {before}. Money in {report.currency}.", paragraph(8, color=GREY)),
        *(Paragraph(markup(text, REGULAR, 8, width), paragraph(8, color=GREY)) for text in report.filters),
    ]
    cells = [[lines, logo]] if logo else [[lines]]
    widths = [width, CONTENT - width] if logo else [CONTENT]
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("ALIGN", (-1, 0), (-1, 0), "RIGHT" if logo else "LEFT"),
        ("LINEBELOW", (0, 0), (-1, -1), 1.6, INK),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
    ]
    return Table(cells, colWidths=widths, style=style)


def _logo(content: bytes | None) -> Image | None:
    """The picture, fitted into its corner; one that cannot be read is left out."""
    if content is None:
        return None
    try:
        with Picture.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            wide, high = picture.size
            if wide * high > LOGO_PIXELS:
                raise ValueError(f"{wide} × {high} pixels are too many")
            picture.load()
    except (UnidentifiedImageError, DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        log.warning("the logo is left out", error=str(error)[:200])
        return None
    factor = min(LOGO_WIDTH / wide, LOGO_HEIGHT / high)
    return Image(io.BytesIO(content), width=wide * factor, height=high * factor, mask="auto")


def _section(text: str) -> Paragraph:
    return Paragraph(text, paragraph(11, bold=True, spaceBefore=11, spaceAfter=5))


def _notes(report: Report) -> Iterator[Flowable]:
    style = paragraph(8, color=GREY, leftIndent=8, bulletIndent=0, spaceAfter=2.5)
    for note in (*report.notes, *_about_glyphs(report)):
        yield Paragraph(markup(note, REGULAR, 8, CONTENT - 8), style, bulletText="•")
    made = f"Made on {day_text(report.made_at.date())}, {report.made_at:%H:%M} UTC. Days are account days."
    yield Paragraph(made, style, bulletText="•")


def _about_glyphs(report: Report) -> Iterator[str]:
    rows = [*report.campaigns["data"], *report.creatives["data"]]
    names = [row.get(f"{level}_name", "") for row in rows for level in ("campaign", "creative")]
    if any(lacks_glyphs(str(text)) for text in (report.client, *names)):
        yield (
            "Some characters of names are not in this document's fonts and are printed as boxes; the "
            "spreadsheet has the names as they are."
        )


def _period(report: Report) -> str:
    if report.first == report.last:
        return day_text(report.first)
    return f"{day_text(report.first)} to {day_text(report.last)}"


class _Numbered(Canvas):  # type: ignore[misc] # ReportLab has no types
    """Keeps pages until their number is known, then writes the foot of each."""

    def __init__(self, foot: str, *arguments: Any, **given: Any) -> None:
        super().__init__(*arguments, **given)
        self._foot = foot
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """End a page."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write all pages."""
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self.setStrokeColor(LINE)
            self.line(MARGIN, MARGIN + 2, WIDTH - MARGIN, MARGIN + 2)
            self.setFillColor(FAINT)
            draw(self, MARGIN, MARGIN - 8, self._foot, REGULAR, 7)
            self.setFont(REGULAR, 7)
            self.drawRightString(WIDTH - MARGIN, MARGIN - 8, f"Page {number} of {len(self._pages)}")
            super().showPage()
        super().save()
