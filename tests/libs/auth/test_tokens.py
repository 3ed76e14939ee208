"""Tokens that are not ours, or no longer, are refused whatever is wrong with them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.auth import AccessClaims, InvalidToken, Tokens
from libs.auth.tokens import AUDIENCE, CLAIMS, ISSUER

KEY = "k" * 31 + "é"
TOKENS = Tokens(KEY, minutes=30)
CLAIMS_OF_ONE = AccessClaims(uuid4(), "a@agency.example", "admin", uuid4())


def payload(**changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    good = {
        "sub": str(CLAIMS_OF_ONE.user_id),
        "email": CLAIMS_OF_ONE.email,
        "role": CLAIMS_OF_ONE.role,
        "jti": str(CLAIMS_OF_ONE.session),
        "iat": now,
        "nbf": now,
        "exp": now + timedelta(minutes=30),
        "iss": ISSUER,
        "aud": AUDIENCE,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(claims: dict[str, Any], key: str = KEY, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def test_what_was_issued_is_verified() -> None:
    assert TOKENS.verify(TOKENS.issue(CLAIMS_OF_ONE)) == CLAIMS_OF_ONE
    assert TOKENS.verify(signed(payload())) == CLAIMS_OF_ONE


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_claim_is_required(claim: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.verify(signed(payload(**{claim: None})))


NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
WRONG: dict[str, dict[str, Any]] = {
    "expired": {
        "iat": NOW - timedelta(hours=2),
        "nbf": NOW - timedelta(hours=2),
        "exp": NOW - timedelta(hours=1),
    },
    "not yet": {"nbf": NOW + timedelta(hours=1), "exp": NOW + timedelta(hours=1, minutes=30)},
    "lives too long": {"exp": NOW + timedelta(days=3650)},
    "far past the calendar": {"exp": 10**18},
    "exp is text": {"exp": "tomorrow"},
    "issued in the future": {"iat": NOW + timedelta(hours=1)},
    "issuer": {"iss": "somebody"},
    "audience": {"aud": "another-api"},
    "several audiences": {"aud": [AUDIENCE, "another-api"]},
    "sub is no id": {"sub": "1 OR 1=1"},
    "jti is no id": {"jti": "x"},
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_claims_are_refused(name: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.verify(signed(payload(**WRONG[name])))


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("key", ["another key of thirty-two bytes or more", "x"])
def test_another_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.verify(signed(payload(), key=key))


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_refused_though_the_key_is_right(algorithm: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.verify(signed(payload(), algorithm=algorithm))


def part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content, default=str).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, ["HS256"], {}])
def test_no_signature_is_refused(algorithm: Any) -> None:
    claims = {**payload(), "iat": 1, "nbf": 1, "exp": 10**11}
    for signature in ("", "AA", TOKENS.issue(CLAIMS_OF_ONE).rsplit(".", 1)[1]):
        with pytest.raises(InvalidToken):
            TOKENS.verify(f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}.{signature}")


def test_a_signature_with_the_empty_key_is_refused() -> None:
    claims = {**payload(), "iat": 1, "nbf": 1, "exp": 10**11}
    head = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}"
    signature = (
        base64.urlsafe_b64encode(hmac.digest(b"", head.encode(), hashlib.sha256)).rstrip(b"=").decode()
    )
    with pytest.raises(InvalidToken):
        TOKENS.verify(f"{head}.{signature}")


@given(st.text(max_size=200) | st.sampled_from(["a.b.c", ".", "..", "e30.e30.", "\ud800.x.y", "a" * 100_000]))
def test_anything_else_is_refused_with_the_same_error(text: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.verify(text)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_noticed(position: int, change: int) -> None:
    token = TOKENS.issue(CLAIMS_OF_ONE)
    head, claims, signature = token.split(".")
    raw = bytearray(base64.urlsafe_b64decode(claims + "=="))
    raw[position % len(raw)] ^= change
    changed = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    with pytest.raises(InvalidToken):
        TOKENS.verify(f"{head}.{changed}.{signature}")


@pytest.mark.parametrize("key", ["", "short", "x" * 31])
def test_a_short_key_is_no_key(key: str) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(key)
