-- Takes away what 0005 made.
DELETE FROM slice_head WHERE NOT whole;
ALTER TABLE slice_head DROP COLUMN whole;
