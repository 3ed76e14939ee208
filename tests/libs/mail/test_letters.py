"""Hostile names stay text."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.mail import Letter, as_message, one_line, text_block

NOON = datetime(2026, 10, 2, 12, tzinfo=UTC)
HEADERS = {
    *("from", "to", "subject", "date", "message-id", "auto-submitted"),
    *("content-type", "content-transfer-encoding", "mime-version"),
}
HOSTILE = (
    "Acme\r\nBcc: everybody@evil.example",
    "Acme\nContent-Type: text/html\n\n<script>alert(1)</script>",
    "Acme\u2028Bcc: x@evil.example",
    "Acme\x85Bcc: x@evil.example\x0bTo: y@evil.example",
    "=?utf-8?q?Acme=0D=0ABcc:_x@evil.example?=",
    "\u202egnp.exe\u202c",
    "A\x00B",
    '<img src="https://evil.example/x.png">',
    "A" * 2000,
    "🦊" * 300,
    "\r\n.\r\nMAIL FROM:<x@evil.example>",
)


def sent(subject: str, body: str) -> bytes:
    letter = Letter(("you@x.example",), subject, body, "id", NOON)
    return as_message(letter, "tidemark@agency.example").as_bytes()


def assert_harmless(raw: bytes) -> None:
    found = message_from_bytes(raw, policy=default)
    assert {name.lower() for name in found.keys()} == HEADERS  # noqa: SIM118 - a list with repeats
    assert len(found.keys()) == len(HEADERS)
    assert found.get_content_type() == "text/plain"
    assert str(found["To"]) == "you@x.example"
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii(), "any server takes it"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_no_header(name: str) -> None:
    raw = sent(f"{name}: 3 files are missing", f"{name} has no file")
    assert_harmless(raw)
    found = message_from_bytes(raw, policy=default)
    assert len(str(found["Subject"])) <= 160


@given(st.text(), st.text())
def test_no_text_is_a_header(subject: str, body: str) -> None:
    assert_harmless(sent(subject, body))


@pytest.mark.parametrize("subject", ["[Tidemark] " + "word " * 20 + "end", "[Tidemark] " + "é " * 60 + "end"])
def test_a_long_subject_arrives_as_it_was(subject: str) -> None:
    assert str(message_from_bytes(sent(subject, "b"), policy=default)["Subject"]) == subject


def test_what_is_printed_stays_as_it_is() -> None:
    assert one_line("Müller & Söhne – <b>50 %</b>") == "Müller & Söhne – <b>50 %</b>"
    assert text_block("a\r\nb\tc \u202e\nd\x00e") == "a\nb\tc\nd e"
    assert one_line("x" * 300).endswith("x…")
    raw = sent("Müller & Söhne", "3 €\n日本\n")
    found = message_from_bytes(raw, policy=default)
    assert str(found["Subject"]) == "Müller & Söhne"
    assert isinstance(found, EmailMessage)
    assert "日本" in found.get_content()
