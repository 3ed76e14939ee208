"""The bucket with the reports: which objects are there for which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from libs.connector.account import Client
from libs.storage import ObjectMissing, ObjectStore, StoredObject
from services.connectors.surfside import rules
from services.connectors.surfside.rules import Defaults, KeyPattern


class Reports:
    """Finds the objects of a client's days, as they stand now."""

    def __init__(self, store: ObjectStore, defaults: Defaults) -> None:
        self.store = store
        self.defaults = defaults

    async def find(self, client: Client, days: Sequence[date]) -> dict[date, list[StoredObject]]:
        """Objects per day; days without one are left out.

        Raises RunRefused where the settings lead nowhere, and the store's errors.
        """
        location = rules.location_of(client, self.defaults)
        patterns = {day: location.on(day, client) for day in days}
        if all(pattern.exact for pattern in patterns.values()):
            found = {
                day: await self._head(location.bucket, [pattern.text]) for day, pattern in patterns.items()
            }
        else:
            found = await self._list(location.bucket, patterns)
        return {day: objects for day, objects in found.items() if objects}

    async def _list(self, bucket: str, patterns: dict[date, KeyPattern]) -> dict[date, list[StoredObject]]:
        # Each day by itself: what their keys have in common can be all of a bucket (…/202 at New Year).
        keys = {
            start: [item.key async for item in self.store.find(bucket, start)]
            for start in {pattern.literal for pattern in patterns.values()}
        }
        return {
            day: await self._head(bucket, [key for key in keys[pattern.literal] if pattern.matches(key)])
            for day, pattern in patterns.items()
        }

    async def _head(self, bucket: str, keys: Sequence[str]) -> list[StoredObject]:
        """Heads tell versions, which a listing does not; a key that is gone meanwhile is left out."""
        found = []
        for key in keys:
            try:
                found.append(await self.store.head(bucket, key))
            except ObjectMissing:
                continue
        return found
