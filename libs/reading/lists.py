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


def without(row: Mapping[Any, Any], *names: str) -> dict[str, Any]:
    """A row without columns that are not for the answer."""
    return {name: value for name, value in row.items() if name not in names}
