"""What everything is compared with: bare COPY of the same rows, and dlt."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import polars as pl

from deploy.world.surfside_large import LargeFile
from libs.testing.databases import recreate_database
from tests.bench import processes
from tests.bench.processes import Profile, Snapshot

_TABLE = "bench_copy"
_COLUMNS = (
    "client_id",
    "date",
    "creative_id",
    "run_no",
    "impressions",
    "clicks",
    "conversions",
    "conversion_revenue_micros",
)
"""The others are null in these files."""

TIMES = 5

Look = Callable[[], Snapshot]


def rows_of(files: Sequence[LargeFile]) -> pl.DataFrame:
    """The rows of files with their names, as a frame."""
    return pl.concat([pl.read_csv(file.body, try_parse_dates=True) for file in files])


def facts_of(rows: pl.DataFrame, client_id: int = 1) -> pl.DataFrame:
    """The same rows as they come to stand in daily_metrics, in the order of its key."""
    return (
        rows.select(
            client_id=pl.lit(client_id),
            date="Date",
            creative_id=pl.col("Creative").str.extract(r"(\d+)$").cast(pl.Int32) + 1,
            run_no=pl.lit(1),
            impressions="Impressions",
            clicks="Clicks",
            conversions="Conversions",
            conversion_revenue_micros=(pl.col("Conversion Revenue") * 1_000_000).round().cast(pl.Int64),
        )
        .select(_COLUMNS)
        .sort("client_id", "date", "creative_id")
    )


class Copies:
    """COPYs of presorted CSV into an empty table shaped and keyed like daily_metrics."""

    def __init__(self, url: str, facts: pl.DataFrame, look: Look) -> None:
        self._url, self._look = url, look
        self._body = facts.write_csv(include_header=False).encode()
        self._taken: list[Profile] = []

    async def once_more(self) -> None:
        """One of them; a machine that is slower for a while is so for what is measured between them, too."""
        async with _connections(self._url, 1) as (connection,):
            self._taken.append(await _measured(connection, [(connection, self._body)], self._look))

    @property
    def median(self) -> Profile:
        """By the time that they took."""
        return sorted(self._taken, key=lambda profile: profile.wall)[len(self._taken) // 2]


async def copy(url: str, facts: pl.DataFrame, look: Look) -> Profile:
    """The median of TIMES, one after the other."""
    copies = Copies(url, facts, look)
    for _ in range(TIMES):
        await copies.once_more()
    return copies.median


async def two_way_copy(url: str, halves: Sequence[pl.DataFrame], look: Look) -> Profile:
    """The same, with rows of different clients on connections of their own."""
    bodies = [facts.write_csv(include_header=False).encode() for facts in halves]
    async with _connections(url, len(bodies)) as connections:
        work = list(zip(connections, bodies, strict=True))
        taken = [await _measured(connections[0], work, look) for _ in range(3)]
    return sorted(taken, key=lambda profile: profile.wall)[1]


@asynccontextmanager
async def _connections(url: str, count: int) -> AsyncIterator[list[asyncpg.Connection[asyncpg.Record]]]:
    connections = [await asyncpg.connect(url) for _ in range(count)]
    try:
        yield connections
        await connections[0].execute(f"DROP TABLE IF EXISTS {_TABLE}")
    finally:
        for connection in connections:
            await connection.close()


async def _measured(
    owner: asyncpg.Connection[asyncpg.Record],
    work: Sequence[tuple[asyncpg.Connection[asyncpg.Record], bytes]],
    look: Look,
) -> Profile:
    await owner.execute(f"DROP TABLE IF EXISTS {_TABLE}")
    await owner.execute(f"CREATE TABLE {_TABLE} (LIKE daily_metrics INCLUDING ALL)")
    await owner.execute("CHECKPOINT")
    before = look()
    await asyncio.gather(*(_copy_in(connection, body) for connection, body in work))
    return processes.between(before, look())


async def _copy_in(connection: asyncpg.Connection[asyncpg.Record], body: bytes) -> None:
    await connection.copy_to_table(_TABLE, source=io.BytesIO(body), columns=_COLUMNS, format="csv")


async def dlt_seconds(server_url: str, rows: pl.DataFrame) -> float:
    """Seconds of dlt's merge of the same rows into a flat table, in a database and a process of its own."""
    url = await recreate_database(server_url, "bench_dlt")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        rows.write_parquet(path)
        command = [sys.executable, "-m", "tests.bench.dlt_merge", url, str(path), folder]
        # It writes settings where it stands.
        said = await asyncio.to_thread(
            subprocess.run, command, capture_output=True, check=True, cwd=Path(__file__).parents[2]
        )
    await recreate_database(server_url, "bench_dlt")
    return float(json.loads(said.stdout.splitlines()[-1])["seconds"])
