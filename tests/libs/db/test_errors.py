"""Which errors of the driver mean "later", and which "never"."""

from __future__ import annotations

import asyncpg
import pytest

from libs.db.errors import DatabaseBusy, DataRefused, translated
from libs.errors import TidemarkError


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (
            asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress"),
            DatabaseBusy,
        ),
        (asyncpg.InterfaceError("connection is closed"), DatabaseBusy),
        (asyncpg.LockNotAvailableError("canceling statement due to lock timeout"), DatabaseBusy),
        (asyncpg.CannotConnectNowError("the database system is in recovery mode"), DatabaseBusy),
        (ConnectionRefusedError("refused"), DatabaseBusy),
        (asyncpg.NotNullViolationError("null value in column"), DataRefused),
        (asyncpg.NumericValueOutOfRangeError("integer out of range"), DataRefused),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_an_error_of_the_driver_means(error: Exception, means: type[TidemarkError]) -> None:
    with pytest.raises(means), translated():
        raise error


def test_a_bug_stays_what_it_is() -> None:
    with pytest.raises(ZeroDivisionError), translated():
        raise ZeroDivisionError
