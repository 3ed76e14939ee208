"""The fonts of reports, as ReportLab embeds them.

FiraGO (from the package pymupdf-fonts): Latin, Greek, Cyrillic, Hebrew, Arabic, Thai, Georgian, Devanagari;
Noto Emoji (from manimgx-fonts) in one colour for what FiraGO lacks. Both under the SIL Open Font License.
"""

from __future__ import annotations

import io
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

import manimgx_fonts
import pymupdf_fonts
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, EMOJI = "FiraGO", "FiraGO-Bold", "Noto-Emoji"
_NAMES = {REGULAR: "figo", BOLD: "figbo"}
_MAPPED = re.compile(r"(?<=> )<([0-9A-F]{4,6})>")
_LETTER_FORMS = range(0xFB50, 0xFEFD)
"""Arabic letters as they look at the beginning, in the middle and at the end of a word, and ligatures."""


@cache
def register() -> dict[str, frozenset[int]]:
    """Make the fonts known to ReportLab, once in a process; the characters that each has."""
    contents = {name: pymupdf_fonts.myfont(package_name) for name, package_name in _NAMES.items()}
    contents[EMOJI] = (files(manimgx_fonts) / "NotoEmoji[wght].ttf").read_bytes()
    found = {}
    for name, content in contents.items():
        font = _Font(name, io.BytesIO(content), shapable=False)
        pdfmetrics.registerFont(font)
        found[name] = frozenset(font.face.charToGlyph)
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return found


class _Font(TTFont):  # type: ignore[misc] # ReportLab has no types
    """One whose text can be copied and searched as it was.

    ReportLab writes characters beyond U+FFFF with five digits into the table from which readers take text,
    where UTF-16 is wanted; and the forms of Arabic letters are to be found as the letters. Those of a
    ligature stand in the order of the page, as its neighbours do: readers turn all of them around.
    """

    def addObjects(self, doc: Any) -> None:
        """As ReportLab does, with tables of text that readers understand."""
        super().addObjects(doc)
        for name, stream in doc.idToObject.items():
            if str(name).startswith("toUnicodeCMap:"):
                stream.content = _MAPPED.sub(_as_text, stream.content)


def _as_text(mapped: re.Match[str]) -> str:
    code = int(mapped[1], 16)
    if code <= 0xFFFF and code not in _LETTER_FORMS:
        return mapped[0]
    text = unicodedata.normalize("NFKC", chr(code))[::-1] if code in _LETTER_FORMS else chr(code)
    return f"<{text.encode('utf-16-be').hex().upper()}>"
