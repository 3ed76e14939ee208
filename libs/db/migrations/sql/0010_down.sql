-- Takes away what 0010 made; the lines themselves stay.
DROP INDEX audit_logs_about, audit_logs_entity, audit_logs_action, audit_logs_user;
CREATE INDEX audit_logs_entity ON audit_logs (entity, entity_id, created_at);
CREATE INDEX audit_logs_user ON audit_logs (user_id, action, created_at);
DROP TRIGGER audit_logs_chained ON audit_logs;
DROP FUNCTION chain_audit_line();
DROP FUNCTION audit_content(audit_logs);
DROP TABLE audit_head, audit_chain;
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_logs is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
