"""Blocks of a CSV: whatever the quoting, the rows are those of the csv module; none is lost or joined."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from libs.tabular.csv_block import Layout, parse_block
from libs.tabular.csv_records import records
from libs.tabular.errors import DamagedFile, TooLarge
from libs.tabular.spec import ParseLimits

TITLES = ("a", "b", "c")
LAYOUT = Layout(",", TITLES, (1,), ParseLimits())


def all_rows(block: bytes, layout: Layout = LAYOUT, *, cut_at: int | None = None) -> list[list[str]]:
    """The raw rows of a text, read as one block or as two that are cut anywhere."""
    rows: list[list[str]] = []
    rest = block
    if cut_at is not None:
        chunk, used = parse_block(block[:cut_at], layout, 2, final=False)
        if chunk is not None:
            rows += [list(map(str, chunk.cells(index))) for index in range(chunk.frame.height)]
        rest = block[used:]
    while rest:
        chunk, used = parse_block(rest, layout, 2 + len(rows), final=True)
        assert chunk is not None
        rows += [list(map(str, chunk.cells(index))) for index in range(chunk.frame.height)]
        padded = [[*row[:3], *[""] * (3 - len(row))] for row in rows[-chunk.frame.height :]]
        assert tidy(chunk.frame.rows(), block) == tidy(padded, block)
        rest = rest[used:]
    return rows


def tidy(rows: Iterable[Sequence[str]], block: bytes) -> list[list[str]]:
    """Lone carriage returns are white space: the two ways to read them keep different ones."""
    if b"\r" not in block:
        return [list(row) for row in rows]
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def by_csv(block: bytes) -> list[list[str]]:
    """What the csv module says."""
    return [cells for cells, _ in records([f"{line}\n" for line in block.decode().split("\n")[:-1]], ",")]


def by_rule(block: bytes) -> list[list[str]] | None:
    """What the csv module says of one record after the other; None if the last quote is never closed.

    A record of several lines that the module takes only because it is lenient is its first line alone.
    """
    lines = [f"{line}\n" for line in block.decode().split("\n")[:-1]]
    rows = []
    while lines:
        cells, used = next(records([*lines, "END"], ","))
        if used > len(lines):
            return None
        if used > 1 and not is_strict("".join(lines[:used])):
            cells, used = next(records(lines[:1], ","))
        rows.append(cells)
        del lines[:used]
    return rows


def is_strict(text: str) -> bool:
    plain = text.replace("\r\n", "\n").replace("\r", " ")
    try:
        return bool(list(csv.reader(io.StringIO(plain, newline="\n"), strict=True)))
    except csv.Error:
        return False


@pytest.mark.parametrize("quoted", ["x", '"x"', '"x\ny"', '5" x'])
def test_a_blank_cell_too_many_is_wrong_in_one_row_and_right_in_all(quoted: str) -> None:
    even, one, every = f"a,{quoted},\n" * 4, "a,1,234,\n", f"a,{quoted},1,\n" * 4
    for block, bad in ((even + one, [4]), (every, [])):
        chunk, _ = parse_block(block.encode(), LAYOUT, 2, final=True)
        assert chunk is not None
        assert list(chunk.ragged) == bad


def test_a_stray_quote_takes_no_other_row_with_it() -> None:
    block = b'a,"b1,1\nc,d,"2",x\n' + b'a,"P1,1,2\nb,"P2",3\n' + b"e,f,3\n"
    chunk, used = parse_block(block, Layout(",", TITLES, (1,), ParseLimits()), 2, final=True)
    assert chunk is not None
    assert used == len(block)
    assert [list(row) for row in chunk.frame.rows()][-2:] == [["b", "P2", "3"], ["e", "f", "3"]]
    assert {row: "that is not closed" in problem for row, problem in chunk.ragged.items()}[2]


cells = st.text('ab" \r,\n;é', max_size=6)
texts = st.lists(cells, max_size=12).map("\n".join).map(lambda text: f"{text}\n".encode())


@settings(max_examples=400)
@given(texts, st.integers(0, 80))
@example(b'a,5" banner,c\nd,6" banner,f\n', 15)
@example(b'a,"x"y,c\n', 3)
@example(b'a,"x\ny",c\n1,2,3\n', 6)
@example(b'"a""b",c,d\r\n\r\n1,2,3\r\n', 9)
@example(b'a,b"\n"c\n', 4)
def test_any_text_gives_the_rows_of_the_csv_module(block: bytes, cut_at: int) -> None:
    expected = by_rule(block)
    if expected is None:
        with pytest.raises(DamagedFile, match="opens a quote"):
            all_rows(block, cut_at=cut_at)
    else:
        assert all_rows(block, cut_at=cut_at) == expected


written = st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), min_size=1, max_size=20)


@given(written, st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.integers(0, 200))
def test_what_a_writer_wrote_comes_back(rows: list[list[str]], quoting: int, cut_at: int) -> None:
    rows = [[cell.replace("\r", " ") for cell in row] for row in rows]
    lines = [
        ",".join(
            '"' + cell.replace('"', '""') + '"' if quoting or set(cell) & set(',"\n') else cell
            for cell in row
        )
        for row in rows
    ]
    assert all_rows("".join(f"{line}\n" for line in lines).encode(), cut_at=cut_at) == rows


def test_megabytes_of_every_kind_of_quoting() -> None:
    """Large enough for several threads of the reader; line breaks and commas inside quotes everywhere."""
    rng = random.Random(7)
    kinds = ["plain", '"quoted"', '"com,ma"', '"line\nbreak"', '"dou""ble"', "", '" pad "', "é"]
    block = "".join(",".join(rng.choice(kinds) for _ in TITLES) + "\n" for _ in range(80_000)).encode()
    expected = by_csv(block)
    assert expected is not None
    assert all_rows(block) == expected
    stray = block + b'a,5" banner,c\nd,6" banner,f\n'
    assert all_rows(stray)[-2:] == [["a", '5" banner', "c"], ["d", '6" banner', "f"]]


def ragged(line: str) -> str | None:
    chunk, _ = parse_block(f"1,2,3\n{line}\n4,5,6\n".encode(), LAYOUT, 2, final=True)
    assert chunk is not None
    assert set(chunk.ragged) <= {1}
    return chunk.ragged.get(1)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("1,2,3,4", "the row has 4 cells, the header has 3 columns; expected as many"),
        ("1,2,3,,,4", "the row has 6 cells"),
        ('1,2,3," ",4', "the row has 5 cells"),
        ('1,"2,2",3,4', "the row has 4 cells"),
        ("1", "the row ends after 1 of 3 cells; expected b"),
        ("1,2", None),  # only c, which is not required
        ("1,2,3,,", "the row has 5 cells"),
        ("1,2,3, ", "the row has 4 cells"),
        ("1,,", None),
        ("", None),
        (" ", None),
    ],
)
def test_ragged_rows(line: str, problem: str | None) -> None:
    found = ragged(line)
    assert found == problem or (problem is not None and found is not None and found.startswith(problem))


def test_an_open_quote_names_its_row() -> None:
    with pytest.raises(DamagedFile, match=r'Row 4 opens a quote .* the row begins “x,"open,y”') as refused:
        all_rows(b'1,2,3\n4,5,6\nx,"open,y\n7,8,9\n')
    assert refused.value.details == {"row": 4}


def test_two_open_quotes_far_apart_do_not_swallow_the_rows_between() -> None:
    rows = b"1,2,3\n" * 500
    with pytest.raises(DamagedFile, match="Row 502 opens a quote"):
        all_rows(rows + b'x,"open,y\n' + rows + b'x,",y\n' + rows)
    with pytest.raises(DamagedFile, match="Row 502 opens a quote"):
        all_rows(rows + b'x,"open,y\n' + rows + b'x,open",y"\n' + rows)


def test_an_open_quote_across_blocks_is_found_before_it_fills_the_memory() -> None:
    limits = ParseLimits(max_record_bytes=1_000)
    with pytest.raises(DamagedFile, match="Row 2 opens a quote"):
        parse_block(
            b'1,"' + b"x\n" * 90 + b"y" * 1_000 + b"\n", Layout(",", TITLES, (1,), limits), 2, final=False
        )


def test_a_line_without_end() -> None:
    limits = ParseLimits(max_record_bytes=1_000)
    layout = Layout(",", TITLES, (1,), limits)
    assert parse_block(b"x" * 999, layout, 2, final=False) == (None, 0)
    with pytest.raises(TooLarge, match="Row 7 is longer than 1,000 bytes"):
        parse_block(b"x" * 1_001, layout, 7, final=False)


def test_a_block_of_nothing_but_line_breaks_is_read_in_parts() -> None:
    block = b"\n" * 3_000_000
    chunk, used = parse_block(block, LAYOUT, 2, final=True)
    assert chunk is not None
    assert 0 < used == chunk.frame.height < 1_000_000
