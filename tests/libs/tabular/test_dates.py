"""Days in every writing, and the order of day and month decided over a whole column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.tabular.dates import DatePlan, date_column, decided_order, read_date, setting_order
from libs.tabular.errors import NotDaily, UnclearDates
from libs.tabular.spec import DateOrder
from tests.libs.tabular.tables import UNSET

TODAY = date(2025, 11, 30)
US = DatePlan(TODAY, "MDY")
EUROPE = DatePlan(TODAY, "DMY")
UNDECIDED = DatePlan(TODAY, None)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("", "missing"),
        ("-", "missing"),
        ("N/A", "missing"),
        ("null", "missing"),
        ("yesterday", "not a date"),
        ("2025-02-30", "not a date"),
        ("2025-13-01", "not a date"),
        ("13/13/2025", "not a date with the month first"),
        ("31/12/2024", "not a date with the month first"),
        ("2025-12-01", "in the future; expected a day up to 2025-11-30"),
        ("12/1/2025", "in the future"),
        ("99999", "in the future"),
        ("1999-12-31", "before the year 2000"),
        ("00000", "before the year 2000"),
        ("1", "not a date"),
        ("1e400", "not a date"),
        ("NaN", "not a date"),
        ("#REF!", "spreadsheet error"),
        ("2025-11-04\x00", "NUL"),
        ("2025-11-\ufdd0ff", "no text"),
        ("\ufdd1=TODAY()", "formula without a stored result"),
        ("11/04-2025", "not a date"),
        ("TRUE", "not a date"),
        ("２０２５-11-04", "not a date"),
        ("2025-11-04 25 o'clock", "not a date"),
    ],
)
def test_what_is_no_day_says_why(cell: str, problem: str) -> None:
    reading = read_date(cell, US)
    assert reading.value is None
    assert problem in (reading.problem or "")
    assert "expected a day" in (reading.problem or "")


def test_a_period_makes_the_report_not_daily() -> None:
    with pytest.raises(NotDaily, match="Export it broken down by day") as refused:
        read_date("2025-11-01 - 2025-11-30", US)
    assert refused.value.code == "not_daily"
    assert read_date("2025-11-04 - 2025-11-04", US).problem


@pytest.mark.parametrize(
    "cell",
    [
        "2025-11-04",
        "2025/11/4",
        "2025.11.04",
        "20251104",
        "11/4/2025",
        "11/04/2025",
        "11-04-2025",
        "11.4.2025",
        "11/4/25",
        " 11/4/2025 ",
        "2025-11-04 00:00:00",
        "2025-11-04T23:59:59.999Z",
        "2025-11-04T00:30:00+02:00",
        "11/4/2025 12:00:00 AM",
        "45965",
        "45965.0",
        "45965.99",
        "4-Nov-2025",
        "04 Nov 2025",
        "Nov 4, 2025",
        "November 4, 2025",
        "4-Nov-25",
    ],
)
def test_the_fourth_of_november(cell: str) -> None:
    assert read_date(cell, US) == (date(2025, 11, 4), None, False)


def test_the_setting_decides_what_a_number_means() -> None:
    assert read_date("11/4/2025", EUROPE).value == date(2025, 4, 11)
    assert read_date("31-08-2023", EUROPE).value == date(2023, 8, 31)
    assert read_date("2025-11-04", EUROPE).value == date(2025, 11, 4)
    assert read_date("11/4/2025", UNDECIDED).value is None


def test_serials_of_1904_workbooks() -> None:
    assert read_date("44503", replace(US, epoch_1904=True)).value == date(2025, 11, 4)


@pytest.mark.parametrize(
    ("setting", "order"),
    [
        ("MDY", "MDY"),
        ("DMY", "DMY"),
        ("MM/DD/YYYY", "MDY"),
        ("dd.mm.yyyy", "DMY"),
        ("%m/%d/%Y", "MDY"),
        ("%d-%m-%y", "DMY"),
        ("YYYY-MM-DD", "MDY"),
        ("YYYY-DD-MM", "DMY"),
    ],
)
def test_settings_as_people_write_them(setting: str, order: str) -> None:
    assert setting_order(replace(UNSET, date_format=setting)) == order


@pytest.mark.parametrize("setting", ["", "european", "MM/YYYY", "%Y"])
def test_settings_that_make_no_sense(setting: str) -> None:
    with pytest.raises(ValueError, match="must name day, month and year"):
        setting_order(replace(UNSET, date_format=setting))


def test_a_column_that_contradicts_itself() -> None:
    with pytest.raises(UnclearDates, match="contradict each other") as refused:
        decided_order(["11/13/2025", "13/11/2025"], "Day")
    assert refused.value.details == {"column": "Day", "examples": ["13/11/2025", "11/13/2025"]}


@pytest.mark.parametrize("cells", [["11/4/2025", "10/12/2025"], ["11/13/25"], ["2025-11-04", "1/2/2025"]])
def test_a_column_that_fits_both_orders(cells: list[str]) -> None:
    with pytest.raises(UnclearDates, match="Set `date_format`"):
        decided_order(cells, "Day")


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2025-11-04", "45965", ""], None),
        (["11/4/2025", "11/13/2025"], "MDY"),
        (["4/11/2025", "31-08-2023"], "DMY"),
        (["5/5/2025", "6.6.2025"], "MDY"),  # the same day either way
        (["99/99/2025", "11/13/2025"], "MDY"),
    ],
)
def test_a_column_that_fits_one_order(cells: list[str], order: DateOrder | None) -> None:
    assert decided_order(cells, "Day") == order


days = st.dates(date(2000, 1, 1), TODAY)


@given(
    days, st.sampled_from(["%Y-%m-%d", "%m/%d/%Y", "%Y%m%d", "%d-%b-%Y", "%B %d, %Y", "%Y-%m-%d %H:%M:%S"])
)
def test_every_day_survives_every_layout(day: date, layout: str) -> None:
    assert read_date(datetime(day.year, day.month, day.day).strftime(layout), US).value == day  # noqa: DTZ001


@given(days)
def test_serials_of_every_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    assert read_date(str(serial), US).value == day


@given(st.lists(days, min_size=1), st.sampled_from(["MDY", "DMY"]))
def test_a_decided_column_gives_its_days_back(column: list[date], order: DateOrder) -> None:
    layout = "%m/%d/%Y" if order == "MDY" else "%d/%m/%Y"
    texts = [day.strftime(layout) for day in column]
    try:
        decided = decided_order(texts, "Day")
    except UnclearDates:
        assert all(day.day <= 12 for day in column)
        return
    found = date_column(pl.Series(texts), DatePlan(TODAY, decided))
    assert found.values.to_list() == column


@given(
    st.lists(st.text("0123456789-/.: TZNov", max_size=12) | st.text(max_size=5), min_size=1),
    st.integers(1, 3),
)
def test_the_column_agrees_with_the_cell_on_anything(cells: list[str], times: int) -> None:
    texts = [cell for cell in cells for _ in range(times)]
    readings = [read_date(text, US) for text in texts]
    column = date_column(pl.Series(texts), US)
    assert column.values.to_list() == [reading.value for reading in readings]
    assert (column.bad is not None) == any(reading.problem for reading in readings)
    bad = column.bad.to_list() if column.bad is not None else [False] * len(texts)
    assert bad == [reading.problem is not None for reading in readings]


def test_a_bad_day_between_runs_of_equal_days_is_its_own_row() -> None:
    texts = ["2025-11-04"] * 3 + ["soon"] + ["2025-11-04"] * 2 + ["2025-11-05"]
    column = date_column(pl.Series(texts), US)
    day = date(2025, 11, 4)
    assert column.values.to_list() == [day, day, day, None, day, day, date(2025, 11, 5)]
    assert column.bad is not None
    assert column.bad.arg_true().to_list() == [3]
    assert list(column.problems) == ["soon"]


def test_a_column_without_rows_has_no_days() -> None:
    column = date_column(pl.Series([], dtype=pl.String), US)
    assert column.values.dtype == pl.Date
    assert column.values.is_empty()
    assert column.bad is None
