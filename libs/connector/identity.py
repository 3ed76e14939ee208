"""Which run is this? The same delivery, read the same way, is the same run; nothing else is.

A run's id is a UUID (version 5) of what is written out below, so that a message that comes twice, a
restart and a second process all arrive at the same row of ingestion_logs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson

from contracts.envelope import Source
from libs.connector.account import FoundObject

_NAMESPACE = uuid5(NAMESPACE_URL, "tidemark:run")


def settings_digest(settings: Mapping[str, Any]) -> str:
    """Of the settings that change what is read from a file; order of keys does not matter."""
    text = orjson.dumps(settings, option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(text).hexdigest()


def delivery_of(objects: Iterable[FoundObject]) -> str:
    """The delivery that these objects are, whatever their order.

    By version where the bucket keeps versions; else by ETag *and* time, because the third delivery of
    contents A, B, A has the first one's ETag.
    """
    return "|".join(sorted(_stand_of(found) for found in objects))


def _stand_of(found: FoundObject) -> str:
    if found.version_id:
        return f"{found.url}@{found.version_id}"
    return f"{found.url}@{found.etag}@{found.last_modified.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def run_id_of(
    source: Source, client_id: UUID, delivery: str, settings: str, parser_version: int, generation: str = "0"
) -> UUID:
    """The run of a delivery. ``generation``: raised by a fresh start; a reload names itself there."""
    return _id("delivery", source, client_id, delivery, settings, parser_version, generation)


def run_id_without_delivery(
    source: Source, client_id: UUID, day: date, kind: str, generation: int = 0
) -> UUID:
    """The run of a day that brought nothing: file missing, access denied, report refused."""
    return _id("none", source, client_id, day.isoformat(), kind, generation)


def _id(*parts: object) -> UUID:
    return uuid5(_NAMESPACE, "\n".join(map(str, parts)))
