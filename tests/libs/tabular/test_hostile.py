"""Files built to kill their reader. Each is read in a process of its own, and this one lives."""

from __future__ import annotations

import sys
import zipfile
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path

import pytest

from libs.tabular import (
    DamagedFile,
    EncryptedFile,
    FileRefused,
    HostileFile,
    LimitReached,
    ParseLimits,
    UnsupportedFormat,
)
from tests.libs.tabular.tables import (
    HEADER,
    MAIN,
    ROW,
    csv_text,
    gzipped,
    read_away,
    read_here,
    save,
    xml_parts,
    xml_row,
    zipped,
)

MOST_MEMORY_KB = 400 * 1024  # P5
# Peak memory is counted from a small process: a child inherits the peak of who forked it.
MEASURED = """
import asyncio, resource, sys
from datetime import date
from pathlib import Path
from libs.tabular import FileRefused
from tests.libs.tabular.tables import read_away
try:
    rows = asyncio.run(read_away(Path(sys.argv[1]))).summary.rows_good
except FileRefused as refused:
    rows = refused.code
print(rows, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
ROOT = Path(__file__).parents[3]
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE foo SYSTEM "file:///etc/passwd">'


def far_cells(path: Path) -> Path:
    """1.7 KB; as one rectangle it is 3.3 billion cells."""
    data = '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="200000"><c r="A200000"><v>1</v></c></row>'
    return zipped(path, xml_parts(data))


def far_cells_below_a_table(path: Path) -> Path:
    data = xml_row(1, HEADER) + xml_row(2, ROW) + '<row r="3"><c r="XFD3"><v>1</v></c></row>'
    return zipped(path, xml_parts(data + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'))


def row_number_that_wraps(path: Path) -> Path:
    return zipped(
        path, xml_parts(xml_row(1, HEADER) + '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>')
    )


def column_that_does_not_exist(path: Path) -> Path:
    return zipped(
        path, xml_parts(xml_row(1, HEADER) + '<row r="2"><c r="AAAAAAAAAAAAAA2"><v>1</v></c></row>')
    )


def cell_away_from_its_row(path: Path) -> Path:
    return zipped(path, xml_parts(xml_row(1, HEADER) + '<row r="2"><c r="A1048577"><v>1</v></c></row>'))


def huge_dimension(path: Path) -> Path:
    parts = xml_parts(xml_row(1, HEADER) + xml_row(2, ROW))
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    return zipped(path, parts)


def styled_to_the_end(path: Path) -> Path:
    """Whole rows formatted to the last column, and formatted rows to the last: empty, and common."""
    styled = '<row r="{0}"><c r="A{0}" s="0"/><c r="XFD{0}" s="0"/></row>'
    data = xml_row(1, HEADER) + xml_row(2, ROW) + styled.format(3) + styled.format(1_048_576)
    return zipped(path, xml_parts(data))


def sheet_bomb(path: Path) -> Path:
    return zipped(path, xml_parts(xml_row(1, HEADER) + " " * 40_000_000))


def strings_bomb(path: Path) -> Path:
    return zipped(path, xml_parts(xml_row(1, HEADER), f'<sst xmlns="{MAIN}">{"<si/>" * 6_000_000}</sst>'))


def zip_bomb_that_lies(path: Path) -> Path:
    """The directory says 1,000 bytes."""
    sheet_bomb(path)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    where = content.rfind(size.to_bytes(4, "little"))
    content[where : where + 4] = (1_000).to_bytes(4, "little")
    path.write_bytes(content)
    return path


def many_entries(path: Path) -> Path:
    return zipped(path, xml_parts("") | {f"x/{number}": b"" for number in range(20_000)})


def password_on_the_zip(path: Path) -> Path:
    zipped(path, xml_parts(xml_row(1, HEADER)))
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    return path


def compound(path: Path) -> Path:
    return save(
        path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900 + "EncryptedPackage".encode("utf-16-le")
    )


def other_package(*names: str) -> Callable[[Path], Path]:
    return lambda path: zipped(path, dict.fromkeys(names, b"x"))


def with_prolog(part: str, prolog: bytes) -> Callable[[Path], Path]:
    def build(path: Path) -> Path:
        parts = xml_parts(xml_row(1, HEADER) + xml_row(2, ROW), f'<sst xmlns="{MAIN}"/>')
        parts |= {
            "xl/styles.xml": b"<styleSheet/>",
            "docProps/app.xml": b"<Properties/>",
            "[Content_Types].xml": b"<Types/>",
        }
        parts[part] = prolog + parts[part]
        return zipped(path, parts)

    return build


def in_utf_16(path: Path) -> Path:
    parts = xml_parts(xml_row(1, HEADER) + xml_row(2, ROW))
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = f'<?xml version="1.0" encoding="UTF-16"?>{sheet}'.encode("utf-16")
    return zipped(path, parts)


def lzma_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in xml_parts("").items():
            archive.writestr(name, content)
    return path


PARTS = ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]
PARTS += ["xl/styles.xml", "_rels/.rels", "docProps/app.xml", "[Content_Types].xml"]
FILES: list[tuple[str, Callable[[Path], Path], type[FileRefused], str]] = [
    ("far cells", far_cells, HostileFile, "far apart (rows 1 to 200,000, 16,384 columns)"),
    ("far cells below", far_cells_below_a_table, HostileFile, "far apart"),
    ("wrapping row", row_number_that_wraps, HostileFile, "far apart"),
    ("no such column", column_that_does_not_exist, HostileFile, "far apart"),
    ("wrong row", cell_away_from_its_row, HostileFile, "far apart"),
    ("sheet bomb", sheet_bomb, HostileFile, "unpacks to more than 250 times"),
    ("strings bomb", strings_bomb, HostileFile, "unpacks to more than 250 times"),
    ("lying zip", zip_bomb_that_lies, DamagedFile, "damaged"),
    ("many entries", many_entries, HostileFile, "20,004 parts"),
    ("zip password", password_on_the_zip, EncryptedFile, "password"),
    ("workbook password", compound, EncryptedFile, "password"),
    ("xlsb", other_package("xl/workbook.bin"), UnsupportedFormat, ".xlsb"),
    ("ods", other_package("mimetype", "content.xml"), UnsupportedFormat, "OpenDocument"),
    ("docx", other_package("word/document.xml"), UnsupportedFormat, "Office document"),
    ("utf-16 part", in_utf_16, DamagedFile, "not UTF-8"),
    ("lzma", lzma_zip, UnsupportedFormat, "compressed in a way"),
    *((f"laughs in {part}", with_prolog(part, LAUGHS), HostileFile, "XML entities") for part in PARTS),
    *((f"outside in {part}", with_prolog(part, OUTSIDE), HostileFile, "XML entities") for part in PARTS),
]


@pytest.mark.parametrize(
    ("build", "kind", "words"), [case[1:] for case in FILES], ids=[case[0] for case in FILES]
)
def test_hostile_workbooks(
    tmp_path: Path, build: Callable[[Path], Path], kind: type[FileRefused], words: str
) -> None:
    with pytest.raises(kind) as refused:
        read_here(build(tmp_path / "report.xlsx"))
    assert words in refused.value.message
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize("build", [huge_dimension, styled_to_the_end])
def test_odd_but_honest_workbooks(tmp_path: Path, build: Callable[[Path], Path]) -> None:
    result = read_here(build(tmp_path / "report.xlsx"))
    assert result.column("row_number") == [2]
    assert result.bad == []


LETHAL: dict[str, Callable[[Path], Path]] = {
    "far cells": far_cells,
    "strings bomb": strings_bomb,
    "gzip bomb": lambda path: save(path, gzipped(b"\0" * 100_000_000)),
    "line": lambda path: save(path, csv_text([ROW]).encode() + b"x" * 50_000_000),
    "columns": lambda path: save(path, b"," * 50_000_000),
    "line breaks": lambda path: save(path, csv_text([ROW]).encode() + b"\n" * 60_000_000),
    "quotes": lambda path: save(path, csv_text([ROW]).encode() + b'"' * 50_000_001 + b"\n"),
}


@pytest.mark.parametrize("build", LETHAL.values(), ids=list(LETHAL))
async def test_no_file_costs_more_than_its_limits(tmp_path: Path, build: Callable[[Path], Path]) -> None:
    outcome, child = await measured(build(tmp_path / "report"))
    assert outcome in {"hostile", "too_large", "damaged"}
    assert child < MOST_MEMORY_KB


async def measured(path: Path) -> tuple[str, int]:
    """(good rows or the refusal's code, peak of the reading process in KB)."""
    process = await create_subprocess_exec(sys.executable, "-c", MEASURED, str(path), stdout=PIPE, cwd=ROOT)
    output, _ = await process.communicate()
    outcome, child = output.decode().split()
    return outcome, int(child)


async def test_a_million_rows_in_400_mb(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    with path.open("w") as file:
        file.write(",".join(HEADER) + "\n")
        for start in range(0, 1_000_000, 10_000):
            rows = (
                f"11/4/2025,Strategy {n % 20},Placement {n % 400},Creative {n} autumn,{n},12,3, $ 4.76 \n"
                for n in range(start, start + 10_000)
            )
            file.writelines(rows)
    outcome, child = await measured(path)
    assert outcome == "1000000"
    assert child < MOST_MEMORY_KB


async def test_running_into_the_memory_limit_is_one_clear_refusal(tmp_path: Path) -> None:
    path = save(tmp_path / "report.csv", csv_text([ROW]) + (",".join(ROW) + "\n") * 1_000_000)
    limits = ParseLimits(memory_bytes=200 * 2**20, block_bytes=2**30, wall_seconds=30)
    with pytest.raises(LimitReached, match=r"more than 200 MB of memory|more memory than") as refused:
        await read_away(path, limits=limits)
    assert refused.value.details == {"limit": "memory"}
