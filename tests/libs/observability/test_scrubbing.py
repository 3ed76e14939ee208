"""What stands in a text of an error and nobody should read."""

from __future__ import annotations

import time

import pytest

from libs.observability.scrubbing import LONGEST, scrubbed


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("cannot connect to postgresql://loader:hunter2@db/tidemark", "hunter2"),
        ("amqps://u:p%40ss-word@mq.example/ is not reachable", "p%40ss-word"),
        ("header Authorization: Bearer abc.def-123", "abc.def-123"),
        ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_-1 has expired", "eyJzdWIiOiIxIn0"),
        ("no such key tmk_0123456789abcdef", "tmk_0123456789abcdef"),
        ("credentials AKIAABCDEFGHIJKLMNOP", "AKIAABCDEFGHIJKLMNOP"),
        ("https://s3/x?X-Amz-Signature=deadbeef&X-Amz-Date=1", "deadbeef"),
        ('{"password": "correct horse", "a": 1}', "correct horse"),
        ("client_secret='s3cr3t value'", "s3cr3t value"),
        ("ValueError: no user jane.doe+x@agency.example", "jane.doe"),
        ("[SQL: SELECT 1]\n[parameters: ('jane', {'x': [1]})]\n(Background on this error)", "jane"),
        ("DETAIL:  Key (email)=(jane) already exists.", "jane"),
    ],
)
def test_secrets_and_persons_are_hidden(text: str, secret: str) -> None:
    assert secret not in scrubbed(text)
    assert "[hidden]" in scrubbed(text)
    assert scrubbed(scrubbed(text)) == scrubbed(text)


@pytest.mark.parametrize(
    "text",
    [
        "ValueError: 3 rows of 2026-01-01 have no creative",
        "surfside.pulls: TimeoutError('30 s')",
        'File "/srv/tidemark/libs/bus/settle.py", line 12, in _handle',
        "https://sentry.example/path?page=2",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert scrubbed(text) == text


@pytest.mark.parametrize(
    "piece", ["a", "a-", "a.", "eyJ-", "password", "x@", "Key (", "[parameters: ", "://"]
)
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    started = time.process_time()
    assert len(scrubbed(piece * 200_000)) < 5 * LONGEST
    assert time.process_time() - started < 2
