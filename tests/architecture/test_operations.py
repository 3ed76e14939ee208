"""Every service that Compose starts answers health and metrics, on a port that is not public."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.local.ports import free_ports
from libs.testing.waiting import eventually
from tests.architecture.discovery import ROOT, built_services
from tests.architecture.test_compose import BY_HAND, services

INNER_PORT = "9000"
"""Of the image: PORT of a worker, METRICS_PORT of the gateway."""
SERVICES = sorted(built_services().keys() - BY_HAND)
ADDRESSES = ("/health/live", "/health/ready", "/metrics", "/metrics/")


@pytest.fixture
async def ports(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[dict[str, int]]:
    """Of a service without database and broker: it starts all the same, and says what it lacks."""
    service = str(request.param)
    found = free_ports("port", "metrics")
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: ASYNC220
            [sys.executable, "-m", f"{built_services()[service]}.main"],
            cwd=ROOT,
            env={
                "PATH": "/usr/bin:/bin",
                "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:9/none",
                "RABBITMQ_URL": "amqp://127.0.0.1:9/",
                "SECRET_KEY": "a key that only this test knows, 32 bytes",
                "PORT": str(found["port"]),
                "METRICS_PORT": str(found["metrics"]),
                "WORK_DIR": str(tmp_path / "files"),
                "UPLOAD_DIR": str(tmp_path / "uploads"),
            },
            stdout=output,
            stderr=output,
        )
    inner = "metrics" if service == "gateway" else "port"
    async with httpx.AsyncClient(timeout=20) as http:

        async def lives() -> bool:
            assert process.poll() is None, log.read_text()
            try:
                url = f"http://127.0.0.1:{found[inner]}/health/live"
                return (await http.get(url)).status_code == 200
            except httpx.TransportError:
                return False

        try:
            await eventually(lives, within=60, what=f"{service} lives")
            yield {"inner": found[inner], "public": found["port"]}
        finally:
            process.kill()
            process.wait()


@pytest.mark.parametrize(("ports", "service"), [(name, name) for name in SERVICES], indirect=["ports"])
async def test_a_service_tells_how_it_is(ports: dict[str, int], service: str) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['inner']}", timeout=20) as http:
        ready = await http.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["checks"]["postgresql"] == "does not answer"
        metrics = await http.get("/metrics", follow_redirects=True)
        assert metrics.headers["content-type"].startswith("text/plain")
        assert "process_resident_memory_bytes" in metrics.text
    if service == "gateway":
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['public']}", timeout=20) as http:
            for address in ADDRESSES:
                assert (await http.get(address)).status_code == 404, address
            assert "/health/live" not in (await http.get("/openapi.json")).json()["paths"]


@pytest.mark.parametrize("service", SERVICES)
def test_no_container_publishes_that_port(service: str) -> None:
    described = services()[service]
    published = [port.rpartition(":")[2] for port in described.get("ports", ())]
    assert INNER_PORT not in published
    assert f"127.0.0.1:{INNER_PORT}/health/ready" in described["healthcheck"]["test"][-1]
    assert described["environment"].get("METRICS_PORT" if published else "PORT", INNER_PORT) == INNER_PORT
