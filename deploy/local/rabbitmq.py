"""A private RabbitMQ broker: its own node name, ports, cookie, epmd, data and user."""

import base64
import os
import re
import shutil
import signal
import urllib.error
import urllib.request
from pathlib import Path

from deploy.local import processes
from deploy.local.errors import InfrastructureError
from deploy.local.ports import LOOPBACK, answers
from deploy.local.processes import Marker
from deploy.local.server import USER, Server

PORTS: tuple[str, ...] = ("amqp", "management", "distribution", "epmd")
PACKAGE = "rabbitmq-server"
SYSTEM_USER = "rabbitmq"
# At-least-once dead-lettering came with 3.10.
OLDEST = (3, 10)

_PLUGINS = "[rabbitmq_management,rabbitmq_shovel,rabbitmq_shovel_management].\n"
_SETTINGS = """\
listeners.tcp.1 = {host}:{amqp}
management.tcp.ip = {host}
management.tcp.port = {management}
default_user = {user}
default_pass = {password}
# A development machine: publishers are blocked late, and not because the disk is nearly full.
vm_memory_high_watermark.relative = 0.6
disk_free_limit.absolute = 100MB
# The default of 512 MB is held in memory too.
raft.wal_max_size_bytes = 134217728
log.console = false
log.file.level = info
"""
_PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"


def programs() -> Path | None:
    """The installed rabbitmq-server script; None when there is none.

    Raises InfrastructureError when what is installed is too old.
    """
    # Packages put a wrapper into PATH that only root and the system's rabbitmq user may run; what it
    # wraps is preferred.
    candidates = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    for folder in ("/opt/homebrew/sbin", "/usr/local/sbin"):
        candidates.extend(Path(folder).glob("rabbitmq-server"))
    in_path = shutil.which("rabbitmq-server")
    if in_path:
        candidates.append(Path(in_path))
    if not candidates:
        return None
    script = candidates[0].resolve()
    version = re.search(r"rabbitmq[_a-z]*[-/](\d+)\.(\d+)", str(script))
    if version and (int(version[1]), int(version[2])) < OLDEST:
        raise InfrastructureError(
            f"RabbitMQ {version[1]}.{version[2]} in {script.parent} is too old: "
            f"install RabbitMQ {OLDEST[0]}.{OLDEST[1]} or newer, or set RABBITMQ_URL."
        )
    return script


def create(server: Server) -> None:
    """Only the settings: the broker makes its own data when it first starts."""
    _write_settings(server)
    # A name of our own for the port mapper, by which its process is recognised.
    Path(_epmd(server.folder)).symlink_to(_erlang_program("epmd"))


def start(server: Server) -> None:
    """Start it without waiting; nothing happens when it runs."""
    if pid(server) is not None:
        return
    _write_settings(server)
    script, account, environment = _script(), server.account(), _environment(server)
    broker, epmd = markers(server.folder)
    if processes.running_pid(_epmd_pid_file(server), epmd) is None:
        port = str(server.ports["epmd"])
        processes.spawn([*epmd, port, "-address", LOOPBACK], account, server.folder, environment, "epmd")
        processes.wait_until(lambda: answers(server.ports["epmd"]), 10)
    processes.spawn([script, *broker], account, server.folder, environment, "broker")


def wait_ready(server: Server) -> None:
    """Raise InfrastructureError unless AMQP and the management API answer within 90 seconds."""

    def has_failed() -> bool:
        # The broker writes its pid file anew while it starts: one look may find it empty.
        return server.origin == "private" and not processes.wait_until(lambda: pid(server) is not None, 1)

    if not processes.wait_until(lambda: _ready(server) or has_failed(), 90) or has_failed():
        log = server.folder / "broker.log"
        raise InfrastructureError(
            f"RabbitMQ did not start: {processes.last_lines(log)}; see {server.folder}."
        )


def _ready(server: Server) -> bool:
    if not answers(server.ports["amqp"], _PROTOCOL_HEADER):
        return False
    request = urllib.request.Request(f"{management_url(server)}/api/overview")  # noqa: S310 - our own address
    token = base64.b64encode(f"{USER}:{server.password}".encode()).decode()
    request.add_header("Authorization", f"Basic {token}")
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310
            return True
    except (urllib.error.URLError, OSError):
        return False


def markers(folder: Path) -> list[Marker]:
    """How the broker of this folder and its port mapper (epmd) are recognised."""
    # The first is an argument that the Erlang machine takes and ignores.
    return [("-tidemark", str(folder)), (_epmd(folder), "-port")]


def pid(server: Server) -> int | None:
    """The broker's process (the Erlang machine), when it runs."""
    return processes.running_pid(_pid_file(server), markers(server.folder)[0])


def stop(server: Server) -> bool:
    """Shut the broker down, then its epmd; whether the broker ran."""
    ran = processes.end(_pid_file(server), markers(server.folder)[0], signal.SIGTERM)
    # It is no child of the broker and would outlive it.
    processes.end(_epmd_pid_file(server), markers(server.folder)[1], signal.SIGTERM)
    return ran


def kill(server: Server) -> bool:
    """kill -9 the broker; its epmd stays, as it would on a real machine. Whether the broker ran."""
    return processes.end(_pid_file(server), markers(server.folder)[0], signal.SIGKILL)


def control(server: Server, *arguments: str) -> str:
    """Run rabbitmqctl for this broker and return what it prints."""
    tool = _script().parent / "rabbitmqctl"
    return processes.run([tool, *arguments], server.account(), server.folder, _environment(server))


def url(server: Server) -> str:
    """The administrator's address."""
    return f"amqp://{USER}:{server.password}@{LOOPBACK}:{server.ports['amqp']}/"


def management_url(server: Server) -> str:
    """The management page and API; user and password are those of `url`."""
    return f"http://{LOOPBACK}:{server.ports['management']}"


def _script() -> Path:
    found = programs()
    if found is None:
        raise InfrastructureError("RabbitMQ is not installed: install rabbitmq-server, or set RABBITMQ_URL.")
    return found


def _erlang_program(name: str) -> Path:
    found = shutil.which(name) or shutil.which(
        name, path="/usr/lib/erlang/bin:/opt/homebrew/bin:/usr/local/bin"
    )
    if found is None:
        raise InfrastructureError(f"{name} is not installed: install Erlang, or set RABBITMQ_URL.")
    return Path(found)


def _pid_file(server: Server) -> Path:
    return server.folder / "broker.pid"


def _epmd_pid_file(server: Server) -> Path:
    return server.folder / "epmd.pid"


def _epmd(folder: Path) -> str:
    return str(folder / "epmd")


def _write_settings(server: Server) -> None:
    texts = {
        "rabbitmq.conf": _SETTINGS.format(host=LOOPBACK, user=USER, password=server.password, **server.ports),
        "enabled_plugins": _PLUGINS,
        "rabbitmq-env.conf": "",
    }
    for name, text in texts.items():
        path = server.folder / name
        path.write_text(text)
        path.chmod(0o600)
        server.account().own(path)


def _environment(server: Server) -> dict[str, str]:
    """Only ours: RABBITMQ_* of the machine's own broker must not leak in, nor its files under /etc."""
    folder = server.folder
    return {
        "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(server.ports["epmd"]),
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "RABBITMQ_NODENAME": f"{server.node}@localhost",
        "RABBITMQ_DIST_PORT": str(server.ports["distribution"]),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONFIG_FILES": str(folder / "conf.d"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(_pid_file(server)),
        # Without it the script stays as a parent of the broker and hides its process id.
        "RUNNING_UNDER_SYSTEMD": "true",
        "RABBITMQ_SCHEDULER_BIND_TYPE": "u",
        # Idle schedulers sleep at once instead of spinning: services and tests share the cores.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"
        ),
    }
