"""The fonts of reports, and names as these can print them.

FiraGO (SIL Open Font License, from the package pymupdf-fonts): Latin, Greek, Cyrillic, Hebrew, Arabic, Thai,
Georgian, Devanagari. What it lacks (Chinese, emoji) is printed as a box with a question mark, and a note says
so. Arabic letters are in the order of reading, but not joined.
"""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from html import escape

import pymupdf_fonts
from bidi import get_display
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "FiraGO", "FiraGO-Bold"
_NAMES = {REGULAR: "figo", BOLD: "figbo"}
_FIRST_RIGHT_TO_LEFT = "\u0590"
_UNPRINTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@cache
def register() -> dict[str, frozenset[int]]:
    """Make the fonts known to ReportLab, once in a process; the characters that each has."""
    found = {}
    for name, package_name in _NAMES.items():
        font = TTFont(name, io.BytesIO(pymupdf_fonts.myfont(package_name)), shapable=False)
        pdfmetrics.registerFont(font)
        found[name] = frozenset(font.face.charToGlyph)
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return found


def visible(text: str) -> str:
    """A text without characters that are not drawn: control and format characters, variation selectors."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if _is_unprinted(char) else char for char in composed if not "\ufe00" <= char <= "\ufe0f")
    return " ".join("".join(kept).split())


def lacks_glyphs(text: str) -> bool:
    """Whether some character of the text is printed as a box."""
    known = register()[REGULAR]
    return any(ord(char) not in known for char in visible(text) if char != " ")


def markup(text: str, font: str, size: float, width: float) -> str:
    """A text as the content of a paragraph that is so wide: nothing in it is markup.

    Right-to-left text is broken into lines here and each line put into the order in which it is read.
    """
    shown = visible(text)
    if not any(char >= _FIRST_RIGHT_TO_LEFT for char in shown) or get_display(shown) == shown:
        return escape(shown, quote=False)
    lines = broken(shown, font, size, width)
    return "<br/>".join(escape(get_display(line), quote=False) for line in lines)


def broken(text: str, font: str, size: float, width: float) -> list[str]:
    """Lines that fit into a width; words that are too long are cut."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        for part in _parts(word, font, size, width):
            together = f"{line} {part}" if line else part
            if pdfmetrics.stringWidth(together, font, size) <= width:
                line = together
            else:
                lines, line = [*lines, line] if line else lines, part
    return [*lines, line]


def shortened(text: str, font: str, size: float, width: float) -> str:
    """A text in one line of that width, cut with … where it is longer; in the order in which it is read."""
    shown = visible(text)
    if pdfmetrics.stringWidth(shown, font, size) > width:
        while shown and pdfmetrics.stringWidth(f"{shown}…", font, size) > width:
            shown = shown[:-1]
        shown = f"{shown.rstrip()}…"
    return str(get_display(shown))


def _parts(word: str, font: str, size: float, width: float) -> list[str]:
    parts: list[str] = []
    part = ""
    for char in word:
        if part and pdfmetrics.stringWidth(part + char, font, size) > width:
            parts, part = [*parts, part], ""
        part += char
    return [*parts, part]


def _is_unprinted(char: str) -> bool:
    return unicodedata.category(char) in _UNPRINTED
