"""For how long figures may still move, where a client's own setting says nothing."""

from __future__ import annotations

from collections.abc import Mapping

SETTLING_DAYS: Mapping[str, int] = {"surfside": 14, "vibe": 2, "facebook": 28}
"""Source → days after a day for which the platform may restate it."""
