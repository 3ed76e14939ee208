"""Phase P1 for people: a large Ads Manager export over HTTP, until its figures are summed up.

Compared with COPY of the same rows, once before, between and after the uploads.
"""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import Any

import httpx
import polars as pl

from tests.bench import baselines
from tests.bench.course import Course
from tests.bench.figures import Target
from tests.bench.watching import Account

SMALL, LARGE = 45_000, 450_000
"""Rows; 450,000 are nearly the 50 MB that are taken."""
ADS = SMALL
"""The small upload has each of them once: the large one brings new days of what is known, as P1 says."""
TIMES = 3
MEGABYTE = 1_000_000
CAMPAIGNS, AD_SETS = 20, 400


@dataclass
class Answered:
    """One upload, as the one who sends it sees it. Seconds from the first byte, if nothing else is said."""

    after_last_byte: float = 0
    """Seconds from the last byte to the answer."""
    sent: float = 0
    loaded: float = 0
    progress: set[tuple[int, float | None]] = field(default_factory=set)
    """Batches staged, and their percentage once it is known how many there are, as the events told them."""


class _Body(io.BytesIO):
    """Remembers when its last byte was taken."""

    taken = 0.0

    def read(self, size: int | None = -1, /) -> bytes:
        """Some bytes."""
        found = super().read(size)
        if found:
            self.taken = time.monotonic()
        return found


async def upload(course: Course) -> None:
    """A small upload, then some of 50 MB: seconds to the answer, memory, progress, rows per second."""
    rig = course.rig
    rig.stack.start("facebook")
    await rig.stack.ready()
    account = await course.client("uploads")
    await rig.clear_up()  # a million rows were restated; what the uploads leave is theirs
    async with course.administrator() as api, httpx.AsyncClient(timeout=120) as http:
        http.headers["Authorization"] = api.authorization
        peaks: list[float] = []
        seconds: list[float] = []
        answers: list[Answered] = []
        copies = baselines.Copies(rig.stack.owner_url, facts_of(export(course, LARGE, 1)), rig.snapshot)
        await copies.once_more()
        for block, rows in enumerate((SMALL, *[LARGE] * TIMES)):
            body = export(course, rows, block)
            before = await rig.watch.standing(account)
            async with rig.phase(f"P1 an upload of {len(body) / MEGABYTE:.0f} MB") as phase:
                answers.append(await _send(course, http, account, body))
                await rig.watch.until_summed_up(account, before, 1)
            peaks.append(phase.peaks["facebook"])
            seconds.append(phase.wall)
            await copies.once_more()
        await _check(course, account)
    figures = course.figures
    size = f"an upload of {len(body) / MEGABYTE:.0f} MB"
    copy = LARGE / copies.median.wall
    target = Target(">=", 0.3, 0.4)
    figures.add(
        "P1",
        f"{size}, first byte to rollups, median of {TIMES}",
        LARGE / median(seconds[1:]),
        "rows/s",
        baseline=copy,
        target=target,
    )
    slowest = max(told.after_last_byte for told in answers[1:])
    figures.add("P1", f"{size}: last byte to the answer", slowest, "s", target=Target("<=", 2))
    told = min(len(told.progress) for told in answers[1:])
    figures.add("P1", f"{size}: how often progress was told", told, "", target=Target(">=", 3))
    what = f"{size}: peak memory of the service, against a tenth of it"
    figures.add("P5", what, max(peaks), "MB", baseline=peaks[0], target=Target("<=", 1.3))


def export(course: Course, rows: int, block: int) -> bytes:
    """An export of so many rows: days of ADS ads each, in the documented columns."""
    first = course.today - timedelta(days=60 + 30 * block)
    number = pl.int_range(rows, eager=True)
    ad, day = number % ADS, number // ADS
    return (
        pl.DataFrame({"ad": ad, "day": day})
        .select(
            pl.lit(first).dt.offset_by(pl.format("-{}d", "day")).alias("Date"),
            pl.format("Campaign {} of the season", pl.col("ad") % CAMPAIGNS).alias("Campaign Name"),
            pl.format("Ad set {} with interests", pl.col("ad") % AD_SETS).alias("Ad Set Name"),
            pl.format("Ad {}, video 15 s, vertical", "ad").alias("Ad Name"),
            (pl.col("ad") * 7919 % 5_000).alias("Impressions"),
            (pl.col("ad") % 50).alias("Clicks"),
            (pl.col("ad") % 3).alias("Conversions"),
            (pl.col("ad") % 3 * 12.5).alias("Revenue"),
        )
        .write_csv()
        .encode()
    )


def facts_of(body: bytes) -> pl.DataFrame:
    """The rows of an export as they come to stand in daily_metrics, in the order of its key."""
    rows = pl.read_csv(body, try_parse_dates=True).rename({"Revenue": "Conversion Revenue"})
    return baselines.facts_of(
        rows.with_columns(pl.col("Ad Name").str.extract(r"^(Ad \d+)").alias("Creative"))
    )


async def _send(course: Course, http: httpx.AsyncClient, account: Account, body: bytes) -> Answered:
    url = f"{course.rig.stack.url('facebook')}/api/v1/facebook"
    told, began, file = Answered(), time.monotonic(), _Body(body)
    answer = await http.post(
        f"{url}/upload", data={"client_id": str(account.public_id)}, files={"file": ("export.csv", file)}
    )
    told.after_last_byte, told.sent = time.monotonic() - file.taken, file.taken - began
    if answer.status_code != httpx.codes.ACCEPTED:
        raise AssertionError(f"the upload answered {answer.status_code}: {answer.text}")
    upload_id = answer.json()["upload_id"]
    async with http.stream("GET", f"{url}/uploads/{upload_id}/events") as events:
        async for line in events.aiter_lines():
            if line.startswith("data: "):
                said: dict[str, Any] = json.loads(line.removeprefix("data: "))
                told.progress.add((said["progress"]["batches_staged"], said["progress"]["percent"]))
                assert said["status"] != "failed", f"the upload failed: {said}"
    told.loaded = time.monotonic() - began
    return told


async def _check(course: Course, account: Account) -> None:
    found = await course.rig.owner.fetchval(
        "SELECT sum(rows) FROM rollup_blocks WHERE client_id = $1 AND period = 'day'", account.id
    )
    sent = SMALL + TIMES * LARGE
    assert found == sent, f"{found} rows stand, {sent} were uploaded"
