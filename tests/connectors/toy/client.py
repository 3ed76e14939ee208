"""The web server with the reports: ``<prefix>/<day>.csv``, one file per client and day."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from libs.connector.account import Client, RunRefused
from libs.connector.pulls import Expected
from libs.errors import Transient
from libs.storage import Download, ObjectMissing

WHOLE_SECONDS = 300
"""Of one download; a server that sends a byte at a time is not waited for longer."""


@dataclass(frozen=True)
class WebFile:
    """A file as its headers describe it (libs.connector.account.FoundObject)."""

    bucket: str
    key: str
    size: int
    etag: str
    last_modified: datetime
    version_id: str | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.bucket}/{self.key}"


class WebReports:
    """libs.connector.files.Reports over HTTP; ``max_bytes``: of one file."""

    def __init__(self, base_url: str, max_bytes: int) -> None:
        self._base = base_url.rstrip("/")
        self._max_bytes = max_bytes
        self._http = httpx.AsyncClient(timeout=30, headers={"Accept-Encoding": "identity"})

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    def expected(self, client: Client, day: date) -> Expected:
        """The server and the path. Raises RunRefused where the client's settings name no folder."""
        if not client.settings.prefix:
            raise RunRefused("no_prefix", f"No prefix is set for client {client.name}: set its folder")
        return Expected(self._base, f"{client.settings.prefix.strip('/')}/{day}.csv")

    async def find(self, client: Client, days: Sequence[date]) -> dict[date, list[WebFile]]:
        """The file of each day; days without one are left out."""
        found = {}
        for day in days:
            try:
                found[day] = [await self._head(self.expected(client, day).name)]
            except ObjectMissing:
                continue
        return found

    async def fetch(self, found: WebFile, to: Path) -> Download:
        """Exactly the bytes that were found, never more than allowed."""
        self._check_size(found, found.size)
        async with self._asked("GET", found.key) as answer:
            if _described(self._base, found.key, answer) != found:
                raise Transient(f"{found.url} changed between being found and being read")
            return await self._write(found, answer, to)

    async def _head(self, key: str) -> WebFile:
        async with self._asked("HEAD", key) as answer:
            return _described(self._base, key, answer)

    @asynccontextmanager
    async def _asked(self, method: str, key: str) -> AsyncIterator[httpx.Response]:
        """An answer that is good; its body is still to be read."""
        url = f"{self._base}/{key}"
        try:
            async with asyncio.timeout(WHOLE_SECONDS), self._http.stream(method, url) as answer:
                _check_status(url, answer.status_code)
                yield answer
        except (httpx.TransportError, TimeoutError) as error:
            raise Transient(f"{url} did not answer, or not to the end: {type(error).__name__}") from error

    async def _write(self, found: WebFile, answer: httpx.Response, to: Path) -> Download:
        size, digest = 0, hashlib.sha256()
        file = await asyncio.to_thread(to.open, "wb")
        try:
            async for piece in answer.aiter_raw():
                size += len(piece)
                self._check_size(found, size)
                digest.update(piece)
                await asyncio.to_thread(file.write, piece)
        finally:
            await asyncio.to_thread(file.close)
        return Download(to, size, digest.hexdigest())

    def _check_size(self, found: WebFile, size: int) -> None:
        if size > self._max_bytes:
            raise RunRefused("too_large", f"{found.url} has more than {self._max_bytes:,} bytes")


def _check_status(url: str, status: int) -> None:
    if status == 404:
        raise ObjectMissing(f"{url} is not there")
    if status in (401, 403):
        raise RunRefused("access_denied", f"{url} may not be read ({status}): look at the credentials")
    if status == 429 or status >= 500:
        raise Transient(f"{url} answered with {status}")
    if status != 200:
        raise RunRefused("source_refused", f"{url} answered with {status}")


def _described(base: str, key: str, answer: httpx.Response) -> WebFile:
    """Raises RunRefused without the headers that tell one delivery from the next."""
    try:
        modified = parsedate_to_datetime(answer.headers["Last-Modified"]).astimezone(UTC)
        size = int(answer.headers["Content-Length"])
        return WebFile(base, key, size, answer.headers["ETag"], modified)
    except (KeyError, ValueError) as error:
        raise RunRefused(
            "no_identity", f"{base}/{key} comes without a good ETag, Last-Modified or Content-Length: {error}"
        ) from error
