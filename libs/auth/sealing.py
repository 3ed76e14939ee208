"""Secrets that have to be read again (credentials of platforms): encrypted with a key from the environment.

Terminal
└── CannotOpen   the key is not the one it was sealed with
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from libs.errors import Terminal


class CannotOpen(Terminal):
    """Give the key that it was sealed with, beside the new one, or store the credential again."""


class Sealer:
    """Fernet (AES-128-CBC, HMAC-SHA-256). Keys: 32 bytes in URL-safe base64, separated by commas.

    The first one seals; all of them open, so that a key can be changed. Raises ValueError on a bad key.
    """

    def __init__(self, keys: str) -> None:
        self._fernet = MultiFernet([Fernet(key.strip()) for key in keys.split(",") if key.strip()])

    def seal(self, secret: str) -> bytes:
        """What is stored."""
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """The secret. Raises CannotOpen."""
        try:
            return self._fernet.decrypt(bytes(sealed)).decode()
        except InvalidToken:
            raise CannotOpen("a stored credential was sealed with another ENCRYPTION_KEY") from None
