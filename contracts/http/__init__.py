"""What a service answers over HTTP, for others that pass it on: OpenAPI documents, beside this module.

`make generate` writes them from the services, `make check` compares.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def contract_of(service: str) -> dict[str, Any]:
    """The OpenAPI document of a service, each time anew. Raises FileNotFoundError where it has none."""
    text = files(__name__).joinpath(f"{service}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
