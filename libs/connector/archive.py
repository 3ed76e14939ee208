"""The raw archive: every artifact's bytes as they came, kept before anything is parsed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from contracts.ingest.v1 import Artifact
from libs.connector.runs import Run
from libs.errors import Terminal
from libs.storage import BucketMissing, Download, RawStore


@dataclass(frozen=True)
class Part:
    """One file of a delivery, on this machine."""

    name: str
    """As the source calls it: the object's key, the upload's file name."""
    file: Download


@dataclass(frozen=True)
class Kept:
    """A delivery in the raw archive. ``record`` is what ingestion_logs.artifact says of it."""

    artifact: Artifact
    record: dict[str, Any]


class Archive:
    """Files of a run, under ``<source>/<client>/<day>/<run>/``; a delivery in parts has a manifest."""

    def __init__(self, store: RawStore, bucket: str) -> None:
        self._store = store
        self._bucket = bucket

    async def keep(self, run: Run, delivery: str, parts: Sequence[Part]) -> Kept:
        """Copy the files there; again is no harm."""
        entries = [await self._keep_part(run, number, part) for number, part in enumerate(parts, 1)]
        if len(entries) == 1:
            artifact = Artifact.model_validate(entries[0])
        else:
            artifact = await self._keep_manifest(run, entries)
        return Kept(artifact, {**artifact.model_dump(), "delivery": delivery, "parts": entries})

    async def remove(self, kept: Kept) -> None:
        """Take a delivery away again that came to no run."""
        for entry in kept.record["parts"]:
            await self._store.delete(entry["bucket"], entry["key"])

    async def fetch(self, record: dict[str, Any], folder: Path) -> list[Part]:
        """The files of a run again, verified against what was kept.

        Raises Terminal when the archive has another content, ObjectMissing when it has none.
        """
        parts = []
        for number, entry in enumerate(record["parts"], 1):
            found = await self._store.head(entry["bucket"], entry["key"])
            file = await self._store.download(found, folder / f"part-{number}")
            if file.sha256 != entry["sha256"]:
                raise Terminal(f"{found.url} is not what was archived: its SHA-256 is {file.sha256}")
            parts.append(Part(entry["name"], file))
        return parts

    async def _keep_part(self, run: Run, number: int, part: Part) -> dict[str, Any]:
        key = f"{_folder(run)}/{number:03}-{_file_name(part.name)}"
        await self._put(key, part.file.path)
        return {
            "bucket": self._bucket,
            "key": key,
            "sha256": part.file.sha256,
            "size": part.file.size,
            "name": part.name,
        }

    async def _put(self, key: str, path: Path) -> None:
        try:
            await self._store.put(self._bucket, key, path)
        except BucketMissing:  # the first artifact of a new installation
            await self._store.ensure_bucket(self._bucket)
            await self._store.put(self._bucket, key, path)

    async def _keep_manifest(self, run: Run, entries: list[dict[str, Any]]) -> Artifact:
        body = orjson.dumps(entries, option=orjson.OPT_INDENT_2)
        key = f"{_folder(run)}/manifest.json"
        await self._store.put_bytes(self._bucket, key, body)  # the parts are there, so the bucket is
        return Artifact(bucket=self._bucket, key=key, sha256=hashlib.sha256(body).hexdigest(), size=len(body))


def _folder(run: Run) -> str:
    return f"{run.source}/{run.client.public_id}/{run.run_date or 'undated'}/{run.run_id}"


def _file_name(name: str) -> str:
    """The last part of a key or path, in characters that every store takes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name.rpartition("/")[2])[-120:] or "file"
