"""PostgreSQL, RabbitMQ and an S3 endpoint for one checkout: found or started, used, stopped.

For each server, in this order: an address in the environment; a server installed on the machine, run as a
private instance; Docker Compose when an engine answers; apt packages, then as a private instance.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local import compose, kinds, packages, rabbitmq
from deploy.local.errors import InfrastructureError
from deploy.local.ports import free_ports, is_free
from deploy.local.processes import Account, unprivileged_account
from deploy.local.server import Origin, Server
from deploy.local.state import Instance, remove_tree

GIVEN = {"broker": "RABBITMQ_URL", "object_store": "S3_ENDPOINT_URL", "postgres": "DATABASE_URL"}


@dataclass(frozen=True)
class Infra:
    """Where the servers are. `servers` holds those that this checkout started, by kind."""

    root: Path
    name: str
    database_url: str
    rabbitmq_url: str
    rabbitmq_management_url: str
    s3_endpoint_url: str
    servers: Mapping[str, Server]

    @property
    def broker_pid(self) -> int | None:
        """The process of the private broker, when it runs."""
        return self._pid("broker")

    @property
    def postgres_pid(self) -> int | None:
        """The postmaster of the private PostgreSQL, when it runs."""
        return self._pid("postgres")

    def environment(self) -> dict[str, str]:
        """The addresses under the names that the services' settings have."""
        addresses = {
            "DATABASE_URL": self.database_url,
            "RABBITMQ_URL": self.rabbitmq_url,
            "RABBITMQ_MANAGEMENT_URL": self.rabbitmq_management_url,
        }
        if self.s3_endpoint_url:
            addresses["S3_ENDPOINT_URL"] = self.s3_endpoint_url
        if "object_store" in self.servers:
            # It takes any credentials, but a client without credentials does not even ask.
            addresses |= {
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_SECRET_ACCESS_KEY": "local",
                "AWS_REGION": "us-east-1",
            }
        return addresses

    def _pid(self, kind: str) -> int | None:
        server = self.servers.get(kind)
        if server is None or server.origin != "private":
            return None
        return kinds.PRIVATE[kind].pid(server)


def ensure(root: Path, name: str = "dev", *, object_store: bool = True) -> Infra:
    """Bring up what is not given and not running, and return where everything is.

    Running servers of this instance are used as they are, dead ones are started again with their data.
    Raises InfrastructureError with one sentence that tells what to do.
    """
    instance = Instance(root, name)
    with instance.locked():
        servers = instance.load()
        wanted = [
            kind
            for kind in kinds.PRIVATE
            if kind not in _given() and (object_store or kind != "object_store")
        ]
        origins = _origins([kind for kind in wanted if kind not in servers], instance.root)
        for kind in wanted:
            known = servers.get(kind)
            server = (
                _with_free_ports(kind, known, instance) if known else _create(kind, origins[kind], instance)
            )
            servers[kind] = server
            instance.save(servers, _addresses(servers))
            kinds.start(kind, server, instance.root)
        for kind in wanted:
            kinds.PRIVATE[kind].wait_ready(servers[kind])
    return _infra(instance, servers)


def recorded(root: Path, name: str = "dev") -> Infra:
    """What an earlier `ensure` brought up, running or not; nothing is started."""
    instance = Instance(root, name)
    return _infra(instance, instance.load())


def stop(root: Path, name: str = "dev", *, keep_data: bool = False) -> None:
    """End the servers that this instance started and delete their data, unless it is to be kept."""
    instance = Instance(root, name)
    with instance.locked():
        servers = instance.load()
        if not keep_data:
            instance.forget()  # ended in the middle, it must not take half of a server for a whole one
        for kind, server in servers.items():
            kinds.stop(kind, server, instance.root, keep_data=keep_data)
        if not keep_data:
            for kind, base in product(kinds.PRIVATE, (instance.folder, instance.outside)):
                kinds.end_leftovers(kind, base / kind)
            instance.remove(kinds.PRIVATE)


def _given() -> dict[str, str]:
    return {kind: os.environ[variable] for kind, variable in GIVEN.items() if os.environ.get(variable)}


def _origins(new: list[str], root: Path) -> dict[str, Origin]:
    """Where each new server comes from; installs packages when nothing else is left."""
    unusable: dict[str, str] = {}
    for kind in new:
        try:
            if kinds.PRIVATE[kind].programs() is None:
                unusable[kind] = ""
        except InfrastructureError as too_old:
            unusable[kind] = str(too_old)
    if not unusable:
        return dict.fromkeys(new, "private")
    if not unusable.keys() - compose.SERVICES.keys() and compose.can_be_used(root):
        return {kind: "compose" if kind in unusable else "private" for kind in new}
    for reason in filter(None, unusable.values()):
        raise InfrastructureError(reason)
    packages.install([kinds.PRIVATE[kind].PACKAGE for kind in unusable])
    return dict.fromkeys(new, "private")


def _create(kind: str, origin: Origin, instance: Instance) -> Server:
    module = kinds.PRIVATE[kind]
    ourselves = Account(os.geteuid(), os.getegid(), switch=False)
    server_user = origin == "private" and module.SYSTEM_USER
    account = unprivileged_account(module.SYSTEM_USER) if server_user else ourselves
    folder = instance.place_for(account) / kind
    if folder.parent != instance.folder:
        say(f"A server's own user cannot enter {instance.folder}, or its path is too long or has blanks:")
    say(f"Creating {kind} ({origin}) in {folder}")
    kinds.end_leftovers(kind, folder)
    # Left from a start that ended before anything was recorded, or copied with a checkout.
    remove_tree(folder)
    folder.mkdir(mode=0o700)
    account.own(folder)
    server = Server(origin, folder, instance.node, free_ports(*module.PORTS))
    if origin == "private":
        module.create(server)
    return server


def _with_free_ports(kind: str, server: Server, instance: Instance) -> Server:
    """The same server; on other ports if it is down and somebody took one of its ports."""
    if kinds.is_running(kind, server, instance.root):
        return server
    say(f"Starting {kind} again in {server.folder}")
    # What is left of it: the port mapper of a broker that was killed.
    kinds.stop(kind, server, instance.root, keep_data=True)
    if all(is_free(port) for port in server.ports.values()):
        return server
    return replace(server, ports=free_ports(*server.ports))


def _addresses(servers: Mapping[str, Server]) -> dict[str, str]:
    urls = {kind: kinds.PRIVATE[kind].url(server) for kind, server in servers.items()} | _given()
    management = os.environ.get("RABBITMQ_MANAGEMENT_URL", "")
    if "broker" in _given():
        management = management or _usual_management_url(urls["broker"])
    elif "broker" in servers:
        management = rabbitmq.management_url(servers["broker"])
    return {
        "database_url": urls.get("postgres", ""),
        "rabbitmq_url": urls.get("broker", ""),
        "rabbitmq_management_url": management,
        "s3_endpoint_url": urls.get("object_store", ""),
    }


def _usual_management_url(rabbitmq_url: str) -> str:
    parts = urlsplit(rabbitmq_url)
    return f"https://{parts.hostname}:15671" if parts.scheme == "amqps" else f"http://{parts.hostname}:15672"


def _infra(instance: Instance, servers: Mapping[str, Server]) -> Infra:
    started = {kind: server for kind, server in servers.items() if kind not in _given()}
    return Infra(root=instance.root, name=instance.name, servers=started, **_addresses(servers))


def say(text: str) -> None:
    """A line of progress; stdout belongs to what was asked for."""
    print(text, file=sys.stderr)
