"""Sheet XML → cells, by calamine, from a package of our own making around parts that passed the checks."""

import io
import zipfile
from typing import Any, Final

from python_calamine import CalamineError, load_workbook

from libs.tabular.errors import DamagedFile

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"


def read_cells(
    sheet: bytes, *, shared: bytes = b"", styles: bytes = b"", epoch_1904: bool = False
) -> tuple[tuple[int, int] | None, list[list[Any]]]:
    """(first row and column from 0 – None without cells –, the rectangle row by row; empty cells are '').

    Numbers are floats, days dates or datetimes by their style. Raises DamagedFile.
    """
    try:
        with load_workbook(_packed(sheet, shared, styles, epoch_1904)) as book:
            found = book.get_sheet_by_index(0)
            return found.start, found.to_python()
    except CalamineError as error:
        raise DamagedFile(f"The sheet cannot be read ({error}). Save or export it again.") from error


def _packed(sheet: bytes, shared: bytes, styles: bytes, epoch_1904: bool) -> io.BytesIO:
    epoch = '<workbookPr date1904="1"/>' if epoch_1904 else ""
    parts: dict[str, str | bytes] = {
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">{epoch}'
        '<sheets><sheet name="s" sheetId="1" r:id="r"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/sharedStrings.xml": shared,
        "xl/styles.xml": styles,
        "xl/worksheets/sheet1.xml": sheet,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as book:
        for name, content in parts.items():
            if content:
                book.writestr(name, content)
    packed.seek(0)
    return packed


def _relation(kind: str, target: str) -> str:
    relation = f'<Relationship Id="r" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'
