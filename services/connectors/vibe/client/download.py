"""Fetches a report from an address that somebody else handed over.

The host is resolved once and every address looked at; the connection goes to the very address that was
looked at, so that a name cannot lead elsewhere a moment later. No redirect is followed, no proxy asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import httpcore
import httpx

from libs.storage import Download
from services.connectors.vibe.client.errors import AddressExpired, DownloadFailed
from services.connectors.vibe.rules.addresses import DownloadRefused, Place, check_address, place_of

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
WHOLE_SECONDS = 300.0
"""Of one download; a server that sends a byte at a time is not waited for longer."""
_TIMEOUTS = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": CONNECT_SECONDS}
_EXPIRED = (400, 401, 403, 404, 410)
"""What stores answer to a signed address that is past its time, or whose file is gone."""


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were looked at."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The first address that answers."""
        trouble: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in await self._addresses(host, port):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved") from error
        addresses = [cast("str", item[4][0]) for item in found]
        if not self._place.trusted:
            for address in addresses:  # one bad address among good ones is no accident
                check_address(host, address)
        return addresses


class Downloads:
    """``allowed``: hosts of VIBE_DOWNLOAD_HOSTS. ``max_bytes``: of one report."""

    def __init__(self, allowed: Iterable[str], max_bytes: int) -> None:
        self._allowed = tuple(entry for entry in allowed if entry.strip())
        self._max_bytes = max_bytes
        self._tls = httpx.create_ssl_context()

    async def fetch(self, url: str, path: Path) -> Download:
        """The report in a file of this machine.

        Raises DownloadRefused, AddressExpired, or DownloadFailed when it did not come whole.
        """
        place = place_of(url, self._allowed)
        try:
            async with asyncio.timeout(WHOLE_SECONDS), self._opened(place, url) as response:
                self._check(place, response)
                return await self._write(place, response, path)
        except TimeoutError:
            raise DownloadFailed(f"{place.host} took longer than {WHOLE_SECONDS:.0f} s") from None
        except (
            httpcore.TimeoutException,
            httpcore.NetworkError,
            httpcore.ProtocolError,
        ) as error:
            raise DownloadFailed(
                f"The report did not come whole from {place.host}: {type(error).__name__}"
            ) from error

    @asynccontextmanager
    async def _opened(self, place: Place, url: str) -> AsyncIterator[httpcore.Response]:
        backend = _CheckedBackend(place)
        async with (
            httpcore.AsyncConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
            pool.stream(
                "GET",
                url,
                headers={"Accept-Encoding": "identity"},
                extensions={"timeout": _TIMEOUTS},
            ) as response,
        ):
            yield response

    def _check(self, place: Place, response: httpcore.Response) -> None:
        if 300 <= response.status < 400:
            raise DownloadRefused(f"{place.host} answered with a redirect ({response.status}): not followed")
        if response.status in _EXPIRED:
            raise AddressExpired(f"{place.host} no longer takes the address ({response.status})")
        if response.status != 200:
            raise DownloadFailed(f"{place.host} answered with {response.status}")
        headers = {name.lower(): value for name, value in response.headers}
        if headers.get(b"content-encoding", b"identity") != b"identity":
            raise DownloadFailed(f"{place.host} sent the report in an encoding that was not asked for")
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > self._max_bytes:
            raise self._too_large(place)

    async def _write(self, place: Place, response: httpcore.Response, path: Path) -> Download:
        size, digest = 0, hashlib.sha256()
        file = await asyncio.to_thread(path.open, "wb")
        try:
            async for piece in response.aiter_stream():
                size += len(piece)
                if size > self._max_bytes:
                    raise self._too_large(place)
                digest.update(piece)
                await asyncio.to_thread(file.write, piece)
        finally:
            await asyncio.to_thread(file.close)
        return Download(path, size, digest.hexdigest())

    def _too_large(self, place: Place) -> DownloadRefused:
        return DownloadRefused(
            f"The report at {place.host} has more than {self._max_bytes:,} bytes (VIBE_MAX_DOWNLOAD_BYTES)"
        )
