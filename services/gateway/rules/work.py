"""What may be asked for."""

from __future__ import annotations

from datetime import date, timedelta

UPLOADED = "facebook"
VIBE_DAYS = 45
"""How far back Vibe reports reach."""


def refusal_of_source(source: str) -> str | None:
    """Why a source cannot be pulled."""
    return f"{source} comes by upload: there is nothing to pull" if source == UPLOADED else None


def refusal_of_days(source: str, start: date, end: date, today: date) -> str | None:
    """Why these days (both included) cannot be pulled."""
    if end > today:
        return f"{end} is in the future (the account's day is {today})"
    if source == "vibe" and start < today - timedelta(days=VIBE_DAYS):
        return f"Vibe keeps {VIBE_DAYS} days: the earliest is {today - timedelta(days=VIBE_DAYS)}"
    return None
