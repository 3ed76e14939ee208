"""Fingerprints of paths find what a dictionary of paths finds."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.ingest.v1 import LEVELS
from services.loader.frames.paths import Index, Keys, Path, Prints, prints_of

NAMES = st.sampled_from(["a", "b", "ab", "A", "a ", "é", "é", "x" * 255])
PATHS = st.lists(st.tuples(NAMES, NAMES, NAMES, NAMES), max_size=40)


def keys_of(paths: list[Path]) -> Keys:
    names = sorted({name for path in paths for name in path})
    columns = {
        level: pl.Series([names.index(path[at]) for path in paths], dtype=pl.UInt32)
        for at, level in enumerate(LEVELS)
    }
    return Keys.of(pl.DataFrame(columns), names)


@given(st.lists(PATHS, max_size=6), PATHS)
def test_an_index_is_a_dictionary_of_paths(batches: list[list[Path]], asked: list[Path]) -> None:
    index, known = Index(), dict[Path, int]()
    for paths in batches:
        keys = keys_of(paths)
        new = np.flatnonzero(index.find(keys.prints) == 0)
        assert {paths[at] for at in new} == set(paths) - known.keys()
        assert keys.paths(new) == [paths[at] for at in new]
        for path in paths:
            known.setdefault(path, len(known) + 1)
        ids = np.array([known[paths[at]] for at in new], np.int32)
        index.add(keys.prints.at(new), ids)
    assert index.find(keys_of(asked).prints).tolist() == [known.get(path, 0) for path in asked]


def test_names_of_the_database_have_the_prints_of_names_of_a_batch() -> None:
    paths = [("c", "s", "p", "x"), ("s", "c", "p", "x"), ("c", "s", "p", "y")]
    frame = pl.DataFrame(paths, schema=dict.fromkeys(LEVELS, pl.String), orient="row")
    one, other = prints_of(frame), keys_of(paths).prints
    assert one.first.tolist() == other.first.tolist()
    assert one.second.tolist() == other.second.tolist()
    assert len({*one.first.tolist()}) == len(paths)


@pytest.mark.parametrize("half", ["first", "second"])
def test_both_halves_have_to_agree(half: str) -> None:
    prints = keys_of([("c", "s", "p", "x")]).prints
    index = Index()
    index.add(prints, np.array([7], np.int32))
    other = {"first": prints.first, "second": prints.second, half: getattr(prints, half) + np.uint64(1)}
    assert index.find(prints).tolist() == [7]
    assert index.find(Prints(**other)).tolist() == [0]
