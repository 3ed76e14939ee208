"""The zip container of a workbook, checked before anything inside is believed.

Every XML part is inflated once, in blocks: real sizes and ratios, no DTD, no entity, UTF-8 only. What
calamine gets afterwards is a package of our own making (libs.tabular.sheet) with parts that passed.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NoReturn
from xml.etree.ElementTree import Element, ParseError

import polars as pl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from libs.tabular.errors import DamagedFile, EncryptedFile, HostileFile, TooLarge, UnsupportedFormat
from libs.tabular.spec import ParseLimits

_READ: Final = 1024 * 1024
_OVERLAP: Final = 64
_MOST_ENTRIES: Final = 10_000
_SMALL_PART: Final = 8 * _READ
_RATIO_FROM: Final = 16 * _READ  # below it a high ratio costs nothing: empty styled rows deflate 100 times
_ENCODING: Final = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)")
# A cell of text that can only be a number with a decimal comma; see csv_source for the same in a CSV.
_COMMA: Final = r">[^<\w]*(?:\d[\d.]*,(?:\d{1,2}|\d{4,})|0,\d+)[^<\w]*<|>[^<\w]*\d{1,3}(?:\.\d{3}){2,}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its name and its part. hidden sheets are looked at last."""

    name: str
    part: str
    hidden: bool


class Package:
    """An open .xlsx whose parts passed the checks.

    Raises EncryptedFile, UnsupportedFormat, HostileFile, TooLarge or DamagedFile on opening.
    """

    def __init__(self, path: Path, limits: ParseLimits) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            _damaged(error)
        self._names = _checked_names(self._zip.infolist())
        self.has_decimal_commas = False
        self._scan()
        self.sheets, self.epoch_1904 = self._workbook()

    @cached_property
    def styles(self) -> bytes:
        """What tells a day from a number."""
        return self.read("xl/styles.xml")

    def has(self, part: str) -> bool:
        return part.casefold() in self._names

    def read(self, part: str) -> bytes:
        """A whole part, or b"" if the package has none of that name."""
        return b"".join(self.blocks(part)) if self.has(part) else b""

    def blocks(self, part: str) -> Iterator[bytes]:
        """A part in pieces of 1 MB. Raises DamagedFile."""
        name = self._names.get(part.casefold())
        if name is None:
            raise DamagedFile(f"The workbook names a sheet that it does not hold ({part}). Save it again.")
        try:
            with self._zip.open(name) as stream:
                yield from iter(lambda: stream.read(_READ), b"")
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            _damaged(error)

    def _scan(self) -> None:
        total = 0
        for name in self._names.values():
            if name.casefold().endswith((".xml", ".rels", ".vml")):
                total += self._scan_part(name, total)

    def _scan_part(self, name: str, before: int) -> int:
        packed, size, tail = self._zip.getinfo(name).compress_size, 0, b""
        for block in self.blocks(name):
            if not size:
                _check_encoding(name, block)
            size += len(block)
            if size > max(_RATIO_FROM, packed * self._limits.max_ratio):
                raise HostileFile(
                    f"The part {name} of the workbook unpacks to more than {self._limits.max_ratio} times "
                    "its size, as no report does. Export the report as .csv.",
                    part=name,
                )
            if before + size > self._limits.max_inflated_bytes:
                raise TooLarge(
                    f"The workbook unpacks to more than {self._limits.max_inflated_bytes:,} bytes. "
                    "Split the report or export it as .csv.",
                    limit=self._limits.max_inflated_bytes,
                )
            text = tail + block
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                _entities(name)
            self.has_decimal_commas = self.has_decimal_commas or _holds_comma(text)
            tail = block[-_OVERLAP:]
        return size

    def _workbook(self) -> tuple[list[Sheet], bool]:
        book = self._xml("xl/workbook.xml")
        targets = {
            relation.get("Id", ""): relation.get("Target", "")
            for relation in self._xml("xl/_rels/workbook.xml.rels")
            if relation.get("Type", "").endswith("/worksheet") and relation.get("TargetMode") != "External"
        }
        sheets = []
        for element in book.iter():
            identity = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            if _local(element) == "sheet" and identity in targets:
                part = posixpath.normpath(posixpath.join("/xl", targets[identity])).lstrip("/")
                hidden = element.get("state", "visible") != "visible"
                sheets.append(Sheet(element.get("name", part), part, hidden))
        flags = [e.get("date1904", "0") for e in book.iter() if _local(e) == "workbookPr"]
        return sorted(sheets, key=lambda sheet: sheet.hidden), any(flag in {"1", "true"} for flag in flags)

    def _xml(self, part: str) -> Element:
        content = self.read(part)
        if not content or len(content) > _SMALL_PART:
            raise DamagedFile(f"The workbook's {part} is missing or far too large. Save the workbook again.")
        try:
            return fromstring(content, forbid_dtd=True)
        except DefusedXmlException:
            _entities(part)
        except ParseError as error:
            _damaged(error)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _checked_names(entries: list[zipfile.ZipInfo]) -> dict[str, str]:
    """Names by their case-folded form. Raises for what is no .xlsx, or not one that can be trusted."""
    names = {entry.filename.casefold().lstrip("/"): entry.filename for entry in entries}
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise EncryptedFile("The file is a zip protected by a password. Deliver it without one.")
    if "xl/workbook.xml" not in names:
        raise _foreign(names)
    if len(entries) > _MOST_ENTRIES or len(names) != len(entries):
        raise HostileFile(
            f"The workbook holds {len(entries):,} parts, some of the same name or far more than a report "
            "needs. Save it again.",
            entries=len(entries),
        )
    if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
        raise UnsupportedFormat("The workbook is compressed in a way Excel does not use. Save it again.")
    return names


def _foreign(names: dict[str, str]) -> UnsupportedFormat:
    what = "a zip archive, not a table"
    if "xl/workbook.bin" in names:
        what = "a binary Excel workbook (.xlsb)"
    elif "content.xml" in names:
        what = "an OpenDocument file"
    elif any(name.startswith(("word/", "ppt/")) for name in names):
        what = "an Office document without a table"
    return UnsupportedFormat(f"The file is {what}. Export the report as .csv or .xlsx.", found=what)


def _check_encoding(name: str, head: bytes) -> None:
    declared = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    if b"\0" in head[:4] or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DamagedFile(f"The part {name} of the workbook is not UTF-8. Save the workbook with Excel.")
    if declared and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}:
        raise DamagedFile(f"The part {name} of the workbook is not UTF-8. Save the workbook with Excel.")


def _holds_comma(text: bytes) -> bool:
    return bool(pl.Series([text.decode("utf-8", "replace")]).str.contains(_COMMA)[0])


def _entities(name: str) -> NoReturn:
    raise HostileFile(
        f"The part {name} of the workbook declares XML entities or a document type, which no report needs. "
        "Save the workbook with Excel.",
        part=name,
    )


def _damaged(error: Exception) -> NoReturn:
    raise DamagedFile(f"The workbook is damaged ({error}). Save or export it again.") from error
