"""Which errors of PostgreSQL pass when the work is tried again.

TidemarkError
├── Transient
│   └── DatabaseBusy       lost connection, lock timeout, deadlock, serialization failure, disk full
└── Terminal
    └── DataRefused        a constraint or a value that the database does not take
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from libs.errors import Terminal, Transient

_REFUSED = ("22", "23")  # data exception, integrity constraint violation
# The driver's own: used while its connection is going down, it says "another operation is in progress".
_DRIVER = (asyncpg.InterfaceError, asyncpg.InternalClientError)


class DatabaseBusy(Transient):
    """PostgreSQL could not do it now."""


class DataRefused(Terminal):
    """PostgreSQL will not take this, now or later."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into DatabaseBusy or DataRefused; others pass as they are."""
    try:
        yield
    except (DBAPIError, asyncpg.PostgresError) as error:
        state = _sqlstate(error)
        if state.startswith(_REFUSED):
            raise DataRefused(f"PostgreSQL refused the data ({state}): {_first_line(error)}") from error
        raise DatabaseBusy(f"PostgreSQL: {state or 'connection lost'}: {_first_line(error)}") from error
    except (TimeoutError, PoolTimeout, SQLAlchemyError, *_DRIVER, OSError) as error:
        raise DatabaseBusy(f"PostgreSQL is not reachable: {_first_line(error)}") from error


def _sqlstate(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    return str(getattr(original, "sqlstate", None) or "")


def _first_line(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    return (str(original).splitlines() or [type(original).__name__])[0]
