"""kill -9 during an upload, just after the 202, while loading: nothing accepted is lost, nothing doubled."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from datetime import date, timedelta

import httpx
import pytest

from deploy.world.facebook_exports import csv_bytes, export
from tests.connectors.harness import died, process_of
from tests.services.connectors.facebook.conftest import Facebook

DAYS = [date(2025, 11, 1) + timedelta(days=n) for n in range(3)]
MADE = export(DAYS)
BODY = csv_bytes(MADE.table())


async def half_an_upload(facebook: Facebook) -> asyncio.StreamWriter:
    """A request whose body never ends: more than half of a file is on its way."""
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="half.csv"\r\n\r\n' + BODY * 400
    head = (
        "POST /api/v1/facebook/upload HTTP/1.1\r\nHost: x\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n"
        f"Authorization: Bearer {facebook.token('nina')}\r\nContent-Length: {2 * len(body)}\r\n\r\n"
    )
    _, writer = await asyncio.open_connection("127.0.0.1", facebook.port)
    writer.write(head.encode() + body)
    await writer.drain()
    return writer


async def test_killed_during_an_upload(facebook: Facebook) -> None:
    """Nothing was promised: nothing is there, and the same file is taken afterwards."""
    async with process_of(facebook.module, facebook.environment()) as process:
        await facebook.ready()
        writer = await half_an_upload(facebook)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        writer.close()
    assert await facebook.records.fetch("SELECT FROM uploaded_files") == []
    assert await facebook.records.runs() == []
    async with process_of(facebook.module, facebook.environment()), facebook.loader():
        await facebook.ready()
        assert (await facebook.accepted(BODY, wait=30))["run_status"] == "loaded"
    assert len(await facebook.facts()) == len(MADE.rows)


async def test_killed_just_after_the_202(facebook: Facebook) -> None:
    async with process_of(facebook.module, facebook.environment()) as process:
        await facebook.ready()
        accepted = await facebook.accepted(BODY)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    async with process_of(facebook.module, facebook.environment()), facebook.loader():
        await facebook.ready()
        assert (await facebook.done(accepted["upload_id"]))["run_status"] == "loaded"
    assert len(await facebook.facts()) == len(MADE.rows)
    assert len(await facebook.records.runs()) == 1


async def test_killed_between_the_commit_and_the_answer(facebook: Facebook) -> None:
    """The person saw no answer and sends the file again: it is told apart from a new one."""
    environment = facebook.environment() | {"TIDEMARK_FAILPOINT": "facebook.after_accept"}
    async with process_of(facebook.module, environment) as process:
        await facebook.ready()
        with pytest.raises(httpx.TransportError):
            await facebook.send(BODY)
        assert await died(process)
    async with process_of(facebook.module, facebook.environment()), facebook.loader():
        await facebook.ready()
        again = await facebook.send(BODY)
        assert (again.status_code, again.json()["error_code"]) == (409, "ALREADY_LOADED")
        found = await facebook.done(again.json()["details"]["upload_id"])
    assert found["run_status"] == "loaded"
    assert len(await facebook.facts()) == len(MADE.rows)


@pytest.mark.parametrize("place", ["connector.after_publish", "facebook.after_publish"])
async def test_killed_while_it_is_loaded(facebook: Facebook, place: str) -> None:
    """After the last batch, or after the outbox was published: it comes twice and counts once."""
    environment = facebook.environment() | {"TIDEMARK_FAILPOINT": place}
    async with facebook.loader():
        async with process_of(facebook.module, environment) as process:
            await facebook.ready()
            with contextlib.suppress(httpx.TransportError):  # it may die before it has answered
                await facebook.send(BODY)
            assert await died(process)
        (upload,) = await facebook.records.fetch("SELECT id FROM uploaded_files")
        async with process_of(facebook.module, facebook.environment()):
            await facebook.ready()
            assert (await facebook.done(upload["id"]))["run_status"] == "loaded"
            await facebook.quiet()
    assert len(await facebook.facts()) == len(MADE.rows)
    assert len(await facebook.records.runs()) == 1
