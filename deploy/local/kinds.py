"""The three kinds of server, and one way to start and stop each, wherever it comes from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from deploy.local import compose, object_store, postgres, processes, rabbitmq
from deploy.local.processes import Marker
from deploy.local.server import Server


class PrivateServer(Protocol):
    """What the module of a private server offers."""

    PORTS: tuple[str, ...]
    PACKAGE: str
    SYSTEM_USER: str

    def programs(self) -> Path | None: ...
    def create(self, server: Server) -> None: ...
    def start(self, server: Server) -> None: ...
    def wait_ready(self, server: Server) -> None: ...
    def markers(self, folder: Path) -> list[Marker]: ...
    def pid(self, server: Server) -> int | None: ...
    def stop(self, server: Server) -> bool: ...
    def kill(self, server: Server) -> bool: ...
    def url(self, server: Server) -> str: ...


# In the order in which they are started: the broker takes longest and needs nothing of the others.
PRIVATE: Mapping[str, PrivateServer] = {
    "broker": rabbitmq,
    "object_store": object_store,
    "postgres": postgres,
}


def start(kind: str, server: Server, root: Path) -> None:
    """Start it, perhaps without waiting; nothing happens when it runs."""
    if server.origin == "compose":
        compose.start(kind, server, root)
    else:
        PRIVATE[kind].start(server)


def is_running(kind: str, server: Server, root: Path) -> bool:
    """Whether its process or container runs."""
    if server.origin == "compose":
        return compose.running(kind, server, root)
    return PRIVATE[kind].pid(server) is not None


def stop(kind: str, server: Server, root: Path, *, keep_data: bool) -> None:
    """End it in order, or at once when its data is not wanted any more."""
    if server.origin == "compose":
        compose.stop(kind, server, root, keep_data=keep_data)
        return
    if not keep_data:
        PRIVATE[kind].kill(server)
    # A killed broker leaves its port mapper behind; this ends it.
    PRIVATE[kind].stop(server)


def kill(kind: str, server: Server, root: Path) -> None:
    """kill -9."""
    if server.origin == "compose":
        compose.kill(kind, server, root)
    else:
        PRIVATE[kind].kill(server)


def end_leftovers(kind: str, folder: Path) -> None:
    """End what still runs in a folder that nothing is recorded about: `.local` was deleted under it."""
    for marker in PRIVATE[kind].markers(folder):
        processes.kill_each(processes.find(marker))
