"""A folder as raw archive: whole or not at all, and nothing outside of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from libs.storage import FileStore, ObjectMissing, StorageRefused, StorageUnavailable

BODY = bytes(range(256)) * 9_000


async def test_what_was_put_comes_back_with_its_digest(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "archive")
    await store.open()
    (tmp_path / "file").write_bytes(BODY)
    await store.put("raw", "facebook/a b/1-é.csv", tmp_path / "file")
    await store.put("raw", "facebook/a b/1-é.csv", tmp_path / "file")
    found = await store.head("raw", "facebook/a b/1-é.csv")
    kept = await store.download(found, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == BODY
    assert (kept.size, kept.sha256) == (len(BODY), hashlib.sha256(BODY).hexdigest())
    assert found.url == "file://raw/facebook/a b/1-é.csv"
    assert listed(tmp_path / "archive") == ["1-é.csv"]


async def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    with pytest.raises(ObjectMissing, match=r"raw/nothing\.csv"):
        await store.head("raw", "nothing.csv")


@pytest.mark.parametrize("key", ["../outside", "a/../../outside", "/etc/passwd", ""])
async def test_nothing_is_written_outside(tmp_path: Path, key: str) -> None:
    with pytest.raises(StorageRefused, match="not a place"):
        await FileStore(tmp_path / "archive").put_bytes("raw", key, b"x")
    assert "outside" not in listed(tmp_path)


async def test_a_file_that_was_cut_short_is_noticed(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "archive")
    await store.put_bytes("raw", "a.csv", BODY)
    found = await store.head("raw", "a.csv")
    (tmp_path / "archive" / "raw" / "a.csv").write_bytes(BODY[:10])
    with pytest.raises(StorageUnavailable, match="cut short"):
        await store.download(found, tmp_path / "again")


async def test_what_is_taken_away_is_gone_and_again_is_no_harm(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "archive")
    await store.put_bytes("raw", "a/b.csv", BODY)
    await store.delete("raw", "a/b.csv")
    await store.delete("raw", "a/b.csv")
    assert listed(tmp_path / "archive") == []
    with pytest.raises(StorageRefused, match="not a place"):
        await store.delete("raw", "../outside")


def listed(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


async def test_a_folder_that_cannot_be_written_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file, not a folder")
    with pytest.raises(StorageUnavailable):
        await FileStore(tmp_path / "archive").put_bytes("raw", "a.csv", b"x")
