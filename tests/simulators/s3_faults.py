"""A proxy before the S3 endpoint that fails as networks and stores do, as often as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

import aiohttp
from aiohttp import web

Kind = Literal["unavailable", "cut", "damaged", "hangs", "denied", "slow_down"]


@dataclass
class Fault:
    """What happens to the next ``times`` requests of a method."""

    kind: Kind
    times: int
    method: str = "GET"


@dataclass
class FaultyStore:
    """The proxy: ``url`` instead of the endpoint's."""

    target: str
    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    """Methods, in order."""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[FaultyStore]:
        app = web.Application(client_max_size=1 << 30)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request.method)
        fault = next((f for f in self.faults if f.method == request.method and f.times > 0), None)
        if fault is not None:
            fault.times -= 1
            if fault.kind == "hangs":
                await asyncio.sleep(30)
            if fault.kind in ("unavailable", "slow_down", "denied"):
                return _refusal(fault.kind)
        body = await request.read()
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.request(
                request.method,
                self.target + request.raw_path,
                data=body,
                headers={k: v for k, v in request.headers.items() if k.lower() != "host"},
                skip_auto_headers=("Content-Type",),
            ) as answer,
        ):
            return await _forward(request, answer, fault)


def _refusal(kind: Kind) -> web.Response:
    status, code = {
        "unavailable": (503, "ServiceUnavailable"),
        "slow_down": (503, "SlowDown"),
        "denied": (403, "AccessDenied"),
    }[kind]
    text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>as told</Message></Error>"
    return web.Response(status=status, text=text, content_type="application/xml")


async def _forward(
    request: web.Request, answer: aiohttp.ClientResponse, fault: Fault | None
) -> web.StreamResponse:
    body = await answer.read()
    response = web.StreamResponse(status=answer.status, reason=answer.reason)
    for name, value in answer.headers.items():
        if name.lower() not in ("transfer-encoding", "connection", "date", "server"):
            response.headers[name] = value
    if request.method != "HEAD":
        response.content_length = len(body)
    await response.prepare(request)
    if fault is not None and fault.kind == "cut":
        await response.write(body[: len(body) // 2])
        assert request.transport is not None
        request.transport.close()
        return response
    if fault is not None and fault.kind == "damaged":
        body = bytes([body[0] ^ 1]) + body[1:]
    if request.method != "HEAD":
        await response.write(body)
    await response.write_eof()
    return response
