-- What answers were made from is told by versions: hierarchy_counters has one for each level that was added and for
-- deletions (epoch); with this one also for names, labels and previews that somebody changed.
ALTER TABLE hierarchy_counters ADD COLUMN renamed bigint NOT NULL DEFAULT 0;

-- As whoever changes the row, so that the policies hold here, too.
CREATE FUNCTION note_renamed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS
$$
BEGIN
    UPDATE hierarchy_counters SET renamed = renamed + 1
    WHERE client_id IN (SELECT DISTINCT client_id FROM changed);
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION note_renamed() FROM PUBLIC;

DO $$
DECLARE
    level text;
BEGIN
    FOREACH level IN ARRAY ARRAY['campaigns', 'strategies', 'placements', 'creatives'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed '
                       'FOR EACH STATEMENT EXECUTE FUNCTION note_renamed()', level || '_renamed', level);
    END LOOP;
END $$;
