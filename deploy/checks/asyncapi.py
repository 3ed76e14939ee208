"""The AsyncAPI documents as files."""

from __future__ import annotations

import json

from contracts.asyncapi import SERVICES, document_of

FOLDER = "docs/generated/asyncapi"


def documents() -> dict[str, str]:
    """Path below the root → text; the same contracts make the same text."""
    return {f"{FOLDER}/{service}.json": _text(service) for service in SERVICES}


def _text(service: str) -> str:
    return json.dumps(document_of(service), indent=2, ensure_ascii=False) + "\n"
