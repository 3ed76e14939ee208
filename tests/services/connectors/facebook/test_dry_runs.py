"""A dry run says what loading would change; what is told of cost, and to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest

from deploy.world.facebook_exports import csv_bytes
from tests.services.connectors.facebook.conftest import Facebook
from tests.services.connectors.facebook.test_uploads import BODY, DAYS, MADE


async def test_a_dry_run_says_what_would_change_and_changes_nothing(facebook: Facebook) -> None:
    table = MADE.table()
    clicks = table[1][5]
    table[1][5] += 1
    del table[2]
    new = ["2025-11-03", "Winter", "Everyone", "Snow", 100, 1, 0, "0.00", "1.25"]
    changed = csv_bytes([*table, new])
    async with facebook.started(), facebook.loader():
        first = await facebook.send(BODY, dry_run=True)
        assert (first.status_code, first.json()["would_be"]) == (200, "loaded")
        assert first.json()["new_campaigns"] == ["Autumn 0", "Autumn 1"]
        await facebook.accepted(BODY, wait=30)
        before = await facebook.facts()
        answers = {
            kind: (await facebook.send(changed, who="admin", dry_run=True, on_duplicate=kind)).json()
            for kind in ("reject", "merge", "replace")
        }
        assert await facebook.facts() == before
    assert len(await facebook.records.fetch("SELECT FROM uploaded_files")) == 1
    assert {kind: found["would_be"] for kind, found in answers.items()} == {
        "reject": "refused",
        "merge": "loaded",
        "replace": "loaded",
    }
    found = answers["replace"]
    assert (found["added"], found["changed"]["count"], found["vanishing"]["count"]) == (1, 1, 1)
    assert found["unchanged"] == len(MADE.rows) - 2
    assert found["changed"]["rows"][0]["metrics"] == {"clicks": {"before": clicks, "after": clicks + 1}}
    assert found["vanishing"]["rows"][0]["creative"] == "Video «1» 15s"
    assert found["new_campaigns"] == ["Winter"]
    assert answers["merge"]["vanishing"]["count"] == 0
    sums = MADE.totals
    gone = next(row for row in MADE.rows if row.creative == "Video «1» 15s")
    totals = found["totals"]
    assert totals["before"]["clicks"] == sums.clicks
    assert totals["after"]["clicks"] == sums.clicks - gone.clicks + 2
    assert totals["after"]["media_cost"] == pytest.approx(sums.media_cost_micros / 1e6 + 1.25)
    assert answers["merge"]["totals"]["after"]["rows"] == len(MADE.rows) + 1
    assert [day["date"] for day in found["dates"]] == [str(day) for day in DAYS]
    assert answers["reject"]["duplicates"]["count"] == len(MADE.rows) - 1


async def agree_on_cost(facebook: Facebook) -> None:
    """Acme's user may see from now on what its media cost."""
    await facebook.records.fetch(
        """UPDATE clients SET settings = '{"show_media_cost": true}' WHERE public_id = $1""", facebook.acme
    )


COSTLY = {"media_cost", "media_cost_micros"}


async def test_a_dry_run_tells_nothing_of_cost_unless_it_is_agreed(facebook: Facebook) -> None:
    """Not by a count either: the second row differs in its cost alone."""
    table = MADE.table()
    table[1][5] += 1
    table[1][8] = table[3][8] = "777.77"
    total = [*MADE.total_row[:8], "4242.42"]
    changed = csv_bytes([table[0], total, *table[1:]])

    async def asked(who: str) -> tuple[str, dict[str, Any]]:
        answer = await facebook.send(changed, who=who, dry_run=True, on_duplicate="merge")
        assert answer.status_code == 200, answer.text
        return answer.text, answer.json()

    async with facebook.started(), facebook.loader():
        await facebook.accepted(BODY, wait=30)
        text, found = await asked("nina")
        del found["definitions"]["media_cost"]  # the title of its column
        assert "cost" not in json.dumps(found)
        assert found["changed"]["count"] == 1
        assert list(found["changed"]["rows"][0]["metrics"]) == ["clicks"]
        assert found["control_totals"]["impressions"] == total[4]
        (told,) = [warning for warning in found["warnings"] if warning["code"] == "control_totals"]
        assert "impressions" in told["message"]
        assert "4242" not in text.replace(",", "")
        await agree_on_cost(facebook)
        for who in ("nina", "admin"):
            _, whole = await asked(who)
            assert whole["changed"]["count"] == 2
            assert "media_cost" in whole["changed"]["rows"][0]["metrics"]
            assert whole["control_totals"]["media_cost_micros"] == 4_242_420_000
            assert {"before", "after"} == set(whole["totals"])
            assert whole["totals"]["before"]["media_cost"] == MADE.totals.media_cost_micros / 1e6
            (told,) = [warning for warning in whole["warnings"] if warning["code"] == "control_totals"]
            assert "media_cost_micros" in told["differing"]


async def test_an_upload_tells_nothing_of_cost_unless_it_is_agreed(facebook: Facebook) -> None:
    """Rejected rows may hold it: those of somebody else's file are not shown."""
    table = MADE.table()
    table[2][4] = "many"
    table[2][8] = "1234.56"
    cost_alone = [*MADE.total_row[:4], *([""] * 4), "4242.42"]
    body = csv_bytes([table[0], cost_alone, *table[1:]])

    async def asked(who: str) -> dict[str, Any]:
        found: dict[str, Any] = (await facebook.get(f"/uploads/{upload}", who=who)).json()
        return found

    async with facebook.started(), facebook.loader():
        upload = (await facebook.accepted(body, who="admin", wait=30))["upload_id"]
        hidden, whole = await asked("nina"), await asked("admin")
        assert not COSTLY & set(hidden["control_totals"])
        assert "cost" not in json.dumps(hidden["warnings"])
        assert (hidden["rows_rejected"], hidden["rejected_rows"]) == (1, [])
        assert "uploader" not in hidden
        assert whole["control_totals"]["media_cost_micros"] == 4_242_420_000
        assert any(warning["code"] == "control_totals" for warning in whole["warnings"])
        assert "1234.56" in whole["rejected_rows"][0]["raw"]
        await agree_on_cost(facebook)
        assert await asked("nina") == whole


async def test_who_uploaded_a_file_sees_its_rejected_rows(facebook: Facebook) -> None:
    table = MADE.table()
    table[2][4] = "many"
    async with facebook.started(), facebook.loader():
        upload = await facebook.accepted(csv_bytes(table), wait=30)
        found = (await facebook.get(f"/uploads/{upload['upload_id']}")).json()
    assert "many" in found["rejected_rows"][0]["raw"]
