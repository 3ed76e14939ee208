"""Every operation of the OpenAPI document, and who may use it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from tests.services.gateway.world import Client

BASE = "/api/v1"
LEVELS = {
    "campaign": "campaigns",
    "strategy": "strategies",
    "placement": "placements",
    "creative": "creatives",
}
SAMPLES = {"metric": "spend"}
"""Of parameters that must be in a query."""
PLACES = {"source": "surfside", "name": "surfside.pulls"}
"""Of parameters in addresses that are no ids."""


def ids_of(client: Client) -> dict[str, UUID]:
    """An id of each kind that belongs to a client."""
    levels = {
        f"{level}_id": client.ids[level, 1 if level in ("campaign", "strategy") else 10] for level in LEVELS
    }
    return {"client_id": client.public_id, **levels}


@dataclass(frozen=True)
class Operation:
    """One method of one address, below the base, and what the document says of it."""

    method: str
    path: str
    document: dict[str, Any]
    schemas: Mapping[str, dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def access(self) -> str:
        """P: everybody; C: client users and administrators; A: administrators."""
        return str(self.document["x-access"])

    @property
    def scopes(self) -> list[str]:
        """Of the API keys that will do."""
        return list(self.document["x-api-key-scopes"])

    @property
    def statuses(self) -> set[int]:
        """All that it may answer."""
        return {int(status) for status in self.document["responses"]}

    @property
    def ids(self) -> list[str]:
        """The ids in its address."""
        return [p["name"] for p in self._parameters("path") if p["schema"].get("format") == "uuid"]

    @property
    def query_ids(self) -> list[str]:
        """The ids that may stand in its query."""
        return [p["name"] for p in self._parameters("query") if _holds_ids(p["schema"])]

    @property
    def body_ids(self) -> list[str]:
        """The ids that may stand in its body."""
        return [
            name for name, schema in self._body_schema.get("properties", {}).items() if _holds_ids(schema)
        ]

    @property
    def query(self) -> list[str]:
        """All that may stand in its query."""
        return [p["name"] for p in self._parameters("query")]

    @property
    def needed(self) -> dict[str, str]:
        """What must stand in its query."""
        return {p["name"]: SAMPLES[p["name"]] for p in self._parameters("query") if p.get("required")}

    @property
    def body(self) -> dict[str, Any] | None:
        """The example of its body; None: it takes none."""
        if "requestBody" not in self.document:
            return None
        content = next(iter(self.document["requestBody"]["content"].values()))
        return dict(content.get("example") or self._body_schema["example"])

    @property
    def is_form(self) -> bool:
        """Whether its body is a form with a file."""
        return "multipart/form-data" in self.document.get("requestBody", {}).get("content", {})

    def sent(self, body: dict[str, Any] | None, file: bytes = b"") -> dict[str, Any]:
        """What a client of HTTP is given to send a body like that of its example; ``file``: of a form."""
        if body is None or not self.is_form:
            return {"json": body}
        fields = {name: str(value) for name, value in body.items() if name != "file"}
        return {"data": fields, "files": {"file": ("export.csv", file)}}

    def at(self, ids: Mapping[str, UUID]) -> str:
        """Its address with these ids; ``source`` is surfside, and a queue's ``name`` that of its pulls."""
        return self.path.format(**{**{name: UUID(int=0) for name in self.ids}, **ids, **PLACES})

    @property
    def _body_schema(self) -> dict[str, Any]:
        content = self.document.get("requestBody", {}).get("content", {"": {}})
        schema = next(iter(content.values())).get("schema", {})
        one = next((each for each in schema.get("anyOf", [schema]) if "$ref" in each), schema)
        return self.schemas[one["$ref"].rpartition("/")[2]] if "$ref" in one else one

    def _parameters(self, place: str) -> list[dict[str, Any]]:
        return [p for p in self.document.get("parameters", []) if p["in"] == place]


def _holds_ids(schema: dict[str, Any]) -> bool:
    """Whether it is an id, or a list of them, or perhaps one."""
    return '"uuid"' in json.dumps(schema)


def operations(app: FastAPI) -> list[Operation]:
    """All of them."""
    document = app.openapi()
    return [
        Operation(method.upper(), path.removeprefix(BASE), found, document["components"]["schemas"])
        for path, methods in document["paths"].items()
        for method, found in methods.items()
    ]
