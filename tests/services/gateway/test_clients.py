"""Clients, their CPMs and sources: what may be written, what it does, what is kept of it."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from secrets import token_hex
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from libs.auth import Sealer
from libs.metrics.measures import LARGEST_DAY
from services.gateway.rules import rates
from services.gateway.rules.rates import DaySums, Rate
from tests.services.gateway.conftest import Api, Seeded, Start
from tests.services.gateway.traces import Owner, audited, messages_about, outbox
from tests.services.gateway.world import FIRST, TODAY, Client, Fact


async def test_a_client_is_added_and_found(api: Api, owner: Owner) -> None:
    name = f"Ünïcode & <b>Co</b> {uuid4().hex[:6]}"
    body = {"name": f"  {name} ", "currency": "EUR", "timezone": "Europe/Madrid"}
    made = await api.send("POST", "/clients", 201, json=body)
    assert (made["name"], made["status"], made["currency"], made["cpm"]) == (name, "active", "EUR", None)
    assert await api.get(f"/clients/{made['id']}") == made
    assert (await api.get("/clients", name=name[:12].upper()))["data"] == [made]
    (line,) = await audited(owner, made["id"])
    assert (line["action"], line["user_id"]) == ("client.added", api.world.users["admin"])
    assert json.loads(line["new_values"])["name"] == name
    again = await api.send("POST", "/clients", 409, json={"name": name.upper()})
    assert again["error_code"] == "CONFLICT"


async def test_two_clients_of_one_name_at_once_are_one(api: Api) -> None:
    body = {"name": f"Twice {uuid4().hex[:6]}"}
    answers = await asyncio.gather(*(api("POST", "/clients", json=body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_a_client_of_nobody_cannot_be_added(api: Api) -> None:
    body = {"name": f"Orphan {uuid4().hex[:6]}", "user_id": str(uuid4())}
    assert "user_id" in (await api.send("POST", "/clients", 422, json=body))["field_errors"]


async def test_lists_of_clients_page_and_sort(api: Api) -> None:
    names = [row["name"].lower() for row in (await api.get("/clients", page_size=500))["data"]]
    assert names == sorted(names)
    down = await api.get("/clients", page_size=500, order="desc")
    assert [row["name"].lower() for row in down["data"]] == names[::-1]
    first, second = [await api.get("/clients", page_size=2, page=page) for page in (1, 2)]
    assert [row["name"].lower() for row in first["data"] + second["data"]] == names[:4]
    gone = await api.get("/clients", status="disabled", page_size=500)
    disabled = {row["name"].lower() for row in gone["data"]}
    active = {
        row["name"].lower() for row in (await api.get("/clients", status="active", page_size=500))["data"]
    }
    assert "gone" in disabled
    assert disabled | active == set(names)
    assert not disabled & active


# --- CPMs


@pytest.mark.parametrize(
    "cpm", [0, -1, 5.00001, 1_000_000, "NaN", "Infinity", True, None, "five", [], 1e-9, "1e30"]
)
async def test_a_cpm_that_is_none_is_refused(api: Api, cpm: object) -> None:
    path = f"/clients/{api.world.north.public_id}/cpm"
    body = await api.send("POST", path, 422, json={"cpm": cpm})
    assert list(body["field_errors"]) == ["cpm"]


@pytest.mark.parametrize(
    "more",
    [
        {"currency": "EUR"},
        {"source": "tiktok"},
        {"effective_date": "2026-02-30"},
        {"id": 1},
        {"client_id": "x"},
    ],
)
async def test_what_does_not_fit_a_rate_is_refused(api: Api, more: dict[str, Any]) -> None:
    await api.send("POST", f"/clients/{api.world.north.public_id}/cpm", 422, json={"cpm": 5, **more})


async def test_a_rate_is_set_announced_and_audited(api: Api, guest: Client, owner: Owner) -> None:
    path = f"/clients/{guest.public_id}/cpm"
    day = FIRST + timedelta(days=40)
    body = {"cpm": 6.1234, "source": "vibe", "effective_date": str(day)}
    made = await api.send("POST", path, 202, json=body)
    assert (made["cpm"], made["source"], made["replaced"]) == (Decimal("6.1234"), "vibe", False)
    wanted = {"client_id": str(guest.public_id), "source": "vibe", "start_date": str(day)}
    assert await outbox(owner, made) == [("rate.changed", wanted)]
    again = await api.send("POST", path, 202, json={**body, "cpm": "7.5"})
    assert (again["id"], again["replaced"]) == (made["id"], True)
    history = await api.get(f"{path}/history", who=guest.name)
    assert [(row["source"], row["cpm"]) for row in history["data"]] == [
        ("vibe", Decimal("7.5000")),
        ("surfside", Decimal("5.2500")),
        (None, Decimal("7.3333")),
    ]
    lines = await audited(owner, made["id"])
    assert [line["action"] for line in lines] == ["rate.set", "rate.set"]
    assert json.loads(lines[1]["old_values"])["cpm"] == 6.1234
    in_force = await api.get(path, who=guest.name)
    assert in_force["general"]["cpm"] == Decimal("7.3333")
    assert in_force["sources"]["vibe"]["cpm"] == Decimal("7.5000")


async def test_the_rates_in_force_of_sources_are_shown(api: Api, guest: Client, owner: Owner) -> None:
    """A client may have none but these."""
    await owner.execute("DELETE FROM client_settings WHERE client_id = $1 AND source IS NULL", guest.id)
    rate = {"cpm": "9.5", "source": "vibe", "effective_date": str(TODAY + timedelta(days=9))}
    await api.send("POST", f"/clients/{guest.public_id}/cpm", 202, json=rate)
    alone = await api.get(f"/clients/{guest.public_id}", who=guest.name)
    (listed,) = (await api.get("/clients/active", who=guest.name))["data"]
    assert alone == listed
    assert alone["cpm"] is None
    assert list(alone["cpm_by_source"]) == ["surfside"]  # vibe's is not in force yet
    assert alone["cpm_by_source"]["surfside"]["cpm"] == Decimal("5.2500")


async def test_a_rate_of_the_future_is_not_in_force_yet(api: Api, guest: Client) -> None:
    path = f"/clients/{guest.public_id}/cpm"
    body = {"cpm": 9, "effective_date": str(TODAY + timedelta(days=3))}
    made = await api.send("POST", path, 202, json=body)
    assert made["effect"]["days"] == 0
    assert (await api.get(path))["general"]["cpm"] == Decimal("7.3333")
    assert (await api.get(f"/clients/{guest.public_id}"))["cpm"]["cpm"] == Decimal("7.3333")


def spend(facts: list[Fact], cpm_of: Any) -> Fraction:
    return sum(
        (Fraction(fact.impressions) * Fraction(cpm_of(fact) or 0) / 1000 for fact in facts), Fraction(0)
    )


async def test_a_preview_says_what_would_change_and_changes_nothing(
    api: Api, guest: Client, owner: Owner
) -> None:
    """A general rate over everything: only sources without their own rate, and the unpriced days, change."""
    path = f"/clients/{guest.public_id}/cpm"
    before = await api.get(f"{path}/history")
    body = {"cpm": 2.5, "effective_date": str(FIRST)}
    answer = await api.send("POST", f"{path}?preview=true", 200, json=body)
    changed = [fact for fact in guest.facts if fact.cpm is None]
    assert answer["rows"] == len(changed)
    assert answer["days"] == 10
    assert (answer["first_day"], answer["last_day"]) == (str(FIRST), str(FIRST + timedelta(days=9)))
    assert Fraction(answer["spend_before"]) == 0
    assert Fraction(answer["spend_after"]) == spend(changed, lambda _: Decimal("2.5"))
    assert await api.get(f"{path}/history") == before
    assert await messages_about(owner, guest.public_id) == 0


async def test_the_answer_to_a_rate_tells_its_effect(api: Api, guest: Client) -> None:
    path = f"/clients/{guest.public_id}/cpm"
    day = FIRST + timedelta(days=30)
    body = {"cpm": 10, "source": "surfside", "effective_date": str(day)}
    made = await api.send("POST", path, 202, json=body)
    changed = [fact for fact in guest.facts if fact.source == "surfside" and fact.day >= day]
    assert Fraction(made["effect"]["spend_before"]) == spend(changed, lambda fact: fact.cpm)
    assert Fraction(made["effect"]["spend_after"]) == spend(changed, lambda _: Decimal(10))
    assert made["effect"]["spend_change"] == made["effect"]["spend_after"] - made["effect"]["spend_before"]


async def test_a_rate_is_deleted(api: Api, guest: Client, owner: Owner) -> None:
    path = f"/clients/{guest.public_id}/cpm"
    history = (await api.get(f"{path}/history"))["data"]
    surfside = next(row for row in history if row["source"] == "surfside")
    preview = await api.send("DELETE", f"{path}/{surfside['id']}?preview=true", 200)
    assert len((await api.get(f"{path}/history"))["data"]) == 2
    gone = await api.send("DELETE", f"{path}/{surfside['id']}", 202)
    changed = [fact for fact in guest.facts if fact.source == "surfside" and fact.cpm is not None]
    assert Fraction(gone["effect"]["spend_after"]) == spend(changed, lambda _: Decimal("7.3333"))
    assert {name: preview[name] for name in gone["effect"]} == gone["effect"]
    (sent,) = await outbox(owner, gone)
    assert sent[1]["start_date"] == str(FIRST + timedelta(days=10))
    await api.send("DELETE", f"{path}/{surfside['id']}", 404)
    (line,) = await audited(owner, surfside["id"])
    assert line["action"] == "rate.deleted"
    assert json.loads(line["old_values"])["cpm"] == 5.25


async def test_a_cpm_whose_spend_cannot_be_right_is_refused_with_the_highest_that_can(
    api: Api, guest: Client, owner: Owner
) -> None:
    day, impressions = FIRST + timedelta(days=50), 10**12
    await owner.execute(
        "UPDATE rollups SET impressions = $3 WHERE client_id = $1 AND source = 'surfside' AND date = $2",
        guest.id,
        day,
        impressions,
    )
    path = f"/clients/{guest.public_id}/cpm"
    rate = {"source": "surfside", "effective_date": str(day)}
    highest = Decimal(LARGEST_DAY // impressions).scaleb(-4)
    for asked in (path, f"{path}?preview=true", f"/clients/{guest.public_id}/settings"):
        body = {**rate, "cpm": str(highest + Decimal("0.0001"))}
        (said,) = (await api.send("POST", asked, 422, json=body))["field_errors"]["cpm"]
        assert f"surfside had 1,000,000,000,000 impressions on {day}" in said
        assert f"the highest CPM that can be right is {highest}" in said
    assert await messages_about(owner, guest.public_id) == 0
    low = await api.send("POST", path, 202, json={**rate, "cpm": str(highest)})
    assert low["cpm"] == highest
    gone = await api.send("DELETE", f"{path}/{low['id']}", 422)  # 5.25 would be in force again
    assert "5.25" in gone["detail"]
    later = {"source": "surfside", "effective_date": str(day + timedelta(days=1)), "cpm": 900_000}
    await api.send("POST", path, 202, json=later)


async def test_the_same_key_sets_a_rate_once(api: Api, guest: Client, owner: Owner) -> None:
    path = f"/clients/{guest.public_id}/cpm"
    key = {"Idempotency-Key": uuid4().hex}
    body = {"cpm": 4.2, "effective_date": str(FIRST + timedelta(days=20))}
    first = await api("POST", path, json=body, headers=key)
    again = await api("POST", path, json=body, headers=key)
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(await outbox(owner, first.json())) == 1
    other = await api("POST", path, json={**body, "cpm": 4.3}, headers=key)
    assert other.json()["error_code"] == "IDEMPOTENCY_KEY_REUSED"
    stranger = await api("POST", path, json=body, headers=key, who="nina")
    assert stranger.status_code == 403


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 12))
CPMS = st.decimals("0.0001", "99.9999", places=4)
SOURCE = st.sampled_from([None, "surfside", "vibe"])


@given(
    st.dictionaries(st.tuples(SOURCE, DAYS), CPMS, max_size=8),
    st.tuples(SOURCE, DAYS, CPMS),
    st.lists(st.tuples(st.sampled_from(["surfside", "vibe"]), DAYS, st.integers(0, 10**6)), max_size=12),
)
def test_the_effect_of_a_rate_is_that_of_pricing_each_day_anew(
    known: dict[tuple[str | None, date], Decimal],
    new: tuple[str | None, date, Decimal],
    delivered: list[tuple[str, date, int]],
) -> None:
    """Against a model that prices each day by looking for the latest rate by hand."""

    def price(table: dict[tuple[str | None, date], Decimal], source: str, day: date) -> Decimal | None:
        for kind in (source, None):
            days = [start for of, start in table if of == kind and start <= day]
            if days:
                return table[kind, max(days)]
        return None

    after = {**known, (new[0], new[1]): new[2]}
    rows = [
        DaySums(source, day, 1, impressions, int(impressions * (price(known, source, day) or 0) * 10_000))
        for source, day, impressions in delivered
    ]
    before_rates = [Rate(source, day, cpm) for (source, day), cpm in known.items()]
    found = rates.effect(before_rates, rates.with_rate(before_rates, Rate(*new)), rows)
    changed = [r for r in rows if price(known, r.source, r.day) != price(after, r.source, r.day)]
    assert found["rows"] == len(changed)
    assert found["spend_after"] == sum(
        ((r.impressions or 0) * (price(after, r.source, r.day) or Decimal(0)) / 1000 for r in changed),
        Decimal(0),
    )


# --- sources


async def test_a_source_is_described_and_changed(api: Api, guest: Client, owner: Owner) -> None:
    path = f"/clients/{guest.public_id}/sources/surfside"
    body = {
        "enabled": True,
        "bucket": "reports",
        "prefix": "surfside",
        "file_pattern": f"{guest.name}-{{date}}*.csv",
        "due_by": "13:30",
        "column_map": {"clicks": "Taps", "conversions": ["Sales", "Orders"], "media_cost": None},
        "settling_days": 5,
        "max_bad_share": 0.25,
    }
    after = await api.send("PUT", path, 200, json=body)
    assert (after["due_by"], after["max_bad_share"], after["parts"]) == (
        "13:30:00",
        Decimal("0.250"),
        "latest",
    )
    assert await api.get(path) == after
    await api.send("PUT", path, 200, json={"enabled": False})
    assert (await api.get(path))["bucket"] is None
    lines = await audited(owner, f"{guest.public_id}/surfside")
    assert [json.loads(line["new_values"])["enabled"] for line in lines] == [True, False]


@pytest.mark.parametrize(
    "wrong",
    [
        {"file_pattern": "report-{day}.csv"},
        {"file_pattern": "report-{date.csv"},
        {"prefix": "../other"},
        {"prefix": "/root"},
        {"bucket": "Not A Bucket"},
        {"settling_days": -1},
        {"max_bad_share": 1.5},
        {"due_by": "25:00"},
        {"timezone": "Mars/Olympus"},
        {"vibe_credentials": {"advertiser_id": "1", "api_key": "k"}},
        {"enabled": "maybe"},
    ],
)
async def test_settings_that_no_connector_could_follow_are_refused(
    api: Api, guest: Client, wrong: dict[str, Any]
) -> None:
    path = f"/clients/{guest.public_id}/sources/surfside"
    before = await api.get(path)
    answer = await api("PUT", path, json={"enabled": True, **wrong})
    assert answer.status_code == 422
    assert await api.get(path) == before


async def test_the_longest_names_of_objects_are_taken_and_no_longer_ones(api: Api, guest: Client) -> None:
    """Random, as an index compresses what repeats itself."""
    path = f"/clients/{guest.public_id}/sources/surfside"
    prefix, pattern = (token_hex(512) for _ in range(2))
    body = {"enabled": True, "bucket": f"b{uuid4().hex[:8]}", "prefix": prefix, "file_pattern": pattern}
    shown = await api.send("PUT", path, 200, json=body)
    assert (shown["prefix"], shown["file_pattern"]) == (prefix, pattern)
    for name in ("prefix", "file_pattern"):
        for more in (f"{body[name]}a", "é" * 513, token_hex(1000)):
            refused = await api.send("PUT", path, 422, json={**body, name: more})
            assert list(refused["field_errors"]) == [name]
    both = {**body, "prefix": token_hex(1000), "file_pattern": token_hex(1000)}
    await api.send("PUT", path, 422, json=both)
    await api.send("PUT", path, 200, json={"enabled": False})


async def test_two_clients_cannot_read_the_same_files(api: Api, guest: Client) -> None:
    body = {"enabled": True, "bucket": f"b{uuid4().hex[:8]}", "file_pattern": "media-report-{date}.csv"}
    await api.send("PUT", f"/clients/{api.world.south.public_id}/sources/surfside", 200, json=body)
    refused = await api.send("PUT", f"/clients/{guest.public_id}/sources/surfside", 409, json=body)
    assert "same files" in refused["detail"]
    apart = {**body, "file_pattern": "{client}/{date}.csv"}
    await api.send("PUT", f"/clients/{guest.public_id}/sources/surfside", 200, json=apart)
    await api.send(
        "PUT", f"/clients/{api.world.south.public_id}/sources/surfside", 200, json={"enabled": True}
    )


async def test_credentials_are_sealed_and_never_shown(
    start: Start, seeded: Seeded, guest: Client, owner: Owner
) -> None:
    key = Fernet.generate_key().decode()
    api = start(seeded, encryption_key=key)
    path = f"/clients/{guest.public_id}/sources/vibe"
    secret = "canary-credential-1"
    body = {"enabled": True, "vibe_credentials": {"advertiser_id": guest.name, "api_key": secret}}
    answer = await api("PUT", path, json=body)
    assert answer.status_code == 200
    shown = answer.json()["vibe_credentials"]
    assert (shown["has_api_key"], shown["advertiser_id"]) == (True, guest.name)
    stored = await owner.fetchval("SELECT api_key FROM vibe_credentials WHERE client_id = $1", guest.id)
    assert Sealer(key).open(stored) == secret
    everywhere = (
        answer.text + (await api("GET", path)).text + str(await audited(owner, f"{guest.public_id}/vibe"))
    )
    assert secret not in everywhere
    await api.send("PUT", path, 200, json={"enabled": True})
    assert (
        await owner.fetchval("SELECT api_key FROM vibe_credentials WHERE client_id = $1", guest.id) == stored
    )
    both = {"advertiser_id": guest.name, "api_key": "a", "oauth_id": "b", "oauth_secret": "c"}
    await api.send("PUT", path, 422, json={"vibe_credentials": both})
    await api.send("PUT", path, 422, json={"vibe_credentials": {"advertiser_id": guest.name}})


async def test_credentials_without_an_encryption_key_are_refused(api: Api, guest: Client) -> None:
    body = {"vibe_credentials": {"advertiser_id": guest.name, "api_key": "k"}}
    answer = await api("PUT", f"/clients/{guest.public_id}/sources/vibe", json=body)
    assert (answer.status_code, answer.json()["error_code"]) == (503, "NO_ENCRYPTION_KEY")
    assert answer.headers["Retry-After"]
