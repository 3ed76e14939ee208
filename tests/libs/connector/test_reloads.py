"""Which reload of a run is meant; the rest is proven by each connector's own tests."""

from __future__ import annotations

import pytest

from libs.connector.reloads import reload_number


@pytest.mark.parametrize(
    ("statuses", "number"),
    [
        ([None, None], 1),
        (["loaded", None], 1),
        (["running", None], 1),
        (["failed", None], 2),
        (["undone", "failed", "held"], 3),
        (["failed", "failed"], 2),
    ],
)
def test_a_reload_is_repeated_only_after_it_failed_or_was_undone(
    statuses: list[str | None], number: int
) -> None:
    assert reload_number(statuses) == number
