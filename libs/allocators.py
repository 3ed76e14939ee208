"""What a process that goes through large blocks, one after the other, is started with.

By default freed memory goes back to the system page by page and comes anew for the next block: that was a
third of the reading process's time and a fifth of a connector's. glibc keeps 64 MB at most, jemalloc what
was used in the last ten seconds. glibc's variables are for Python's own blocks, jemalloc's for polars; both
are read once, at the start. One thread, because a block is too small to be shared out: handing it over cost
more than it brought.
"""

from typing import Final

KEEPING: Final = {
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "67108864",
    "_RJEM_MALLOC_CONF": "narenas:1,dirty_decay_ms:10000",
}

BLOCK_AFTER_BLOCK: Final = KEEPING | {"POLARS_MAX_THREADS": "1"}

WHOLE_RUNS: Final = KEEPING | {"MALLOC_ARENA_MAX": "1"}
"""For who holds a run or an upload at a time, too: its threads share their freed memory. A run of a million
rows takes the loader 390 MB at most, an upload of 49 MB the connector 267."""

DAYS: Final = {"MALLOC_ARENA_MAX": "1", "_RJEM_MALLOC_CONF": "narenas:1"}
"""For who holds a day at a time: a million creatives take the aggregator 361 to 381 MB, else 392 to 431."""

OF_SERVICE: Final = {
    "surfside": BLOCK_AFTER_BLOCK,
    "facebook": WHOLE_RUNS,
    "loader": WHOLE_RUNS,
    "aggregator": DAYS,
}
