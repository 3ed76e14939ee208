"""The rest of the demo's outside world: an API of Vibe, and a mail server that keeps what it gets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from deploy.local.ports import free_ports

PEOPLE = "people@agency.example"


class Outside:
    """Two processes; logs and mails are in a folder."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root, self._folder = root, folder
        self._ports = free_ports("vibe", "mail")
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def settings(self) -> dict[str, str]:
        """What services are told of it."""
        vibe = f"127.0.0.1:{self._ports['vibe']}"
        return {
            "ENVIRONMENT": "staging",
            "VIBE_API_BASE_URL": f"http://{vibe}",
            "VIBE_DOWNLOAD_HOSTS": vibe,
            "VIBE_CLIENT_ID": "demo-client",
            "VIBE_CLIENT_SECRET": "demo-secret",
            "VIBE_POLL_SECONDS": "1",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self._ports["mail"]),
            "SMTP_TLS": "none",
            "SMTP_FROM": "tidemark@agency.example",
            "ALERT_EMAIL": PEOPLE,
            "MAIL_GROUP_SECONDS": "2",
        }

    @property
    def mails(self) -> Path:
        """Every mail that came, as it came."""
        return self._folder / "mails.txt"

    def start(self) -> None:
        """Start both; they answer a moment later."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._run("vibe-api.log", "tests.simulators.vibe", "--port", str(self._ports["vibe"]))
        where = f"127.0.0.1:{self._ports['mail']}"
        self._run("mails.txt", "aiosmtpd", "-n", "-l", where, "-c", "aiosmtpd.handlers.Debugging", "stdout")

    def stop(self) -> None:
        """End them."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(10)
        self._processes.clear()

    def _run(self, log: str, module: str, *arguments: str) -> None:
        with (self._folder / log).open("wb") as out:
            command = [sys.executable, "-u", "-m", module, *arguments]
            self._processes.append(subprocess.Popen(command, cwd=self._root, stdout=out, stderr=out))
