"""Who may see what, beside the matrix: absent ids, users who are out, a connection that two tenants share."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.services.gateway.conftest import Api, Seeded, Start, with_uploads
from tests.services.gateway.matrix import ordered, same
from tests.services.gateway.world import Client


async def test_absent_ids_are_404_for_admins_too(api: Api, uploads: str) -> None:
    with_uploads(api, uploads)
    for operation in ordered(api):
        for name in operation.ids:
            known = {"client_id": api.world.north.public_id} if name == "rate_id" else {}
            answer = await api(operation.method, operation.at({**known, name: uuid4()}), json=operation.body)
            assert same(answer)[0] == 404, operation


async def test_ids_that_are_none_are_422(api: Api, uploads: str) -> None:
    with_uploads(api, uploads)
    for operation in ordered(api):
        for name in operation.ids:
            for nonsense in ("1", "nobody", "%00", "1%20OR%201=1", "..%2f..%2fetc"):
                path = operation.at({}).replace(str(UUID(int=0)), nonsense)
                answer = await api(operation.method, path, json=operation.body)
                assert answer.status_code in (404, 405, 422), (operation, name, nonsense)
                assert same(answer)[1]["error_code"]


async def test_a_disabled_client_is_gone_for_its_user(api: Api) -> None:
    gone = api.world.clients["Gone"].public_id
    assert (await api("GET", f"/clients/{gone}", who="nina")).status_code == 404
    assert (
        await api("GET", "/dashboard/summary", who="nina", params={"client_id": str(gone)})
    ).status_code == 404
    assert (await api.get(f"/clients/{gone}"))["status"] == "disabled"


async def test_a_user_of_several_clients_must_say_which(api: Api) -> None:
    body = await api.send("GET", "/dashboard/summary", 422, who="sam")
    assert [choice["name"] for choice in body["details"]["choices"]] == ["Euro", "South"]
    assert (await api.send("GET", "/dashboard/summary", 422, who="nobody"))["details"]["choices"] == []
    assert (await api.get("/dashboard/summary", who="nina"))["client_name"] == "North"


async def test_a_user_who_is_disabled_is_out_at_once(api: Api, guest: Client, owner: Any) -> None:
    assert (await api("GET", "/auth/me", who=guest.name)).status_code == 200
    user = api.world.users[guest.name]
    for change, undo in (
        (
            "UPDATE users SET is_active = false WHERE id = $1",
            "UPDATE users SET is_active = true WHERE id = $1",
        ),
        ("UPDATE users SET role = 'admin' WHERE id = $1", "UPDATE users SET role = 'client' WHERE id = $1"),
        (
            "UPDATE refresh_tokens SET ended_at = now() WHERE user_id = $1",
            "UPDATE refresh_tokens SET ended_at = NULL WHERE user_id = $1",
        ),
    ):
        await owner.execute(change, user)
        assert (await api("GET", "/auth/me", who=guest.name)).status_code == 401
        await owner.execute(undo, user)
    assert (await api("GET", "/auth/me", who=guest.name)).status_code == 200


async def test_a_role_in_the_token_that_is_not_the_users_is_refused(api: Api) -> None:
    token = api.token("nina", role="admin")
    answer = await api("GET", "/clients", who=None, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


async def test_one_pooled_connection_keeps_two_tenants_apart(start: Start, seeded: Seeded) -> None:
    """200 requests of each at once, failing and cancelled ones among them: no foreign row, ever."""
    api = start(seeded, database_pool_size=1, database_pool_overflow=0)
    world = api.world
    euro = str(world.clients["Euro"].public_id)
    asked = {
        "nina": ["/dashboard/summary", "/campaigns", "/dashboard/creatives", "/clients/active", "/nowhere"],
        "sam": [f"/dashboard/summary?client_id={euro}", f"/campaigns?client_id={euro}", "/clients/active"],
    }
    own = {"nina": {"North"}, "sam": {"Euro", "South"}}
    foreign = {"nina": ("South", "Euro"), "sam": ("North",)}

    async def ask(who: str, number: int) -> tuple[str, httpx.Response | None]:
        path = asked[who][number % len(asked[who])]
        request = asyncio.ensure_future(api("GET", path, who=who))
        if number % 11 == 5:
            await asyncio.sleep(0)
            request.cancel()
        (answer,) = await asyncio.gather(request, return_exceptions=True)
        return who, answer if isinstance(answer, httpx.Response) else None

    answers = await asyncio.gather(*(ask(who, number) for number in range(200) for who in own))
    good = 0
    for who, answer in answers:
        if answer is None:
            continue
        assert answer.status_code in (200, 404, 503), answer.text
        assert not any(name in answer.text for name in foreign[who])
        good += answer.status_code == 200 and any(name in answer.text for name in own[who])
    assert good > 100
    assert (await api.get("/clients", status="active"))["total"] >= 3


TENANTS_TABLES = ("clients", "rollups", "rollup_blocks", "ingestion_logs", "campaigns", "client_settings")


async def test_without_a_tenant_there_are_no_rows(start: Start, seeded: Seeded) -> None:
    """On the very connection that an administrator used just before: nothing of that stays with it."""
    api = start(seeded, database_pool_size=1, database_pool_overflow=0)
    assert (await api.get("/clients"))["total"] > 0
    async with api.parts.engine.connect() as connection:
        for table in TENANTS_TABLES:
            found = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
            assert found.scalar_one() == 0, table


async def test_openapi_names_no_foreign_thing(api: Api) -> None:
    """The document is public: it says nothing of clients that exist."""
    text = json.dumps(api.app.openapi())
    assert not any(str(client.public_id) in text for client in api.world.clients.values())
