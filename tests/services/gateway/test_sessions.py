"""Sessions: renewed once for each token, ended at once, one's own alone; tokens that are no good."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest

from libs.auth.tokens import AUDIENCE, CLAIMS, ISSUER
from tests.services.gateway.conftest import KEY, Api
from tests.services.gateway.persons import Person, at_once, person, renew
from tests.services.gateway.traces import Owner, audited


async def family(owner: Owner, who: Person) -> Any:
    """The session of somebody who has one."""
    return await owner.fetchval("SELECT DISTINCT family FROM refresh_tokens WHERE user_id = $1", who.id)


async def alive(owner: Owner, who: Person) -> int:
    """Refresh tokens that could be used."""
    return int(
        await owner.fetchval(
            "SELECT count(*) FROM refresh_tokens WHERE user_id = $1 AND ended_at IS NULL AND used_at IS NULL",
            who.id,
        )
    )


async def test_a_session_is_renewed_with_the_next_token(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    first = nina.tokens
    answer = await renew(desk, first["refresh_token"])
    assert answer.status_code == 200
    second = answer.json()
    assert set(second) == set(first)
    assert second["refresh_token"] != first["refresh_token"]
    assert await nina.is_in(first["access_token"])
    assert await nina.is_in(second["access_token"])
    (session,) = (await nina.does("GET", "/auth/sessions"))["data"]
    assert session["current"] is True


async def test_a_token_that_comes_twice_ends_its_session_and_is_told(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    stolen = nina.tokens
    session = await family(owner, nina)
    renewed = (await renew(desk, stolen["refresh_token"])).json()
    other = await nina.enter()
    answer = await renew(desk, stolen["refresh_token"])
    assert (answer.status_code, answer.json()["error_code"]) == (401, "NOT_SIGNED_IN")
    assert (await renew(desk, renewed["refresh_token"])).status_code == 401
    assert not await nina.is_in(stolen["access_token"])
    assert not await nina.is_in(renewed["access_token"])
    assert await nina.is_in(other["access_token"])
    assert [row["action"] for row in await audited(owner, session)] == ["session.token_reused"]
    (alert,) = await owner.fetch(
        "SELECT body FROM outbox WHERE routing_key = 'alert.raised' AND correlation_id = $1",
        answer.headers["X-Request-ID"],
    )
    told = json.loads(alert["body"])
    assert (told["kind"], told["details"]["session_id"]) == ("session.token_reused", str(session))
    assert "tmr_" not in str(told)


async def test_of_renewals_at_once_one_is_answered_and_none_goes_on(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    token = nina.tokens["refresh_token"]
    assert await at_once(*(renew(desk, token) for _ in range(4))) == [200, 401, 401, 401]
    assert await alive(owner, nina) == 0
    assert not await nina.is_in()


async def test_a_renewal_cannot_outrun_the_end_of_its_session(desk: Api, owner: Owner) -> None:
    """The thief's old token and the user's new one at the same time: whatever the order, nothing is left."""
    nina = await person(desk, owner)
    for _ in range(5):
        old = (await nina.enter())["refresh_token"]
        new = (await renew(desk, old)).json()["refresh_token"]
        assert 401 in await at_once(renew(desk, new), renew(desk, old))
    assert await alive(owner, nina) == 1  # of the login that made the person


async def test_tokens_that_are_good_for_nothing(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    good = nina.tokens["refresh_token"]
    for token in ("tmr_unknown", "x" * 200, nina.tokens["access_token"][:200]):
        assert (await renew(desk, token)).status_code == 401
    for body in (
        {},
        {"refresh_token": "x" * 201},
        {"refresh_token": 5},
        {"refresh_token": good, "role": "admin"},
    ):
        assert (await desk("POST", "/auth/refresh", who=None, json=body)).status_code == 422
    await owner.execute("UPDATE users SET is_active = false WHERE id = $1", nina.id)
    assert (await renew(desk, good)).status_code == 401
    await owner.execute("UPDATE users SET is_active = true WHERE id = $1", nina.id)
    await owner.execute(
        "UPDATE refresh_tokens SET expires_at = now() - interval '1 second' WHERE user_id = $1", nina.id
    )
    assert (await renew(desk, good)).status_code == 401
    assert await alive(owner, nina) == 1


async def test_a_renewal_gives_the_role_of_today(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    await owner.execute("UPDATE users SET role = 'admin' WHERE id = $1", nina.id)
    assert not await nina.is_in()
    nina.tokens = (await renew(desk, nina.tokens["refresh_token"])).json()
    assert (await nina.does("GET", "/auth/me"))["role"] == "admin"


async def test_signing_out_ends_access_at_once(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    session = await family(owner, nina)
    assert await nina.does("POST", "/auth/logout") == {"signed_out": True}
    assert not await nina.is_in()
    assert (await renew(desk, nina.tokens["refresh_token"])).status_code == 401
    assert (await nina("POST", "/auth/logout")).status_code == 200
    body = {"refresh_token": (await nina.enter())["refresh_token"]}
    assert (await desk("POST", "/auth/logout", who=None, json=body)).status_code == 200
    assert not await nina.is_in()
    for given in ({"refresh_token": "tmr_unknown"}, {}, None):
        assert (await desk("POST", "/auth/logout", who=None, json=given)).status_code == 401
    assert [row["action"] for row in await audited(owner, session)] == ["logout"]


async def test_somebody_sees_and_ends_their_own_sessions_alone(desk: Api, owner: Owner) -> None:
    nina, sam = await person(desk, owner), await person(desk, owner)
    first = nina.tokens
    await nina.enter()
    shown = await nina.does("GET", "/auth/sessions")
    assert (shown["total"], [row["current"] for row in shown["data"]]) == (2, [True, False])
    assert set(shown["data"][0]) == {
        *("id", "current", "ip", "user_agent", "created_at", "last_used_at", "expires_at")
    }
    other = shown["data"][1]["id"]
    foreign = await sam("DELETE", f"/auth/sessions/{other}")
    absent = await sam("DELETE", f"/auth/sessions/{uuid4()}")
    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert foreign.json()["detail"] == absent.json()["detail"]
    assert await nina.does("DELETE", f"/auth/sessions/{other}") == {"id": other, "ended": True}
    assert not await nina.is_in(first["access_token"])
    assert await nina.is_in()
    await nina.does("DELETE", f"/auth/sessions/{other}", status=404)
    assert [row["action"] for row in await audited(owner, other)] == ["session.ended"]


async def test_old_tokens_are_deleted(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    await owner.execute(
        "INSERT INTO refresh_tokens (user_id, family, token_hash, expires_at) "
        "VALUES ($1, gen_random_uuid(), $2, now() - interval '2 days')",
        nina.id,
        uuid4().bytes,
    )
    await renew(desk, nina.tokens["refresh_token"])
    count = "SELECT count(*) FROM refresh_tokens WHERE user_id = $1"
    assert await owner.fetchval(count, nina.id) == 2


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
async def test_forged_and_stale_access_tokens_are_401(desk: Api, owner: Owner) -> None:
    """The same claims signed rightly are good; every single change is not, and all are answered alike."""
    nina = await person(desk, owner)
    good = jwt.decode(nina.tokens["access_token"], KEY, ["HS256"], audience=AUDIENCE, issuer=ISSUER)
    assert await nina.is_in(jwt.encode(good, KEY, "HS256"))
    head, claims, signature = nina.tokens["access_token"].split(".")
    hour = timedelta(hours=1).total_seconds()
    now = datetime.now(UTC).timestamp()
    changed: list[dict[str, Any]] = [
        {"exp": now - hour, "iat": now - 2 * hour, "nbf": now - 2 * hour},
        {"nbf": now + hour, "exp": now + 1.2 * hour},
        {"exp": now + 1000 * hour},
        {"iss": "somebody"},
        {"aud": "another-api"},
        {"role": "admin"},
        {"sub": str(uuid4())},
        {"jti": str(uuid4())},
    ]
    bad = {f"changed {change}": jwt.encode({**good, **change}, KEY, "HS256") for change in changed}
    for claim in CLAIMS:
        bad[f"without {claim}"] = jwt.encode({k: v for k, v in good.items() if k != claim}, KEY, "HS256")
    bad["none"] = jwt.encode(good, "", "none")
    bad["none, signed"] = f"{part({'alg': 'none', 'typ': 'JWT'})}.{claims}.{signature}"
    bad["HS512"] = jwt.encode(good, KEY, "HS512")
    bad["wrong key"] = jwt.encode(good, "another key of more than 32 bytes, surely", "HS256")
    bad["no signature"] = f"{head}.{claims}."
    bad["refresh token"] = nina.tokens["refresh_token"]
    bodies = set()
    for name, token in bad.items():
        answer = await nina("GET", "/auth/me", token=token)
        assert answer.status_code == 401, name
        bodies.add(answer.json()["detail"])
    assert len(bodies) == 1
    await owner.execute("UPDATE users SET is_active = false WHERE id = $1", nina.id)
    assert not await nina.is_in()


def part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
