-- What was asked and never answered has no place in the older table.
DROP TABLE vibe_calls, vibe_keys;
DELETE FROM vibe_report_requests WHERE report_id IS NULL;
DROP INDEX vibe_report_requests_open, vibe_report_requests_waiting;
ALTER TABLE vibe_report_requests DROP CONSTRAINT vibe_report_requests_pkey;
ALTER TABLE vibe_report_requests DROP CONSTRAINT vibe_report_requests_client_id_report_id_key;
ALTER TABLE vibe_report_requests
    DROP CONSTRAINT vibe_report_requests_status_check,
    DROP COLUMN id, DROP COLUMN start_date, DROP COLUMN end_date, DROP COLUMN generation,
    DROP COLUMN key_digest, DROP COLUMN asks, DROP COLUMN asked_at, DROP COLUMN polled_at, DROP COLUMN troubles,
    DROP COLUMN revived, DROP COLUMN not_before, DROP COLUMN note,
    ALTER COLUMN report_id SET NOT NULL,
    ADD PRIMARY KEY (client_id, report_id);
