"""Access tokens: JWT, HMAC, every claim required.

Terminal
└── InvalidToken   not one of ours, or no longer
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt

from libs.errors import Terminal

ISSUER = "tidemark"
AUDIENCE = "tidemark-api"
CLAIMS = ("sub", "email", "role", "iat", "nbf", "exp", "iss", "aud", "jti")
MINIMUM_KEY_BYTES = 32
LEEWAY = timedelta(seconds=5)
"""Between the clocks of two processes."""


class InvalidToken(Terminal):
    """The text says what is wrong; it is for the log, not for who sent the token."""


@dataclass(frozen=True)
class AccessClaims:
    """Who asks. ``session`` is the token's ``jti``: the refresh token it was issued with."""

    user_id: UUID
    email: str
    role: str
    session: UUID


class Tokens:
    """Issues and verifies the access tokens of one key."""

    def __init__(self, key: str, *, algorithm: str = "HS256", minutes: int = 30) -> None:
        if len(key.encode()) < MINIMUM_KEY_BYTES:
            raise ValueError(f"the key needs at least {MINIMUM_KEY_BYTES} bytes (256 bits)")
        self._key = key
        self._algorithm = algorithm
        self.lifetime = timedelta(minutes=minutes)

    def issue(self, claims: AccessClaims, now: datetime | None = None) -> str:
        """A signed token that is good from now for the configured minutes."""
        at = now or datetime.now(UTC)
        payload = {
            "sub": str(claims.user_id),
            "email": claims.email,
            "role": claims.role,
            "jti": str(claims.session),
            "iat": at,
            "nbf": at,
            "exp": at + self.lifetime,
            "iss": ISSUER,
            "aud": AUDIENCE,
        }
        return jwt.encode(payload, self._key, algorithm=self._algorithm)

    def verify(self, token: str) -> AccessClaims:
        """The claims of a token that is ours and good now. Raises InvalidToken."""
        try:
            payload = jwt.decode(
                token,
                self._key,
                algorithms=[self._algorithm],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=LEEWAY,
                options={"require": list(CLAIMS), "strict_aud": True},
            )
            self._refuse_longer_life(payload["iat"], payload["exp"])
            return AccessClaims(
                UUID(payload["sub"]), str(payload["email"]), str(payload["role"]), UUID(payload["jti"])
            )
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise InvalidToken(f"not a valid access token: {type(error).__name__}") from error

    def _refuse_longer_life(self, issued: float, expires: float) -> None:
        if expires - issued > self.lifetime.total_seconds():
            raise ValueError("lives longer than any token that is issued")
