"""The same delivery read the same way is the same run, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from libs.connector.identity import delivery_of, run_id_of, run_id_without_delivery, settings_digest
from libs.storage import StoredObject

CLIENT = UUID(int=1)
FOUND = StoredObject("reports", "a/b.csv", 10, "etag-a", datetime(2025, 11, 5, 8, tzinfo=UTC))
SETTINGS = settings_digest({"date_format": None})


def run(
    found: StoredObject = FOUND, settings: str = SETTINGS, parser: int = 1, generation: str = "0"
) -> UUID:
    return run_id_of("surfside", CLIENT, delivery_of([found]), settings, parser, generation)


def test_the_same_things_give_the_same_run_in_another_process_too() -> None:
    assert run() == run() == UUID("14a16277-a881-5544-9151-fb6e407e7c12")


@pytest.mark.parametrize(
    "other",
    [
        run(replace(FOUND, key="a/c.csv")),
        run(replace(FOUND, bucket="others")),
        run(replace(FOUND, etag="etag-b")),
        run(replace(FOUND, version_id="v1")),
        run(settings=settings_digest({"date_format": "DMY"})),
        run(parser=2),
        run(generation="1"),
        run_id_of("surfside", UUID(int=2), delivery_of([FOUND]), SETTINGS, 1),
        run_id_of("vibe", CLIENT, delivery_of([FOUND]), SETTINGS, 1),
    ],
)
def test_anything_else_gives_another_run(other: UUID) -> None:
    assert other != run()


def test_contents_a_b_a_in_a_bucket_without_versions_are_three_deliveries() -> None:
    third = replace(FOUND, last_modified=FOUND.last_modified + timedelta(hours=2))
    assert run(third) != run()


def test_a_version_settles_it_whatever_the_clock_says() -> None:
    first = replace(FOUND, version_id="v1")
    assert run(first) == run(replace(first, last_modified=FOUND.last_modified + timedelta(seconds=1)))


def test_a_listings_fraction_of_a_second_and_another_zone_are_the_same_time() -> None:
    listed = replace(FOUND, last_modified=FOUND.last_modified.replace(microsecond=250_000))
    elsewhere = replace(FOUND, last_modified=FOUND.last_modified.astimezone(timezone(timedelta(hours=-5))))
    assert run(listed) == run(elsewhere) == run()


def test_parts_are_one_delivery_in_any_order() -> None:
    other = replace(FOUND, key="a/c.csv")
    assert delivery_of([FOUND, other]) == delivery_of([other, FOUND])
    assert delivery_of([FOUND, other]) != delivery_of([FOUND])


def test_settings_digest_ignores_the_order_of_keys() -> None:
    assert settings_digest({"a": 1, "b": {"c": 2, "d": 3}}) == settings_digest(
        {"b": {"d": 3, "c": 2}, "a": 1}
    )


def test_a_day_without_delivery_has_a_run_of_its_own_kind() -> None:
    day = date(2025, 11, 4)
    missing = run_id_without_delivery("surfside", CLIENT, day, "missing_file")
    assert missing == run_id_without_delivery("surfside", CLIENT, day, "missing_file")
    others = {
        run_id_without_delivery("surfside", CLIENT, day, "access_denied"),
        run_id_without_delivery("surfside", CLIENT, day + timedelta(days=1), "missing_file"),
        run_id_without_delivery("surfside", CLIENT, day, "missing_file", 1),
        run(),
    }
    assert len(others | {missing}) == 5
