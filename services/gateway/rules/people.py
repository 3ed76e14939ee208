"""What is decided about people; and examples of what is answered about them, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from services.gateway.rules.examples import CLIENT, PLACEMENT, RATE, STRATEGY, USER, WHEN


def leaves_no_admin(users: Iterable[Mapping[Any, Any]], user_id: UUID, *, role: str, is_active: bool) -> bool:
    """Whether nobody administers any more once a user has this role and state; ``users``: all active
    administrators, and the user.
    """
    others = (user for user in users if user["id"] != user_id)
    stays = role == "admin" and is_active
    return not stays and not any(user["role"] == "admin" and user["is_active"] for user in others)


ONE_USER: dict[str, Any] = {
    "id": USER,
    "email": "nina@northwind.example",
    "role": "client",
    "is_active": True,
    "mfa_enabled": False,
    "must_change_password": False,
    "client_ids": [CLIENT],
    "last_seen_at": WHEN,
    "created_at": WHEN,
    "updated_at": WHEN,
}
ME: dict[str, Any] = {
    "id": USER,
    "email": "you@agency.example",
    "role": "client",
    "client_ids": [CLIENT],
    "mfa_enabled": False,
    "must_change_password": False,
    "created_at": "2026-01-05T09:00:00Z",
}
TOKENS: dict[str, Any] = {
    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…",
    "refresh_token": "tmr_…",
    "token_type": "bearer",
    "expires_in": 1800,
    "mfa_required": False,
    "must_change_password": False,
}
SESSION: dict[str, Any] = {
    "id": STRATEGY,
    "current": True,
    "ip": "203.0.113.7",
    "user_agent": "Mozilla/5.0 …",
    "created_at": WHEN,
    "last_used_at": WHEN,
    "expires_at": "2026-04-14T04:12:09Z",
}
API_KEY: dict[str, Any] = {
    "id": PLACEMENT,
    "name": "Nightly upload",
    "scopes": ["upload"],
    "expires_at": "2027-01-01T00:00:00Z",
    "last_used_at": None,
    "created_at": WHEN,
}
NEW_API_KEY = {**API_KEY, "key": "tmk_…"}
ENROLMENT = {
    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "otpauth_uri": "otpauth://totp/Tidemark:you%40agency.example?secret=JBSWY3DPEHPK3PXP…&issuer=Tidemark",
}
ENROLLED = {"mfa_enabled": True, "recovery_codes": ["k7fm-2xqa-94hd-uwzp", "…"]}
AUDIT_LINE: dict[str, Any] = {
    "id": 40_217,
    "created_at": WHEN,
    "user_id": USER,
    "user_email": "you@agency.example",
    "action": "rate.set",
    "entity": "rate",
    "entity_id": RATE,
    "old_values": None,
    "new_values": {"cpm": 5.25, "source": None, "effective_date": "2026-03-01"},
    "ip": "203.0.113.7",
    "user_agent": "Mozilla/5.0 …",
    "position": 40_213,
    "hash": "9f2c1d7be1a35c0f8f5e2e3c1b9d4a6077e8c2f4b1d3a5960c8e7f1a2b3c4d5e",
}
