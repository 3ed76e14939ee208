"""When a login is refused without looking at the password."""

from __future__ import annotations

from datetime import timedelta

WINDOW = timedelta(minutes=15)
ACCOUNT_LIMIT = 10
ADDRESS_LIMIT = 50
"""Failed logins in the window; an office behind one address shares the second."""


def account_is_locked(failures: int) -> bool:
    """The account had too many failures; its owner and its attacker are told the same as ever."""
    return failures >= ACCOUNT_LIMIT


def address_is_locked(failures: int) -> bool:
    """The address had too many failures, over whatever accounts."""
    return failures >= ADDRESS_LIMIT
