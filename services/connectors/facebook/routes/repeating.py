"""``Idempotency-Key`` of an upload: the same file and fields with the same key are one upload."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.http import once
from libs.http.answers import exact_json
from libs.http.signed import Caller
from services.connectors.facebook.routes.access import Parts
from services.connectors.facebook.routes.receiving import Received
from services.connectors.facebook.routes.watching import shown
from services.connectors.facebook.store import uploads


def asked_of(request: Request, caller: Caller, taken: Received, key: str | None) -> once.Asked | None:
    """What was asked under a key: the fields and the file's bytes. How the form was cut says nothing."""
    if key is None:
        return None
    said = {"fields": taken.form.model_dump(), "name": taken.name, "sha256": taken.file.sha256}
    operation = f"{request.method} {request.url.path}"
    return once.Asked(caller.id, key, operation, hashlib.sha256(exact_json(said)).digest())


async def keep_accepted(connection: AsyncConnection, asked: once.Asked, upload_id: UUID) -> None:
    """The answer, as it is known while the upload is accepted."""
    row = await uploads.one(connection, upload_id)
    assert row is not None  # noqa: S101 - this transaction added it
    await once.keep(connection, asked, 202, exact_json(shown(row)))


async def keep_final(parts: Parts, caller: Caller, asked: once.Asked, answer: dict[str, Any]) -> None:
    """The answer as it was given, where more was known by then."""
    async with parts.seen_by(caller) as connection:
        await once.keep(connection, asked, 202, exact_json(answer))
