"""What stands of a client: its rows, and what its earlier uploads say about the next one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

import polars as pl
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.metrics.registry import SHOW_COST_SETTING
from services.connectors.facebook import frames


@dataclass(frozen=True)
class History:
    """What a client's earlier uploads say about the next one."""

    currency: str
    accounts: frozenset[str]
    definitions: dict[str, str]
    """Of the newest run that stands."""

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the run that is read by it."""
        return {**asdict(self), "accounts": sorted(self.accounts)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept."""
        return cls(kept["currency"], frozenset(kept["accounts"]), kept["definitions"])


async def history(connection: AsyncConnection, client_id: int, run_id: UUID) -> History:
    """``run_id``: the run that is to be read, which is not its own past."""
    found = await connection.execute(
        text(
            "SELECT c.currency, ARRAY(SELECT DISTINCT account FROM campaigns "
            "WHERE client_id = c.id AND source = 'facebook') AS accounts, coalesce((SELECT definitions "
            "FROM ingestion_logs WHERE client_id = c.id AND source = 'facebook' AND run_id <> :run_id "
            "AND status IN ('loaded', 'partial', 'unchanged') ORDER BY delivered_at DESC LIMIT 1), '{}') "
            "AS definitions FROM clients c WHERE c.id = :client_id"
        ).columns(definitions=JSONB),
        {"client_id": client_id, "run_id": run_id},
    )
    row = found.one()
    return History(row.currency, frozenset(row.accounts), row.definitions)


async def standing_rows(
    connection: AsyncConnection, client_id: int, account: str, days: Collection[date]
) -> pl.DataFrame:
    """What stands on these days, by the names that the platform sent."""
    found = await connection.execute(
        text(
            "SELECT d.date, ca.name, st.name, pl.name, cr.name, d.impressions, d.clicks, d.conversions, "
            "d.conversion_revenue_micros, d.media_cost_micros FROM campaigns ca "
            "JOIN strategies st ON st.client_id = ca.client_id AND st.campaign_id = ca.id "
            "JOIN placements pl ON pl.client_id = st.client_id AND pl.strategy_id = st.id "
            "JOIN creatives cr ON cr.client_id = pl.client_id AND cr.placement_id = pl.id "
            "JOIN daily_metrics d ON d.client_id = cr.client_id AND d.creative_id = cr.id "
            "WHERE ca.client_id = :client_id AND ca.source = 'facebook' AND ca.account = :account "
            "AND d.client_id = :client_id AND d.date = ANY(:days) ORDER BY 1, 2, 3, 4, 5"
        ),
        {"client_id": client_id, "account": account, "days": list(days)},
    )
    return frames.standing([tuple(row) for row in found])


async def shows_cost(connection: AsyncConnection, client_id: int) -> bool:
    """Whether the client's users may see what its media cost."""
    found = await connection.execute(
        text("SELECT settings -> :key = 'true'::jsonb FROM clients WHERE id = :client_id"),
        {"client_id": client_id, "key": SHOW_COST_SETTING},
    )
    return found.scalar() is True


async def has_rows(connection: AsyncConnection, client_id: int) -> bool:
    """Whether the client has anything of this source that could be there twice."""
    found = await connection.execute(
        text("SELECT EXISTS (SELECT FROM campaigns WHERE client_id = :client_id AND source = 'facebook')"),
        {"client_id": client_id},
    )
    return bool(found.scalar_one())


async def known_campaigns(connection: AsyncConnection, client_id: int, names: Sequence[str]) -> set[str]:
    """Which of these campaigns the client has."""
    found = await connection.execute(
        text(
            "SELECT name FROM campaigns WHERE client_id = :client_id AND source = 'facebook' "
            "AND name = ANY(:names)"
        ),
        {"client_id": client_id, "names": list(names)},
    )
    return set(found.scalars())
