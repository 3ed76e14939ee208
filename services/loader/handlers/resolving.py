"""Names to creative ids: remembered per client, made in the database where they are new."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import transaction
from services.loader.frames.batches import NUL, split_names
from services.loader.store import hierarchy, runs
from services.loader.store.runs import Client

REMEMBERED = 400_000
"""Creatives in memory over all clients, some 100 MB; the client used longest ago is forgotten first."""

Key = tuple[int, str, str]
"""Client, source, account."""


@dataclass
class _Known:
    """Creatives of one source of a client, as they stood at an epoch of the hierarchy."""

    epoch: int = -1
    paths: dict[str, int] = field(default_factory=dict)
    """Creative by its four names, joined."""
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

    async def resolve(
        self, client_id: int, source: str, account: str, paths: Sequence[str]
    ) -> tuple[int, list[int]]:
        """(epoch, creative id of each path); what is new is made in a transaction of its own.

        A path is four names, joined (``frames.batches.joined_names``).
        """
        key = (client_id, source, account)
        known = self._known.setdefault(key, _Known())
        self._known.move_to_end(key)
        async with known.turn:
            if known.epoch < 0:
                await self._read(known, key)
            ids = list(map(known.paths.get, paths))
            if None in ids:
                missing = {path for path, found in zip(paths, ids, strict=True) if found is None}
                async with transaction(self._engine) as connection:
                    made = await hierarchy.create(
                        connection, client_id, source, account, set(map(split_names, missing))
                    )
                known.paths |= {NUL.join(path): creative for path, creative in made.items()}
            found = known.epoch, [known.paths[path] for path in paths] if None in ids else ids
        self._forget_old()
        return found  # type: ignore[return-value]

    def forget(self, client_id: int) -> None:
        """Something of the client was deleted: what is remembered of it is stale."""
        for key in [key for key in self._known if key[0] == client_id]:
            del self._known[key]

    async def _read(self, known: _Known, key: Key) -> None:
        async with transaction(self._engine) as connection:
            known.epoch = await hierarchy.epoch(connection, key[0])
            found = await hierarchy.known_paths(connection, *key)
        known.paths = {NUL.join(path): creative for path, creative in found}

    def _forget_old(self) -> None:
        while len(self._known) > 1 and sum(len(k.paths) for k in self._known.values()) > REMEMBERED:
            self._known.popitem(last=False)
