"""What the OpenAPI document says beside the routes: the form, examples, errors."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from libs.http.documented import with_access
from libs.http.failure import Error

ABOUT = """Daily exports of Ads Manager, uploaded by people.

Sign in at the gateway; send the access token as `Authorization: Bearer …`. All errors have one shape.
"""
CLIENT = "6f1c2f0e-3f0b-4a51-9c69-0f6f4c1f7a10"
UPLOAD = "5b1f0c7e-9a34-4d2e-8c11-7d0e4a9b6f20"
RUN = "3d0c1b2a-4f5e-5d6c-8b7a-9f0e1d2c3b15"
_ROW = {
    "date": "2026-10-01",
    "campaign": "Autumn",
    "strategy": "Prospecting",
    "placement": "Video 15s",
    "creative": "Video 15s",
}
_TOTALS = {
    "rows": 120,
    "impressions": 82365,
    "clicks": 1201,
    "conversions": 37,
    "conversion_revenue": 1849.5,
    "media_cost": 512.25,
}


def _error(
    description: str,
    code: str,
    detail: str,
    details: dict[str, Any] | None = None,
    fields: dict[str, list[str]] | None = None,
) -> dict[str, Any]:
    example = {
        "detail": detail,
        "error_code": code,
        "field_errors": fields or {},
        "details": details or {},
        "correlation_id": "4f1d2c3b5a6978869504f3e2d1c0b9a8",
    }
    return {"model": Error, "description": description, "content": {"application/json": {"example": example}}}


def _answer(example: Any, description: str = "Done") -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"example": example}}}


ERRORS: dict[int | str, dict[str, Any]] = {
    401: _error("Not signed in", "NOT_SIGNED_IN", "Sign in: send `Authorization: Bearer …`."),
    403: _error("Not for you", "NOT_ALLOWED", "This needs an administrator."),
    404: _error("Absent, or somebody else's", "NOT_FOUND", "There is no such upload, or it is not yours."),
    422: _error(
        "A value does not fit",
        "VALIDATION_ERROR",
        "on_duplicate: Input should be 'reject', 'merge' or 'replace'",
        fields={"on_duplicate": ["Input should be 'reject', 'merge' or 'replace'"]},
    ),
    503: _error("Try again shortly", "UNAVAILABLE", "Something this needs does not answer just now."),
}

ONE: dict[str, Any] = {
    "upload_id": UPLOAD,
    "client_id": CLIENT,
    "client_name": "Northwind Outfitters",
    "file_name": "October.xlsx",
    "size": 48211,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "status": "pending",
    "ingestion_run_id": RUN,
    "run_status": "running",
    "rows_read": 0,
    "rows_loaded": 0,
    "rows_rejected": 0,
    "rows_merged": 0,
    "error_code": None,
    "error": None,
    "uploaded_by": "nina@agency.example",
    "uploaded_at": "2026-11-02T08:14:09Z",
    "processed_at": None,
    "progress": {"batches_staged": 0, "batches_expected": None, "percent": None},
}
_DONE = {**ONE, "status": "completed", "run_status": "loaded", "rows_read": 120, "rows_loaded": 120}
PREVIEW = {
    "dry_run": True,
    "would_be": "loaded",
    "already_loaded": None,
    "client_id": CLIENT,
    "file_name": "October.xlsx",
    "on_duplicate": "replace",
    "rows_read": 121,
    "rows_rejected": 0,
    "rows_merged": 1,
    "rejected_rows": [],
    "dates": [{"date": "2026-10-01", "rows": 121}],
    "new_campaigns": ["Autumn"],
    "duplicates": {"count": 1, "rows": [_ROW]},
    "added": 118,
    "unchanged": 1,
    "changed": {"count": 1, "rows": [{**_ROW, "metrics": {"clicks": {"before": 3, "after": 5}}}]},
    "vanishing": {"count": 1, "rows": [_ROW]},
    "totals": {"before": {**_TOTALS, "rows": 3}, "after": _TOTALS},
    "control_totals": {"impressions": 119924},
    "definitions": {"clicks": "Link clicks", "conversions": "Purchases"},
    "account": "1029",
    "currency": "USD",
    "warnings": [{"code": "control_totals", "message": "The file's own total row differs …"}],
}
UPLOAD_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: _answer(PREVIEW, "dry_run: what loading it would change; nothing was loaded"),
    202: _answer(ONE, "Accepted: it is kept, and will be loaded or say why not"),
    400: _error(
        "Not a daily export of Ads Manager",
        "MISSING_COLUMNS",
        "Required columns are missing: clicks (“Clicks” or “Clics” or “Cliques” and 9 more). …",
        {"reason": "missing_columns", "missing": ["clicks"], "found": ["Day", "Campaign name"]},
    ),
    409: _error(
        "It is there already",
        "DUPLICATES",
        "14 rows of the file exist already (date, campaign, ad set and ad): send on_duplicate=merge …",
        {"duplicates": [_ROW], "count": 14, "all_looked_at": True},
    ),
    413: _error("Too large", "TOO_LARGE", "The file has 60,000,000 bytes; at most 52,428,800 are taken. …"),
}
LIST_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: _answer({"total": 1, "page": 1, "page_size": 50, "data": [_DONE]})
}
DETAILS: dict[int | str, dict[str, Any]] = {
    200: _answer(
        {
            **_DONE,
            "rows_unpriced": 0,
            "run_date": "2026-10-01",
            "warnings": [],
            "definitions": {"clicks": "Link clicks"},
            "control_totals": {"impressions": 119924},
            "options": {"on_duplicate": "reject", "campaign": None, "ad_set": None, "date_format": None},
            "rejected_rows": [{"row_number": 17, "raw": ["…"], "reasons": ["Impressions: “x” …"]}],
        }
    )
}
DELETED: dict[int | str, dict[str, Any]] = {
    200: _answer({"upload_id": UPLOAD, "deleted": True, "undo": None}),
    202: _answer({"upload_id": UPLOAD, "deleted": True, "undo": "queued"}, "The data is taken back soon"),
    409: _error("Not yet", "CONFLICT", "This upload is processing: wait until it has ended."),
}
_FIELDS: dict[str, Any] = {
    "file": {"type": "string", "format": "binary", "description": "The export, .csv or .xlsx."},
    "client_id": {
        "type": "string",
        "format": "uuid",
        "description": "Whose figures they are; left out: your only client.",
    },
    "on_duplicate": {
        "type": "string",
        "enum": ["reject", "merge", "replace"],
        "default": "reject",
        "description": "Rows that exist: refuse the file, update them, or replace the days of the file.",
    },
    "dry_run": {"type": "boolean", "default": False, "description": "Only say what would change."},
    "campaign": {"type": "string", "description": "The campaign, where the file has no such column."},
    "ad_set": {"type": "string", "description": "The ad set, where the file has no such column."},
    "date_format": {
        "type": "string",
        "description": "Where the dates do not tell day and month apart: `MM/DD/YYYY`, `DD/MM/YYYY`.",
    },
    "wait": {
        "type": "integer",
        "minimum": 0,
        "maximum": 60,
        "default": 0,
        "description": "Hold the answer until it is loaded, so many seconds at most.",
    },
}
UPLOAD_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": _FIELDS,
                },
                "example": {"file": "October.xlsx", "client_id": CLIENT, "on_duplicate": "merge"},
            }
        },
    }
}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with who may use what; made once."""
    if not app.openapi_schema:
        made, app.openapi_schema = FastAPI.openapi(app), None
        app.openapi_schema = with_access(app, made)
    return app.openapi_schema
