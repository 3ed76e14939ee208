"""Passwords, access tokens and opaque secrets. No framework, no storage."""

from libs.auth.passwords import Hasher
from libs.auth.secrets import digest_of, new_secret
from libs.auth.tokens import AccessClaims, InvalidToken, Tokens

__all__ = ["AccessClaims", "Hasher", "InvalidToken", "Tokens", "digest_of", "new_secret"]
