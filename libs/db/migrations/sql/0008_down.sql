-- Takes away what 0011 made.
DROP FUNCTION use_api_key(bytea);
DROP INDEX api_keys_user;
ALTER TABLE api_keys DROP CONSTRAINT api_keys_scopes;
ALTER TABLE users DROP COLUMN must_change_password, DROP COLUMN mfa_pending, DROP COLUMN mfa_step;
