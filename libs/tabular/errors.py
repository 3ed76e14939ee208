"""Why a delivery report was refused as a whole.

    Terminal (libs.errors)
    └── FileRefused            code, one sentence for a person, details for a program
        ├── UnsupportedFormat  unsupported_format: .xls, .xlsb, HTML, a plain zip, gzip where none is allowed
        ├── EncryptedFile      encrypted: a workbook or zip entry that asks for a password
        ├── DamagedFile        damaged: cut short, broken zip, XML or quoting
        ├── HostileFile        hostile: inflates without end, entities, cells far outside any table
        ├── EmptyFile          empty: no byte, or nothing but blank lines
        ├── HeaderOnly         header_only: the columns are there, no row is
        ├── MissingColumns     missing_columns: what was found and what was expected
        ├── UnclearDates       unclear_dates: day and month cannot be told apart, or contradict each other
        ├── NotDaily           not_daily: a row covers more than one day
        ├── TooLarge           too_large: bytes, rows, columns or one row beyond the limits
        ├── LimitReached       limit_reached: the reader ran into its memory or time limit
        └── ReaderCrashed      reader_crashed: the reader died; nothing of the file is trusted

A refusal is a business failure: the run ends with it, the message is acknowledged.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from libs.errors import Terminal


class FileRefused(Terminal):
    """The file cannot be read as a delivery report. `details` is JSON-ready."""

    code: ClassVar[str] = "refused"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, Any] = details


class UnsupportedFormat(FileRefused):
    """Not a CSV and not an .xlsx, whatever its name says."""

    code = "unsupported_format"


class EncryptedFile(FileRefused):
    """Protected by a password."""

    code = "encrypted"


class DamagedFile(FileRefused):
    """Cut short or broken inside."""

    code = "damaged"


class HostileFile(FileRefused):
    """Built, by intent or accident, to exhaust its reader."""

    code = "hostile"


class EmptyFile(FileRefused):
    """Nothing inside."""

    code = "empty"


class HeaderOnly(FileRefused):
    """The header without a single row."""

    code = "header_only"


class MissingColumns(FileRefused):
    """No row holds the required columns. details: found, expected, missing."""

    code = "missing_columns"


class UnclearDates(FileRefused):
    """The order of day and month is ambiguous or contradicts itself. details: column, examples."""

    code = "unclear_dates"


class NotDaily(FileRefused):
    """A row covers a period instead of a day. details: column, cell."""

    code = "not_daily"


class TooLarge(FileRefused):
    """More bytes, rows, columns or text in one row than the limits allow."""

    code = "too_large"


class LimitReached(FileRefused):
    """Reading took more memory or time than the limits allow. details: limit."""

    code = "limit_reached"


class ReaderCrashed(FileRefused):
    """The reading process died. details: exit (its exit status), stderr (the tail)."""

    code = "reader_crashed"


_BY_CODE: dict[str, type[FileRefused]] = {kind.code: kind for kind in FileRefused.__subclasses__()}


def refusal(code: str, message: str, details: Mapping[str, Any]) -> FileRefused:
    """The refusal that the reading process reported; an unknown code gives a plain FileRefused."""
    return _BY_CODE.get(code, FileRefused)(message, **details)
