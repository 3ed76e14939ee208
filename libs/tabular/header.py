"""Finding the header row and matching its titles with a source's fields."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from libs.tabular.errors import EmptyFile, FileRefused, MissingColumns, TooLarge
from libs.tabular.spec import Field, TableSpec

HEADER_ROWS: Final = 50  # how far down a header is looked for; Ads Manager puts it in row 3


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of one reading of the file: a sheet, or a delimiter. `place` names it for people."""

    place: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Match:
    """The titles of one row, matched. columns: field name → position in the row."""

    titles: tuple[str, ...]
    columns: dict[str, int]
    shadowed: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]
    missing: tuple[Field, ...]

    @property
    def missing_required(self) -> list[str]:
        return [field.name for field in self.missing if field.required]


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is: in which preview, in which row (from 0), and its match."""

    preview: int
    row: int
    match: Match


def normalised(title: str) -> str:
    """A title as aliases are compared: no BOM, no case, `_` and runs of white space are one space."""
    text = unicodedata.normalize("NFC", title.replace("\ufeff", "")).casefold().replace("_", " ")
    return " ".join(text.split())


def _any_currency(title: str) -> str:
    """`Amount spent (USD)` as the alias `Amount spent (*)` has it."""
    return re.sub(r"\([a-z]{3}\)$", "(*)", normalised(title))


def match_titles(row: Sequence[str], spec: TableSpec) -> Match:
    """Match one row. Of two columns for a field the alias named first wins, then the column further left."""
    titles = _trimmed(row)
    positions: dict[str, list[int]] = {}
    for index, title in enumerate(titles):
        for key in {normalised(title), _any_currency(title)}:
            positions.setdefault(key, []).append(index)
    columns: dict[str, int] = {}
    shadowed: dict[str, tuple[str, ...]] = {}
    known = {normalised(alias) for alias in spec.ignored} | {""}
    for field in spec.fields:
        aliases = [normalised(alias) for alias in field.aliases]
        known.update(aliases)
        found = [index for alias in aliases for index in positions.get(alias, [])]
        if found and field.beside and not _is_beside(field, titles, columns):
            continue
        if found:
            columns[field.name] = found[0]
        if len(found) > 1:
            shadowed[field.name] = tuple(titles[index] for index in found[1:])
    unknown = tuple(t for t in titles if not {normalised(t), _any_currency(t)} & known)
    missing = tuple(field for field in spec.fields if field.name not in columns)
    return Match(titles, columns, shadowed, unknown, missing)


def _is_beside(field: Field, titles: Sequence[str], columns: dict[str, int]) -> bool:
    """Whether the date, which a spec names first, is read from a column that the field belongs to."""
    date = columns.get("date")
    return date is not None and normalised(titles[date]) in map(normalised, field.beside)


def find_header(previews: Sequence[Preview], spec: TableSpec, max_columns: int) -> Header:
    """The first row, over all previews, that holds every required column.

    Raises TooLarge (too many columns), EmptyFile (only blank rows) or MissingColumns.
    """
    best: Header | None = None
    for place, preview in enumerate(previews):
        for number, row in enumerate(preview.rows):
            if len(row) > max_columns and len(trimmed := _trimmed(row)) > max_columns:
                raise TooLarge(
                    f"Row {number + 1} has {len(trimmed):,} columns; at most {max_columns:,} are read. "
                    "Export only the columns of the report.",
                    columns=len(trimmed),
                    limit=max_columns,
                )
            header = Header(place, number, match_titles(row, spec))
            if not header.match.missing_required:
                return header
            best = _better(best, header)
    raise _not_found(best, previews, spec)


def also_in(previews: Sequence[Preview], spec: TableSpec, header: Header) -> list[str]:
    """The other places where a row holds every required column: they are not read."""
    later = previews[header.preview + 1 :]
    return [
        preview.place
        for preview in later
        if any(not match_titles(row, spec).missing_required for row in preview.rows)
    ]


def _trimmed(row: Sequence[str]) -> tuple[str, ...]:
    titles = [" ".join(title.replace("\ufeff", "").split()) for title in row]
    while titles and not titles[-1]:
        titles.pop()
    return tuple(titles)


def _better(best: Header | None, other: Header) -> Header | None:
    """The row that looks more like a header: more known columns, else the first that is not blank."""
    if not other.match.titles:
        return best
    if best is None or len(other.match.columns) > len(best.match.columns):
        return other
    return best


def _not_found(best: Header | None, previews: Sequence[Preview], spec: TableSpec) -> FileRefused:
    if best is None:
        return EmptyFile("The file is empty: it has no row that is not blank. Export the report again.")
    expected = {field.name: list(field.aliases) for field in spec.fields if field.required}
    missing = best.match.missing_required
    wanted = ", ".join(f"{name} ({_listed(expected[name], 3, ' or ')})" for name in missing)
    return MissingColumns(
        f"Required columns are missing: {wanted}. The row most like a header, row {best.row + 1} of "
        f"{previews[best.preview].place}, holds: {_listed(best.match.titles, 20)}. "
        "Export the report with these columns.",
        missing=missing,
        expected=expected,
        found=list(best.match.titles[:200]),
        row=best.row + 1,
    )


def _listed(titles: Iterable[str], limit: int, joint: str = ", ") -> str:
    shown = [f"“{title[:60]}”" for title in titles if title]
    more = f" and {len(shown) - limit:,} more" if len(shown) > limit else ""
    return joint.join(shown[:limit]) + more
