"""A private PostgreSQL server: its own data, port, password and user."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from deploy.local import processes
from deploy.local.errors import InfrastructureError
from deploy.local.ports import LOOPBACK, answers
from deploy.local.processes import Arguments, Marker
from deploy.local.server import USER, Server

PORTS: tuple[str, ...] = ("sql",)
PACKAGE = "postgresql"
SYSTEM_USER = "postgres"
OLDEST = 15

# Durability stays as it is in production: crash tests and benchmarks run here.
_SETTINGS = """\
listen_addresses = '{host}'
port = {port}
unix_socket_directories = '{folder}'
cluster_name = '{node}'
max_connections = 200
shared_buffers = 256MB
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
max_locks_per_transaction = 256   # a month per partition, and tests drop whole databases
log_lock_waits = on
log_timezone = 'UTC'
timezone = 'UTC'
"""


def programs() -> Path | None:
    """The folder of the newest installed PostgreSQL; None when there is none.

    Raises InfrastructureError when what is installed is too old.
    """
    candidates = {path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")}
    in_path = shutil.which("initdb")
    if in_path:
        candidates.add(Path(in_path).resolve().parent)
    complete = [
        folder for folder in candidates if (folder / "pg_ctl").exists() and (folder / "postgres").exists()
    ]
    if not complete:
        return None
    newest = max(complete, key=_major_version)
    if _major_version(newest) < OLDEST:
        raise InfrastructureError(
            f"PostgreSQL {_major_version(newest)} in {newest} is too old: "
            f"install PostgreSQL {OLDEST} or newer, or set DATABASE_URL."
        )
    return newest


def _major_version(folder: Path) -> int:
    shown = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"(\d+)", shown)
    return int(found.group(1)) if found else 0


def create(server: Server) -> None:
    """Make the data folder and the database."""
    account, tools, environment = server.account(), _programs(), _environment()
    password_file = server.folder / "password"
    password_file.write_text(server.password)
    password_file.chmod(0o600)
    account.own(password_file)
    owner = [f"--username={USER}", f"--pwfile={password_file}", "--auth=scram-sha-256"]
    text = ["--encoding=UTF8", "--locale=C.UTF-8"]
    initdb: Arguments = [
        tools / "initdb",
        "-D",
        _data(server),
        *owner,
        *text,
        "--no-sync",
        "--no-instructions",
    ]
    processes.run(initdb, account, server.folder, environment)
    with (_data(server) / "postgresql.conf").open("a") as configuration:
        configuration.write("include = 'tidemark.conf'\n")
    _write_settings(server)
    single: Arguments = [tools / "postgres", "--single", "-D", _data(server), "postgres"]
    processes.run(single, account, server.folder, environment, stdin=f"CREATE DATABASE {USER}\n")


def start(server: Server) -> None:
    """Start it and return when it accepts connections; nothing happens when it runs."""
    if pid(server) is not None:
        return
    _write_settings(server)
    log = server.folder / "postgres.log"
    command: Arguments = [_programs() / "pg_ctl", "-D", _data(server), "-l", log, "-w", "-t", "60", "start"]
    # After kill -9 of the postmaster its children need a moment to notice; until then it refuses to start.
    deadline = time.monotonic() + 30
    while True:
        try:
            processes.run(command, server.account(), server.folder, _environment())
        except InfrastructureError as refusal:
            if time.monotonic() > deadline:
                raise InfrastructureError(
                    f"PostgreSQL did not start: {processes.last_lines(log)}; see {log}."
                ) from refusal
            time.sleep(0.5)
        else:
            return


def wait_ready(server: Server) -> None:
    """Raise InfrastructureError unless it accepts connections within a minute."""
    if not processes.wait_until(lambda: answers(server.ports["sql"]), 60):
        raise InfrastructureError(
            f"PostgreSQL does not answer on port {server.ports['sql']}: see {server.folder}."
        )


def markers(folder: Path) -> list[Marker]:
    """How the postmaster of this folder is recognised."""
    return [("-D", str(folder / "data"))]


def pid(server: Server) -> int | None:
    """The postmaster, when it runs."""
    return processes.running_pid(_pid_file(server), _marker(server))


def stop(server: Server) -> bool:
    """Roll back open transactions and shut down; whether it ran."""
    return processes.end(_pid_file(server), _marker(server), signal.SIGINT)


def kill(server: Server) -> bool:
    """kill -9 the postmaster and its children, as a crash of the machine would; whether it ran."""
    postmaster = pid(server)
    if postmaster is None:
        return False
    children = processes.children_of(postmaster)
    ended = processes.end(_pid_file(server), _marker(server), signal.SIGKILL)
    processes.kill_each(children)
    return ended


def url(server: Server) -> str:
    """The owner's address."""
    return f"postgresql://{USER}:{server.password}@{LOOPBACK}:{server.ports['sql']}/{USER}"


def _programs() -> Path:
    found = programs()
    if found is None:
        raise InfrastructureError("PostgreSQL is not installed: install postgresql, or set DATABASE_URL.")
    return found


def _data(server: Server) -> Path:
    return server.folder / "data"


def _pid_file(server: Server) -> Path:
    return _data(server) / "postmaster.pid"


def _write_settings(server: Server) -> None:
    settings = _data(server) / "tidemark.conf"
    values = {"host": LOOPBACK, "port": server.ports["sql"], "folder": server.folder, "node": server.node}
    settings.write_text(_SETTINGS.format_map(values))
    server.account().own(settings)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}


def _marker(server: Server) -> Marker:
    return markers(server.folder)[0]
