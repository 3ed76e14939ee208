-- Takes away what 0013 made.
DROP FUNCTION stage_batch;
