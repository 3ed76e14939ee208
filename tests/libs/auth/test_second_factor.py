"""Codes: which are taken, for how long, and once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from libs.auth.second_factor import (
    enrolment_uri,
    is_totp,
    new_recovery_codes,
    new_totp_secret,
    recovery_hash,
    step_of,
)

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""Of RFC 6238, appendix B: its codes of 8 digits end with those of 6."""


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")],
)
def test_the_codes_of_the_standard(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert step_of(SECRET, code, now, None) == seconds // 30
    assert step_of(SECRET, code, now + timedelta(seconds=30), None) == seconds // 30
    assert step_of(SECRET, code, now + timedelta(seconds=90), None) is None
    assert step_of(SECRET, code, now, seconds // 30 - 1) == seconds // 30
    assert step_of(SECRET, code, now, seconds // 30) is None, "used"


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "12 456", "abcdef", "１２３４５６", "+12345", "k7fm-2xqa-94hd-uwzp"]
)
def test_what_has_not_the_form_of_an_apps_code(code: str) -> None:
    assert not is_totp(code)


def test_recovery_codes_differ_and_may_be_typed_in_any_way() -> None:
    codes = new_recovery_codes()
    assert len({recovery_hash(code) for code in codes}) == 10
    assert recovery_hash(codes[0]) == recovery_hash(f" {codes[0].upper().replace('-', ' ')}")
    assert codes[0] not in recovery_hash(codes[0])
    assert not any(is_totp(code) for code in codes)


def test_an_app_understands_the_address() -> None:
    secret = new_totp_secret()
    parsed = pyotp.parse_uri(enrolment_uri(secret, "nina@agency.example", "Tidemark"))
    assert isinstance(parsed, pyotp.TOTP)
    assert (parsed.secret, parsed.issuer, parsed.name) == (secret, "Tidemark", "nina@agency.example")
