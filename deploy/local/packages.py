"""Missing servers from Debian packages, without the system servers that the packages would start."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local.errors import InfrastructureError

# Programs through which maintainer scripts enable and start servers, and create a first database cluster.
_STARTERS = (
    "invoke-rc.d",
    "deb-systemd-invoke",
    "deb-systemd-helper",
    "update-rc.d",
    "systemctl",
    "pg_createcluster",
)

# Seen first by the maintainer scripts: passes everything on except what concerns the servers we install.
_STARTER = """\
#!/bin/sh
name=${0##*/}
case "$name $*" in
  pg_createcluster*|*postgresql*|*rabbitmq*|*epmd*) exit 0 ;;
esac
for folder in /usr/sbin /usr/bin /sbin /bin; do
  if [ -x "$folder/$name" ]; then exec "$folder/$name" "$@"; fi
done
exit 0
"""


INSTEAD = "set DATABASE_URL and RABBITMQ_URL"


def install(packages: Sequence[str], *, instead: str = INSTEAD) -> None:
    """Install the packages with apt; their system servers are neither started nor enabled.

    Raises InfrastructureError, which names what is missing and, in the words of ``instead``, how else to
    provide it.
    """
    wanted = " and ".join(packages)
    if shutil.which("apt-get") is None:
        raise InfrastructureError(_advice(wanted, instead, "apt-get is not available"))
    become_root = _become_root()
    if become_root is None:
        raise InfrastructureError(_advice(wanted, instead, "only root or sudo can install packages"))
    print(f"Installing {wanted} (apt) ...", file=sys.stderr)
    with _starters() as folder:
        options = [
            "-o",
            f"DPkg::Path={folder}:/usr/sbin:/usr/bin:/sbin:/bin",
            "-o",
            "DPkg::Lock::Timeout=300",
        ]
        apt = [
            *become_root,
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "RUNLEVEL=1",
            "apt-get",
            "-qq",
            "-y",
            *options,
        ]
        command = [*apt, "install", "--no-install-recommends", *packages]
        result = _quietly(command)
        if result.returncode != 0:
            # A machine (or image) whose package lists were never fetched, or are out of date.
            _quietly([*apt, "update"])
            result = _quietly(command)
    if result.returncode != 0:
        said = " | ".join((result.stdout + result.stderr).strip().splitlines()[-3:])
        raise InfrastructureError(_advice(wanted, instead, f"apt-get failed ({said})"))


def _advice(wanted: str, instead: str, obstacle: str) -> str:
    return f"Not installed because {obstacle}: install {wanted}, or {instead}."


def _become_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    # With a terminal it may ask for the password; without one it must not hang.
    sudo = ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    return sudo if subprocess.run([*sudo, "true"], check=False).returncode == 0 else None


def _quietly(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


@contextmanager
def _starters() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tidemark-apt-") as name:
        folder = Path(name)
        for program in _STARTERS:
            (folder / program).write_text(_STARTER)
            (folder / program).chmod(0o755)
        yield folder
