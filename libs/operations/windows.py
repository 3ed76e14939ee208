"""Runs by day: a run of several days (Vibe's reports are) counts for each of them."""

from __future__ import annotations

DAYS_OF_RUNS = """
(SELECT l.*, CAST(d AS date) AS day FROM ingestion_logs l
 CROSS JOIN LATERAL generate_series(
     greatest(coalesce(l.window_start, l.run_date), CAST(:start AS date)),
     least(l.run_date, CAST(:end AS date)), interval '1 day') AS d
 WHERE l.run_date >= :start AND coalesce(l.window_start, l.run_date) <= :end) AS run_days"""
"""ingestion_logs with one row for each day of a run, in ``day``; days from :start to :end, both included."""
