"""What the loader reads of the facts does not grow with them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import transaction
from services.loader.handlers.resolving import Resolver
from services.loader.store import facts
from tests.services.loader.deliveries import DAY, NEXT, Delivery, Row, load

MANY = 3_000


async def test_whether_a_day_has_rows_is_told_by_one_of_them(
    engine: AsyncEngine, owner: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    rows: tuple[Row, ...] = tuple((day, f"c{n}", n) for day in (DAY, NEXT) for n in range(MANY))
    await load(engine, resolver, client, Delivery(1, rows, (DAY, NEXT)), 10_000)
    async with transaction(owner) as connection:
        await connection.execute(text("ANALYZE daily_metrics"))
        found = await connection.execute(
            text("SELECT id FROM clients WHERE public_id = :client"), {"client": client}
        )
        number = found.scalar_one()
    async with transaction(engine) as connection:
        await connection.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        asked = {DAY, NEXT, NEXT + timedelta(days=1)}
        assert await facts.dates_with_rows(connection, number, asked) == {DAY, NEXT}
        read = await connection.execute(
            text(
                "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables "
                "WHERE relname LIKE 'daily_metrics%'"
            )
        )
        assert read.scalar_one() <= 2, "one row for each day that has some"
