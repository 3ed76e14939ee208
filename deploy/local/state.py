"""What one named instance of a checkout remembers: `.local/<name>/infra.json`."""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local.errors import InfrastructureError
from deploy.local.processes import Account
from deploy.local.server import Server, server_from_json

# A Unix socket's path may have 107 characters, and scripts of servers stumble over blanks.
_LONGEST_PATH = 70
_PLAIN_PATH = re.compile(r"[\w./+-]+", re.ASCII)
_OUTSIDE = Path("/var/tmp")  # noqa: S108 - a folder of our own in it, checked to be ours; survives a reboot


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
        self.outside = _OUTSIDE / f"tidemark-{self.checkout}" / name

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One command at a time for this instance; others wait."""
        for folder in (self.folder.parent, self.folder):
            if not folder.exists():
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o755)
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def load(self) -> dict[str, Server]:
        """The recorded servers; nothing if the record came here with a copy of another checkout."""
        try:
            stored = json.loads((self.folder / "infra.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        if stored["root"] != str(self.root):
            return {}
        return {kind: server_from_json(server) for kind, server in stored["servers"].items()}

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
        draft.replace(self.folder / "infra.json")

    def server_folder(self, kind: str, account: Account) -> Path:
        """A new folder that only the account can read: under `.local`, or outside if it cannot get there."""
        base = self.folder
        fits = len(str(base)) <= _LONGEST_PATH and _PLAIN_PATH.fullmatch(str(base))
        if not fits or not account.can_enter(base):
            base = self._outside_folder()
        folder = base / kind
        if folder.exists():
            # Left from a start that was interrupted before anything was recorded, or copied with a checkout.
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        account.own(folder)
        return folder

    def _outside_folder(self) -> Path:
        for folder in (self.outside.parent, self.outside):
            folder.mkdir(mode=0o711, exist_ok=True)
            found = folder.lstat()
            if folder.is_symlink() or found.st_uid != os.geteuid():
                raise InfrastructureError(f"{folder} belongs to somebody else: remove it.")
            folder.chmod(0o711)
        return self.outside

    def remove(self) -> None:
        """Delete everything recorded and kept; the lock stays for those who wait for it."""
        for entry in self.folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != "lock":
                entry.unlink()
        if self.outside.exists():
            shutil.rmtree(self.outside)
        if self.outside.parent.exists() and not any(self.outside.parent.iterdir()):
            self.outside.parent.rmdir()
