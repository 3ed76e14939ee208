"""Names to creative ids: remembered per client, made in the database where they are new."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import transaction
from services.loader.frames.batches import BadBatch
from services.loader.frames.paths import Ids, Index, Keys, Path, prints_of
from services.loader.store import hierarchy, runs
from services.loader.store.runs import Client

REMEMBERED = 4_000_000
"""Creatives in memory over all clients, 80 MB; the client used longest ago is forgotten first."""

Key = tuple[int, str, str]
"""Client, source, account."""


@dataclass
class _Known:
    """Creatives of one source of a client, as they stood at an epoch of the hierarchy."""

    epoch: int = -1
    creatives: Index = field(default_factory=Index)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Resolver:
    """Creative ids by their four names, and clients by the id that messages have."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._clients: dict[UUID, Client] = {}
        self._known: OrderedDict[Key, _Known] = OrderedDict()

    async def client(self, public_id: UUID) -> Client | None:
        """The client of a message; its small key never changes."""
        if public_id not in self._clients:
            async with transaction(self._engine) as connection:
                found = await runs.find_client(connection, public_id)
            if found is None:
                return None
            self._clients[public_id] = found
        return self._clients[public_id]

    async def resolve(self, client_id: int, source: str, account: str, keys: Keys) -> tuple[int, Ids]:
        """(epoch, creative id of each key); what is new is made in a transaction of its own."""
        key = (client_id, source, account)
        known = self._known.setdefault(key, _Known())
        self._known.move_to_end(key)
        async with known.turn:
            if known.epoch < 0:
                await self._read(known, key)
            ids = known.creatives.find(keys.prints)
            new = np.flatnonzero(ids == 0)
            if len(new):
                paths = keys.paths(new)
                made = await self._create(key, paths)
                ids[new] = [made[path] for path in paths]
                known.creatives.add(keys.prints.at(new), ids[new])
            epoch = known.epoch
        self._forget_old()
        return epoch, ids

    def forget(self, client_id: int) -> None:
        """Something of the client was deleted: what is remembered of it is stale."""
        for key in [key for key in self._known if key[0] == client_id]:
            del self._known[key]

    async def _create(self, key: Key, paths: list[Path]) -> dict[Path, int]:
        broken = next((name for path in paths for name in path if "\0" in name), None)
        if broken is not None:
            raise BadBatch(f"a name holds a NUL character: {broken[:100]!r}")
        async with transaction(self._engine) as connection:
            return await hierarchy.create(connection, *key, set(paths))

    async def _read(self, known: _Known, key: Key) -> None:
        async with transaction(self._engine) as connection:
            known.epoch = await hierarchy.epoch(connection, key[0])
            found = await hierarchy.known_paths(connection, *key)
        known.creatives.add(*await asyncio.to_thread(lambda: (prints_of(found), found["id"].to_numpy())))

    def _forget_old(self) -> None:
        while len(self._known) > 1 and sum(len(k.creatives) for k in self._known.values()) > REMEMBERED:
            self._known.popitem(last=False)
