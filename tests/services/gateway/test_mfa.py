"""Second factors: enrolled with proof, asked for at each login, used once, and how they go away."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog

from libs.http import middleware
from services.gateway.rules.logins import ACCOUNT_LIMIT
from tests.services.gateway.conftest import Api, Seeded, Start, at_the_desk
from tests.services.gateway.persons import PASSWORD, Person, at_once, person
from tests.services.gateway.traces import Owner, audited


async def enrolled(desk: Api, owner: Owner) -> Person:
    nina = await person(desk, owner)
    await nina.enrol()
    return nina


async def test_an_app_is_enrolled_with_proof(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    await nina.does("POST", "/auth/mfa/verify", {"code": "123456"}, 409)
    await nina.does("POST", "/auth/mfa/enroll", {"password": "a guess"}, 422)
    begun = await nina.does("POST", "/auth/mfa/enroll", {"password": PASSWORD})
    uri = urlsplit(begun["otpauth_uri"])
    assert (uri.scheme, parse_qs(uri.query)["secret"]) == ("otpauth", [begun["secret"]])
    assert "Tidemark" in uri.path
    assert (await nina.does("GET", "/auth/me"))["mfa_enabled"] is False
    await nina.enter()  # nothing is asked for until it is proved
    nina.secret = begun["secret"]
    for wrong in ("000000", "abcdef", nina.code(5), nina.code(-5)):
        await nina.does("POST", "/auth/mfa/verify", {"code": wrong}, 422)
    done = await nina.does("POST", "/auth/mfa/verify", {"code": f" {nina.code()} "})
    assert len(set(done["recovery_codes"])) == 10
    assert (await nina.does("GET", "/auth/me"))["mfa_enabled"] is True
    await nina.does("POST", "/auth/mfa/enroll", {"password": PASSWORD}, 409)
    await nina.does("POST", "/auth/mfa/verify", {"code": nina.code()}, 409)
    (stored,) = await owner.fetch("SELECT mfa_secret, mfa_pending FROM users WHERE id = $1", nina.id)
    assert (stored["mfa_pending"], begun["secret"].encode() in stored["mfa_secret"]) == (None, False)
    assert desk.parts.sealer is not None
    assert desk.parts.sealer.open(stored["mfa_secret"]) == begun["secret"]
    hashes = await owner.fetch("SELECT code_hash FROM recovery_codes WHERE user_id = $1", nina.id)
    assert len(hashes) == 10
    assert not any(code in str(hashes) for code in done["recovery_codes"])
    actions = [row["action"] for row in await audited(owner, nina.id)]
    assert actions == ["user.mfa_begun", "user.mfa_enrolled"]


async def test_a_login_needs_a_code_once_used(desk: Api, owner: Owner) -> None:
    nina = await enrolled(desk, owner)
    asked = (await nina.login()).json()
    assert asked == {
        "access_token": None,
        "refresh_token": None,
        "token_type": "bearer",
        "expires_in": 0,
        "mfa_required": True,
        "must_change_password": False,
    }
    wrong = await nina.login(code="000000")
    assert (wrong.status_code, wrong.json()["error_code"]) == (401, "INVALID_CODE")
    code = nina.code()
    assert (await nina.enter(code=code))["mfa_required"] is False
    assert (await nina.login(code=code)).status_code == 401, "the same code again"
    assert (await nina.login(code=nina.code(-1))).status_code == 401, "the one before it"
    await nina.enter(code=nina.code(1))
    lines = [(row["action"], row["new_values"]) for row in await audited(owner, nina.email)]
    totp = '{"second_factor": "totp"}'
    assert lines[1:] == [
        ("login_mfa_asked", None),
        ("login_failed", None),
        ("login", totp),
        ("login_failed", None),
        ("login_failed", None),
        ("login", totp),
    ]


async def test_of_logins_at_once_with_one_code_one_is_let_in(desk: Api, owner: Owner) -> None:
    nina = await enrolled(desk, owner)
    code = nina.code()
    assert await at_once(*(nina.login(code=code) for _ in range(4))) == [200, 401, 401, 401]
    recovery = nina.codes[0]
    assert await at_once(*(nina.login(code=recovery) for _ in range(3))) == [200, 401, 401]


async def test_recovery_codes_count_once_each(desk: Api, owner: Owner) -> None:
    nina, sam = await enrolled(desk, owner), await enrolled(desk, owner)
    first, second = nina.codes[:2]
    await nina.enter(code=first)
    assert (await nina.login(code=first)).status_code == 401
    await nina.enter(code=second.upper().replace("-", " "))
    assert (await nina.login(code=sam.codes[0])).status_code == 401, "somebody else's"
    left = "SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL"
    assert await owner.fetchval(left, nina.id) == 8
    line = (await audited(owner, nina.email))[1]
    assert line["new_values"] == '{"second_factor": "recovery_code"}'


async def test_codes_cannot_be_guessed_and_a_locked_account_does_not_ask_for_one(
    desk: Api, owner: Owner
) -> None:
    nina = await enrolled(desk, owner)
    for _ in range(ACCOUNT_LIMIT):
        assert (await nina.login(code="000000")).status_code == 401
    for more in ({}, {"code": nina.code()}, {"code": nina.codes[0]}):
        answer = await nina.login(**more)
        assert (answer.status_code, answer.json()["error_code"]) == (401, "INVALID_CREDENTIALS")
    wrong = {"email": nina.email, "password": "wrong", "code": nina.code()}
    other = (await desk("POST", "/auth/login", who=None, json=wrong)).json()
    assert other["error_code"] == "INVALID_CREDENTIALS"


async def test_the_form_of_the_docs_page_takes_a_code(desk: Api, owner: Owner) -> None:
    nina = await enrolled(desk, owner)
    form = {"username": nina.email, "password": PASSWORD, "client_secret": nina.code(), "client_id": ""}
    answer = await desk("POST", "/auth/login", who=None, data=form)
    assert answer.json()["access_token"]


async def test_it_goes_away_with_both_factors(desk: Api, owner: Owner) -> None:
    nina = await enrolled(desk, owner)
    for wrong in ({"password": "a guess", "code": nina.code()}, {"password": PASSWORD, "code": "000000"}):
        await nina.does("DELETE", "/auth/mfa", wrong, 422)
    await nina.does("DELETE", "/auth/mfa", {"password": PASSWORD}, 422)
    good = {"password": PASSWORD, "code": nina.codes[3]}
    assert await nina.does("DELETE", "/auth/mfa", good) == {"mfa_enabled": False}
    await nina.does("DELETE", "/auth/mfa", good, 409)
    await nina.enter()
    assert await owner.fetchval("SELECT count(*) FROM recovery_codes WHERE user_id = $1", nina.id) == 0
    assert (await audited(owner, nina.id))[-1]["action"] == "user.mfa_removed"


async def test_without_a_key_nothing_is_sealed_or_let_past(
    desk: Api, start: Start, seeded: Seeded, owner: Owner
) -> None:
    nina = await enrolled(desk, owner)
    keyless = at_the_desk(start(seeded))
    for more in ({}, {"code": nina.code()}, {"code": nina.codes[0]}):
        body = {"email": nina.email, "password": PASSWORD, **more}
        answer = await keyless("POST", "/auth/login", who=None, json=body)
        assert (answer.status_code, answer.json()["error_code"]) == (503, "NO_ENCRYPTION_KEY")
    sam = await person(keyless, owner)
    refused = await sam.does("POST", "/auth/mfa/enroll", {"password": PASSWORD}, 503)
    assert "ENCRYPTION_KEY" in refused["detail"]
    keyless.parts.hasher.close()


async def test_no_secret_of_a_person_is_told(
    desk: Api, owner: Owner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passwords, tokens, codes, keys: not in the log, the audit log, the outbox, nor readable in a table."""
    # A logger remembers where it wrote first; other tests of this process may have made it do so.
    monkeypatch.setattr(middleware, "log", structlog.get_logger())
    nina = await enrolled(desk, owner)
    key = (await nina.does("POST", "/auth/api-keys", {"name": "k"}, 201))["key"]
    await nina.login(password="a wrong canary", code=nina.codes[4])
    await nina.does(
        "PUT", "/auth/change-password", {"current_password": "a wrong canary", "new_password": "x"}, 422
    )
    refresh = nina.tokens["refresh_token"]
    for _ in range(2):
        await desk("POST", "/auth/refresh", who=None, json={"refresh_token": refresh})
    secrets = [
        PASSWORD,
        "a wrong canary",
        key,
        nina.secret,
        *nina.codes,
        nina.tokens["access_token"],
        refresh,
    ]
    told: list[Any] = [capsys.readouterr().err]
    for table in ("audit_logs", "outbox", "users", "refresh_tokens", "api_keys", "recovery_codes"):
        told.append(await owner.fetchval(f"SELECT string_agg(t::text, ' ') FROM {table} t"))
    told.append(str(await owner.fetch("SELECT convert_from(body, 'UTF8') FROM outbox")))
    assert all(told)
    assert [secret for secret in secrets if any(secret in text for text in told)] == []
