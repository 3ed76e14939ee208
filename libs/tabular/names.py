"""Names of campaigns, strategies, placements and creatives."""

import re
import unicodedata
from functools import partial
from typing import Final

import polars as pl

from libs.tabular.cells import NO_VALUE, Column, Reading, settle, unreadable

MAX_NAME: Final = 255
# What is not a name as it stands, apart from spaces around it: no value, spreadsheet errors, runs of spaces,
# all but printable ASCII.
_UNUSUAL: Final = r"(?i)^(?:|-|n/a|null|#.*)$|  |[^ -~]|_xd[89a-f]"
# What is none even with its white space collapsed and in NFC; read_name says why.
_STRANGE: Final = r"(?i)^(?:|-|–|—|n/a|null|#.*)$|[\x00-\x1f\x7f-\x9f\ufdd0\ufdd1]|_xd[89a-f]"
_SAMPLE: Final = 1_000
_HALF: Final = re.compile(r"_x[dD][89a-fA-F][0-9a-fA-F]{2}_")  # a lone surrogate as spreadsheets write it


def read_name(text: str, *, blank_allowed: bool = False) -> Reading:
    """Trimmed, inner white space collapsed, NFC; case is kept."""
    if problem := unreadable(text):
        return Reading(None, f"{problem}; expected a name")
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if name.casefold() in NO_VALUE:
        return Reading(None, None if blank_allowed else "is missing; expected a name")
    if len(name) > MAX_NAME:
        return Reading(None, f"has {len(name):,} characters; expected a name of at most {MAX_NAME}")
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in name):
        return Reading(None, "holds a control character; expected a name")
    if _HALF.search(name):
        return Reading(None, "holds half a character (a lone surrogate); expected a name")
    return Reading(name)


def name_column(texts: pl.Series, *, blank_allowed: bool = False) -> Column:
    """A whole column as String, the same as read_name for each cell."""
    if _repeats(texts) and _all_usual(texts.unique()):
        return Column(texts, None, {})
    values = texts.str.strip_chars(" ")
    rows = ((values.str.len_bytes() > MAX_NAME) | values.str.contains(_UNUSUAL)).arg_true()
    if rows.is_empty():
        return Column(values, None, {})
    tidied = texts.gather(rows).str.replace_all(r"\s+", " ").str.strip_chars(" ").str.normalize("NFC")
    strange = tidied.str.contains(_STRANGE) | (tidied.str.len_chars() > MAX_NAME)
    pending = pl.repeat(False, len(texts), eager=True).scatter(rows, strange)
    read = partial(read_name, blank_allowed=blank_allowed)
    return settle(texts, values.scatter(rows, tidied), pending, read)


def _repeats(texts: pl.Series) -> bool:
    """Whether the column seems to have few distinct texts, so that looking at those saves work."""
    sample = texts.gather_every(max(1, len(texts) // _SAMPLE))
    return sample.n_unique() <= len(sample) // 2


def _all_usual(distinct: pl.Series) -> bool:
    """Whether each of these is the name that it stands for, character by character."""
    text = pl.col(distinct.name).str
    odd = (text.len_bytes() > MAX_NAME) | text.contains(_UNUSUAL) | text.contains("^ | $")
    return not distinct.to_frame().select(odd.any()).item()
