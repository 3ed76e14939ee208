"""Columns as vectors: the same rows with and without a snapshot, whatever is null."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import polars as pl
import pytest

from libs.db import vectors
from libs.db.copying import Column
from libs.db.vectors import read_pages
from libs.testing.databases import Database

COLUMNS = (
    Column("id", "int4"),
    Column("full_", nullable=True),
    Column("mixed", nullable=True),
    Column("empty", nullable=True),
    Column("small", "int4", nullable=True),
)
ROWS = (
    "SELECT id, id * 3000000000 AS full_, nullif(id % 3, 0)::bigint AS mixed, NULL::bigint AS empty, "
    "nullif(id % 2, 0)::integer AS small FROM generate_series(1, $1) AS id WHERE id > $2 ORDER BY id LIMIT $3"
)


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """Anybody's."""
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


def expected(count: int) -> pl.DataFrame:
    ids = range(1, count + 1)
    return pl.DataFrame(
        {
            "id": pl.Series(ids, dtype=pl.Int32),
            "full_": pl.Series([n * 3_000_000_000 for n in ids], dtype=pl.Int64),
            "mixed": pl.Series([n % 3 or None for n in ids], dtype=pl.Int64),
            "empty": pl.Series([None for _ in ids], dtype=pl.Int64),
            "small": pl.Series([n % 2 or None for n in ids], dtype=pl.Int32),
        }
    )


@pytest.mark.parametrize("count", [0, 1, 7, 8, 20])
@pytest.mark.parametrize("frozen", [False, True])
async def test_rows_come_as_they_are_page_by_page(
    connection: asyncpg.Connection[asyncpg.Record],
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    frozen: bool,
) -> None:
    monkeypatch.setattr(vectors, "PAGE_ROWS", 4)
    found = await read_pages(connection, ROWS, COLUMNS, count, frozen=frozen)
    assert found.equals(expected(count), null_equal=True)
    assert found.schema == expected(count).schema
