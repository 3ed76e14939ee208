-- Passwords that somebody else chose, second factors, API keys.

ALTER TABLE users
    ADD COLUMN must_change_password boolean NOT NULL DEFAULT false,
    -- An enrolment that was not proved yet, sealed like mfa_secret.
    ADD COLUMN mfa_pending bytea,
    -- The time step of the last code that was taken: it and those before it are used up.
    ADD COLUMN mfa_step bigint;

ALTER TABLE api_keys ADD CONSTRAINT api_keys_scopes CHECK (scopes <@ '{read,upload}' AND cardinality(scopes) > 0);
CREATE INDEX api_keys_user ON api_keys (user_id);

-- Whose key it is and what it is for, if it is good now; notes its use, once in a minute. Who serves requests may
-- ask this and needs no right on the table.
CREATE FUNCTION use_api_key(hash bytea) RETURNS TABLE (key_id uuid, user_id uuid, scopes text[])
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$
BEGIN
    UPDATE api_keys k SET last_used_at = now()
    WHERE k.key_hash = hash AND (k.expires_at IS NULL OR k.expires_at > now())
        AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute');
    RETURN QUERY SELECT k.id, k.user_id, k.scopes FROM api_keys k
    WHERE k.key_hash = hash AND (k.expires_at IS NULL OR k.expires_at > now());
END
$$;
REVOKE ALL ON FUNCTION use_api_key(bytea) FROM PUBLIC;
