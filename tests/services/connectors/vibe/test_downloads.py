"""Downloads: from an address that somebody else names, of a file that may be anything."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest

from libs.testing.waiting import eventually
from services.connectors.vibe.client.download import Downloads
from services.connectors.vibe.client.errors import DownloadFailed
from services.connectors.vibe.rules.addresses import DownloadRefused, check_address, place_of
from tests.connectors.base import DAY
from tests.connectors.harness import totals_of
from tests.services.connectors.vibe.conftest import Vibe
from tests.simulators.vibe import Kind, VibeSimulator

METADATA = "http://169.254.169.254/latest/meta-data/"


@pytest.mark.parametrize("kind", ["cut", "error", "expired"])
async def test_what_may_pass_is_tried_again(connector: Vibe, kind: Kind) -> None:
    """An address that is past its time is asked for again; half a file is not taken for a whole one."""
    totals = await connector.deliver(DAY, "happy")
    connector.api.ready_after = 0
    connector.api.fail("download", kind, 2)
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run(within=30)
    assert totals_of(batches) == totals
    assert connector.api.calls["download"] == 3
    assert len(connector.api.reports) == 1
    (report,) = connector.api.reports.values()
    assert report.polls == (3 if kind == "expired" else 1)


@pytest.mark.parametrize(
    ("kind", "code", "says"),
    [
        ("cut", "download_failed", "did not come whole"),
        ("expired", "download_failed", "no longer takes the address"),
        ("half", "truncated", "in the middle of a row"),
        ("empty", "empty", "0 bytes"),
        ("html", "unsupported_format", "web page"),
        ("redirect", "download_refused", "redirect"),
        ("endless", "download_refused", "more than 1,000,000 bytes"),
    ],
)
async def test_what_is_no_report_fails_and_publishes_nothing(
    connector: Vibe, kind: Kind, code: str, says: str
) -> None:
    """So nothing that stands is overwritten; the next pull asks for another report."""
    connector.api.fail("download", kind, 4)
    async with connector.started(vibe_max_download_bytes=1_000_000):
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed", within=40)
        await connector.quiet()
        assert run.error_code == code
        assert says in (run.error or "")
        assert connector.ears.batches() == []
        connector.api.faults.clear()
        await connector.trigger(DAY)
        await connector.ears.whole_run()
    assert len(connector.ears.failures()) == 1
    assert len(connector.api.reports) == 2


@pytest.mark.parametrize(
    "url",
    [
        METADATA,
        "https://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/report.csv",
        "https://localhost/report.csv",
        "https://[::1]/report.csv",
        "https://[::ffff:10.0.0.1]/report.csv",
        "https://0x7f000001/report.csv",
        "https://2130706433/report.csv",
        "ftp://files.vibe.co/report.csv",
        "file:///etc/passwd",
    ],
)
async def test_addresses_inside_are_never_asked(connector: Vibe, url: str) -> None:
    connector.api.download_url = url
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
    assert run.error_code == "download_refused"
    assert "X-Signature" not in (run.error or "")
    assert connector.ears.batches() == []


@pytest.mark.parametrize(
    "address",
    [
        *("10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "0.0.0.1"),
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1"),
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(DownloadRefused, match="never asked"):
        check_address("files.example", address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_is_fine(address: str) -> None:
    check_address("files.example", address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://files.vibe.co/a", "https://user@files.vibe.co/a", "https://files.vibe.co:8443/a"),
        *("https:///a", "https://[::1/a", "https://files.vibe.co:port/a", "", "javascript:alert(1)"),
    ],
)
def test_an_address_of_another_shape_is_refused(url: str) -> None:
    with pytest.raises(DownloadRefused):
        place_of(url, ["sim:8099"])


def test_an_allowed_host_is_allowed_with_its_port_alone() -> None:
    assert place_of("http://sim:8099/a", ["sim:8099"]).trusted
    assert not place_of("https://sim/a", ["sim:8099"]).trusted
    assert place_of("http://sim:9/a", ["sim"]).trusted


async def test_a_name_is_resolved_once_and_connected_to_as_it_was_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, connected = [], []

    async def resolve(host: str, port: int, **_: Any) -> list[Any]:
        looks.append(host)
        address = "93.184.215.14" if len(looks) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    async def connect(self: Any, host: str, *_: Any, **__: Any) -> Any:
        connected.append(host)
        raise httpcore.ConnectError("as far as it goes")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    with pytest.raises(DownloadFailed):
        await Downloads([], 1000).fetch("https://files.example/a.csv", tmp_path / "a")
    assert (looks, connected) == (["files.example"], ["93.184.215.14"])


async def test_one_private_address_among_public_ones_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(_: str, port: int, **__: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("93.184.215.14", "10.0.0.7")
        ]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    with pytest.raises(DownloadRefused, match=r"10\.0\.0\.7"):
        await Downloads([], 1000).fetch("https://files.example/a.csv", tmp_path / "a")


async def test_the_simulator_lies_as_it_is_told() -> None:
    """What the tests above rest on."""
    async with VibeSimulator().serving() as vibe, httpx.AsyncClient(base_url=vibe.url) as http:
        for number in range(16):
            answer = await http.post(
                "/create_async_report",
                headers={"X-API-KEY": "demo-key"},
                json={"advertiser_id": "a", "start_date": str(vibe.now().date()), "end_date": "2999-01-01"},
            )
            assert answer.status_code == (200 if number < 15 else 429)
        vibe.fail("poll", "error")
        answer = await http.get("/get_report_status", headers={"X-API-KEY": "demo-key"})
        assert answer.status_code == 500

        async def state() -> Any:
            return (await http.get("/_state")).json()

        assert (await eventually(state))["throttled"] == 1
