"""What may be asked for, and how far a backfill is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

UPLOADED = "facebook"
VIBE_DAYS = 45
"""How far back Vibe reports reach (sources.md §2)."""
PENDING = ("running", "stalled", "held")
UNDOABLE = ("loaded", "partial")


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


def progress(
    start: date,
    end: date,
    since: datetime,
    standing: Collection[date],
    runs: Mapping[date, Mapping[Any, Any]],
) -> dict[str, Any]:
    """The days of a backfill (both included; ``loaded``, its run's status, or ``waiting``).

    A day that stands is loaded, whether before the backfill or by it: the same delivery is the same run.
    """
    days = []
    for day in (start + timedelta(days=n) for n in range((end - start).days + 1)):
        run = runs.get(day)
        fresh = run is not None and run["updated_at"] >= since
        status = run["status"] if run and fresh else "loaded" if day in standing else "waiting"
        days.append({"date": day, "status": status, "run_id": run["run_id"] if run else None})
    done = sum(day["status"] not in (*PENDING, "waiting") for day in days)
    return {
        "status": "done" if done == len(days) else "running",
        "days_total": len(days),
        "days_done": done,
        "progress": {"done": done, "total": len(days)},
        "days": days,
    }
