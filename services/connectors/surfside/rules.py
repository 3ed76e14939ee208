"""Which days to look at, where a day's file is, when it is late, who may read it. No I/O.

Patterns know ``{date}`` (2025-11-04), ``{yyyymmdd}`` (20251104), ``{client}`` (the client's name in
lower case, other characters than letters and digits as one dash) and ``*`` (anything but a slash).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from libs.connector.account import Client, FoundObject, RunRefused, Warned

US_EASTERN = ZoneInfo("America/New_York")
"""Surfside's own clock: due times are in it, whatever zone an account is in."""
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_KNOWN = "{date}, {yyyymmdd}, {client} and *"


@dataclass(frozen=True)
class Location:
    """Where the files of a client are: a bucket, and a key with its placeholders."""

    bucket: str
    template: str

    def on(self, day: date, client: Client) -> KeyPattern:
        """The pattern of one day's keys. Raises RunRefused for a placeholder that nobody knows."""
        values = {"{date}": f"{day}", "{yyyymmdd}": f"{day:%Y%m%d}", "{client}": slug(client.name)}

        def fill(found: re.Match[str]) -> str:
            if found[0] not in values:
                raise RunRefused(
                    "bad_pattern",
                    f"The file pattern of client {client.name} has {found[0]}; known are {_KNOWN}",
                )
            return values[found[0]]

        return KeyPattern(_PLACEHOLDER.sub(fill, self.template))


@dataclass(frozen=True)
class KeyPattern:
    """A key, or several where it has a ``*``."""

    text: str

    @property
    def exact(self) -> bool:
        return "*" not in self.text

    @property
    def literal(self) -> str:
        """What every matching key starts with."""
        return self.text.partition("*")[0]

    def matches(self, key: str) -> bool:
        """Whether a key fits; folder markers never do."""
        expression = "[^/]*".join(re.escape(piece) for piece in self.text.split("*"))
        return not key.endswith("/") and re.fullmatch(expression, key) is not None


@dataclass(frozen=True)
class Defaults:
    """What holds where a client's settings say nothing."""

    bucket: str
    prefix: str
    file_pattern: str


Found = TypeVar("Found", bound=FoundObject)


@dataclass(frozen=True)
class Choice(Generic[Found]):
    """The objects that are a day's delivery, and what people should know about the choice."""

    taken: list[Found]
    warnings: list[Warned]


def slug(name: str) -> str:
    """A name as it stands in keys: ``Café Río & Sons`` → ``cafe-rio-sons``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def location_of(client: Client, defaults: Defaults) -> Location:
    """Where a client's files are. Raises RunRefused when no bucket is set anywhere."""
    own = client.settings
    bucket = own.bucket or defaults.bucket
    if not bucket:
        raise RunRefused(
            "no_bucket",
            f"No bucket is set for client {client.name}: set it for the client, or S3_BUCKET_NAME for all",
        )
    prefix = defaults.prefix if own.prefix is None else own.prefix
    pattern = own.file_pattern or defaults.file_pattern
    folder = prefix.strip("/")
    return Location(bucket, f"{folder}/{pattern}" if folder else pattern)


def due_at(day: date, due_by: time) -> datetime:
    """When a day's file has to be there: the next morning, US Eastern time."""
    return datetime.combine(day + timedelta(days=1), due_by, US_EASTERN).astimezone(UTC)


def choose(found: Sequence[Found], parts: Literal["latest", "all"]) -> Choice[Found]:
    """The newest of several files, or all of them as parts of one delivery, by key."""
    by_age = sorted(found, key=lambda item: (item.last_modified, item.key))
    if parts == "all" or len(by_age) < 2:
        return Choice(sorted(by_age, key=lambda item: item.key), [])
    *older, newest = by_age
    names = ", ".join(item.key for item in older)
    warning = Warned(
        "other_files",
        f"{len(found)} files match; the newest, {newest.key}, was read. Not read: {names}",
        {"keys": [item.key for item in older]},
    )
    return Choice([newest], [warning])


def check_only_reader(
    client: Client, day: date, taken: Sequence[FoundObject], others: Iterable[Client], defaults: Defaults
) -> None:
    """Raise RunRefused when another client's settings lead to one of these objects, too."""
    for other in others:
        if other.id == client.id:
            continue
        shared = [item for item in taken if _leads_to(other, day, item, defaults)]
        if shared:
            raise RunRefused(
                "shared_object",
                f"{shared[0].url} would be read for client {client.name} and for client {other.name}: "
                "give each its own prefix or file pattern",
            )


def _leads_to(client: Client, day: date, item: FoundObject, defaults: Defaults) -> bool:
    try:
        location = location_of(client, defaults)
        return location.bucket == item.bucket and location.on(day, client).matches(item.key)
    except RunRefused:
        return False  # its own pull says so


def check_size(taken: Sequence[FoundObject], limit: int) -> None:
    """Raise RunRefused when a delivery is larger than this service takes (bytes)."""
    size = sum(item.size for item in taken)
    if size > limit:
        raise RunRefused(
            "too_large",
            f"{taken[0].url} has {size:,} bytes; at most {limit:,} are read (SURFSIDE_MAX_FILE_BYTES)",
        )
