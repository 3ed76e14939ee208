"""What every error looks like in the OpenAPI documents of the gateway and of the upload API."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class Error(BaseModel):
    """Every error."""

    detail: str
    error_code: str
    field_errors: dict[str, list[str]]
    details: dict[str, Any]
    correlation_id: str
