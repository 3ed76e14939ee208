"""Bodies that are compressed: what comes back, and what is refused with a reason."""

from __future__ import annotations

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from libs.bus import Undecodable
from libs.bus.compression import MAX_BODY_BYTES, SMALL, compressed, plain

WHOLE = zstandard.compress(b'{"looks": 7}')
DAMAGED: tuple[tuple[str, bytes], ...] = (
    ("is damaged", zstandard.FRAME_HEADER),
    ("is damaged", WHOLE[:-1]),
    ("is damaged", WHOLE + b" "),
    ("is damaged", WHOLE[:8] + bytes([WHOLE[8] ^ 0xFF]) + WHOLE[9:]),
    ("tell its size", zstandard.ZstdCompressor(write_content_size=False).compress(b'{"looks": 7}')),
    ("tell its size", zstandard.compress(bytes(MAX_BODY_BYTES + 1))),
)
"""(part of the reason, body)"""


@given(st.binary(max_size=200), st.integers(0, 2000))
def test_what_was_compressed_comes_back(piece: bytes, times: int) -> None:
    body = orjson.dumps({"text": piece.hex() * times})
    sent = compressed(body)
    assert plain(sent) == body
    assert (sent == body) is (len(body) < SMALL)
    assert compressed(sent) == sent  # a copy of it is sent as it is


@pytest.mark.parametrize(("reason", "body"), DAMAGED)
def test_what_cannot_be_unpacked_says_why(reason: str, body: bytes) -> None:
    with pytest.raises(Undecodable, match=reason):
        plain(body)


def test_the_largest_body_comes_back() -> None:
    body = b" " * MAX_BODY_BYTES
    assert plain(compressed(body)) == body
