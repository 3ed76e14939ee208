"""What a file is, by its bytes and never by its name."""

import re
from pathlib import Path
from typing import Final, Literal

from libs.tabular.errors import DamagedFile, EmptyFile, EncryptedFile, TooLarge, UnsupportedFormat
from libs.tabular.spec import ParseLimits, TableSpec

Format = Literal["csv", "csv.gz", "xlsx"]
_HEAD: Final = 65_536
_ADVICE: Final = "Export the report as .csv or .xlsx."
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: Final = {
    b"%PDF": "a PDF document",
    b"BZh": "bzip2-compressed",
    b"\xfd7zXZ": "xz-compressed",
    b"\x28\xb5\x2f\xfd": "zstd-compressed",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
}
# Before Excel 97 an .xls was a bare stream of BIFF records; each begins with one of these.
_OLD_EXCEL: Final = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00")
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|head|body|table|meta|div|style|script|\?xml|!--)", re.I)


def detect_format(path: Path, spec: TableSpec, limits: ParseLimits) -> Format:
    """The format of the file's content.

    Raises EmptyFile, TooLarge, EncryptedFile or UnsupportedFormat, each with one sentence for a person.
    """
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile("The file is empty: it has 0 bytes. Export the report again.", bytes=0)
    if size > limits.max_file_bytes:
        raise TooLarge(
            f"The file has {size:,} bytes; at most {limits.max_file_bytes:,} are read. Split the report.",
            bytes=size,
            limit=limits.max_file_bytes,
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_ZIP):
        return "xlsx"
    if head.startswith(b"\x1f\x8b"):
        return _gzip(spec)
    if head.startswith(_COMPOUND):
        raise _compound(path)
    _refuse_foreign(head)
    return "csv"


def _gzip(spec: TableSpec) -> Format:
    if spec.allow_gzip:
        return "csv.gz"
    raise UnsupportedFormat(
        "The file is gzip-compressed; this source takes plain .csv or .xlsx. Unpack it first.", found="gzip"
    )


def _compound(path: Path) -> EncryptedFile | UnsupportedFormat | DamagedFile:
    """A password-protected .xlsx and an old .xls share one container; its directory tells them apart."""
    with path.open("rb") as file:
        content = file.read(64 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return EncryptedFile(
            "The workbook is protected by a password. Save it without one.", found="encrypted"
        )
    return UnsupportedFormat(
        f"The file is an Excel 97–2003 workbook (.xls) or another old Office file. {_ADVICE}", found="xls"
    )


def _refuse_foreign(head: bytes) -> None:
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise UnsupportedFormat(f"The file is {what}, not a table. {_ADVICE}", found=what)
    if head.startswith(_OLD_EXCEL):
        raise UnsupportedFormat(f"The file is an old Excel workbook (.xls). {_ADVICE}", found="xls")
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise UnsupportedFormat(
            f"The file holds a web page (HTML or XML), not a table, whatever its name says. {_ADVICE}",
            found="html",
        )
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and head.count(b"\0") * 10 > len(head):
        raise UnsupportedFormat(
            f"The file holds binary data, or UTF-16 text without a byte order mark, not a table. {_ADVICE}",
            found="binary",
        )
