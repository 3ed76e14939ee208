"""What the simulators answer with, and how they run beside a test."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class Raw(Response):
    """A body that does not keep what its head promised."""

    def __init__(self, body: bytes, *, length: int | None = None, repeat: int = 1) -> None:
        super().__init__(b"", media_type="text/csv")
        self._body, self._length, self._repeat = body, length, repeat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [] if self._length is None else [(b"content-length", str(self._length).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for _ in range(self._repeat):
            await send({"type": "http.response.body", "body": self._body, "more_body": True})
        if self._length is None:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class QuietServer(uvicorn.Server):
    """Beside a test: signals stay the test's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def basic(request: Request) -> tuple[str, str]:
    """Name and secret of HTTP Basic."""
    encoded = request.headers.get("authorization", "").removeprefix("Basic ")
    identity, _, secret = base64.b64decode(encoded).decode().partition(":")
    return identity, secret
