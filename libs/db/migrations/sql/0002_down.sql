-- Names that were not written cannot be made up: there must be no batch that waits.
DO $$
BEGIN
    IF EXISTS (SELECT FROM staging_media_raw) THEN
        RAISE EXCEPTION 'batches wait in staging_media_raw: let the loader merge them, then go back';
    END IF;
END
$$;
ALTER TABLE staging_media_raw ADD COLUMN hierarchy_epoch integer NOT NULL;
ALTER TABLE staging_media_raw ALTER COLUMN names SET NOT NULL;
