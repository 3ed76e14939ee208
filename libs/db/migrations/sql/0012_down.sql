-- Takes away what 0012 made.
DROP FUNCTION note_renamed() CASCADE;
ALTER TABLE hierarchy_counters DROP COLUMN renamed;
