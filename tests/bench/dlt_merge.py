"""The process behind the dlt baseline: `python -m tests.bench.dlt_merge URL ROWS.parquet FOLDER`.

Arrow in, merge into a flat table by its natural key, rows handed over as CSV, which is the fastest way
that dlt has into PostgreSQL. Only the run itself is timed.
"""

from __future__ import annotations

import json
import os
import sys
import time

import pyarrow.parquet

KEY = ("Date", "Campaign", "Strategy", "Placement", "Creative")


def main(url: str, path: str, folder: str) -> None:
    """Print the seconds that the merge took."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["DLT_DATA_DIR"] = folder
    import dlt  # reads the settings above

    rows = pyarrow.parquet.read_table(path)
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=f"{folder}/pipelines",
        destination=dlt.destinations.postgres(url),
        dataset_name="flat",
    )
    resource = dlt.resource(rows, name="daily", write_disposition="merge", primary_key=KEY)
    began = time.monotonic()
    pipeline.run(resource, loader_file_format="csv")
    seconds = time.monotonic() - began
    with pipeline.sql_client() as sql, sql.execute_query("SELECT count(*) FROM daily") as found:
        counted = found.fetchone()
    assert counted == (rows.num_rows,), f"{counted} of {rows.num_rows} rows are there"
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
