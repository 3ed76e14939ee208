-- A batch that waits needs its names only where its creatives are deleted meanwhile: whoever deletes writes them.
ALTER TABLE staging_media_raw ALTER COLUMN names DROP NOT NULL;
ALTER TABLE staging_media_raw DROP COLUMN hierarchy_epoch;
