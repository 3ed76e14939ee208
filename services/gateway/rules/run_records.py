"""Examples of runs and of what is told about them, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from services.gateway.rules.examples import CLIENT, CREATIVE, RATE, RUN, USER, WHEN

ONE_RUN: dict[str, Any] = {
    "run_id": RUN,
    "client_id": CLIENT,
    "client_name": "Northwind Outfitters",
    "source": "surfside",
    "account": "",
    "run_date": "2026-03-30",
    "status": "partial",
    "generation": 0,
    "delivered_at": WHEN,
    "rows_read": 50_000,
    "rows_loaded": 49_998,
    "rows_rejected": 2,
    "rows_merged": 0,
    "rows_unpriced": 0,
    "batches_staged": 5,
    "batches_expected": 5,
    "warnings": [],
    "error_code": None,
    "error": None,
    "started_at": WHEN,
    "finished_at": WHEN,
    "reload_of": None,
    "resolution_status": None,
    "resolution_notes": None,
    "resolved_at": None,
}
RUN_DETAILS: dict[str, Any] = {
    **ONE_RUN,
    "artifact": {
        "bucket": "tidemark-raw",
        "key": "surfside/2026-03-30/report.csv",
        "sha256": "…",
        "size": 4_815_162,
    },
    "digest": None,
    "control_totals": None,
    "definitions": {"clicks": "Clicks"},
    "timings": {},
    "allow_shrink": False,
    "last_batch_at": WHEN,
    "resolved_by": None,
    "resolved_by_email": None,
    "rejected_rows": [
        {"row_number": 17, "raw": ["2026-03-30", "-5"], "reasons": ["impressions is negative"]}
    ],
    "ledger_total": 1,
    "ledger_page": 1,
    "ledger": [
        {
            "date": "2026-03-30",
            "account": "",
            "kind": "load",
            "at": WHEN,
            "totals_before": {"rows": 0},
            "totals_after": {"rows": 49_998, "impressions": 1_250_000},
        }
    ],
}
BACKFILL: dict[str, Any] = {
    "id": RATE,
    "client_id": CLIENT,
    "client_name": "Northwind Outfitters",
    "source": "surfside",
    "start_date": "2026-01-01",
    "end_date": "2026-01-02",
    "requested_by": USER,
    "created_at": WHEN,
    "status": "running",
    "days_total": 2,
    "days_done": 1,
    "days_left": 1,
    "days_failed": 0,
    "days_skipped": 1,
    "progress": {"done": 1, "total": 2},
    "days": [
        {"date": "2026-01-01", "status": "loaded", "run_id": RUN, "error": None},
        {"date": "2026-01-02", "status": "waiting", "run_id": None, "error": None},
    ],
}
COVERAGE: dict[str, Any] = {
    "client_id": CLIENT,
    "client_name": "Northwind Outfitters",
    "source": "surfside",
    "enabled": True,
    "settling_days": 14,
    "provisional_from": "2026-03-18",
    "counts": {
        "loaded": 1,
        "provisional": 0,
        "partial": 0,
        "held": 0,
        "failed": 0,
        "loading": 0,
        "missing": 1,
        "waiting": 0,
        "not_expected": 0,
    },
    "days": [
        {
            "date": "2026-03-11",
            "status": "loaded",
            "provisional": False,
            "delivered_at": WHEN,
            "run_id": RUN,
            "run_status": "loaded",
        },
        {
            "date": "2026-03-12",
            "status": "missing",
            "provisional": False,
            "delivered_at": None,
            "run_id": None,
            "run_status": None,
        },
    ],
}
RESTATEMENT: dict[str, Any] = {
    "id": 1201,
    "client_id": CLIENT,
    "client_name": "Northwind Outfitters",
    "source": "surfside",
    "account": "",
    "date": "2026-03-12",
    "kind": "load",
    "changed_at": WHEN,
    "run_id": RUN,
    "run_status": "loaded",
    "delivered_at": WHEN,
    "file": {"bucket": "tidemark-raw", "key": "surfside/2026-03-12/001-report.csv"},
    "earlier": {
        "changed_at": "2026-03-13T09:02:11Z",
        "kind": "load",
        "run_id": CREATIVE,
        "file": {"bucket": "tidemark-raw", "key": "surfside/2026-03-12/001-report.csv"},
    },
    "changes": {"conversions": {"before": 41, "after": 47, "change": 6}},
}
QUEUE: dict[str, Any] = {
    "name": "loader.batches",
    "service": "loader",
    "waiting": 12,
    "consumers": 1,
    "dead_letters": 2,
    "oldest_dead_letter": {"died_at": WHEN, "reason": "Undecodable: the body is not JSON"},
}
