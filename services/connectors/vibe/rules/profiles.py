"""Vibe's three report APIs as data: addresses, bodies, words, limits.

Sources: public – developer documentation of the revision 2026-06-01; legacy – the reporting API that ends on
2027-01-01; std – the same under its later address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from services.connectors.vibe.rules.limits import Kind, Limit

ProfileName = Literal["public", "legacy", "std"]
State = Literal["working", "ready", "failed"]

REVISION = "2026-06-01"
SCOPE = "reporting:read"
HOUR, MINUTE = 3600, 60

METRICS = (
    "impressions",
    "spend",
    "completed_views",
    "number_of_purchases",
    "amount_of_purchases",
)
DIMENSIONS = (
    "impression_date",
    "campaign_name",
    "strategy_name",
    "channel_name",
    "creative_name",
)
_STATES: dict[str, State] = {
    "created": "working",
    "processing": "working",
    "ready": "ready",
    "done": "ready",
    "failed": "failed",
    "error": "failed",
}


@dataclass(frozen=True)
class Profile:
    """One of the three. Paths are relative to ``base_url``; ``{id}`` is the report's."""

    name: ProfileName
    base_url: str
    create_path: str
    poll_path: str
    id_field: str
    poll_in_query: bool = False
    """The id goes as ``report_id`` into the query."""


PROFILES: dict[ProfileName, Profile] = {
    "public": Profile("public", "https://api.vibe.co", "/reports", "/reports/{id}", "id"),
    "legacy": Profile(
        "legacy",
        "https://clear-platform.vibe.co/rest/reporting/v1",
        "/create_async_report",
        "/get_report_status",
        "report_id",
        poll_in_query=True,
    ),
    "std": Profile("std", "https://api.vibe.co/reporting/v1/std", "/reports", "/reports/{id}", "reportId"),
}


def limits_of(name: ProfileName, hourly: int) -> tuple[Limit, ...]:
    """The limits of one key; ``hourly``: the setting VIBE_RATE_LIMIT."""
    creates: frozenset[Kind] = frozenset(("create",))
    if name == "public":
        return (Limit(1, 1), Limit(20, MINUTE))
    if name == "legacy":
        return (Limit(hourly, HOUR, creates),)
    return (Limit(hourly, HOUR),)


def create_body(name: ProfileName, advertiser: str, start: date, end: date) -> dict[str, Any]:
    """What is asked for; both days belong to the window, whatever the API makes of its end."""
    if name == "public":
        return {
            "advertiser_ids": [advertiser],
            "start_date": start.isoformat(),
            "end_date": end.isoformat(),
            "granularity": "DAY",
            "format": "CSV",
        }
    if name == "legacy":  # its end is exclusive
        after = end + timedelta(days=1)
        return {"advertiser_id": advertiser, "start_date": start.isoformat(), "end_date": after.isoformat()}
    return {
        "advertiserId": advertiser,
        "startDate": start.isoformat(),
        "endDate": end.isoformat(),
        "metrics": list(METRICS),
        "dimensions": list(DIMENSIONS),
    }


@dataclass(frozen=True)
class Look:
    """What Vibe says of a report. ``word``: its own word for the state."""

    state: State
    word: str
    url: str | None = None
    reason: str = ""


def look_of(answer: Mapping[str, Any]) -> Look:
    """Read an answer to a poll. Words are compared without case; one that nobody knows is still at work."""
    word = str(answer.get("status") or answer.get("state") or "")
    state = _STATES.get(word.casefold(), "working")
    url = answer.get("download_url") or answer.get("downloadUrl") or answer.get("url")
    reason = answer.get("failure_reason") or answer.get("failureReason") or answer.get("error") or ""
    return Look(state, word, str(url) if url else None, str(reason)[:500])


def pause_after(name: ProfileName, polls: int, seconds: float, hourly: int) -> float:
    """Seconds until a report is looked at again, after so many looks.

    For std every look costs one of the hour's requests: after the first they are spread over the hour.
    """
    if name == "std" and polls:
        return max(seconds, HOUR / hourly)
    return seconds


def counts_every_request(name: ProfileName) -> bool:
    """Whether a look takes away from what can be created in the same hour."""
    return name == "std"
