"""What a delivery tells beside its rows: counts, warnings, the end of its run."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest

from contracts.ingest.v1 import Artifact
from libs.connector.account import Client, RunRefused, SourceSettings
from libs.connector.reading import Reading
from libs.connector.runs import Run
from libs.tabular import BadRow, HeaderReport, Summary, Table

DAY, OTHER = date(2025, 11, 4), date(2025, 11, 3)


def never(_: Path) -> AbstractAsyncContextManager[Table]:
    raise AssertionError("no table is opened here")


def reading(**given: Any) -> Reading:
    return Reading(**{"open_table": never, "coverage": [DAY], "fill": {"campaign": "Unassigned"}, **given})


def header(**given: Any) -> HeaderReport:
    mapping = {"date": "Date", "campaign": "Campaign", "clicks": "Clicks"}
    return HeaderReport(**{"format": "csv", "row_number": 1, "titles": (), "mapping": mapping, **given})


def summary(read: int = 10, bad: int = 0, dates: dict[str, int] | None = None, **counts: int) -> Summary:
    assert set(counts) <= set(COUNTS)
    return Summary(
        rows_read=read,
        rows_good=read - bad,
        rows_bad=bad,
        totals={},
        dates=dates or {"2025-11-04": read - bad},
        **{**COUNTS, **counts},  # type: ignore[arg-type]
    )


COUNTS = dict.fromkeys(
    (
        "blank_rows",
        "duplicate_lines",
        "rounded_money",
        "clicks_over_impressions",
        "conversions_over_clicks",
        "conversions_without_impressions",
    ),
    0,
)


def codes(found: Reading) -> list[str]:
    return [warning.code for warning in found.warnings]


@pytest.mark.parametrize(
    ("bad", "share", "refused"), [(6, 0.5, True), (5, 0.5, False), (1, 0.0, True), (10, 1.0, False)]
)
def test_more_bad_rows_than_allowed_refuse_the_delivery(bad: int, share: float, *, refused: bool) -> None:
    found = reading(max_bad_share=share)
    found.begin_part("a", header())
    found.end_part(summary(10, bad))
    if refused:
        with pytest.raises(RunRefused, match=f"{bad} of 10 rows"):
            found.check()
    else:
        found.check()


def test_a_file_without_anything_odd_warns_of_nothing() -> None:
    found = reading()
    found.begin_part("a", header())
    found.end_part(summary())
    found.check()
    assert found.warnings == []


def test_everything_odd_is_named() -> None:
    found = reading()
    odd = header(
        mapping={"date": "Date", "clicks": "Clicks"},
        unknown=("Zip",),
        shadowed={"clicks": ("Clicks (all)",)},
        warnings=("read as Windows-1252",),
    )
    found.begin_part("a", odd)
    found.end_part(summary(dates={"2025-11-03": 4}, duplicate_lines=2, conversions_over_clicks=1))
    found.check()
    assert sorted(codes(found)) == sorted(
        [
            "reading",
            "unknown_columns",
            "shadowed_columns",
            "no_campaign_column",
            "duplicate_lines",
            "conversions_over_clicks",
            "other_dates",
            "no_rows_for_date",
        ]
    )
    texts = " ".join(warning.message for warning in found.warnings)
    for part in ("Zip", "Clicks (all)", "Windows-1252", "2025-11-03", "2025-11-04"):
        assert part in texts


def test_a_delivery_that_covers_its_own_dates_has_no_other_ones() -> None:
    found = reading(coverage=None)
    found.begin_part("a", header())
    found.end_part(summary(dates={"2025-11-04": 3, "2025-11-03": 7}))
    found.check()
    assert codes(found) == []
    client = Client(1, UUID(int=1), "Acme", "active", "UTC", SourceSettings())
    run = Run(UUID(int=2), client, "facebook", None, None, reload_of=UUID(int=3), allow_shrink=True)
    artifact = Artifact(bucket="b", key="k", sha256="0" * 64, size=1)
    end = found.end_of(run, artifact)
    assert end.coverage == [OTHER, DAY]
    assert (end.rows_read, end.rows_rejected, end.reload_of, end.allow_shrink) == (10, 0, UUID(int=3), True)


def test_levels_that_a_file_leaves_out_are_filled_in() -> None:
    frame = pl.DataFrame(
        {"row_number": [2, 3], "date": [DAY, DAY], "strategy": ["s", None], "placement": "p", "creative": "c"}
    )
    found = reading(fill={"campaign": "Autumn", "strategy": "None"})
    found.begin_part("a", header())
    complete = found.complete(frame)
    assert complete["campaign"].to_list() == ["Autumn", "Autumn"]
    assert complete["strategy"].to_list() == ["s", "None"]


def test_numbers_of_rejected_rows_go_on_over_the_parts() -> None:
    found = reading()
    found.begin_part("one.csv", header())
    found.complete(pl.DataFrame({"row_number": [2, 9], "strategy": "s", "placement": "p", "creative": "c"}))
    assert found.rejected(BadRow(7, ("a", None), ("why",))) == (7, ["a", None], ["why"])
    found.begin_part("two.csv", header())
    number, _, reasons = found.rejected(BadRow(2, ("a",), ("why",)))
    assert number == 11
    assert reasons == ["two.csv, row 2: why"]
