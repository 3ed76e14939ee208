"""Looking at an upload until its run has ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from libs.http.errors import NotFound
from libs.http.signed import Caller
from services.connectors.facebook import rules
from services.connectors.facebook.routes.access import Parts
from services.connectors.facebook.store import uploads

EVERY_SECONDS = 0.25
_HIDDEN = ("client_no", "uploader", "batches_staged", "batches_expected")
_DETAILS = (
    *("warnings", "definitions", "control_totals", "rows_unpriced", "run_date", "options"),
    *_HIDDEN,
)


def shown(row: RowMapping, *, without: Collection[str] = _DETAILS) -> dict[str, Any]:
    """An upload as an answer has it."""
    return {
        **{name: value for name, value in row.items() if name not in without},
        "progress": rules.progress(dict(row)),
    }


def detailed(row: RowMapping, hidden: Collection[str]) -> dict[str, Any]:
    """An upload with what is known of its run, without hidden sums."""
    return {
        **shown(row, without=_HIDDEN),
        "control_totals": rules.totals_shown(row["control_totals"], hidden),
        "warnings": rules.warnings_shown(row["warnings"], hidden),
    }


async def found(parts: Parts, caller: Caller, upload_id: UUID) -> RowMapping:
    """An upload that the caller may see. Raises NotFound."""
    async with parts.seen_by(caller) as connection:
        row = await uploads.one(connection, upload_id)
    if row is None:
        raise NotFound("upload")
    return row


async def changes(parts: Parts, caller: Caller, upload_id: UUID) -> AsyncIterator[dict[str, Any]]:
    """The upload now, and again whenever it has changed, until it has ended. Raises NotFound."""
    last: dict[str, Any] | None = None
    while True:
        now = shown(await found(parts, caller, upload_id))
        if now != last:
            yield now
        if now["status"] in ("completed", "failed"):
            return
        last = now
        await asyncio.sleep(EVERY_SECONDS)


async def until_done(parts: Parts, caller: Caller, upload_id: UUID, seconds: int) -> dict[str, Any]:
    """The upload as it stands when it has ended, or when so many seconds have passed."""
    latest = shown(await found(parts, caller, upload_id))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            async for change in changes(parts, caller, upload_id):
                latest = change
    return latest
