"""Which days, which keys, which of several files, when it is late: decisions without I/O."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from libs.connector.account import Client, RunRefused, SourceSettings
from libs.errors import Terminal
from libs.storage import StoredObject
from services.connectors.surfside import rules
from services.connectors.surfside.rules import Defaults, KeyPattern

DAY = date(2025, 11, 4)
DEFAULTS = Defaults("agency", "surfside/", "media-report-{date}.csv")


def client(name: str = "Acme Outdoor", number: int = 1, **settings: object) -> Client:
    own = SourceSettings(enabled=True, **settings)  # type: ignore[arg-type]
    return Client(number, UUID(int=number), name, "active", "UTC", own)


def found(key: str, minute: int = 0, *, size: int = 10) -> StoredObject:
    return StoredObject("agency", key, size, f"etag {key}", datetime(2025, 11, 5, 8, minute, tzinfo=UTC))


def key_of(own: Client, defaults: Defaults = DEFAULTS) -> str:
    return rules.location_of(own, defaults).on(DAY, own).text


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({}, "surfside/media-report-2025-11-04.csv"),
        ({"prefix": ""}, "media-report-2025-11-04.csv"),
        ({"prefix": "x/y"}, "x/y/media-report-2025-11-04.csv"),
        ({"prefix": "/x/y/"}, "x/y/media-report-2025-11-04.csv"),
        ({"prefix": "surfside/{date}", "file_pattern": "*.xlsx"}, "surfside/2025-11-04/*.xlsx"),
        ({"file_pattern": "{client}-media-{yyyymmdd}.csv"}, "surfside/acme-outdoor-media-20251104.csv"),
    ],
)
def test_keys_follow_the_clients_settings_and_else_the_defaults(settings: dict[str, Any], key: str) -> None:
    assert key_of(client(**settings)) == key


def test_an_unknown_placeholder_is_named() -> None:
    with pytest.raises(RunRefused, match=re.escape("{month}")):
        key_of(client(file_pattern="report-{month}.csv"))


def test_no_bucket_anywhere_is_one_sentence() -> None:
    with pytest.raises(RunRefused, match="S3_BUCKET_NAME") as refused:
        rules.location_of(client(), replace(DEFAULTS, bucket=""))
    assert refused.value.code == "no_bucket"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme Outdoor", "acme-outdoor"),
        ("Café Río & Sons", "cafe-rio-sons"),
        ("  A/B  (test) ", "a-b-test"),
        ("../../etc", "etc"),
    ],
)
def test_slugs_hold_nothing_that_a_key_could_misread(name: str, slug: str) -> None:
    assert rules.slug(name) == slug


@pytest.mark.parametrize(
    ("pattern", "key", "fits"),
    [
        ("a/*.csv", "a/b.csv", True),
        ("a/*.csv", "a/b/c.csv", False),
        ("a/*.csv", "a/b.csv.gz", False),
        ("a/*/c*.csv", "a/b/c1.csv", True),
        ("a/(b).csv", "a/(b).csv", True),
        ("a/b.csv", "a/bxcsv", False),
        ("a/*", "a/", False),
        ("a/b*/", "a/b/", False),
    ],
)
def test_a_star_stands_for_anything_but_a_slash(pattern: str, key: str, fits: bool) -> None:
    assert KeyPattern(pattern).matches(key) is fits


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2025, 11, 4), datetime(2025, 11, 5, 17, 0, tzinfo=UTC)),  # standard time
        (date(2025, 7, 4), datetime(2025, 7, 5, 16, 0, tzinfo=UTC)),  # daylight saving time
        (date(2025, 11, 1), datetime(2025, 11, 2, 17, 0, tzinfo=UTC)),  # the morning the clock goes back
        (date(2025, 3, 8), datetime(2025, 3, 9, 16, 0, tzinfo=UTC)),  # the morning it goes forward
    ],
)
def test_a_file_is_due_at_noon_eastern_of_the_morning_after(day: date, due: datetime) -> None:
    assert rules.due_at(day, time(12)) == due


def test_yesterday_is_the_accounts_own() -> None:
    late = datetime(2025, 11, 5, 2, tzinfo=UTC)
    assert replace(client(), timezone="America/New_York").yesterday(late) == date(2025, 11, 3)
    assert replace(client(), timezone="Asia/Tokyo").yesterday(late) == date(2025, 11, 4)
    with pytest.raises(Terminal, match="Mars/Olympus"):
        replace(client(), timezone="Mars/Olympus").yesterday(late)


def test_of_several_files_the_newest_is_taken_and_the_others_are_named() -> None:
    choice = rules.choose([found("b", 5), found("a", 9), found("c", 1)], "latest")
    assert [item.key for item in choice.taken] == ["a"]
    (warning,) = choice.warnings
    assert warning.code == "other_files"
    assert warning.details["keys"] == ["c", "b"]


def test_files_of_the_same_second_are_chosen_alike_each_time() -> None:
    assert rules.choose([found("a"), found("b")], "latest").taken == [found("b")]
    assert rules.choose([found("b"), found("a")], "latest").taken == [found("b")]


def test_parts_are_all_taken_by_key() -> None:
    choice = rules.choose([found("b", 5), found("a", 9)], "all")
    assert [item.key for item in choice.taken] == ["a", "b"]
    assert choice.warnings == []


def test_two_clients_must_not_read_one_object() -> None:
    mine, other = client(), client("Other", 2)
    taken = [found("surfside/media-report-2025-11-04.csv")]
    with pytest.raises(RunRefused, match="Acme Outdoor and for client Other"):
        rules.check_only_reader(mine, DAY, taken, [mine, other], DEFAULTS)
    rules.check_only_reader(mine, DAY, taken, [mine, client("Other", 2, prefix="other")], DEFAULTS)
    rules.check_only_reader(mine, DAY, taken, [mine, client("Other", 2, bucket="their-own")], DEFAULTS)
    # A neighbour whose own settings are broken is not this client's trouble.
    rules.check_only_reader(mine, DAY, taken, [mine, client("Other", 2, file_pattern="{oops}")], DEFAULTS)


def test_clients_told_apart_by_name_collide_when_their_slugs_do() -> None:
    pattern = "{client}/media-report-{date}.csv"
    mine, other = client("Acme!", file_pattern=pattern), client("ACME", 2, file_pattern=pattern)
    with pytest.raises(RunRefused):
        rules.check_only_reader(mine, DAY, [found(key_of(mine))], [mine, other], DEFAULTS)


def test_a_delivery_that_is_too_large_is_refused_with_the_setting() -> None:
    with pytest.raises(RunRefused, match="SURFSIDE_MAX_FILE_BYTES"):
        rules.check_size([found("a", size=60), found("b", size=50)], 100)
    rules.check_size([found("a", size=100)], 100)
