"""A client whose names, numbers and ids nobody else has, so that a leak shows in any answer that has one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pypdfium2

from libs.auth import digest_of
from tests.services.gateway.operations import ids_of
from tests.services.gateway.traces import Owner
from tests.services.gateway.world import TODAY, World, add_client, add_user

MARK = "Zq7vex"
"""In every text of the marked client."""
MANY = 3_000_000_000
"""Its impressions of a row; the others have less in all of theirs."""
_NUMBER = re.compile(r"(?<![0-9A-Za-z.-])(\d{10,}|\d{1,3}(?:,\d{3}){3,})(?![0-9A-Za-z-])")


@dataclass
class Holding:
    """A user with a client, and an id of everything that is theirs."""

    user: str
    ids: dict[str, UUID]
    keys: dict[str, str] = field(default_factory=dict)
    """scope → an API key that has it."""
    refresh_token: str = ""


@dataclass
class Furnished:
    """Three clients who have everything."""

    own: Holding
    """North, of nina."""
    marked: Holding
    spare: Holding
    """For the administrator to change; sessions, keys and views are the administrator's."""


async def furnish(connection: Owner, world: World) -> Furnished:
    """Put them into a world."""
    own = await holding(connection, world, "nina", "North", "Own7")
    theirs = await marked(connection, world)
    spare = await marked(connection, world, "Spare7", 0)
    boss = await holding(connection, world, "admin", "Spare7 client", "Boss7")
    personal = {name: boss.ids[name] for name in ("session_id", "key_id", "view_id")}
    return Furnished(own, theirs, Holding("admin", {**spare.ids, **personal}, boss.keys, boss.refresh_token))


async def marked(connection: Owner, world: World, mark: str = MARK, more: int = MANY) -> Holding:
    """A new user and client whose every text has the mark."""
    user = f"{mark.lower()}-user"
    await add_user(connection, world, user, "client")
    await add_client(connection, world, f"{mark} client", user, more_impressions=more)
    return await holding(connection, world, user, f"{mark} client", mark)


async def holding(connection: Owner, world: World, user: str, client: str, mark: str) -> Holding:
    """All that a user and their client can have, in addition to what they have."""
    found = world.clients[client]
    ids = {**ids_of(found), "user_id": world.users[user], "run_id": world.runs[client]}
    ids |= await _of_client(connection, found.id, ids, mark)
    held = Holding(user, ids)
    await _of_user(connection, held, mark)
    return held


async def _of_client(connection: Owner, client: int, ids: Mapping[str, UUID], mark: str) -> dict[str, UUID]:
    await connection.execute(
        "UPDATE ingestion_logs SET error = $2::text, error_code = $2, resolution_notes = $2, "
        "artifact = jsonb_build_object('key', $2::text) WHERE client_id = $1",
        client,
        mark,
    )
    await connection.execute(
        "INSERT INTO rejected_rows (client_id, run_id, row_number, raw, reasons) "
        "VALUES ($1, $2, 99, jsonb_build_array($3::text), ARRAY[$3::text]) ON CONFLICT DO NOTHING",
        client,
        ids["run_id"],
        mark,
    )
    await connection.execute(
        "UPDATE source_settings SET prefix = $2, default_campaign = $2 WHERE client_id = $1", client, mark
    )
    await connection.execute(
        "INSERT INTO hierarchy_counters VALUES ($1, 0, 3, 3, 31, 33) ON CONFLICT DO NOTHING", client
    )
    upload_run = await connection.fetchval(
        "INSERT INTO ingestion_logs (client_id, run_id, source, run_date, status, rows_read, rows_loaded, "
        "warnings, finished_at) VALUES ($1, gen_random_uuid(), 'facebook', $2, 'loaded', 2, 2, "
        "jsonb_build_array(jsonb_build_object('code', 'note', 'message', $3::text)), now()) RETURNING run_id",
        client,
        TODAY - timedelta(days=1),
        mark,
    )
    rows: dict[str, tuple[str, tuple[Any, ...]]] = {
        "rate_id": ("SELECT public_id FROM client_settings WHERE client_id = $1 LIMIT 1", ()),
        "report_id": (
            "INSERT INTO report_schedules (client_id, frequency, formats, recipients) "
            "VALUES ($1, 'weekly', '{pdf}', ARRAY[$2 || '@agency.example']) RETURNING id",
            (mark,),
        ),
        "upload_id": (
            "INSERT INTO uploaded_files (client_id, source, original_name, size, digest, archive_key, "
            "run_id) VALUES ($1, 'facebook', $2 || '.csv', 48211, md5($2), $2, $3) RETURNING id",
            (mark, upload_run),
        ),
        "backfill_id": (
            "INSERT INTO backfills (client_id, source, start_date, end_date) "
            "VALUES ($1, 'surfside', $2, $2) RETURNING id",
            (TODAY - timedelta(days=3),),
        ),
        "notification_id": (
            "INSERT INTO notifications (client_id, kind, severity, message, dedupe_key) "
            "VALUES ($1, 'file.missing', 'warning', $2, $2) RETURNING id",
            (mark,),
        ),
    }
    return {name: await connection.fetchval(query, client, *more) for name, (query, more) in rows.items()}


async def _of_user(connection: Owner, held: Holding, mark: str) -> None:
    user = held.ids["user_id"]
    held.refresh_token = f"tmr_{mark}-{held.user}"
    held.ids["session_id"] = await connection.fetchval(
        "INSERT INTO refresh_tokens (user_id, family, token_hash, user_agent, expires_at) "
        "VALUES ($1, gen_random_uuid(), $2, $3, now() + interval '1 day') RETURNING family",
        user,
        digest_of(held.refresh_token),
        mark,
    )
    held.ids["view_id"] = await connection.fetchval(
        "INSERT INTO saved_views (user_id, name, state) VALUES ($1, $2, '{}') RETURNING id", user, mark
    )
    for scope in ("read", "upload", "spare"):
        secret = f"tmk_{mark}-{held.user}-{scope}"
        held.keys[scope] = secret
        held.ids["key_id"] = await connection.fetchval(
            "INSERT INTO api_keys (user_id, name, key_hash, scopes) "
            "VALUES ($1, $2, $3, ARRAY[$4]) RETURNING id",
            user,
            f"{mark} {scope}",
            digest_of(secret),
            "upload" if scope == "upload" else "read",
        )


def leaks(answer: httpx.Response, held: Holding) -> list[str]:
    """What of the marked client stands in an answer: names, ids, numbers as large as theirs."""
    text = "\n".join([text_of(answer), *(f"{name}: {value}" for name, value in answer.headers.items())])
    lowered = text.lower()
    named = [mark for mark in (MARK.lower(), *map(str, held.ids.values())) if mark in lowered]
    numbers = [n for n in _NUMBER.findall(text) if int(n.replace(",", "")) >= MANY]
    return [*named, *numbers]


def text_of(answer: httpx.Response) -> str:
    """All text of an answer, also of a workbook or a PDF file."""
    kind = answer.headers.get("content-type", "")
    if kind.startswith("application/pdf"):
        document = pypdfium2.PdfDocument(answer.content)
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    if "spreadsheetml" in kind:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return answer.text
