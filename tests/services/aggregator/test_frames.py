"""Facts to rollups and blocks, without a database."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.metrics.blocks import decode
from libs.metrics.measures import FACTS, SUMS
from libs.metrics.ranking import top
from services.aggregator.frames import (
    RANKED_BY,
    ROLLUP_SCHEMA,
    Hierarchy,
    UnknownCreative,
    changed_days,
    summed_blocks,
    summed_day,
)
from tests.libs.metrics.strategies import Row, days, model_sums

DAY = date(2026, 10, 1)
CREATIVES = pl.DataFrame({"id": range(1, 41), "campaign_id": [n % 4 + 1 for n in range(1, 41)]})
HIERARCHY = Hierarchy.of(CREATIVES, {1: "surfside", 2: "vibe", 3: "facebook", 4: "vibe"})
cpm = st.none() | st.integers(1, 10**8)


def facts(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"creative_id": pl.Int32, **dict.fromkeys(FACTS, pl.Int64)}, orient="row"
    )


@given(rows=days, cpms=st.fixed_dictionaries({}, optional={"surfside": cpm, "vibe": cpm, "facebook": cpm}))
def test_each_campaign_has_the_rate_of_its_source(rows: list[Row], cpms: dict[str, int | None]) -> None:
    made = summed_day(facts(rows), DAY, HIERARCHY, cpms)
    priced: dict[int, list[Row]] = {}
    for row in rows:
        campaign = (row["creative_id"] or 0) % 4 + 1
        source = HIERARCHY.source_of[campaign]
        priced.setdefault(campaign, []).append({**row, "cpm_e4": cpms.get(source)})
    found = {row["campaign_id"]: row for row in made.rollups.rows(named=True)}
    assert found.keys() == priced.keys()
    for campaign, members in priced.items():
        assert {name: found[campaign][name] for name in SUMS} == model_sums(members)
        assert (found[campaign]["date"], found[campaign]["source"]) == (DAY, HIERARCHY.source_of[campaign])
    assert dict(made.rollups.schema) == ROLLUP_SCHEMA


@given(parts=st.lists(days, max_size=4))
def test_a_period_is_the_sum_of_its_days(parts: list[list[Row]]) -> None:
    blocks = [summed_day(facts(rows), DAY, HIERARCHY, {"vibe": 55_000}).block for rows in parts]
    whole = summed_blocks(blocks, HIERARCHY)
    everything = [
        {**row, "cpm_e4": 55_000 if (row["creative_id"] or 0) % 4 in (1, 3) else None}
        for rows in parts
        for row in rows
    ]
    creatives = decode(whole.block)
    assert whole.leaders.sort("creative_id").equals(
        creatives.filter(pl.col("creative_id").is_in(whole.leaders["creative_id"].implode())), null_equal=True
    )
    for column in RANKED_BY:
        assert top(whole.leaders, column, "creative_id").equals(
            top(creatives, column, "creative_id"), null_equal=True
        )
    for campaign in whole.campaigns.rows(named=True):
        members = [r for r in everything if (r["creative_id"] or 0) % 4 + 1 == campaign["campaign_id"]]
        assert {name: campaign[name] for name in SUMS} == model_sums(members)


@pytest.mark.parametrize("creative", [0, 41, 2**31 - 1])
def test_rows_of_an_unknown_creative_come_again_later(creative: int) -> None:
    with pytest.raises(UnknownCreative):
        summed_day(facts([{"creative_id": creative, **dict.fromkeys(FACTS, 1)}]), DAY, HIERARCHY, {})


def test_a_period_leaves_out_creatives_that_are_gone() -> None:
    block = summed_day(
        facts([{"creative_id": n, **dict.fromkeys(FACTS, n)} for n in (3, 40)]), DAY, HIERARCHY, {}
    ).block
    smaller = Hierarchy.of(CREATIVES.head(20), HIERARCHY.source_of)
    assert decode(summed_blocks([block], smaller).block)["creative_id"].to_list() == [3]
    assert summed_blocks([], Hierarchy.of(CREATIVES.clear(), {})).leaders.is_empty()


def test_only_days_that_differ_are_changed() -> None:
    one = summed_day(facts([{"creative_id": 1, **dict.fromkeys(FACTS, 1)}]), DAY, HIERARCHY, {}).rollups
    other = one.with_columns(clicks=pl.lit(2, pl.Int64))
    nothing = pl.DataFrame(schema=ROLLUP_SCHEMA)
    assert changed_days(one, one, [DAY]) == []
    assert changed_days(one, other, [DAY]) == [DAY]
    assert changed_days(one, nothing, [DAY]) == [DAY]
    assert changed_days(nothing, one, [DAY]) == [DAY]
    assert changed_days(nothing, nothing, [DAY]) == []
