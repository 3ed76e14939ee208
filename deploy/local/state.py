"""What one named instance of a checkout remembers: `.local/<name>/infra.json`."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from deploy.local.errors import InfrastructureError
from deploy.local.processes import Account
from deploy.local.server import Server, server_from_json

# A Unix socket's path may have 107 characters, and scripts of servers stumble over blanks.
_LONGEST_PATH = 70
_PLAIN_PATH = re.compile(r"[\w./+-]+", re.ASCII)
_OUTSIDE = Path("/var/tmp")  # noqa: S108 - a folder of our own in it, checked to be ours; survives a reboot


def instances(root: Path) -> list[str]:
    """The names of all instances of a checkout that have servers."""
    return sorted(record.parent.name for record in (root / ".local").glob("*/infra.json"))


class Instance:
    """The folder of one named instance, and what is recorded in it."""

    def __init__(self, root: Path, name: str) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", name):
            raise InfrastructureError(
                f"{name!r} is no name for an instance: use a-z, 0-9 and -, at most 31 of them."
            )
        self.root = root.resolve()
        self.name = name
        self.folder = self.root / ".local" / name
        self.checkout = hashlib.sha256(str(self.root).encode()).hexdigest()[:10]
        self.node = f"tidemark-{self.checkout}-{name}"
        self._lock_path = self.folder / "lock"
        self.outside = _OUTSIDE / f"tidemark-{self.checkout}" / name

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One command at a time for this instance; others wait."""
        while True:
            with self._open_lock() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                # Whoever had it may have removed the instance, and the file we wait for with it.
                if self._lock_path.exists() and os.path.samestat(
                    self._lock_path.stat(), os.fstat(lock.fileno())
                ):
                    yield
                    return

    def _open_lock(self) -> TextIO:
        try:
            for folder in (self.folder.parent, self.folder):
                if not folder.exists():
                    folder.mkdir(parents=True, exist_ok=True)
                    folder.chmod(0o755)
            return self._lock_path.open("a")
        except PermissionError as refusal:
            raise self._of_somebody_else() from refusal

    def _of_somebody_else(self) -> InfrastructureError:
        return InfrastructureError(f"{self.folder} belongs to somebody else: run this as its owner.")

    def load(self) -> dict[str, Server]:
        """The recorded servers that are still there; none if the record came with a copy of a checkout."""
        try:
            stored = json.loads((self.folder / "infra.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        except PermissionError as refusal:
            raise self._of_somebody_else() from refusal
        if stored["root"] != str(self.root):
            return {}
        servers = {kind: server_from_json(server) for kind, server in stored["servers"].items()}
        return {kind: server for kind, server in servers.items() if server.folder.exists()}

    def save(self, servers: Mapping[str, Server], addresses: Mapping[str, str]) -> None:
        """Record servers, and their addresses for whoever reads the file."""
        record = {
            "root": str(self.root),
            **addresses,
            "servers": {kind: server.as_json() for kind, server in servers.items()},
        }
        draft = self.folder / "infra.json.new"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(record, indent=2) + "\n")
        if os.geteuid() == 0:
            # Root may have been let into somebody's checkout for one command (sudo).
            owner = self.folder.stat()
            os.chown(draft, owner.st_uid, owner.st_gid)
        draft.replace(self.folder / "infra.json")

    def forget(self) -> None:
        """Delete the record: what is in the folder is nobody's, and made anew when it is wanted."""
        (self.folder / "infra.json").unlink(missing_ok=True)

    def place_for(self, account: Account) -> Path:
        """Where the account can keep data: this instance's folder, or one outside if it cannot get there."""
        fits = len(str(self.folder)) <= _LONGEST_PATH and _PLAIN_PATH.fullmatch(str(self.folder))
        if fits and account.can_enter(self.folder):
            return self.folder
        for folder in (self.outside.parent, self.outside):
            folder.mkdir(mode=0o711, exist_ok=True)
            found = folder.lstat()
            if folder.is_symlink() or found.st_uid != os.geteuid():
                raise InfrastructureError(f"{folder} belongs to somebody else: remove it.")
            folder.chmod(0o711)
        return self.outside

    def remove(self, kinds: Iterable[str]) -> None:
        """Delete the record and everything that servers of these kinds kept."""
        for kind in kinds:
            for base in (self.folder, self.outside):
                remove_tree(base / kind)
        self.forget()
        self._lock_path.unlink(missing_ok=True)
        for folder in (self.folder, self.outside, self.outside.parent):
            if folder.exists() and not any(folder.iterdir()):
                folder.rmdir()


def remove_tree(folder: Path) -> None:
    """Delete a folder in which a server that was just killed may still have been busy."""
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)
    raise InfrastructureError(f"{folder} cannot be deleted: remove it.")
