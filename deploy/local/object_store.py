"""A private S3 endpoint: moto's server, which keeps everything in memory."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from deploy.local import processes
from deploy.local.errors import InfrastructureError
from deploy.local.ports import LOOPBACK, answers
from deploy.local.processes import Arguments, Marker
from deploy.local.server import Server

PORTS: tuple[str, ...] = ("s3",)
PACKAGE = ""
SYSTEM_USER = ""
IN_MEMORY = 128 << 20
"""Bytes: of what is larger than 5 MB moto makes a temporary file, and copies it a few times on the way."""

_CHECKOUT = Path(__file__).resolve().parents[2]


def programs() -> Path:
    """The Python that runs the endpoint: the checkout's own, else this one."""
    for python in (_CHECKOUT / ".venv" / "bin" / "python", Path(sys.executable)):
        if python.exists() and _has_moto(python):
            return python
    raise InfrastructureError("moto is not installed in .venv: run `make venv`, or set S3_ENDPOINT_URL.")


def _has_moto(python: Path) -> bool:
    look = "import importlib.util, sys; sys.exit(importlib.util.find_spec('moto') is None)"
    return subprocess.run([python, "-c", look], check=False).returncode == 0


def create(server: Server) -> None:
    """Nothing: it keeps everything in memory."""


def start(server: Server) -> None:
    """Start it without waiting; nothing happens when it runs."""
    if pid(server) is not None:
        return
    command: Arguments = [
        programs(),
        "-m",
        "deploy.local.s3_server",
        server.folder,
        LOOPBACK,
        str(server.ports["s3"]),
    ]
    environment = {
        "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": str(IN_MEMORY),
        **os.environ,
        "PYTHONPATH": str(_CHECKOUT),
    }
    processes.spawn(command, server.account(), server.folder, environment, "s3")


def wait_ready(server: Server) -> None:
    """Raise InfrastructureError unless it accepts connections within half a minute."""
    if (
        not processes.wait_until(lambda: answers(server.ports["s3"]) or pid(server) is None, 30)
        or pid(server) is None
    ):
        raise InfrastructureError(
            f"The S3 endpoint did not start: {processes.last_lines(server.folder / 's3.log')}."
        )


def markers(folder: Path) -> list[Marker]:
    """How the endpoint of this folder is recognised."""
    return [("deploy.local.s3_server", str(folder))]


def pid(server: Server) -> int | None:
    """Its process, when it runs."""
    return processes.running_pid(server.folder / "s3.pid", _marker(server))


def stop(server: Server) -> bool:
    """End it, and with it everything it holds; whether it ran."""
    return processes.end(server.folder / "s3.pid", _marker(server), signal.SIGTERM, patience=3)


def kill(server: Server) -> bool:
    """kill -9; whether it ran."""
    return processes.end(server.folder / "s3.pid", _marker(server), signal.SIGKILL)


def url(server: Server) -> str:
    """The endpoint; it takes any credentials."""
    return f"http://{LOOPBACK}:{server.ports['s3']}"


def _marker(server: Server) -> Marker:
    return markers(server.folder)[0]
