"""What a store answers, and what it does instead of answering. Real S3 protocol, real sockets."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from libs.settings import S3Settings
from libs.storage import (
    AccessDenied,
    BucketMissing,
    ObjectChanged,
    ObjectMissing,
    ObjectStore,
    StorageRefused,
    StorageUnavailable,
    store,
)
from tests.libs.storage.conftest import Shaky
from tests.simulators.buckets import Buckets
from tests.simulators.s3_faults import Fault, Kind

BODY = os.urandom(3 << 20)


async def test_what_is_put_comes_back_with_its_checksum(buckets: Buckets, tmp_path: Path) -> None:
    await buckets.put("a/b.csv", BODY)
    found = await buckets.store.head(buckets.reports, "a/b.csv")
    assert (found.size, found.etag) == (len(BODY), hashlib.md5(BODY, usedforsecurity=False).hexdigest())
    assert found.version_id is None
    assert found.last_modified.tzinfo is not None
    got = await buckets.store.download(found, tmp_path / "b.csv")
    assert got.path.read_bytes() == BODY
    assert (got.size, got.sha256) == (len(BODY), hashlib.sha256(BODY).hexdigest())


async def test_an_empty_object_is_an_object(buckets: Buckets, tmp_path: Path) -> None:
    await buckets.put("empty.csv", b"")
    found = await buckets.store.head(buckets.reports, "empty.csv")
    assert (await buckets.store.download(found, tmp_path / "x")).size == 0


async def test_a_large_file_goes_up_in_parts_and_comes_back_whole(
    buckets: Buckets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PART", 5 << 20)
    monkeypatch.setattr(store, "ONE_REQUEST", 5 << 20)
    body = os.urandom(12 << 20)
    path = tmp_path / "large"
    path.write_bytes(body)
    await buckets.store.put(buckets.reports, "large", path)
    found = await buckets.store.head(buckets.reports, "large")
    assert found.etag.endswith("-3")
    got = await buckets.store.download(found, tmp_path / "again")
    assert got.sha256 == hashlib.sha256(body).hexdigest()


async def test_what_is_taken_away_is_gone_and_again_is_no_harm(buckets: Buckets) -> None:
    await buckets.put("a.csv", BODY)
    await buckets.store.delete(buckets.reports, "a.csv")
    await buckets.store.delete(buckets.reports, "a.csv")
    assert await buckets.keys(buckets.reports) == []


async def test_listing_goes_by_prefix(buckets: Buckets) -> None:
    for key in ("a/1", "a/2", "b/1"):
        await buckets.put(key, b"x")
    assert [item.key async for item in buckets.store.find(buckets.reports, "a/")] == ["a/1", "a/2"]
    assert [item.key async for item in buckets.store.find(buckets.reports, "nothing")] == []


async def test_a_prefix_that_matches_without_end_is_refused(
    buckets: Buckets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MAX_LISTED", 2)
    for key in ("a/1", "a/2", "a/3"):
        await buckets.put(key, b"x")
    with pytest.raises(StorageRefused, match="narrow the prefix"):
        [item async for item in buckets.store.find(buckets.reports, "a/")]


async def test_each_delivery_under_a_key_has_its_version(buckets: Buckets, tmp_path: Path) -> None:
    await buckets.keep_versions()
    await buckets.put("a", b"first")
    first = await buckets.store.head(buckets.reports, "a")
    await buckets.put("a", b"second")
    second = await buckets.store.head(buckets.reports, "a")
    assert first.version_id
    assert second.version_id
    assert first.version_id != second.version_id
    got = await buckets.store.download(first, tmp_path / "a")
    assert got.path.read_bytes() == b"first"


async def test_what_was_replaced_after_it_was_found_is_not_read(buckets: Buckets, tmp_path: Path) -> None:
    await buckets.put("a", b"first")
    found = await buckets.store.head(buckets.reports, "a")
    await buckets.put("a", b"other")
    with pytest.raises(ObjectChanged, match="replaced"):
        await buckets.store.download(found, tmp_path / "a")


async def test_missing_keys_and_buckets_are_told_apart(buckets: Buckets, tmp_path: Path) -> None:
    with pytest.raises(ObjectMissing, match=f"s3://{buckets.reports}/no/such"):
        await buckets.store.head(buckets.reports, "no/such")
    with pytest.raises(BucketMissing, match="no-such-bucket"):
        await buckets.store.head("no-such-bucket", "key")
    with pytest.raises(BucketMissing):
        [item async for item in buckets.store.find("no-such-bucket", "")]
    with pytest.raises(BucketMissing):
        await buckets.store.put_bytes("no-such-bucket", "key", b"x")
    await buckets.put("gone", b"x")
    found = await buckets.store.head(buckets.reports, "gone")
    await buckets.delete("gone")
    with pytest.raises(ObjectMissing):
        await buckets.store.download(found, tmp_path / "x")


async def test_a_bucket_is_made_once(buckets: Buckets) -> None:
    await buckets.store.ensure_bucket(buckets.raw)
    await buckets.store.ensure_bucket(buckets.raw)
    await buckets.store.put_bytes(buckets.raw, "a", b"x")
    assert await buckets.keys(buckets.raw) == ["a"]


async def test_denied_access_names_the_object_and_the_right(buckets: Buckets, tmp_path: Path) -> None:
    await buckets.put("a.csv", b"x")
    found = await buckets.store.head(buckets.reports, "a.csv")
    await buckets.deny()
    with pytest.raises(AccessDenied, match="s3:GetObject") as denied:
        await buckets.store.download(found, tmp_path / "a")
    assert f"s3://{buckets.reports}/a.csv" in str(denied.value)


async def test_a_name_that_no_bucket_can_have_is_refused(buckets: Buckets) -> None:
    with pytest.raises(StorageRefused, match="not a name"):
        await buckets.store.head("Not A Bucket!", "key")


@pytest.mark.parametrize("kind", ["unavailable", "slow_down", "cut", "damaged", "hangs"])
async def test_two_troubles_in_a_row_are_survived(kind: Kind, shaky: Shaky, tmp_path: Path) -> None:
    await shaky.buckets.put("a", BODY)
    found = await shaky.store.head(shaky.buckets.reports, "a")
    shaky.fails(Fault(kind, times=2))
    got = await shaky.store.download(found, tmp_path / "a")
    assert got.path.read_bytes() == BODY


@pytest.mark.parametrize(("kind", "says"), [("cut", "s3://"), ("damaged", "came damaged")])
async def test_a_body_that_stays_broken_is_never_taken(
    kind: Kind, says: str, shaky: Shaky, tmp_path: Path
) -> None:
    await shaky.buckets.put("a", BODY)
    found = await shaky.store.head(shaky.buckets.reports, "a")
    shaky.fails(Fault(kind, times=100))
    with pytest.raises(StorageUnavailable, match=says):
        await shaky.store.download(found, tmp_path / "a")


async def test_damage_shows_without_a_stored_checksum_too(shaky: Shaky, tmp_path: Path) -> None:
    await shaky.buckets.put_without_checksum("a", BODY)
    found = await shaky.store.head(shaky.buckets.reports, "a")
    shaky.fails(Fault("damaged", times=100))
    with pytest.raises(StorageUnavailable, match="came damaged: its checksum is not"):
        await shaky.store.download(found, tmp_path / "a")


async def test_denied_is_not_asked_again(shaky: Shaky) -> None:
    shaky.fails(Fault("denied", times=100, method="HEAD"))
    with pytest.raises(AccessDenied):
        await shaky.store.head(shaky.buckets.reports, "a")
    assert shaky.proxy.requests == ["HEAD"]


async def test_three_retries_and_then_it_is_transient(shaky: Shaky) -> None:
    shaky.fails(Fault("unavailable", times=100, method="HEAD"))
    with pytest.raises(StorageUnavailable):
        await shaky.store.head(shaky.buckets.reports, "a")
    assert shaky.proxy.requests == ["HEAD"] * 4


@pytest.mark.parametrize("kind", ["unavailable", "slow_down", "hangs"])
async def test_a_file_that_could_not_be_sent_is_sent_again_from_its_start(
    kind: Kind, shaky: Shaky, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(BODY)
    shaky.fails(Fault(kind, times=2, method="PUT"))
    await shaky.store.put(shaky.buckets.reports, "a", path)
    assert shaky.proxy.requests == ["PUT"] * 3
    found = await shaky.store.head(shaky.buckets.reports, "a")
    assert (await shaky.store.download(found, tmp_path / "b")).path.read_bytes() == BODY


async def test_a_part_that_cannot_be_sent_ends_the_upload(
    shaky: Shaky, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PART", 5 << 20)
    monkeypatch.setattr(store, "ONE_REQUEST", 5 << 20)
    path = tmp_path / "large"
    path.write_bytes(bytes(11 << 20))
    shaky.fails(Fault("denied", times=100, method="PUT"))
    with pytest.raises(AccessDenied):
        await shaky.store.put(shaky.buckets.reports, "large", path)
    assert shaky.proxy.requests[-1] == "DELETE"  # nothing half-sent stays behind
    assert await shaky.buckets.keys(shaky.buckets.reports) == []


async def test_nobody_at_the_address_is_transient() -> None:
    settings = S3Settings(
        aws_access_key_id="x", aws_secret_access_key="y", s3_endpoint_url="http://127.0.0.1:1"
    )
    async with ObjectStore(settings) as store_of_nobody:
        with pytest.raises(StorageUnavailable, match="could not be reached"):
            await store_of_nobody.head("bucket", "key")
