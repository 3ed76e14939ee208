"""Passwords, access tokens, opaque and sealed secrets. No framework, no storage.

Beside these, for who has their packages: ``policy`` (zxcvbn) and ``second_factor`` (pyotp).
"""

from libs.auth.passwords import Hasher, HashersBusy
from libs.auth.sealing import CannotOpen, Sealer
from libs.auth.secrets import API_KEY_PREFIX, REFRESH_PREFIX, digest_of, new_secret
from libs.auth.tokens import AccessClaims, InvalidToken, Tokens

__all__ = [
    "API_KEY_PREFIX",
    "REFRESH_PREFIX",
    "AccessClaims",
    "CannotOpen",
    "Hasher",
    "HashersBusy",
    "InvalidToken",
    "Sealer",
    "Tokens",
    "digest_of",
    "new_secret",
]
