"""Restatements: numbers that stood and became others – which run, which file, when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

KINDS = ("load", "undo", "repricing", "deletion")
_ORDERS = {"changed_at": "e.at", "date": "e.date"}
_MICROS = "_micros"
_WHERE = """
FROM slice_ledger e JOIN clients c ON c.id = e.client_id
WHERE e.kind <> 'superseded' AND e.totals_before <> e.totals_after
  AND coalesce((e.totals_before ->> 'rows')::numeric, 0) > 0
  AND (CAST(:client AS uuid) IS NULL OR c.public_id = :client)
  AND (CAST(:source AS text) IS NULL OR e.source = :source)
  AND (CAST(:kind AS text) IS NULL OR e.kind = :kind)
  AND (CAST(:start AS date) IS NULL OR e.date >= :start)
  AND (CAST(:end AS date) IS NULL OR e.date <= :end)
"""
"""The first delivery of a day restates nothing: nothing stood before it. The conditions without parameters
are those of the index slice_ledger_restated (0007): a question without filters reads restatements alone.
"""
_DETAILS = """
SELECT p.id, c.public_id AS client_id, c.name AS client_name, p.source, p.account, p.date, p.kind, p.at,
       l.run_id, l.status AS run_status, l.delivered_at, l.artifact,
       p.totals_before::text AS totals_before, p.totals_after::text AS totals_after,
       b.at AS earlier_at, b.kind AS earlier_kind,
       bl.run_id AS earlier_run_id, bl.artifact AS earlier_artifact
FROM chosen p JOIN clients c ON c.id = p.client_id
LEFT JOIN ingestion_logs l ON l.client_id = p.client_id AND l.run_no = p.run_no
LEFT JOIN LATERAL (
    SELECT at, kind, run_no FROM slice_ledger b
    WHERE b.client_id = p.client_id AND b.source = p.source AND b.date = p.date AND b.account = p.account
      AND b.kind <> 'superseded' AND b.id < p.id
    ORDER BY b.id DESC LIMIT 1
) b ON true
LEFT JOIN ingestion_logs bl ON bl.client_id = p.client_id AND bl.run_no = b.run_no
"""


async def page(
    connection: AsyncConnection, filters: Mapping[str, Any], sort_by: str, order: str, limit: int, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """How many there are, and some of them; filters: client, source, kind, start, end (days included).

    ``sort_by``: ``changed_at`` or ``date``; ``order``: ASC or DESC.
    """
    direction = {"ASC": "ASC", "DESC": "DESC"}[order]
    total = await connection.execute(text(f"SELECT count(*) {_WHERE}"), dict(filters))
    chosen = (
        f"WITH chosen AS MATERIALIZED (SELECT e.* {_WHERE} "
        f"ORDER BY {_ORDERS[sort_by]} {direction}, e.id {direction} LIMIT :limit OFFSET :offset) "
    )
    placed = _ORDERS[sort_by].replace("e.", "p.")
    found = await connection.execute(
        text(f"{chosen}{_DETAILS} ORDER BY {placed} {direction}, p.id {direction}"),
        {**filters, "limit": limit, "offset": offset},
    )
    return int(total.scalar_one()), [_told(row) for row in found.mappings()]


def _told(row: RowMapping) -> dict[str, Any]:
    """A line as it is answered: what stood, what stands, and where each came from."""
    before, after = _exact(row["totals_before"]), _exact(row["totals_after"])
    same = ("client_id", "client_name", "source", "account", "date", "kind")
    return {
        "id": row["id"],
        **{name: row[name] for name in same},
        "changed_at": row["at"],
        "run_id": row["run_id"],
        "run_status": row["run_status"],
        "delivered_at": row["delivered_at"],
        "file": _file(row["artifact"]),
        "earlier": {
            "changed_at": row["earlier_at"],
            "kind": row["earlier_kind"],
            "run_id": row["earlier_run_id"],
            "file": _file(row["earlier_artifact"]),
        },
        "changes": changes(before, after),
    }


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Measure → before, after and change, of those that differ; money in the client's currency.

    null is “not measured” or “no CPM”; a change from or to it is null, too.
    """
    found = {}
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = _amount(name, before.get(name)), _amount(name, after.get(name))
        if old != new:
            change = None if old is None or new is None else new - old
            found[name.removesuffix(_MICROS)] = {"before": old, "after": new, "change": change}
    return found


def _amount(name: str, value: Any) -> Decimal | None:
    if value is None:
        return None
    amount = Decimal(str(value))
    return amount.scaleb(-6) if name.endswith(_MICROS) else amount


def _exact(totals: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(totals, parse_float=Decimal)
    return found


def _file(artifact: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Where the raw bytes are."""
    return None if artifact is None else {name: artifact.get(name) for name in ("bucket", "key")}
