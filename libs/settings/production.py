"""What production does not take, as questions on one value each."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

EXAMPLES = ("change", "example", "secret", "password", "tidemark", "default")
"""A key that contains one of these words was copied from somewhere."""
DEFAULT_PASSWORDS = ("", "guest", "postgres", "admin", "root", "test")
LEAST_PASSWORD = 10
LEAST_VARIETY = 16
_ENCRYPTED = ("require", "verify-ca", "verify-full")


def weak_key(secret: str) -> bool:
    """Whether a key is too uniform to be random, or an example."""
    return len(set(secret)) < LEAST_VARIETY or _is_example(secret)


def weak_password(url: str) -> bool:
    """Whether the password in an address is missing, short, an example or what a server comes with.

    An address with a client's certificate needs none.
    """
    parts = urlsplit(url)
    password = unquote(parts.password or "")
    if not password and "sslcert" in parse_qs(parts.query):
        return False
    return len(password) < LEAST_PASSWORD or password in DEFAULT_PASSWORDS or _is_example(password)


def clear_postgresql(url: str) -> bool:
    """Whether PostgreSQL would be spoken to without TLS."""
    query = parse_qs(urlsplit(url).query)
    return (query.get("sslmode") or query.get("ssl") or [""])[0] not in _ENCRYPTED


def clear_rabbitmq(url: str) -> bool:
    """Whether RabbitMQ would be spoken to without TLS."""
    return urlsplit(url).scheme != "amqps"


def clear_http(url: str | None) -> bool:
    """Whether an address is one of HTTP without TLS; none is fine."""
    return urlsplit(url or "").scheme == "http"


def _is_example(text: str) -> bool:
    return any(word in text.lower() for word in EXAMPLES)
