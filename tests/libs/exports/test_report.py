"""PDF reports: opened again, hostile names are text, pictures that are none are left out."""

from __future__ import annotations

import io
import struct
import unicodedata
import zlib
from datetime import date, timedelta

import pypdfium2
import pytest
from bidi import get_display
from PIL import Image

from libs.exports.pdf import render
from libs.exports.pdf.fonts import REGULAR
from libs.exports.pdf.lines import broken, lacks_glyphs, shortened, visible, width_of
from libs.exports.report import logo_of, notes_of, period_for, spans_of
from tests.libs.exports.reports import HOSTILE, logo, report


def opened(content: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(content)


def text_of(document: pypdfium2.PdfDocument) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def squeezed(text: str) -> str:
    """Without white space: where lines are broken does not matter."""
    return "".join(text.split())


def test_a_report_has_all_its_parts() -> None:
    document = opened(render(report(cost=True)))
    text = " ".join(text_of(document).split())
    for part in (
        "Performance Dashboard – Northwind Outfitters",
        "1 March 2026 to 31 March 2026",
        "Compared with 29 January 2026 to 28 February 2026",
        "6,562.50",
        "+13.3 %",
        "Media cost, USD",
        "Trend, day by day",
        "Conversions (right)",
        "Sources",
        "56 %",
        "Top campaigns by spend",
        "Spring sale 10",
        "All 57",
        "Top creatives by spend",
        "All 1,432",
        "surfside: 1 day is missing",
        f"Page 1 of {len(document)}",
    ):
        assert part in text, part
    assert document.get_metadata_value("Title") == "Performance Dashboard – Northwind Outfitters"


def test_hostile_names_print_as_text() -> None:
    client = '<b>&"Acme" =1+1 ' + "x" * 230
    document = opened(render(report(HOSTILE, client=client)))
    text = squeezed(text_of(document))
    assert squeezed(f"Performance Dashboard – {client}") in text
    for name in HOSTILE:
        if any("\u0590" <= char <= "\u07ff" for char in name):
            assert squeezed(get_display(name)) in text or squeezed(name) in text
        else:  # what the font lacks is a box
            parts = "".join(" " if lacks_glyphs(char) else char for char in name).split()
            assert all(part in text for part in parts), name
    assert "Somecharactersofnamesarenotinthisdocument" in text
    for page in document:
        left, bottom, right, top = page.get_bbox()
        assert (left, bottom) >= (0, 0)
        assert (right, top) <= (596, 842)


EMOJI = (
    "Sale 🚀🔥✨ ends",
    "👩🏽‍💻 remote ❤️ team 🇩🇪",
    "🎯" * 90,
)
ARABIC = ("شركة الإعلانات الكبرى", "مُحَمَّد", "گچ پژ ڈ")


@pytest.mark.parametrize("name", EMOJI)
def test_emoji_are_drawn_and_can_be_copied_as_they_were(name: str) -> None:
    """In names, titles and the foot of pages, where only its beginning may fit; no note of boxes."""
    document = opened(render(report([name], client=name)))
    text = squeezed(text_of(document))
    assert text.count(squeezed(name)) >= 3
    assert "printedasboxes" not in text


@pytest.mark.parametrize("name", ARABIC)
def test_arabic_letters_are_joined_and_can_be_copied_as_they_were(name: str) -> None:
    drawn = shortened(name, REGULAR, 8, 500)
    forms = {char for char in drawn if "\ufb50" <= char <= "\ufefc"}
    assert forms, "letters in the form that their neighbours ask for"
    text = text_of(opened(render(report([name]))))
    assert not forms & set(text)
    assert name in unicodedata.normalize("NFC", text)


def test_what_is_not_drawn_stays_only_with_an_emoji() -> None:
    assert visible("a\u200db\ufe0f\u200b c\x00") == "a b c"
    assert visible("👩\u200d💻 ❤\ufe0f") == "👩\u200d💻 ❤\ufe0f"


def test_nothing_is_drawn_beyond_the_margins() -> None:
    """Seen: the pixels of the margins are white on every page."""
    for page in opened(render(report(HOSTILE, client="w" * 255, cost=True))):
        picture = page.render(scale=1).to_pil().convert("L")
        wide, high = picture.size
        for box in (
            (0, 0, 38, high),
            (wide - 38, 0, wide, high),
            (0, 0, wide, 36),
            (0, high - 24, wide, high),
        ):
            assert picture.crop(box).getextrema()[0] >= 250


def test_a_picture_that_is_none_is_left_out() -> None:
    good = render(report(logo=logo_of({"logo": logo()})))
    assert len(list(opened(good)[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))) == 1
    huge = io.BytesIO()
    Image.new("1", (5000, 5000)).save(huge, "PNG")
    tiny = io.BytesIO()
    Image.new("1", (1, 1)).save(tiny, "PNG")
    said = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    bomb = tiny.getvalue()[:12] + said + struct.pack(">I", zlib.crc32(said)) + tiny.getvalue()[33:]
    bad = (b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", huge.getvalue(), bomb, b"<svg onload=alert(1)>")
    for content in bad:
        made = opened(render(report(logo=content)))
        assert not list(made[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
    for given in (None, 7, "https://x.example/a.png", "data:image/png;base64,%%%", "file:///etc/passwd"):
        assert logo_of({"logo": given}) is None


def test_a_report_of_nothing_is_a_report() -> None:
    nothing = {"total": 0, "data": [], "totals": report().totals}
    points = [{"date": date(2026, 3, 1), "end_date": date(2026, 3, 1), "status": "no_data", "reason": None}]
    made = render(report(campaigns=nothing, creatives=nothing, sources=[], points=points))
    assert "Notes" in text_of(opened(made))


def test_lines_fit_and_lose_nothing() -> None:
    for name in (*HOSTILE, *EMOJI, *ARABIC):
        lines = broken(name, REGULAR, 8, 120)
        assert squeezed("".join(lines)) == squeezed(name)
        assert all(width_of(line, REGULAR, 8) <= 120 for line in lines)
        assert width_of(shortened(name, REGULAR, 8, 120), REGULAR, 8) <= 120
    assert lacks_glyphs("中")
    assert not lacks_glyphs("Ünïcödé – Ω Ж ש ไ 🚀 شركة")


@pytest.mark.parametrize(
    ("days", "by"), [(1, "day"), (62, "day"), (63, "week"), (400, "week"), (401, "month")]
)
def test_long_ranges_are_drawn_by_week_and_month(days: int, by: str) -> None:
    assert period_for(days) == by


def test_days_that_follow_one_another_are_told_together() -> None:
    first = date(2026, 2, 27)
    days = [first + timedelta(days=number) for number in (0, 1, 2, 5)]
    assert spans_of(days) == ["27 February 2026 to 1 March 2026", "4 March 2026"]
    source = {
        "source": "vibe",
        "missing_days": [{"date": first + timedelta(days=2 * n), "reason": "failed"} for n in range(15)],
        "latest_day": first,
        "not_uploaded_from": None,
        "provisional_from": first,
        "settling_days": 2,
    }
    summary = {"unpriced_impressions": 1200, "coverage": {}}
    notes = list(notes_of([source], summary, first, first))
    assert notes[0] == "The range goes on after 26 February 2026, the last complete day."
    assert notes[1].startswith(
        "vibe: 15 days are missing (the delivery could not be loaded): 27 February 2026"
    )
    assert notes[1].endswith("and 3 more.")
    assert "provisional" in notes[2]
    assert notes[3].startswith("1,200 impressions have no CPM yet")
