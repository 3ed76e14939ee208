"""Codes of an authenticator app (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds), and recovery codes."""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError

from libs.auth.secrets import digest_of

DIGITS = 6
DRIFT = 1
"""Steps of 30 seconds by which the clock of a telephone may differ."""
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4
"""Of 31 letters that nobody takes for another: 79 random bits, so that a fast digest is enough."""


def new_totp_secret() -> str:
    """160 random bits in base32, as authenticator apps take them."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, account: str, issuer: str) -> str:
    """``otpauth://…``: what a QR code for the app holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def is_totp(code: str) -> bool:
    """Whether this has the form of an app's code; anything else can only be a recovery code."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def step_of(secret: str, code: str, now: datetime, after: int | None) -> int | None:
    """The time step whose code this is; None if it is none of now, or of a step up to ``after`` (used)."""
    try:
        step = pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=DRIFT)
    except OTPVerificationError:
        return None
    return step if after is None or step > after else None


def new_recovery_codes() -> list[str]:
    """Ten codes like ``k7fm-2xqa-94hd-uwzp``, to be shown once."""
    return [_recovery_code() for _ in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> str:
    """What is stored of a recovery code; dashes, spaces and capitals do not matter."""
    return digest_of("".join(c for c in code.lower() if c.isalnum())).hex()


def _recovery_code() -> str:
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
