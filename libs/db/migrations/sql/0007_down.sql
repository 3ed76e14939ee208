-- Takes away what 0007 made.
DROP INDEX slice_ledger_restated;
