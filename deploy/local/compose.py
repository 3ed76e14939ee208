"""PostgreSQL and RabbitMQ from docker-compose.yml, on ports and with passwords of this checkout."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy.local import postgres
from deploy.local.errors import InfrastructureError
from deploy.local.ports import LOOPBACK
from deploy.local.server import USER, Server

SERVICES = {"postgres": "postgres", "broker": "rabbitmq"}


def can_be_used(root: Path) -> bool:
    """Whether a Docker engine answers, with Compose, and the checkout says what to run."""
    if shutil.which("docker") is None or not (root / "docker-compose.yml").exists():
        return False
    questions = (["docker", "info"], ["docker", "compose", "version"])
    return all(subprocess.run(ask, capture_output=True, check=False).returncode == 0 for ask in questions)


def start(kind: str, server: Server, root: Path) -> None:
    """Start one service and wait for its health check; nothing happens when it runs."""
    override = server.folder / "compose.yml"
    # JSON is YAML; only the tag that replaces the published ports needs YAML's own syntax.
    service = {"environment": _environment(kind, server)}
    ports = json.dumps([f"{LOOPBACK}:{port}:{inside}" for port, inside in _published(kind, server)])
    text = json.dumps({"services": {SERVICES[kind]: service | {"ports": "@ports@"}}})
    override.write_text(text.replace('"@ports@"', f"!override {ports}"))
    override.chmod(0o600)
    _compose(server, root, ["up", "--detach", "--wait", "--no-deps", SERVICES[kind]])


def stop(kind: str, server: Server, root: Path, *, keep_data: bool) -> None:
    """Stop one service; its volumes go with it unless the data is kept."""
    # Each server is a project of its own.
    _compose(server, root, ["stop", SERVICES[kind]] if keep_data else ["down", "--volumes"])


def kill(kind: str, server: Server, root: Path) -> None:
    """kill -9 one service."""
    _compose(server, root, ["kill", "--signal", "SIGKILL", SERVICES[kind]])


def running(kind: str, server: Server, root: Path) -> bool:
    """Whether the service's container runs."""
    return bool(_compose(server, root, ["ps", "--quiet", "--status", "running", SERVICES[kind]]).strip())


def _published(kind: str, server: Server) -> list[tuple[int, int]]:
    inside = {"sql": 5432, "amqp": 5672, "management": 15672}
    names = postgres.PORTS if kind == "postgres" else ("amqp", "management")
    return [(server.ports[name], inside[name]) for name in names]


def _environment(kind: str, server: Server) -> dict[str, str]:
    if kind == "postgres":
        return {"POSTGRES_USER": USER, "POSTGRES_PASSWORD": server.password, "POSTGRES_DB": USER}
    return {"RABBITMQ_DEFAULT_USER": USER, "RABBITMQ_DEFAULT_PASS": server.password}


def _compose(server: Server, root: Path, arguments: Sequence[str]) -> str:
    files = ["--file", str(root / "docker-compose.yml"), "--file", str(server.folder / "compose.yml")]
    command = [
        "docker",
        "compose",
        "--project-name",
        f"{server.node}-{server.folder.name}",
        *files,
        *arguments,
    ]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        said = " | ".join(result.stderr.strip().splitlines()[-3:])
        raise InfrastructureError(f"docker compose {arguments[0]} failed: {said}")
    return result.stdout
