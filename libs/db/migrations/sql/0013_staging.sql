-- A batch is staged in one round trip: the loader's own statements, one after the other, took longer on the way than
-- in the database, and held the run's row meanwhile. Each statement in here sees what was committed before it
-- began (plpgsql in READ COMMITTED), so the epoch is read after the lock that keeps it.
--
-- Answers what became of the batch:
--   staged     it was kept        complete  and with it the run has all of its batches
--   completes  it would be the last one, and the caller does not announce that (may_complete): nothing was done
--   again      it is kept already, with the same digest
--   stale      something of the client was deleted since its creatives were resolved (epoch): nothing was done
--   changed    kept already with another digest        other  the run is of another source or account
--   ended      the run takes no more batches           unknown  there is no such run
CREATE FUNCTION stage_batch(
    client integer, run uuid, number integer, content_digest text, rows integer, content bytea,
    of_source text, of_account text, delivered timestamptz, epoch bigint, expected integer, may_complete boolean,
    ended text[])
    RETURNS text LANGUAGE plpgsql SET search_path = public, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    stands ingestion_logs%ROWTYPE;
    kept text;
BEGIN
    SELECT * INTO stands FROM ingestion_logs WHERE client_id = client AND run_id = run FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'unknown';
    ELSIF stands.status = ANY(ended) THEN
        RETURN 'ended';
    ELSIF stands.source <> of_source OR (stands.batches_staged > 0 AND stands.account <> of_account) THEN
        RETURN 'other';
    END IF;
    SELECT digest INTO kept FROM staging_media_raw
    WHERE client_id = client AND run_id = run AND sequence = number;
    IF FOUND THEN
        RETURN CASE WHEN kept = content_digest THEN 'again' ELSE 'changed' END;
    END IF;
    expected := coalesce(expected, stands.batches_expected);
    IF stands.batches_staged + 1 = expected AND NOT may_complete THEN
        RETURN 'completes';
    END IF;
    -- Nothing of the client's hierarchy is deleted until this transaction ends.
    PERFORM pg_advisory_xact_lock_shared(hashtext('levels'), client);
    IF epoch <> coalesce((SELECT c.epoch FROM hierarchy_counters c WHERE c.client_id = client), 0) THEN
        RETURN 'stale';
    END IF;
    INSERT INTO staging_media_raw (client_id, run_id, sequence, digest, row_count, payload)
    VALUES (client, run, number, content_digest, rows, content);
    UPDATE ingestion_logs SET batches_staged = batches_staged + 1, batches_expected = expected,
        last_batch_at = now(), status = CASE status WHEN 'stalled' THEN 'running' ELSE status END,
        delivered_at = coalesce(delivered_at, delivered), account = of_account
    WHERE client_id = client AND run_id = run;
    RETURN CASE WHEN stands.batches_staged + 1 = expected THEN 'complete' ELSE 'staged' END;
END $$;
REVOKE ALL ON FUNCTION stage_batch FROM PUBLIC;
