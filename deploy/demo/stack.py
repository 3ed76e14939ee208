"""Every service as a real process on the servers of this checkout."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

import httpx

from contracts.ownership import ROLES
from deploy.local import Infra
from deploy.local.ports import free_ports
from libs.allocators import OF_SERVICE
from libs.bus.declare import declare
from libs.db import migrate
from libs.settings import BusSettings
from libs.testing.databases import (
    ROLE_PASSWORD,
    Database,
    drop_database,
    kept_database,
    recreate_database,
)
from libs.testing.vhosts import drop_vhost, recreate_vhost
from libs.testing.waiting import eventually

MODULES = {
    "scheduler": "services.scheduler.main",
    "surfside": "services.connectors.surfside.main",
    "vibe": "services.connectors.vibe.main",
    "facebook": "services.connectors.facebook.main",
    "loader": "services.loader.main",
    "aggregator": "services.aggregator.main",
    "notifier": "services.notifier.main",
    "reporter": "services.reporter.main",
    "gateway": "services.gateway.main",
}
"""In the order of the flow."""

SPINE = ("surfside", "loader", "aggregator", "notifier", "gateway")
"""From one source to the answers."""

STOP_SECONDS = 20
READY_SECONDS = 30
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "TMPDIR",
    "TIDEMARK_FAILPOINT",
)


class Stack:
    """A database, a virtual host, and the services' processes; ``name`` tells stacks apart."""

    def __init__(self, infra: Infra, name: str, *, extra: Mapping[str, str] | None = None) -> None:
        self.infra = infra
        self.name = name
        self.folder = infra.root / ".local" / infra.name / name
        self.ports: dict[str, int] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        # Roles are cluster-wide: on the tests' servers a stack must not take them from the other tests.
        fixed = ROLE_PASSWORD if infra.name == "test" else None
        self._passwords = {role.service: fixed or secrets.token_hex(24) for role in ROLES}
        self._secret_key = secrets.token_urlsafe(48)
        self._encryption_key = urlsafe_b64encode(secrets.token_bytes(32)).decode()
        self._extra = dict(extra or {})
        self._server = BusSettings(
            rabbitmq_url=infra.rabbitmq_url, rabbitmq_management_url=infra.rabbitmq_management_url
        )
        self.owner_url = ""
        self.rabbitmq_url = ""

    async def prepare(self, *, keep: bool = False) -> None:
        """A new database with roles and grants, a new virtual host with the topology.

        ``keep``: a database that is there already stays, migrated to the newest schema.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"tidemark_{self.name}"
        database = kept_database if keep else recreate_database
        self.owner_url = await database(self.infra.database_url, name)
        self.rabbitmq_url = await recreate_vhost(self._server, name)
        settings = self._server.model_copy(update={"rabbitmq_url": self.rabbitmq_url})
        await asyncio.gather(self._migrate(), declare(settings))

    async def _migrate(self) -> None:
        await migrate.upgrade(self.owner_url)
        await migrate.make_roles(self.owner_url, self._passwords)
        await migrate.grant(self.owner_url)

    def environment(self, service: str) -> dict[str, str]:
        """What a service is told; nothing of it reaches another."""
        inherited = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return {
            **inherited,
            **self.infra.environment(),
            "DATABASE_URL": migrate.url_of(service, self.owner_url, self._passwords[service]),
            "RABBITMQ_URL": self.rabbitmq_url,
            "PORT": str(self.ports.get(service, 0)),
            "WORK_DIR": str(self.folder / f"{service}-files"),
            "SECRET_KEY": self._secret_key,
            "METRICS_PORT": str(self.ports.get("metrics", 0)),
            "FACEBOOK_URL": self.url("facebook") if "facebook" in self.ports else "",
            "ENCRYPTION_KEY": self._encryption_key,
            **OF_SERVICE.get(service, {}),
            **self._extra,
        }

    def start(self, *services: str, gateway_port: int | None = None) -> None:
        """Start services (the spine where none is named); their logs are in the stack's folder."""
        names = services or SPINE
        self.ports |= free_ports(*names, *(["metrics"] if "gateway" in names else []))
        if gateway_port is not None and "gateway" in names:
            self.ports["gateway"] = gateway_port
        for service in names:
            log = (self.folder / f"{service}.log").open("ab")
            self.processes[service] = subprocess.Popen(
                [sys.executable, "-m", MODULES[service]],
                env=self.environment(service),
                cwd=self.infra.root,
                stdout=log,
                stderr=log,
            )
            log.close()

    def url(self, service: str) -> str:
        """Where a service answers."""
        return f"http://127.0.0.1:{self.ports[service]}"

    def health(self, service: str) -> str:
        """Where a service tells how it is: the gateway on a port that is not the public one."""
        return self.url("metrics" if service == "gateway" else service)

    async def ready(self) -> None:
        """Wait until every process says that it is ready. Raises AssertionError naming the log to read."""
        async with httpx.AsyncClient(timeout=5) as http:
            for service in self.processes:
                await eventually(
                    lambda service=service: self._is_ready(http, service),  # type: ignore[misc]
                    within=READY_SECONDS,
                    every=0.1,
                    what=f"{service} is not ready: read {self.folder / service}.log",
                )

    async def _is_ready(self, http: httpx.AsyncClient, service: str) -> bool:
        if self.processes[service].poll() is not None:
            raise AssertionError(f"{service} ended: read {self.folder / service}.log")
        try:
            answer = await http.get(f"{self.health(service)}/health/ready")
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    def stop(self) -> None:
        """SIGTERM, a while to finish, then SIGKILL; only processes that this stack started."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    async def remove(self) -> None:
        """Drop the database and the virtual host; of a stack that was stopped."""
        await drop_database(Database(self.owner_url))
        await drop_vhost(self._server, f"tidemark_{self.name}")

    def log_of(self, service: str) -> Path:
        """Where a service logs to."""
        return self.folder / f"{service}.log"
