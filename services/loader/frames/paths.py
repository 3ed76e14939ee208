"""Paths of creatives – their four names – as fingerprints: found again without a Python object for each.

A fingerprint has 128 bits, made of polars' keyed hashes of the names with seeds that each process draws: a
million creatives share one with a chance of 10⁻²⁶, and nobody can make names that do.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from contracts.ingest.v1 import LEVELS

Hashes = NDArray[np.uint64]
Ids = NDArray[np.int32]
Path = tuple[str, str, str, str]

_SEEDS = [secrets.randbits(64) for _ in range(2)]
_MIXERS = [np.uint64(secrets.randbits(64) | 1) for _ in range(2)]


@dataclass(frozen=True)
class Prints:
    """Fingerprints, in two halves."""

    first: Hashes
    second: Hashes

    def at(self, positions: NDArray[np.intp]) -> Prints:
        """Those at these positions."""
        return Prints(self.first[positions], self.second[positions])


@dataclass(frozen=True)
class Keys:
    """The distinct creatives of a batch: LEVELS as indices into ``names``, and the print of each."""

    levels: pl.DataFrame
    names: pl.Series
    prints: Prints

    @classmethod
    def of(cls, levels: pl.DataFrame, names: Sequence[str]) -> Keys:
        """Hash each name once, then combine them."""
        texts = pl.Series("names", names, dtype=pl.String)
        halves = [texts.hash(seed).to_numpy() for seed in _SEEDS]
        indices = [levels[level].to_numpy() for level in LEVELS]
        mixed = [_mixed([half[i] for i in indices], by) for half, by in zip(halves, _MIXERS, strict=True)]
        return cls(levels, texts, Prints(*mixed))

    def paths(self, positions: NDArray[np.intp]) -> list[Path]:
        """The names of some of them."""
        some = self.levels[positions]
        return list(zip(*(self.names.gather(some[level]).to_list() for level in LEVELS), strict=True))


def prints_of(paths: pl.DataFrame) -> Prints:
    """Of a frame with the names themselves (LEVELS, String)."""
    columns = [[paths[level].hash(seed).to_numpy() for level in LEVELS] for seed in _SEEDS]
    return Prints(*(_mixed(levels, by) for levels, by in zip(columns, _MIXERS, strict=True)))


def _mixed(levels: Sequence[Hashes], by: np.uint64) -> Hashes:
    """The order of the levels counts. Multiplication wraps, as it should."""
    mixed = np.zeros(len(levels[0]), np.uint64)
    for level in levels:
        mixed = (mixed ^ level) * by
        mixed ^= mixed >> np.uint64(29)
    return mixed


class Index:
    """Creative ids by print, in sorted segments each of which is at least twice the next."""

    def __init__(self) -> None:
        self._segments: list[tuple[Prints, Ids]] = []

    def __len__(self) -> int:
        return sum(len(ids) for _, ids in self._segments)

    def add(self, prints: Prints, ids: Ids) -> None:
        """Put more in; what is in already with the same id does no harm."""
        if len(ids):
            self._segments.append(_sorted(prints, ids))
        while len(self._segments) > 1 and len(self._segments[-2][1]) < 2 * len(self._segments[-1][1]):
            pair = [self._segments.pop(), self._segments.pop()]
            both = Prints(
                np.concatenate([prints.first for prints, _ in pair]),
                np.concatenate([prints.second for prints, _ in pair]),
            )
            self._segments.append(_sorted(both, np.concatenate([ids for _, ids in pair])))

    def find(self, prints: Prints) -> Ids:
        """The id of each print, 0 where there is none."""
        order = np.argsort(prints.first)  # looked up in order they take half of the time, this included
        wanted, ids = prints.at(order), np.zeros(len(order), np.int32)
        for known, known_ids in self._segments:
            places = np.searchsorted(known.first, wanted.first)
            np.minimum(places, len(known_ids) - 1, out=places)
            same = (known.first[places] == wanted.first) & (known.second[places] == wanted.second)
            ids[same] = known_ids[places[same]]
        found = np.empty_like(ids)
        found[order] = ids
        return found


def _sorted(prints: Prints, ids: Ids) -> tuple[Prints, Ids]:
    order = np.argsort(prints.first, kind="stable")
    return prints.at(order), ids[order]


def by_old_id(names: pl.DataFrame) -> Iterator[tuple[Path, int]]:
    """Path and creative id of each row of ``creative_id`` and LEVELS."""
    return (((row[1], row[2], row[3], row[4]), row[0]) for row in names.iter_rows())
