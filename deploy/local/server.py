"""What is remembered about one server between two commands."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from deploy.local.processes import Account

USER = "tidemark"

Origin = Literal["private", "compose"]


@dataclass(frozen=True)
class Server:
    """One server that this checkout started.

    `folder` holds everything a private server keeps (data, logs, passwords); it stands in its command line,
    which is how the process is recognised.
    """

    origin: Origin
    folder: Path
    node: str
    ports: Mapping[str, int]
    password: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)

    def account(self) -> Account:
        """The user the server runs as: the owner of its folder."""
        owner = self.folder.stat()
        return Account(owner.st_uid, owner.st_gid, switch=os.geteuid() == 0 and owner.st_uid != 0)

    def as_json(self) -> dict[str, Any]:
        """For the state file."""
        return {
            "origin": self.origin,
            "folder": str(self.folder),
            "node": self.node,
            "ports": dict(self.ports),
            "password": self.password,
        }


def server_from_json(stored: Mapping[str, Any]) -> Server:
    """What `as_json` wrote."""
    return Server(
        stored["origin"], Path(stored["folder"]), stored["node"], stored["ports"], stored["password"]
    )
