"""The outside world of the toy: a web server with files, and slow to serve them on demand."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate

from aiohttp import web


@dataclass
class WebServer:
    """``files``: path → body and time (seconds since 1970); ``refusals``: the next answers' statuses."""

    files: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    refusals: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    cut: int = 0
    """How many of the next bodies end half-way."""
    swaps: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    """What stands at a path as soon as it was looked at."""
    tells_etag: bool = True
    url: str = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[WebServer]:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        if self.refusals:
            return web.Response(status=self.refusals.pop(0))
        if request.match_info["path"] not in self.files:
            return web.Response(status=404)
        path = request.match_info["path"]
        body, changed = self.files[path]
        self.files[path] = self.swaps.pop(path, self.files[path])
        headers = {"Last-Modified": formatdate(changed, usegmt=True), "Content-Length": str(len(body))}
        if self.tells_etag:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()}"'
        if request.method == "GET" and self.cut:
            self.cut -= 1
            return await _half(request, body, headers)
        return web.Response(body=body, headers=headers)


async def _half(request: web.Request, body: bytes, headers: dict[str, str]) -> web.StreamResponse:
    answer = web.StreamResponse(headers=headers)
    await answer.prepare(request)
    await answer.write(body[: len(body) // 2])
    assert request.transport is not None
    request.transport.close()
    return answer
