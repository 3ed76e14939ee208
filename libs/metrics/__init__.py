"""What is measured: the registry of metrics, exact sums, blocks of columns, shown values."""
