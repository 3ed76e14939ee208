"""Names in lines that fit, as the fonts of a report can print them.

Each run of characters is printed in the font that has them. Emoji that are made of several (a profession, a
skin colour, a flag) are printed as their parts, beside each other. Arabic letters are joined. What no font
has (Chinese) is a box with a question mark, and a note says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import groupby

from arabic_reshaper import ArabicReshaper
from bidi import get_display
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from libs.exports.pdf.fonts import EMOJI, REGULAR, register

EMOJI_SIZE = 0.85
"""Of the size of the letters around them: emoji fill more of their square."""
_FIRST_RIGHT_TO_LEFT = "\u0590"
_UNPRINTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def visible(text: str) -> str:
    """A text without characters that are not drawn: control and format characters, variation selectors.

    Those that belong to an emoji stay, so that it can be copied as it was.
    """
    kept: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        if not _is_unprinted(char) or (kept and _is_of_emoji(char) and _is_of_emoji(kept[-1])):
            kept.append(char)
        elif not _is_selector(char):
            kept.append(" ")
    return " ".join("".join(kept).split())


def lacks_glyphs(text: str) -> bool:
    """Whether some character of the text is printed as a box."""
    known = register()
    return any(ord(char) not in known[_font_of(char, REGULAR)] for char in visible(text) if char != " ")


def runs(text: str, font: str, size: float) -> Iterator[tuple[str, str, float]]:
    """(characters, font, size) one after the other."""
    for name, chars in groupby(text, key=lambda char: _font_of(char, font)):
        yield "".join(chars), name, size * EMOJI_SIZE if name == EMOJI else size


def width_of(text: str, font: str, size: float) -> float:
    """Of a line, in points."""
    return float(sum(stringWidth(*run) for run in runs(text, font, size)))


def markup(text: str, font: str, size: float, width: float) -> str:
    """A text as the content of a paragraph that is so wide: nothing in it is markup.

    Text that is not of one font, or runs from right to left, is broken into lines here; each line is put into
    the order in which it is read.
    """
    shown = _joined(visible(text))
    if all(char < _FIRST_RIGHT_TO_LEFT and _font_of(char, font) == font for char in shown):
        return escape(shown, quote=False)
    lines = broken(shown, font, size, width)
    return "<br/>".join(_marked(get_display(line), font, size) for line in lines)


def broken(text: str, font: str, size: float, width: float) -> list[str]:
    """Lines that fit into a width; words that are too long are cut."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        for part in _parts(word, font, size, width):
            together = f"{line} {part}" if line else part
            if width_of(together, font, size) <= width:
                line = together
            else:
                lines, line = [*lines, line] if line else lines, part
    return [*lines, line]


def shortened(text: str, font: str, size: float, width: float) -> str:
    """A text in one line of that width, cut with … where it is longer; in the order in which it is read."""
    shown = _joined(visible(text))
    if width_of(shown, font, size) > width:
        while shown and width_of(f"{shown}…", font, size) > width:
            shown = shown[:-1]
        shown = f"{shown.rstrip()}…"
    return str(get_display(shown))


def draw(canvas: Canvas, x: float, y: float, line: str, font: str, size: float) -> None:
    """A line on a page."""
    for chars, name, its_size in runs(line, font, size):
        canvas.setFont(name, its_size)
        canvas.drawString(x, y, chars)
        x += stringWidth(chars, name, its_size)


def _marked(line: str, font: str, size: float) -> str:
    parts = ((escape(chars, quote=False), name, its_size) for chars, name, its_size in runs(line, font, size))
    return "".join(
        chars if name == font else f'<font name="{name}" size="{its_size:g}">{chars}</font>'
        for chars, name, its_size in parts
    )


def _parts(word: str, font: str, size: float, width: float) -> list[str]:
    parts: list[str] = []
    part = ""
    for char in word:
        if part and width_of(part + char, font, size) > width:
            parts, part = [*parts, part], ""
        part += char
    return [*parts, part]


def _joined(text: str) -> str:
    """Arabic letters in the form that their neighbours ask for; where the font has none, as they are."""
    if not any("\u0600" <= char <= "\u08ff" for char in text):
        return text
    known = register()[REGULAR]
    formed: str = _reshaper().reshape(text)
    return "".join(
        char if ord(char) in known else unicodedata.normalize("NFKC", char) if char >= "\ufb50" else char
        for char in formed
    )


@cache
def _reshaper() -> ArabicReshaper:
    return ArabicReshaper({"delete_harakat": False, "shift_harakat_position": False})


def _font_of(char: str, font: str) -> str:
    known = register()
    if ord(char) in known[font] and not _is_unprinted(char):
        return font
    return EMOJI if ord(char) in known[EMOJI] else font


def _is_of_emoji(char: str) -> bool:
    return _font_of(char, REGULAR) == EMOJI


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f"


def _is_unprinted(char: str) -> bool:
    return unicodedata.category(char) in _UNPRINTED or _is_selector(char)
