"""Lists as they are asked for and answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Order = Literal["asc", "desc"]


@dataclass(frozen=True)
class Paging:
    """A page of a list, from 1 on; ``order`` is None where it was not asked for."""

    page: int = 1
    page_size: int = 50
    order: Order | None = None

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.page_size

    def sql(self, usual: Order = "desc") -> str:
        """ASC or DESC, with nulls last either way."""
        return "ASC NULLS LAST" if (self.order or usual) == "asc" else "DESC NULLS LAST"


def listed(total: int, paging: Paging, data: Iterable[Mapping[Any, Any]]) -> dict[str, Any]:
    """The envelope of every list."""
    rows = [dict(row) for row in data]
    return {"total": total, "page": paging.page, "page_size": paging.page_size, "data": rows}


def page_of(
    rows: Iterable[Mapping[Any, Any]], paging: Paging, column: str, usual: Order = "desc"
) -> dict[str, Any]:
    """The envelope of a page of a short list that is here whole, ordered by a column; nulls last."""
    everything = list(rows)
    known = [row for row in everything if row[column] is not None]
    known.sort(key=lambda row: _comparable(row[column]), reverse=(paging.order or usual) == "desc")
    ordered = [*known, *(row for row in everything if row[column] is None)]
    return listed(len(ordered), paging, ordered[paging.offset : paging.offset + paging.page_size])


def _comparable(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def without(row: Mapping[Any, Any], *names: str) -> dict[str, Any]:
    """A row without columns that are not for the answer."""
    return {name: value for name, value in row.items() if name not in names}
