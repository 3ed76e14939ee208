"""Password hashes: bcrypt over SHA-256, so that nothing is cut at 72 bytes.

Transient
└── HashersBusy   more wait for a hash than can be served soon
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from passlib.hash import bcrypt_sha256

from libs.errors import Transient

COST = 12
"""log2 of bcrypt's rounds; about 0.22 s on the machine where it was measured."""
WAITING = 64
"""Hashes that may be under way or wait: with two threads, the last of them waits some seven seconds."""


class HashersBusy(Transient):
    """Try again in a few seconds."""


class Hasher:
    """Hashes and verifies in a few threads of its own: one hash is a quarter of a second of processor time.

    Requests beyond the threads wait their turn, beyond ``waiting`` they get HashersBusy; everything else of
    the process goes on.
    """

    def __init__(self, *, threads: int = 2, cost: int = COST, waiting: int = WAITING) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="bcrypt")
        self._room = waiting
        self._scheme = bcrypt_sha256.using(rounds=cost)
        self._nobodys = _hash_of_nobody(cost)

    async def hash(self, password: str) -> str:
        """A salted hash, for users.password_hash."""
        return str(await self._in_thread(self._scheme.hash, _encoded(password)))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether it is the password. No hash (nobody has that name) takes the same time and is false."""
        found = await self._in_thread(self._verify, _encoded(password), password_hash or self._nobodys)
        return bool(found) and password_hash is not None

    def close(self) -> None:
        """Take no more work; does not wait for what is under way."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: bytes, password_hash: str) -> bool:
        good = bool(bcrypt_sha256.identify(password_hash))  # a row that holds something else is nobody's
        return bool(self._scheme.verify(password, password_hash if good else self._nobodys)) and good

    async def _in_thread(self, function: Callable[..., object], *arguments: object) -> object:
        if self._room <= 0:
            raise HashersBusy("too many passwords are being checked at once")
        self._room -= 1
        loop = asyncio.get_running_loop()
        future: asyncio.Future[object] = loop.run_in_executor(self._threads, function, *arguments)
        future.add_done_callback(self._has_room)
        return await future

    def _has_room(self, _: object) -> None:
        self._room += 1


@functools.cache
def _hash_of_nobody(cost: int) -> str:
    """What a password is verified against where there is no user: it takes as long as a real one."""
    return str(bcrypt_sha256.using(rounds=cost).hash("the password of nobody"))


def _encoded(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
