"""Tables in untrusted files – .csv, .csv.gz, .xlsx – read in a limited process of their own.

    async with read_table(path, spec) as table:
        table.header                      # what was found and how it was understood
        async for chunk in table.chunks():
            chunk.frame, chunk.bad        # typed rows; rejected rows with their reasons
        table.summary                     # counts and totals

A file that cannot be read raises one FileRefused; the process that asked never dies of a file.
"""

from libs.tabular.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    FileRefused,
    HeaderOnly,
    HostileFile,
    LimitReached,
    MissingColumns,
    NotDaily,
    ReaderCrashed,
    TooLarge,
    UnclearDates,
    UnsupportedFormat,
)
from libs.tabular.reader import Begun, Readers, Table, read_table
from libs.tabular.reports import BadRow, Chunk, HeaderReport, Summary
from libs.tabular.spec import DateOrder, Field, Kind, ParseLimits, TableSpec

__all__ = [
    "BadRow",
    "Begun",
    "Chunk",
    "DamagedFile",
    "DateOrder",
    "EmptyFile",
    "EncryptedFile",
    "Field",
    "FileRefused",
    "HeaderOnly",
    "HeaderReport",
    "HostileFile",
    "Kind",
    "LimitReached",
    "MissingColumns",
    "NotDaily",
    "ParseLimits",
    "ReaderCrashed",
    "Readers",
    "Summary",
    "Table",
    "TableSpec",
    "TooLarge",
    "UnclearDates",
    "UnsupportedFormat",
    "read_table",
]
