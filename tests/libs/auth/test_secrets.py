"""Passwords and stored secrets."""

from __future__ import annotations

import asyncio
import time

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.auth import CannotOpen, Hasher, HashersBusy, Sealer, digest_of, new_secret


async def test_nothing_is_cut_at_72_bytes() -> None:
    hasher = Hasher(cost=4)
    stored = await hasher.hash("a" * 72 + "right")
    assert await hasher.verify("a" * 72 + "right", stored)
    assert not await hasher.verify("a" * 72 + "wrong", stored)
    hasher.close()


@settings(max_examples=20, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_any_text_is_a_password(password: str) -> None:
    async def there_and_back() -> bool:
        hasher = Hasher(cost=4)
        good = await hasher.verify(password, await hasher.hash(password))
        return good and not await hasher.verify(password + "x", await hasher.hash(password))

    assert asyncio.run(there_and_back())


@pytest.mark.parametrize("password", ["nul\x00inside", "lone \ud800 surrogate", "", "é" * 500])
async def test_hostile_passwords_are_wrong_not_an_error(password: str) -> None:
    hasher = Hasher(cost=4)
    assert not await hasher.verify(password, await hasher.hash("another"))
    assert not await hasher.verify(password, None)
    hasher.close()


async def test_equal_passwords_have_different_hashes_of_cost_12() -> None:
    hasher = Hasher()
    first, second = await hasher.hash("the same"), await hasher.hash("the same")
    assert first != second
    assert first.startswith("$bcrypt-sha256$v=2,t=2b,r=12$")
    hasher.close()


async def test_nobody_takes_as_long_as_somebody() -> None:
    """Processor time of the thread, which other processes do not disturb; between a half and twice."""
    hasher = Hasher(threads=1)
    stored = await hasher.hash("password")
    await hasher.verify("warm", None)
    seconds = []
    for known in (stored, None, stored, None):
        before = time.process_time()
        await hasher.verify("wrong", known)
        seconds.append(time.process_time() - before)
    somebody, nobody = min(seconds[0], seconds[2]), min(seconds[1], seconds[3])
    assert somebody / 2 < nobody < somebody * 2
    hasher.close()


async def test_the_loop_goes_on_while_hashing() -> None:
    hasher = Hasher(threads=2)
    hashing = asyncio.gather(*(hasher.hash("password") for _ in range(4)))
    turns = 0
    while not hashing.done():
        turns += 1
        await asyncio.sleep(0.001)
    assert turns > 20
    hasher.close()


async def test_no_more_wait_than_can_be_served() -> None:
    """The third of two is told so at once, and there is room again when the others are done."""
    hasher = Hasher(threads=1, cost=4, waiting=2)
    results = await asyncio.gather(*(hasher.hash("password") for _ in range(3)), return_exceptions=True)
    assert [isinstance(found, HashersBusy) for found in results] == [False, False, True]
    assert await hasher.hash("password")
    hasher.close()


def test_secrets_are_random_and_stored_as_digests() -> None:
    first, second = new_secret("tmr_"), new_secret("tmr_")
    assert first != second
    assert first.startswith("tmr_")
    assert len(digest_of(first)) == 32
    assert digest_of(first) != digest_of(second)


def test_sealed_secrets_open_with_their_key_only() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = Sealer(old).seal("api key")
    assert b"api key" not in sealed
    assert Sealer(old).open(sealed) == "api key"
    assert Sealer(f"{new}, {old}").open(sealed) == "api key"
    with pytest.raises(CannotOpen):
        Sealer(new).open(sealed)
    with pytest.raises(CannotOpen):
        Sealer(new).open(b"not sealed at all")
    with pytest.raises(ValueError, match="Fernet key"):
        Sealer("not a key")
