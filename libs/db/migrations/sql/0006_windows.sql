-- A run may be of a window of days: run_date is its last one, window_start its first; null: of run_date alone.
ALTER TABLE ingestion_logs ADD COLUMN window_start date;
ALTER TABLE ingestion_logs ADD CONSTRAINT ingestion_logs_window_check CHECK (window_start <= run_date);

UPDATE ingestion_logs l SET window_start = r.start_date FROM vibe_report_requests r
WHERE r.client_id = l.client_id AND r.run_id = l.run_id AND r.end_date = l.run_date
    AND r.start_date < r.end_date;
