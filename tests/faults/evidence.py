"""What stands in the database, read by the schema's owner and told by names."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import asyncpg

from libs.metrics.blocks import decode
from tests.faults.model import METRICS, SUMS, Fact, Sums, Values

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_NAMES = (
    "JOIN clients cl ON cl.id = {0}.client_id "
    "JOIN creatives cr ON cr.client_id = {0}.client_id AND cr.id = {0}.creative_id "
    "JOIN placements pl ON pl.client_id = cr.client_id AND pl.id = cr.placement_id "
    "JOIN strategies st ON st.client_id = pl.client_id AND st.id = pl.strategy_id "
    "JOIN campaigns ca ON ca.client_id = st.client_id AND ca.id = st.campaign_id "
)
_FACTS = (
    "SELECT cl.public_id, ca.source, ca.account, d.date, ca.name, st.name, pl.name, cr.name, d.run_no, "
    "d.client_id, d.creative_id, "
    + ", ".join(f"d.{name}" for name in METRICS)
    + " FROM daily_metrics d "
    # Outer joins, so that a fact without a name shows as one and is not lost.
    + _NAMES.format("d").replace("JOIN", "LEFT JOIN")
)
_RUNS = (
    "SELECT cl.public_id AS client, l.run_id, l.run_no, l.source, l.status, l.batches_staged, "
    "l.batches_expected, l.error, l.run_date, l.artifact->>'sha256' AS sha256, l.artifact->>'key' AS key, "
    "(SELECT count(*) FROM rejected_rows r WHERE (r.client_id, r.run_id) = (l.client_id, l.run_id)) "
    "AS rejected FROM ingestion_logs l JOIN clients cl ON cl.id = l.client_id"
)
_ROLLUPS = (
    "SELECT cl.public_id AS client, r.source, ca.account, r.date, ca.name AS campaign, "
    + ", ".join(f"r.{name}" for name in SUMS)
    + " FROM rollups r JOIN clients cl ON cl.id = r.client_id "
    "LEFT JOIN campaigns ca ON ca.client_id = r.client_id AND ca.id = r.campaign_id AND ca.source = r.source"
)
_LEDGER = (
    "SELECT cl.public_id AS client, l.source, l.account, l.date, l.kind, l.run_no, l.totals_before, "
    "l.totals_after FROM slice_ledger l JOIN clients cl ON cl.id = l.client_id "
    "ORDER BY l.client_id, l.source, l.account, l.date, l.id"
)
_SUMMARIES = (
    "SELECT cl.public_id AS client, {0}_start AS start, sums, ratios, deltas, top_campaigns, top_creatives, "
    "underperformers FROM {0}ly_summaries s JOIN clients cl ON cl.id = s.client_id"
)
_IDLE = (
    "SELECT application_name, state, query FROM pg_stat_activity WHERE datname = current_database() "
    "AND state LIKE 'idle in transaction%' AND state_change < now() - interval '1 second'"
)


class RunLog(NamedTuple):
    """A line of ingestion_logs."""

    client: UUID
    run_no: int
    source: str
    status: str
    staged: int
    expected: int | None
    error: str | None
    day: date | None
    sha256: str | None
    """Of the file that it read; none for runs whose batches the experiment made itself."""
    key: str | None
    """In the raw archive."""
    rejected: int


class LedgerLine(NamedTuple):
    """A line of the ledger, with the metrics of its totals."""

    slice: tuple[UUID, str, str, date]
    kind: str
    run_no: int | None
    before: Values
    after: Values
    """Rows, then METRICS."""


@dataclass
class Evidence:
    """All of it, at one moment at which nothing moves."""

    facts: dict[Fact, Values] = field(default_factory=dict)
    nameless: int = 0
    """Facts whose creative is not in the hierarchy."""
    run_of: dict[Fact, int] = field(default_factory=dict)
    creative_of: dict[Fact, tuple[int, int]] = field(default_factory=dict)
    """Client's and creative's internal keys."""
    spends: dict[Fact, Decimal | None] = field(default_factory=dict)
    runs: dict[UUID, RunLog] = field(default_factory=dict)
    rollups: dict[tuple[object, ...], Sums] = field(default_factory=dict)
    blocks: dict[tuple[int, str, date], dict[int, Sums]] = field(default_factory=dict)
    summaries: dict[tuple[UUID, str, date], dict[str, Any]] = field(default_factory=dict)
    ledger: list[LedgerLine] = field(default_factory=list)
    staged: list[tuple[UUID, int]] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)


async def gather(connection: Connection) -> Evidence:
    """Read everything, in one snapshot."""
    found = Evidence()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await _facts(connection, found)
        for row in await connection.fetch(_RUNS):
            found.runs[row["run_id"]] = RunLog(row[0], *row[2:])
        for row in await connection.fetch(_ROLLUPS):
            key = tuple(row[name] for name in ("client", "source", "account", "date", "campaign"))
            found.rollups[key] = {name: row[name] for name in SUMS}
        await _blocks(connection, found)
        await _summaries(connection, found)
        found.ledger = [_line(row) for row in await connection.fetch(_LEDGER)]
        staging = await connection.fetch("SELECT run_id, sequence FROM staging_media_raw ORDER BY 1, 2")
        found.staged = [(row["run_id"], row["sequence"]) for row in staging]
        found.idle = [str(dict(row)) for row in await connection.fetch(_IDLE)]
    return found


async def _facts(connection: Connection, found: Evidence) -> None:
    for row in await connection.fetch(_FACTS):
        client, source, account, day, *path = row[:8]
        if None in row[:8]:
            found.nameless += 1
            continue
        fact = Fact(client, source, account, day, tuple(path))
        found.facts[fact] = tuple(row[11:])
        found.run_of[fact] = row[8]
        found.creative_of[fact] = (row[9], row[10])
    spends = await connection.fetch(
        "SELECT client_id, date, source, account, campaign_name, strategy_name, placement_name, "
        "creative_name, spend FROM daily_metrics_flat"
    )
    of_id = {key[0]: fact.client for fact, key in found.creative_of.items()}
    for row in spends:
        fact = Fact(of_id[row[0]], row[2], row[3], row[1], (row[4], row[5], row[6], row[7]))
        found.spends[fact] = row[8]


async def _blocks(connection: Connection, found: Evidence) -> None:
    for row in await connection.fetch("SELECT client_id, period, start_date, payload FROM rollup_blocks"):
        frame = decode(row["payload"])
        sums = {entry.pop("creative_id"): entry for entry in frame.iter_rows(named=True)}
        found.blocks[row["client_id"], row["period"], row["start_date"]] = sums


async def _summaries(connection: Connection, found: Evidence) -> None:
    for period in ("week", "month"):
        for row in await connection.fetch(_SUMMARIES.format(period)):
            columns = ("sums", "ratios", "deltas", "top_campaigns", "top_creatives", "underperformers")
            found.summaries[row["client"], period, row["start"]] = {
                name: json.loads(row[name], parse_float=Decimal, parse_int=Decimal) for name in columns
            }


def _line(row: asyncpg.Record) -> LedgerLine:
    slice_ = (row["client"], row["source"], row["account"], row["date"])
    totals = [_totals(json.loads(row[name])) for name in ("totals_before", "totals_after")]
    return LedgerLine(slice_, row["kind"], row["run_no"], *totals)


def _totals(kept: dict[str, Any]) -> Values:
    return (kept.get("rows", 0), *(kept.get(name) for name in METRICS))


def totals_of(values: Iterable[Values]) -> Values:
    """Rows and sums of METRICS, as the ledger has them."""
    rows = 0
    sums: list[int | None] = [None] * len(METRICS)
    for each in values:
        rows += 1
        sums = [s if v is None else (s or 0) + v for s, v in zip(sums, each, strict=True)]
    return (rows, *sums)
