"""CSV (RFC 4180, UTF-8): every text in quotes, figures as plain digits, nothing for what is not known."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from libs.exports.cells import harmless_column
from libs.exports.columns import Column

MEDIA_TYPE = "text/csv; charset=utf-8"


def heading(columns: Sequence[Column]) -> bytes:
    """The first line: the API's names of the columns."""
    return (",".join(column.name for column in columns) + "\r\n").encode()


def lines(frame: pl.DataFrame, columns: Sequence[Column]) -> bytes:
    """The rows of a page. Texts that a spreadsheet would run get an apostrophe before them."""
    quoted = [_quoted(column.name) for column in columns if column.metric is None and not column.is_date]
    return (
        frame.with_columns(quoted)
        .write_csv(include_header=False, quote_style="never", line_terminator="\r\n")
        .encode()
    )


def _quoted(name: str) -> pl.Expr:
    text = harmless_column(name).str.replace_all('"', '""', literal=True)
    return pl.concat_str(pl.lit('"'), text, pl.lit('"')).alias(name)
