"""The dry run of an upload: what loading it would change."""

from __future__ import annotations

import asyncio
from typing import Any

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.connector.account import Client
from services.connectors.facebook import frames, rules
from services.connectors.facebook.routes.access import hidden_from
from services.connectors.facebook.routes.checking import Checker, looked_through
from services.connectors.facebook.store import standing, uploads


async def preview(checker: Checker) -> dict[str, Any]:
    """Rows, days, new campaigns, totals before and after, warnings; nothing is kept."""
    parts, caller, client, taken = checker.parts, checker.caller, checker.client, checker.taken
    found = await looked_through(checker, keep_rows=True, seconds=None)
    reading, options = found.reading, taken.form.options
    new = await asyncio.to_thread(frames.to_grain, found.rows)
    days = sorted(reading.dates)
    stand = await checker.standing_on(days, reading.account)
    refused = options.on_duplicate == "reject" and found.duplicates.height > 0
    async with parts.seen_by(caller) as connection:
        earlier = await uploads.earlier_upload(connection, client.id, taken.file.sha256)
        new_campaigns = await _new_campaigns(connection, client, new)
        hidden = await hidden_from(connection, caller, client.id)
    replace = options.on_duplicate == "replace"
    diff = await asyncio.to_thread(frames.difference, new, stand, replace=replace, hidden=hidden)
    return {
        "dry_run": True,
        "would_be": "refused" if refused or earlier else "loaded",
        "already_loaded": None if earlier is None else dict(earlier),
        "client_id": client.public_id,
        "file_name": taken.name,
        "on_duplicate": options.on_duplicate,
        "rows_read": reading.rows_read,
        "rows_rejected": reading.rows_rejected,
        "rows_merged": reading.rows_read - reading.rows_rejected - new.height,
        "rejected_rows": found.rejected,
        "dates": [{"date": day, "rows": reading.dates[day]} for day in days],
        "new_campaigns": new_campaigns,
        "duplicates": {"count": found.duplicates.height, "rows": frames.named(found.duplicates)},
        **diff,
        "control_totals": rules.totals_shown(reading.control_totals, hidden),
        "definitions": reading.definitions,
        "account": reading.account or None,
        "currency": reading.currency,
        "warnings": rules.warnings_shown([warned.as_json() for warned in reading.warnings], hidden),
    }


async def _new_campaigns(connection: AsyncConnection, client: Client, new: pl.DataFrame) -> list[str]:
    names = new["campaign"].unique(maintain_order=True).to_list()
    known = await standing.known_campaigns(connection, client.id, names)
    return [name for name in names if name not in known]
