"""What a downloaded report must look like before it is read."""

from __future__ import annotations

import csv

from libs.connector.account import RunRefused


def check_whole(head: bytes, tail: bytes) -> None:
    """Raise RunRefused when a file stops in the middle of a row.

    ``head``: its first bytes, with the whole header; ``tail``: its last ones. A server that lies about the
    length would else pass half a report for a whole one. A missing last line feed alone is no proof: a
    row that has all its cells may be the last one.
    """
    if not tail or tail.endswith((b"\n", b"\r")) or b"\n" not in head:
        return
    titles = _cells(head.partition(b"\n")[0])
    last = _cells(tail.rpartition(b"\n")[2])
    if len(last) < len(titles):
        raise RunRefused(
            "truncated",
            f"The report stops in the middle of a row: the last one has {len(last)} of {len(titles)} cells. "
            "What stands is kept; pull the days again",
        )


def _cells(line: bytes) -> list[str]:
    text = line.decode("utf-8", "replace")
    delimiter = max(",;\t", key=text.count)
    return next(csv.reader([text.replace("\0", "")], delimiter=delimiter), [])
