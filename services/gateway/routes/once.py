"""``Idempotency-Key``: the same request twice does its work once and gets the same answer."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from starlette.responses import Response

from libs.http import once
from libs.http.answers import ExactJSON, exact_json
from services.gateway.routes.access import Database, Signed

Work = Callable[[], Awaitable[Mapping[str, Any]]]


class Once:
    """Runs a piece of work in the request's transaction, once for each key of a user."""

    def __init__(self, request: Request, caller: Signed, connection: Database, key: once.Key = None) -> None:
        self._request, self._caller, self._connection, self._key = request, caller, connection, key

    async def __call__(self, work: Work, *, status: int = 202) -> Response:
        """The answer of ``work``, or its first one. Raises 422 for a key that another request used."""
        if self._key is None:
            return ExactJSON(await work(), status)
        operation = f"{self._request.method} {self._request.url.path}"
        asked = once.Asked(self._caller.id, self._key, operation, await self._digest())
        if not await once.claim(self._connection, asked):
            first = await once.earlier(self._connection, asked)
            assert first is not None  # noqa: S101 - it was claimed
            return first
        answer = exact_json(await work())
        await once.keep(self._connection, asked, status, answer)
        return ExactJSON(orjson.Fragment(answer), status)

    async def _digest(self) -> bytes:
        content = self._request.url.query.encode() + b"\n" + await self._request.body()
        return hashlib.sha256(content).digest()


OnlyOnce = Annotated[Once, Depends()]
