"""``Idempotency-Key``: the same request twice does its work once and gets the same answer."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import orjson
from fastapi import Depends, Header, Request
from starlette.responses import Response

from libs.http.answers import ExactJSON, exact_json
from libs.http.errors import Problem
from services.gateway.routes.access import Database, Signed
from services.gateway.store import idempotency

Work = Callable[[], Awaitable[Mapping[str, Any]]]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Anything unique; sent again with the same request, it is answered as the first time.",
    ),
]


class Once:
    """Runs a piece of work in the request's transaction, once for each key of a user."""

    def __init__(self, request: Request, caller: Signed, connection: Database, key: Key = None) -> None:
        self._request, self._caller, self._connection, self._key = request, caller, connection, key

    async def __call__(self, work: Work, *, status: int = 202) -> Response:
        """The answer of ``work``, or its first one. Raises 422 for a key that another request used."""
        if self._key is None:
            return ExactJSON(await work(), status)
        digest = await self._digest()
        operation = f"{self._request.method} {self._request.url.path}"
        if not await idempotency.claim(self._connection, self._caller.id, self._key, operation, digest):
            return await self._earlier(operation, digest)
        answer = exact_json(await work())
        await idempotency.answered(self._connection, self._caller.id, self._key, status, answer.decode())
        return ExactJSON(orjson.Fragment(answer), status)

    async def _earlier(self, operation: str, digest: bytes) -> Response:
        first = await idempotency.earlier(self._connection, self._caller.id, self._key or "")
        if (first["operation"], bytes(first["request"])) != (operation, digest):
            raise Problem(
                422, "This Idempotency-Key was used for another request.", code="IDEMPOTENCY_KEY_REUSED"
            )
        headers = {"Idempotency-Replayed": "true"}
        return ExactJSON(orjson.Fragment(first["answer"]), first["status"], headers)

    async def _digest(self) -> bytes:
        content = self._request.url.query.encode() + b"\n" + await self._request.body()
        return hashlib.sha256(content).digest()


OnlyOnce = Annotated[Once, Depends()]
