"""The machine's Chromium, from Debian's package where there is none: `python -m deploy.local.browser`.

With `--font` also the first font that the page asks for, so that pictures of it look as on most desks.
"""

import shutil
import sys
from pathlib import Path

from deploy.local import packages
from deploy.local.errors import InfrastructureError

PACKAGE = "chromium"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FONT = "fonts-inter"
FONTS = Path("/usr/share/fonts")
INSTEAD = "put a Chromium of another origin into PATH under that name"


def chromium() -> Path:
    """Where it is; installs it with apt if it is nowhere. Raises InfrastructureError."""
    found = _found()
    if found is None:
        packages.install([PACKAGE], instead=INSTEAD)
        found = _found()
    if found is None:
        raise InfrastructureError(f"apt installed {PACKAGE}, but no such program is in PATH: {INSTEAD}.")
    return found


def font() -> None:
    """Installs it with apt if it is nowhere. Raises InfrastructureError."""
    if not any(FONTS.rglob("Inter*")):
        packages.install([FONT], instead=f"put Inter into {FONTS}")


def _found() -> Path | None:
    return next((Path(path) for name in PROGRAMS if (path := shutil.which(name))), None)


def main() -> int:
    """Print where it is; 1 with one sentence where it cannot be had."""
    try:
        print(chromium())
        if "--font" in sys.argv[1:]:
            font()
    except InfrastructureError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
