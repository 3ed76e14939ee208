"""Names to creative ids: remembered per client, made in the database where they are new."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import transaction
from services.loader.store import hierarchy
from services.loader.store.hierarchy import Path

REMEMBERED = 400_000
"""Creatives in memory over all clients, some 100 MB; the client used longest ago is forgotten first."""

Key = tuple[int, str, str]
"""Client, source, account."""


@dataclass
class _Known:
    """Creatives of one source of a client, as they stood at an epoch of the hierarchy."""

    epoch: int = -1
    paths: dict[Path, int] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Resolver:
    """Creative ids by their four names."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._known: OrderedDict[Key, _Known] = OrderedDict()

    async def resolve(
        self, client_id: int, source: str, account: str, paths: Sequence[Path]
    ) -> tuple[int, list[int]]:
        """(epoch, creative id of each path); what is new is made in a transaction of its own."""
        key = (client_id, source, account)
        known = self._known.setdefault(key, _Known())
        self._known.move_to_end(key)
        async with known.turn:
            await self._refresh(known, key)
            missing = {path for path in paths if path not in known.paths}
            if missing:
                async with transaction(self._engine) as connection:
                    known.paths |= await hierarchy.create(connection, client_id, source, account, missing)
            found = known.epoch, [known.paths[path] for path in paths]
        self._forget_old()
        return found

    async def _refresh(self, known: _Known, key: Key) -> None:
        """Read the hierarchy again, if something was deleted since."""
        async with transaction(self._engine) as connection:
            epoch = await hierarchy.epoch(connection, key[0])
            if epoch != known.epoch:
                known.paths = await hierarchy.known_paths(connection, *key)
                known.epoch = epoch

    def _forget_old(self) -> None:
        while len(self._known) > 1 and sum(len(k.paths) for k in self._known.values()) > REMEMBERED:
            self._known.popitem(last=False)
