"""Finding the header and matching its titles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.tabular.errors import EmptyFile, MissingColumns, TooLarge
from libs.tabular.header import HEADER_ROWS, Preview, find_header, match_titles, normalised
from tests.libs.tabular.tables import HEADER, SPEC


def test_a_missing_column_names_what_was_found_and_what_was_expected() -> None:
    rows = [["Report", ""], ["Date", "Strategy", "Creative", "Spend"], ["2025-11-04", "a", "b", "1"]]
    with pytest.raises(MissingColumns) as refused:
        find_header([Preview("the sheet “Data”", rows)], SPEC, 1_000)
    assert refused.value.message == (
        "Required columns are missing: placement (“Placement” or “Placement Name”), "
        "impressions (“Impressions”), clicks (“Clicks” or “Link Clicks”). "
        "The row most like a header, row 2 of the sheet “Data”, holds: "
        "“Date”, “Strategy”, “Creative”, “Spend”. Export the report with these columns."
    )
    assert refused.value.details["missing"] == ["placement", "impressions", "clicks"]
    assert refused.value.details["found"] == ["Date", "Strategy", "Creative", "Spend"]
    assert refused.value.details["expected"]["clicks"] == ["Clicks", "Link Clicks"]


def test_a_file_of_blank_rows_is_empty() -> None:
    with pytest.raises(EmptyFile):
        find_header([Preview("the file", [[], ["", " "], ["\ufeff"]])], SPEC, 1_000)


def test_too_many_columns() -> None:
    with pytest.raises(TooLarge, match="1,001 columns; at most 1,000"):
        find_header([Preview("the file", [[f"c{index}" for index in range(1_001)]])], SPEC, 1_000)


def test_a_header_too_far_down_is_not_found() -> None:
    rows = [["note"]] * HEADER_ROWS
    with pytest.raises(MissingColumns):
        find_header([Preview("the file", rows)], SPEC, 1_000)


def test_the_first_complete_row_of_all_sheets_wins() -> None:
    notes = Preview("the sheet “Notes”", [["Date", "Strategy"]])
    data = Preview("the sheet “Data”", [[], ["", *HEADER], list(HEADER)])
    header = find_header([notes, data], SPEC, 1_000)
    assert (header.preview, header.row) == (1, 1)
    assert header.match.columns["date"] == 1


@pytest.mark.parametrize(
    "title",
    [
        "Media Spend",
        " Media Spend ",
        "media_spend",
        "MEDIA  SPEND",
        "\ufeffMedia\tSpend",
        "media__spend",
        "Media\u00a0Spend",
    ],
)
def test_titles_are_compared_without_padding_case_and_underscores(title: str) -> None:
    assert normalised(title) == "media spend"
    assert "media_cost" in match_titles([title], SPEC).columns


def test_priority_decides_between_two_columns_for_one_field() -> None:
    match = match_titles(["Link Clicks", "Clicks", "clicks"], SPEC)
    assert match.columns["clicks"] == 1
    assert match.shadowed == {"clicks": ("clicks", "Link Clicks")}


def test_unknown_columns_are_listed_and_ignored_ones_are_not() -> None:
    match = match_titles([*HEADER, "CTR", "creative_size", "Mood", "", "Mood"], SPEC)
    assert match.unknown == ("Mood", "Mood")
    assert [field.name for field in match.missing] == ["campaign", "conversion_revenue"]
    assert match.missing_required == []


def test_any_currency_in_a_title() -> None:
    match = match_titles(["Amount spent (EUR)"], SPEC)
    assert match.titles[match.columns["media_cost"]] == "Amount spent (EUR)"
    assert match.unknown == ()
    assert match_titles(["Amount spent (per day)"], SPEC).unknown == ("Amount spent (per day)",)


@given(st.permutations(HEADER))
def test_the_order_of_columns_is_free(header: list[str]) -> None:
    match = match_titles(header, SPEC)
    assert match.missing_required == []
    assert {name: header[index] for name, index in match.columns.items()} == {
        "date": "Date",
        "strategy": "Strategy",
        "placement": "Placement",
        "creative": "Creative",
        "impressions": "Impressions",
        "clicks": "Clicks",
        "conversions": "Conversions",
        "media_cost": "Media Spend",
    }


@given(st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=8))
def test_any_rows_are_refused_or_matched(rows: list[list[str]]) -> None:
    with pytest.raises((EmptyFile, MissingColumns)):
        find_header([Preview("the file", rows)], replace(SPEC), 1_000)
