-- Each line of the audit log is tied to the one before it: its hash is SHA-256 of that one's hash and its own content.
-- `tidemark audit verify` computes all of them again, in a program of its own (services/console/rules/chain.py).

CREATE TABLE audit_chain (
    position   bigint PRIMARY KEY CHECK (position > 0),
    audit_id   bigint NOT NULL UNIQUE,
    -- The hash of the line before it: what is left when the oldest lines are archived can still be checked.
    previous   bytea NOT NULL CHECK (length(previous) = 32),
    hash       bytea NOT NULL CHECK (length(hash) = 32)
);

-- The newest link. Without it lines could be cut off at the end and nobody would miss them.
CREATE TABLE audit_head (
    is_only    boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    lines      bigint NOT NULL,
    hash       bytea NOT NULL
);

-- What is hashed: each column as text, with its length in bytes before it ('-': null), so that no two lines have
-- the same. No setting of a session has a say in it.
CREATE FUNCTION audit_content(line audit_logs) RETURNS text LANGUAGE sql STABLE
    SET search_path = public, pg_temp AS
$$
    SELECT string_agg(coalesce(octet_length(field) || ':' || field, '-'), '' ORDER BY number)
    FROM unnest(ARRAY[
        line.id::text, line.user_id::text, line.action, line.entity, line.entity_id,
        line.old_values::text, line.new_values::text, line.ip::text, line.user_agent,
        (extract(epoch FROM line.created_at) * 1000000)::bigint::text
    ]) WITH ORDINALITY AS fields (field, number)
$$;
REVOKE ALL ON FUNCTION audit_content(audit_logs) FROM PUBLIC;

-- At the end of the transaction that wrote the line, whoever wrote it. The head is held from there until the commit
-- and no longer: positions are in the order of commits, what is rolled back leaves no gap, nobody waits for work that
-- goes on after a line was written, and there is no deadlock, since nothing is locked after it.
CREATE FUNCTION chain_audit_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS
$$
DECLARE
    place bigint;
    earlier bytea;
    link bytea;
BEGIN
    INSERT INTO audit_head (lines, hash) VALUES (0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
    SELECT lines, hash INTO STRICT place, earlier FROM audit_head FOR UPDATE;
    link := sha256(earlier || convert_to(audit_content(NEW), 'UTF8'));
    INSERT INTO audit_chain (position, audit_id, previous, hash) VALUES (place + 1, NEW.id, earlier, link);
    UPDATE audit_head SET lines = place + 1, hash = link;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION chain_audit_line() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER audit_logs_chained AFTER INSERT ON audit_logs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chain_audit_line();

-- What is there already, in the order of the ids. Nobody writes meanwhile: the trigger's lock is held.
DO $$
DECLARE
    line audit_logs;
    place bigint := 0;
    earlier bytea := decode(repeat('00', 32), 'hex');
    link bytea;
BEGIN
    FOR line IN SELECT * FROM audit_logs ORDER BY id LOOP
        place := place + 1;
        link := sha256(earlier || convert_to(audit_content(line), 'UTF8'));
        INSERT INTO audit_chain (position, audit_id, previous, hash) VALUES (place, line.id, earlier, link);
        earlier := link;
    END LOOP;
    IF place > 0 THEN
        INSERT INTO audit_head (lines, hash) VALUES (place, earlier);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE ON audit_chain
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_chain_not_truncated BEFORE TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_head_not_truncated BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- By whom, about what, of which kind: each by time.
DROP INDEX audit_logs_entity, audit_logs_user;
CREATE INDEX audit_logs_about ON audit_logs (entity_id, entity, created_at);
CREATE INDEX audit_logs_entity ON audit_logs (entity, created_at);
CREATE INDEX audit_logs_action ON audit_logs (action, created_at);
CREATE INDEX audit_logs_user ON audit_logs (user_id, created_at);
