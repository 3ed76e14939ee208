-- A report that is due waits here until it is sent: what period it is of, when it is tried next, what was missing.
ALTER TABLE report_deliveries
    ADD COLUMN period_start date NOT NULL,
    ADD COLUMN period_end   date NOT NULL,
    ADD COLUMN notes        text[] NOT NULL DEFAULT '{}',
    ADD COLUMN attempts     integer NOT NULL DEFAULT 0,
    ADD COLUMN send_after   timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN updated_at   timestamptz NOT NULL DEFAULT now(),
    ADD CHECK (status IN ('waiting', 'sent', 'given up', 'cancelled'));
CREATE INDEX report_deliveries_due ON report_deliveries (send_after) WHERE status = 'waiting';
CREATE TRIGGER report_deliveries_touched BEFORE UPDATE ON report_deliveries
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
