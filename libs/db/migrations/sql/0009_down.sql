-- Takes away what 0013 made.
DROP TRIGGER report_deliveries_touched ON report_deliveries;
DROP INDEX report_deliveries_due;
ALTER TABLE report_deliveries
    DROP CONSTRAINT report_deliveries_status_check,
    DROP COLUMN period_start, DROP COLUMN period_end, DROP COLUMN notes,
    DROP COLUMN attempts, DROP COLUMN send_after, DROP COLUMN updated_at;
