"""What the OpenAPI document says beside the routes: the form, examples, errors."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from libs.http import documents
from libs.http.answers import exact_json
from libs.http.documents import INVALID, answers
from libs.http.failure import failure

__all__ = ["ABOUT", "INVALID", "TAGS", "document"]

ABOUT = """Daily exports of Ads Manager, uploaded by people.

Sign in at the gateway; send the access token as `Authorization: Bearer …`. All errors have one shape.
"""
TAGS: list[dict[str, Any]] = [
    {
        "name": "facebook",
        "description": "Uploads of Ads Manager exports: `dry_run` says what a file would change; then upload "
        "it, follow how far it is, see what was refused and why, take it back.",
    }
]
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
    **answers(PREVIEW, description="dry_run: what loading it would change; nothing was loaded"),
    **answers(ONE, 202, description="Accepted: it is kept, and will be loaded or say why not"),
    400: failure(
        400,
        "Not a daily export of Ads Manager",
        "MISSING_COLUMNS",
        "Required columns are missing: clicks (“Clicks” or “Clics” or “Cliques” and 9 more). …",
        {"reason": "missing_columns", "missing": ["clicks"], "found": ["Day", "Campaign name"]},
    ),
    409: failure(
        409,
        "It is there already",
        "DUPLICATES",
        "14 rows of the file exist already (date, campaign, ad set and ad): send on_duplicate=merge …",
        {"duplicates": [_ROW], "count": 14, "all_looked_at": True},
    ),
    413: failure(
        413, "Too large", "TOO_LARGE", "The file has 60,000,000 bytes; at most 52,428,800 are taken. …"
    ),
}
LIST_ANSWERS = answers({"total": 1, "page": 1, "page_size": 50, "data": [_DONE]})
DETAILS = answers(
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
EVENTS = answers(
    "".join(f"event: upload\ndata: {exact_json(each).decode()}\n\n" for each in (ONE, _DONE)),
    kind="text/event-stream",
    description="Events `upload`; the `data` of each is a JSON object as those of `GET /facebook/uploads`",
)
DELETED: dict[int | str, dict[str, Any]] = {
    **answers({"upload_id": UPLOAD, "deleted": True, "undo": None}),
    **answers(
        {"upload_id": UPLOAD, "deleted": True, "undo": "queued"},
        202,
        description="The data is taken back soon",
    ),
    409: failure(409, "Not yet", "CONFLICT", "This upload is processing: wait until it has ended."),
}
# An example that is empty is left out: the page would fill fields in with words of its own.
_FIELDS: dict[str, Any] = {
    "file": {"type": "string", "format": "binary", "description": "The export, .csv or .xlsx."},
    "client_id": {
        "type": "string",
        "example": "",
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
    "campaign": {
        "type": "string",
        "example": "",
        "description": "The campaign, where the file has no such column.",
    },
    "ad_set": {
        "type": "string",
        "example": "",
        "description": "The ad set, where the file has no such column.",
    },
    "date_format": {
        "type": "string",
        "example": "",
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


def document(app: FastAPI) -> documents.Document:
    """The OpenAPI document; made once."""
    if not app.openapi_schema:
        app.openapi_schema = documents.document(app)
    return app.openapi_schema
