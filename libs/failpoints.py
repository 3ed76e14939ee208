"""Named places where a fault experiment may end the process as ``kill -9`` would."""

from __future__ import annotations

import os
import signal
from collections import Counter

from libs.settings import failpoint_setting

_passed: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """End this process here, if ``TIDEMARK_FAILPOINT`` says ``name`` or ``name:n`` (the n-th time).

    Nothing else happens anywhere: without the setting this is one look at the environment.
    """
    setting = failpoint_setting()
    if not setting:
        return
    wanted, _, count = setting.partition(":")
    _passed[name] += 1
    if wanted == name and _passed[name] == int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
