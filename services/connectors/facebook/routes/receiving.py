"""A form with a file, taken in as it comes: into a file of its own, never whole into memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator
from starlette.datastructures import FormData, UploadFile

from libs.http.errors import Invalid, Problem
from libs.storage import Download
from libs.tabular import TableSpec
from libs.tabular.dates import setting_order
from libs.tabular.names import read_name
from services.connectors.facebook.routes.access import Parts
from services.connectors.facebook.routes.forms import Taking, parsed
from services.connectors.facebook.rules import Options, safe_name

FORM_BYTES = 65_536
"""Room for the other fields, and for what stands between the parts."""
MAX_WAIT = 60


def _name(value: Any) -> Any:
    """As names of the files are read. Raises ValueError."""
    if value is None or not isinstance(value, str) or not value.strip():
        return None
    found = read_name(value)
    if found.problem:
        raise ValueError(found.problem)
    return found.value


LevelName = Annotated[str | None, BeforeValidator(_name)]


class UploadForm(BaseModel):
    """The fields beside the file; others are refused."""

    client_id: UUID | None = None
    """Left out: the caller's only client."""
    on_duplicate: Literal["reject", "merge", "replace"] = "reject"
    dry_run: bool = False
    campaign: LevelName = None
    ad_set: LevelName = None
    date_format: str | None = Field(default=None, max_length=40)
    wait: int = Field(default=0, ge=0, le=MAX_WAIT)

    model_config = ConfigDict(extra="forbid")

    @field_validator("date_format")
    @classmethod
    def _names_day_month_and_year(cls, text: str | None) -> str | None:
        if text is not None:
            setting_order(TableSpec(fields=(), today=date.min, date_format=text))
        return text

    @property
    def options(self) -> Options:
        return Options(self.on_duplicate, self.campaign, self.ad_set, self.date_format)


@dataclass(frozen=True)
class Received:
    """A file on this machine until the request is over."""

    form: UploadForm
    name: str
    file: Download


@asynccontextmanager
async def received(request: Request, parts: Parts) -> AsyncIterator[Received]:
    """Take in a form. Raises Problem: 400 for what is no form, 413 for too much, 422 for wrong fields."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Problem(400, "Send the file as multipart/form-data, in the field `file`.")
    async with parts.desk.workspace.folder() as folder:
        with closing(Taking(folder / "upload")) as taking:
            fields, file = _sorted_out(await parsed(request, taking))
        wanted, kept = _validated(fields), taking.taken()
        _check_size(kept.size, parts.max_upload_size)
        yield Received(wanted, safe_name(file.filename), kept)


def _sorted_out(form: FormData) -> tuple[dict[str, str], UploadFile]:
    fields: dict[str, str] = {}
    file: UploadFile | None = None
    for name, value in form.multi_items():
        if name in fields or (name == "file" and file is not None):
            raise Invalid(_printable(name), "is given more than once")
        if name == "file" and isinstance(value, UploadFile):
            file = value
        elif isinstance(value, UploadFile) or name == "file":
            raise Invalid(_printable(name), "must be a file" if name == "file" else "must not be a file")
        elif value != "":
            fields[name] = value
    if file is None:
        raise Invalid("file", "choose the .csv or .xlsx file to upload")
    return fields, file


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()[:100]


def _validated(fields: dict[str, str]) -> UploadForm:
    try:
        return UploadForm.model_validate(fields)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in found]) from None


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise Problem(
            413,
            f"The file has {size:,} bytes; at most {limit:,} are taken. Export fewer days at a time.",
            details={"size": size, "limit": limit},
        )
