-- Takes away what 0006 made.
ALTER TABLE ingestion_logs DROP COLUMN window_start;
