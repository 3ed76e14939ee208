"""Step 2: batches become rows, whole runs at a time."""
