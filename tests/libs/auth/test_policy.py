"""Addresses and passwords that an account may have."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from libs.auth.policy import LONGEST, checked_email, refusal_of_password


@pytest.mark.parametrize(
    "password", ["password", "Password1", "password2024", "qwertyuiop", "aaaaaaaa", "12345678"]
)
def test_what_everybody_tries_is_refused_with_advice(password: str) -> None:
    refusal = refusal_of_password(password)
    assert refusal is not None
    assert refusal.startswith("is too common or too easy to guess. ")
    assert len(refusal) > 60


def test_of_the_list_of_common_passwords_none_is_let_through() -> None:
    """Every fiftieth of those that are long enough."""
    common = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 8]
    assert len(common) > 10_000
    assert [word for word in common[::50] if refusal_of_password(word) is None] == []


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "quiet violet harbour 41", "Xk4!tq9-Lm", "é漢字パスワード長い"],
)
def test_what_is_good(password: str) -> None:
    assert refusal_of_password(password, "nina@agency.example") is None


@pytest.mark.parametrize(
    "password", ["nina.olsen", "NINA.OLSEN@agency.example", "agency.example", "tidemark"]
)
def test_what_is_known_of_the_account_is_no_password(password: str) -> None:
    assert refusal_of_password(password, "Nina.Olsen@agency.example")


@pytest.mark.parametrize("length", [0, 7, LONGEST + 1, 5000])
def test_lengths(length: int) -> None:
    assert "8 to 128 characters" in str(refusal_of_password("x" * length))


@settings(max_examples=25)
@given(st.text(min_size=8, max_size=128), st.text(max_size=50))
def test_any_text_is_judged(password: str, about: str) -> None:
    refusal = refusal_of_password(password, about)
    assert refusal is None or (refusal.strip() and password not in refusal)


@pytest.mark.parametrize(
    "email", ["", "@", "a@", "@b", "a b@c", "a@b@c", "a@b\x00", "a@\u202eb", "a@" + "b" * 254]
)
def test_what_is_no_address(email: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        checked_email(email)


def test_spaces_around_an_address_go() -> None:
    assert checked_email(" Nina@Agency.example ") == "Nina@Agency.example"
