"""Passwords, access tokens, opaque and sealed secrets. No framework, no storage."""

from libs.auth.passwords import Hasher
from libs.auth.sealing import CannotOpen, Sealer
from libs.auth.secrets import digest_of, new_secret
from libs.auth.tokens import AccessClaims, InvalidToken, Tokens

__all__ = [
    "AccessClaims",
    "CannotOpen",
    "Hasher",
    "InvalidToken",
    "Sealer",
    "Tokens",
    "digest_of",
    "new_secret",
]
