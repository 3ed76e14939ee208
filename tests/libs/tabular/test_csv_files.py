"""CSV files: what is refused, then encodings, delimiters, headers and columns as platforms deliver them."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libs.tabular import (
    DamagedFile,
    EmptyFile,
    FileRefused,
    HeaderOnly,
    HostileFile,
    MissingColumns,
    ParseLimits,
    TooLarge,
    UnclearDates,
    UnsupportedFormat,
)
from tests.libs.tabular.tables import HEADER, ROW, SPEC, UNSET, changed, csv_text, gzipped, read_here, save

REFUSED: list[tuple[str, bytes, type[FileRefused], str]] = [
    ("zero bytes", b"", EmptyFile, "0 bytes"),
    ("blank lines", b"\n \n\r\n", EmptyFile, "no row that is not blank"),
    ("byte order mark alone", b"\xef\xbb\xbf", EmptyFile, "no row that is not blank"),
    ("header only", csv_text([]).encode(), HeaderOnly, "a header but no row"),
    ("header and blank rows", csv_text([[""], [",,,,"]]).encode(), HeaderOnly, "a header but no row"),
    ("other columns", b"a,b\n1,2\n", MissingColumns, "holds: “a”, “b”"),
    ("no header", (",".join(ROW) + "\n").encode() * 80, MissingColumns, "“2025-11-04”, “Prospecting”"),
    ("an error answer", b'{"error": "expired"}', MissingColumns, "expired"),
    (
        "a web page",
        b"\n <!DOCTYPE html><html><body><table><tr><td>Date</td></tr>",
        UnsupportedFormat,
        "web page",
    ),
    ("an XML table", b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", UnsupportedFormat, "web page"),
    ("a zip", b"PK\x05\x06" + b"\0" * 18, UnsupportedFormat, "a zip archive"),
    ("a broken zip", b"PK\x03\x04" + b"\0" * 100, DamagedFile, "damaged"),
    ("an .xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnsupportedFormat, ".xls"),
    ("an older .xls", b"\x09\x08\x10\x00\x00\x06\x05\x00", UnsupportedFormat, ".xls"),
    ("a PDF", b"%PDF-1.7\n", UnsupportedFormat, "a PDF document"),
    ("a Parquet file", b"PAR1\x15\x04", UnsupportedFormat, "a Parquet file"),
    (
        "UTF-16 without a mark",
        csv_text([ROW]).encode("utf-16-le"),
        UnsupportedFormat,
        "without a byte order mark",
    ),
    ("a gzip that is cut short", gzipped(csv_text([ROW] * 500).encode())[:-30], DamagedFile, "cut short"),
    ("a gzip that is damaged", gzipped(b"x" * 90)[:20] + b"\xff" * 40, DamagedFile, "damaged"),
    ("a gzip of nothing", gzipped(b""), EmptyFile, "no row that is not blank"),
    (
        "an open quote",
        csv_text([ROW, changed(creative='"Autumn'), ROW]).encode(),
        DamagedFile,
        "Row 3 opens a quote",
    ),
    ("an open quote in the header", b'"Date,Strategy\n1,2\n', MissingColumns, "required columns"),
    (
        "200,000 columns",
        ",".join(f"c{n}" for n in range(200_000)).encode() + b"\n1\n",
        TooLarge,
        "200,000 columns",
    ),
]


@pytest.mark.parametrize(
    ("content", "kind", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_files_that_are_refused(tmp_path: Path, content: bytes, kind: type[FileRefused], words: str) -> None:
    with pytest.raises(kind) as refused:
        read_here(save(tmp_path / "report.csv", content))
    assert words.casefold() in refused.value.message.casefold()
    assert refused.value.message.endswith(".")


def test_a_gzip_where_none_is_allowed(tmp_path: Path) -> None:
    path = save(tmp_path / "report.csv", gzipped(csv_text([ROW]).encode()))
    with pytest.raises(UnsupportedFormat, match="gzip-compressed"):
        read_here(path, replace(SPEC, allow_gzip=False))
    assert read_here(path).header.format == "csv.gz"


def test_a_gzip_bomb_is_left_before_it_is_unpacked(tmp_path: Path) -> None:
    path = save(tmp_path / "report.csv.gz", gzipped(b"\0" * 100_000_000))
    with pytest.raises(HostileFile, match="unpacks to more than 250 times its size"):
        read_here(path)
    with pytest.raises(TooLarge, match=r"more than 1,000,000 bytes"):
        read_here(path, limits=ParseLimits(max_inflated_bytes=1_000_000))
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.csv.gz"]


def test_one_line_of_50_mb(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="Row 1 is longer than"):
        read_here(save(tmp_path / "report.csv", b"x" * 50_000_000))
    with pytest.raises(TooLarge, match="Row 3 is longer than"):
        read_here(save(tmp_path / "report.csv", csv_text([ROW]).encode() + b"x" * 50_000_000))


def test_limits_of_size_and_rows(tmp_path: Path) -> None:
    path = save(tmp_path / "report.csv", csv_text([ROW] * 100))
    with pytest.raises(TooLarge, match="at most 1,000 are read"):
        read_here(path, limits=ParseLimits(max_file_bytes=1_000))
    with pytest.raises(TooLarge, match="more than 99 rows"):
        read_here(path, limits=ParseLimits(max_rows=99))


@pytest.mark.parametrize(
    ("encoding", "reported", "warned"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8", False),
        ("utf-16", "utf-16-le", False),
        ("windows-1252", "windows-1252", True),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(
    tmp_path: Path, encoding: str, reported: str, warned: bool, delimiter: str, newline: str
) -> None:
    text = csv_text([changed(creative="Été – “fin”")] * 3, delimiter=delimiter).replace("\n", newline)
    result = read_here(save(tmp_path / "report.txt", text, encoding))
    assert (result.header.encoding, result.header.delimiter) == (reported, delimiter)
    assert any("Windows-1252" in warning for warning in result.header.warnings) == warned
    assert result.column("creative") == ["Été – “fin”"] * 3
    assert result.column("row_number") == [2, 3, 4]


def test_big_endian_utf_16(tmp_path: Path) -> None:
    content = b"\xfe\xff" + csv_text([ROW]).encode("utf-16-be")
    assert read_here(save(tmp_path / "report.csv", content)).header.encoding == "utf-16-be"


def test_damaged_text_costs_its_rows_and_not_the_encoding(tmp_path: Path) -> None:
    lines = csv_text([changed(creative="Été")] * 4).encode().split(b"\n")
    lines[2] = lines[2].replace("Été".encode(), b"\xed\xa0\x80")
    lines[3] = lines[3].replace("Été".encode(), b"\xff")
    result = read_here(save(tmp_path / "report.csv", b"\n".join(lines)))
    assert result.header.encoding == "utf-8"
    assert result.column("creative") == ["Été", "Été"]
    assert [(row.row_number, row.raw_cells[3]) for row in result.bad] == [
        (3, "\\xed\\xa0\\x80"),
        (4, "\\xff"),
    ]
    assert result.bad[0].reasons == (
        "Creative: “\\xed\\xa0\\x80” holds bytes that are no text in the file's encoding; expected a name",
    )


def test_a_lone_surrogate_in_ascii_and_in_utf_16(tmp_path: Path) -> None:
    surrogate = csv_text([ROW, changed(creative="\ud800")])
    for content in (
        surrogate.encode("utf-8", "surrogatepass"),
        b"\xff\xfe" + surrogate.encode("utf-16-le", "surrogatepass"),
    ):
        result = read_here(save(tmp_path / "report.csv", content))
        assert (result.summary.rows_good, [row.row_number for row in result.bad]) == (1, [3])


def test_the_header_is_where_it_is(tmp_path: Path) -> None:
    text = 'Ads report\n\n"Made for\nAcme; 2025"\n' + csv_text([ROW, changed(creative='"two\nlines"'), ROW])
    result = read_here(save(tmp_path / "report.csv", text))
    assert result.header.row_number == 4
    assert result.column("row_number") == [5, 6, 7]
    assert result.column("creative") == ["Autumn", "two lines", "Autumn"]


def test_what_the_header_tells(tmp_path: Path) -> None:
    header = (
        "Mood",
        "clicks",
        "Link Clicks",
        " media_spend ",
        "DATE",
        "Creative",
        "placement name",
        "Strategy",
        "Impressions",
        "CTR",
    )
    row = ("good", 12, 14, 4.76, "2025-11-04", "Autumn", "Homepage", "Prospecting", 1000, "0.012")
    result = read_here(save(tmp_path / "report.csv", csv_text([row], header)), UNSET)
    assert result.header.mapping["media_cost"] == "media_spend"
    assert result.header.shadowed == {"clicks": ("Link Clicks",)}
    assert result.header.unknown == ("Mood",)
    assert result.header.missing_optional == ("campaign", "conversions", "conversion_revenue")
    assert result.header.date_order == "ISO"
    assert result.frame.rows(named=True) == [
        {
            "row_number": 2,
            "date": date(2025, 11, 4),
            "strategy": "Prospecting",
            "placement": "Homepage",
            "creative": "Autumn",
            "impressions": 1000,
            "clicks": 12,
            "media_cost_micros": 4_760_000,
        }
    ]


def test_day_and_month_are_decided_over_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    with pytest.raises(UnclearDates, match="“Date” can be read with the day or the month first"):
        read_here(save(path, csv_text([changed(date="11/4/2025")] * 9)), UNSET)
    with pytest.raises(UnclearDates, match="contradict"):
        read_here(save(path, csv_text([changed(date="11/13/2025"), changed(date="13/11/2025")])), UNSET)
    limits = ParseLimits(block_bytes=1_000)
    rows = [changed(date="4/11/2025")] * 500 + [changed(date="30/11/2025")]
    result = read_here(save(path, csv_text(rows)), UNSET, limits)
    assert (result.header.date_order, result.column("date")[0]) == ("DMY", date(2025, 11, 4))
    assert read_here(path, replace(UNSET, date_format="MM/DD/YYYY"), limits).column("date")[0] == date(
        2025, 4, 11
    )


@pytest.mark.parametrize("cut", range(-3, 14))
@pytest.mark.parametrize("day", ["30/11/2025", '" 30/11/2025"', '"" 30/11/2025', "30.11.2025 00:00"])
@pytest.mark.parametrize("first", [0, 1], ids=["day first", "day last"])
def test_the_one_day_that_tells_is_seen_wherever_the_file_is_cut(
    tmp_path: Path, cut: int, day: str, first: int
) -> None:
    """The file is looked through a megabyte at a time for days whose order has to be decided."""
    line = len(csv_text([ROW])) - len(csv_text([]))
    count = 2**20 // line - 1
    padding = "x" * (2**20 - cut - (count + 1) * line)
    rows = [ROW] * count + [changed(creative=f"Autumn{padding}"), changed(date=day)]
    turned = [(*row[first:], *row[:first]) for row in (HEADER, *rows)]
    result = read_here(save(tmp_path / "report.csv", csv_text(turned[1:], tuple(map(str, turned[0])))), UNSET)
    assert (result.header.date_order, result.bad) == ("DMY", [])
    assert result.column("date")[-1] == date(2025, 11, 30)


def test_decimal_commas_are_decided_over_the_whole_column(tmp_path: Path) -> None:
    path, limits = tmp_path / "report.csv", ParseLimits(block_bytes=1_000)
    rows = [changed(media="1.234", impressions="2.000")] * 300 + [changed(media="1.234,56")]
    result = read_here(save(path, csv_text(rows, delimiter=";")), SPEC, limits)
    assert "Media Spend" in result.header.decimal_comma
    assert "Read with a decimal comma" in result.header.warnings[0]
    assert (result.column("media_cost_micros")[0], result.column("media_cost_micros")[-1]) == (
        1_234_000_000,
        1_234_560_000,
    )
    assert result.column("impressions")[0] == 2000
    quoted = [changed(media='"4,76"'), changed(media='" € 0,500 "')]
    assert read_here(save(path, csv_text(quoted))).column("media_cost_micros") == [4_760_000, 500_000]


def test_a_column_with_both_signs_keeps_the_point(tmp_path: Path) -> None:
    rows = [changed(media="4.76"), changed(media="4,76"), changed(media="1,234")]
    result = read_here(save(tmp_path / "report.csv", csv_text(rows, delimiter=";")))
    assert result.header.decimal_comma == ()
    assert "“Media Spend” writes some numbers with a decimal comma" in result.header.warnings[0]
    assert result.column("media_cost_micros") == [4_760_000, 1_234_000_000]
    assert result.bad[0].reasons == ("Media Spend: “4,76” is not a number; expected an amount, 0 or more",)


def test_commas_between_thousands_are_no_decimal_commas(tmp_path: Path) -> None:
    rows = [changed(media='"1,234"', impressions='"6,250"'), changed(media='" $ 6,250.00 "', conversions="0")]
    result = read_here(save(tmp_path / "report.csv", csv_text(rows)))
    assert result.header.decimal_comma == ()
    assert result.column("media_cost_micros") == [1_234_000_000, 6_250_000_000]
    assert result.column("impressions") == [6250, 1000]


def test_counts_over_the_file(tmp_path: Path) -> None:
    rows = [
        ROW,
        ROW,
        changed(clicks=2000),
        changed(conversions=99),
        changed(impressions=0, clicks=0),
        ("",),
        ROW,
    ]
    rows += [changed(media="0.1234567"), changed(date="x")]
    result = read_here(save(tmp_path / "report.csv", csv_text(rows)), limits=ParseLimits(block_bytes=200))
    summary = result.summary
    assert (summary.rows_read, summary.rows_good, summary.rows_bad, summary.blank_rows) == (8, 7, 1, 1)
    assert (summary.duplicate_lines, summary.rounded_money) == (2, 1)
    assert summary.clicks_over_impressions == 1
    assert summary.conversions_over_clicks == 2
    assert summary.conversions_without_impressions == 1
    assert summary.totals == {
        "impressions": 6000,
        "clicks": 2060,
        "conversions": 117,
        "media_cost_micros": 6 * 4_760_000 + 123_457,
    }
    assert summary.days == (date(2025, 11, 4),)
    assert summary.dates == {"2025-11-04": 7}


def test_a_strict_source_rejects_what_others_count(tmp_path: Path) -> None:
    rows = [
        ROW,
        changed(clicks=2000),
        changed(conversions=99),
        changed(impressions=0, clicks=0, conversions=1),
    ]
    result = read_here(save(tmp_path / "report.csv", csv_text(rows)), replace(SPEC, strict=True))
    assert result.summary.rows_good == 1
    assert [row.reasons for row in result.bad] == [
        ("Clicks: “2000” with Impressions “1000”; expected no more, as this source is strict",),
        ("Conversions: “99” with Clicks “12”; expected no more, as this source is strict",),
        (
            "Conversions: “1” with Clicks “0”; expected no more, as this source is strict",
            "Conversions: “1” with Impressions “0”; expected no more, as this source is strict",
        ),
    ]


def test_a_total_row_can_be_kept_apart(tmp_path: Path) -> None:
    total = ("", "", "", "", "82365", "120", "", "99.5")
    path = save(tmp_path / "report.csv", csv_text([total, ROW]))
    kept = read_here(path, replace(SPEC, blank_dimension_rows="control_total"))
    assert kept.bad == []
    assert kept.summary.rows_read == 2
    assert kept.summary.control_totals == (
        {
            "row_number": 2,
            "impressions": 82365,
            "clicks": 120,
            "conversions": 0,
            "media_cost_micros": 99_500_000,
        },
    )
    assert [row.row_number for row in read_here(path).bad] == [2]


def test_a_short_row_is_bad_only_where_something_required_is_missing(tmp_path: Path) -> None:
    short = [ROW[:6], ROW[:5], ROW[:1]]
    result = read_here(save(tmp_path / "report.csv", csv_text(short)))
    assert result.column("row_number") == [2]
    assert result.column("media_cost_micros") == [0]
    assert result.bad[0].raw_cells == ROW[:5]
    assert result.bad[0].reasons == ("the row: the row ends after 5 of 8 cells; expected Clicks",)


name = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufdd0\ufdd1\ufdd2"),
    min_size=1,
    max_size=20,
).map(lambda text: f"n{' '.join(text.split())}")
row = st.tuples(
    st.dates(date(2000, 1, 1), date(2025, 11, 30)),
    name,
    name,
    name,
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.decimals(0, 10**9, places=6),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(row, min_size=1, max_size=12), st.sampled_from([",", ";", "\t"]), st.integers(100, 400))
def test_what_was_written_is_read(
    tmp_path: Path, rows: list[tuple[object, ...]], delimiter: str, block: int
) -> None:
    path = tmp_path / "report.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(HEADER)
        writer.writerows(rows)
    result = read_here(path, limits=ParseLimits(block_bytes=block))
    assert result.bad == []
    micros = [int(Decimal(str(cells[7])) * 10**6) for cells in rows]
    assert result.column("media_cost_micros") == micros
    assert result.column("date") == [cells[0] for cells in rows]
    assert result.column("impressions") == [cells[4] for cells in rows]
    assert result.column("row_number") == list(range(2, len(rows) + 2))


def test_many_days(tmp_path: Path) -> None:
    days = [date(2024, 1, 1) + timedelta(days=index) for index in range(400)]
    result = read_here(save(tmp_path / "report.csv", csv_text([changed(date=day) for day in days])))
    assert result.summary.days == tuple(days)
