"""The registry says what the field says, and its SQL computes the same numbers as its Python."""

from __future__ import annotations

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings

from deploy.local import Infra
from libs.metrics.measures import BASE_OF, SUMS
from libs.metrics.registry import ADDITIVE, BY_NAME, METRICS, RATIOS, Audience, Unit, sql_value, visible
from libs.metrics.values import exact, rounded
from libs.testing.databases import Database
from tests.libs.metrics.strategies import Row, days, model_sums


def test_names_are_unique_and_columns_exist() -> None:
    assert len(BY_NAME) == len(METRICS)
    assert {column for metric in METRICS for column in metric.columns} <= set(SUMS)
    assert set(BASE_OF) <= {column for metric in METRICS for column in metric.columns} | {"cpm_impressions"}


def test_decimals_are_those_of_the_design() -> None:
    decimals = {metric.name: metric.decimals for metric in METRICS}
    assert decimals == {
        "impressions": 0,
        "clicks": 0,
        "conversions": 0,
        "video_completions": 0,
        "conversion_revenue": 2,
        "spend": 2,
        "media_cost": 2,
        "margin": 2,
        "ctr": 6,
        "cpc": 4,
        "cpa": 4,
        "cpm": 4,
        "roas": 4,
    }


def test_margin_adds_up_and_quotients_do_not() -> None:
    assert {metric.name for metric in RATIOS} == {"ctr", "cpc", "cpa", "cpm", "roas"}
    assert "margin" in {metric.name for metric in ADDITIVE}
    assert BY_NAME["roas"].unit is Unit.PERCENT


def test_cost_is_for_admins_unless_the_client_allows_it() -> None:
    hidden = {metric.name for metric in METRICS if metric.audience is Audience.COST}
    assert hidden == {"media_cost", "margin"}
    assert not hidden & {metric.name for metric in visible(admin=False)}
    assert hidden <= {metric.name for metric in visible(admin=False, show_cost=True)}
    assert visible(admin=True) == METRICS


def test_every_metric_has_a_formula_to_read() -> None:
    assert BY_NAME["cpm"].formula == "spend ÷ impressions × 1000"
    assert BY_NAME["clicks"].formula == "sum of clicks"


async def test_sums_are_the_columns_of_rollups(database: Database) -> None:
    connection = await asyncpg.connect(database.owner_url)
    try:
        found = await connection.fetch(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'rollups'::regclass AND attnum > 4 "
            "AND NOT attisdropped ORDER BY attnum"
        )
    finally:
        await connection.close()
    assert tuple(row["attname"] for row in found) == SUMS


@pytest.fixture(scope="session")
def server(infra: Infra) -> str:
    return infra.database_url


@given(rows=days)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_sql_and_python_agree(server: str, rows: list[Row]) -> None:
    sums = model_sums(rows)
    connection = await asyncpg.connect(server)
    try:
        given_sums = ", ".join(f"{'null' if sums[c] is None else sums[c]}::bigint AS {c}" for c in SUMS)
        values = ", ".join(f"{sql_value(metric, lambda c: f's.{c}')} AS {metric.name}" for metric in METRICS)
        found = await connection.fetchrow(f"SELECT {values} FROM (SELECT {given_sums}) s")
    finally:
        await connection.close()
    assert found is not None
    for metric in METRICS:
        expected = exact(metric, sums)
        if expected is None:
            assert found[metric.name] is None
        else:  # a quotient has at least sixteen digits in PostgreSQL
            assert float(found[metric.name]) == pytest.approx(float(expected), rel=1e-12)
            if metric.additive:
                assert found[metric.name] == rounded(expected, 7)
