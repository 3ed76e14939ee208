"""Decisions, without a server."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.connector.account import RunRefused
from libs.errors import Terminal
from services.connectors.vibe.client.answers import retry_after, shown
from services.connectors.vibe.rules.credentials import Defaults, Key, Stored
from services.connectors.vibe.rules.files import check_whole
from services.connectors.vibe.rules.limits import Call, Limit, growing, hop, wait_for
from services.connectors.vibe.rules.profiles import create_body, limits_of, look_of, pause_after
from services.connectors.vibe.rules.windows import REACH_DAYS, usual_window, windows_of

NOW = datetime(2025, 11, 6, 12, tzinfo=UTC)
TODAY = NOW.date()
RUNGS = (10, 30, 60, 600, 3600)


@given(st.lists(st.floats(0, 7200), max_size=200), st.integers(1, 20))
def test_who_waits_as_told_never_passes_a_limit(arrivals: list[float], count: int) -> None:
    """Requests come whenever they like and go out when their wait is over: no window holds more."""
    limit = Limit(count, 3600)
    calls: list[Call] = []
    for arrival in sorted(arrivals):
        at = max([NOW + timedelta(seconds=arrival), *(call.at for call in calls[-1:])])
        at += timedelta(seconds=wait_for([limit], calls, "create", at) + 1e-6)
        assert wait_for([limit], calls, "create", at) == 0
        calls.append(Call(at, "create"))
    for number, call in enumerate(calls[count:]):
        assert call.at - calls[number].at > timedelta(seconds=3600)


def test_a_wait_is_no_longer_than_needed() -> None:
    calls = [Call(NOW - timedelta(seconds=seconds), "create") for seconds in (3000, 2000, 1000)]
    assert 600 < wait_for([Limit(3, 3600)], calls, "create", NOW) < 610
    assert wait_for([Limit(4, 3600)], calls, "create", NOW) == 0


def test_looks_do_not_count_for_legacy_and_do_for_std() -> None:
    calls = [Call(NOW, "poll")] * 15
    assert wait_for(limits_of("legacy", 15), calls, "create", NOW) == 0
    assert wait_for(limits_of("std", 15), calls, "create", NOW) > 3600
    assert wait_for(limits_of("public", 15), calls[:1], "token", NOW) > 1


@given(st.floats(0, 100_000))
def test_a_hop_never_overshoots_by_more_than_the_first_rung(seconds: float) -> None:
    delay = hop(seconds, RUNGS)
    assert delay in RUNGS
    assert delay <= seconds + 10


@pytest.mark.parametrize(
    ("seconds", "hops"),
    [(3595, [3600]), (700, [600, 60, 30, 10]), (240, [60, 60, 60, 60]), (25, [30]), (0, [10])],
)
def test_a_wait_takes_the_longest_hops(seconds: float, hops: list[int]) -> None:
    taken: list[int] = []
    while seconds > 0 or not taken:
        taken.append(hop(seconds, RUNGS))
        seconds -= taken[-1]
    assert taken == hops


def test_pauses_grow_up_to_a_limit() -> None:
    assert [growing(number) for number in (1, 2, 3, 6, 100)] == [30, 60, 120, 600, 600]


def test_std_spreads_its_looks_over_the_hour() -> None:
    assert pause_after("std", 0, 30, 15) == 30
    assert pause_after("std", 1, 30, 15) == 240
    assert pause_after("public", 9, 30, 15) == 30


@pytest.mark.parametrize(
    ("word", "state"),
    [
        *((word, "working") for word in ("CREATED", "Processing", "created", "queued", "")),
        *((word, "ready") for word in ("READY", "done", "DONE")),
        *((word, "failed") for word in ("FAILED", "error", "Failed")),
    ],
)
def test_states_in_both_vocabularies_and_any_case(word: str, state: str) -> None:
    assert look_of({"status": word}).state == state


def test_the_end_is_exclusive_for_legacy_alone() -> None:
    day = date(2025, 10, 31)
    assert create_body("legacy", "a", day, day)["end_date"] == "2025-11-01"
    assert create_body("public", "a", day, day)["end_date"] == "2025-10-31"
    assert create_body("std", "a", day, day)["endDate"] == "2025-10-31"


@given(st.integers(0, REACH_DAYS), st.integers(0, REACH_DAYS))
def test_windows_cover_a_range_exactly(first: int, last: int) -> None:
    start, end = TODAY - timedelta(days=max(first, last)), TODAY - timedelta(days=min(first, last))
    windows = windows_of(start, end, TODAY)
    days = [day for window in windows for day in window.days]
    assert days == [start + timedelta(days=n) for n in range((end - start).days + 1)]
    assert max(len(window.days) for window in windows) <= REACH_DAYS


@pytest.mark.parametrize("back", [(46, 40), (3, -1)])
def test_days_out_of_reach_are_refused(back: tuple[int, int]) -> None:
    start, end = (TODAY - timedelta(days=days) for days in back)
    with pytest.raises(Terminal):
        windows_of(start, end, TODAY)


def test_the_usual_window_is_two_days() -> None:
    assert usual_window(TODAY, None).days == [TODAY - timedelta(days=1), TODAY]
    assert len(usual_window(TODAY, 7).days) == 7
    assert len(usual_window(TODAY, 0).days) == 1
    assert len(usual_window(TODAY, 400).days) == 45


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "1.5"}, 1.5),
        ({"x-rate-limit-retry-after": "17"}, 17),
        ({"Retry-After": "Thu, 06 Nov 2025 12:01:00 GMT"}, 60),
        ({"Retry-After": "99999999"}, 7200),
        *(({"Retry-After": text}, None) for text in ("", "soon", "-5", "nan", "inf")),
        ({"Retry-After": "Thu, 06 Nov 2025 11:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(httpx.Headers(headers), NOW) == seconds


def test_the_hours_limit_is_not_when_a_broken_server_is_back() -> None:
    headers = httpx.Headers({"x-rate-limit-retry-after": "3000"})
    assert retry_after(headers, NOW, ("retry-after",)) is None


def test_what_a_server_echoes_is_shown_without_secrets_and_in_one_line() -> None:
    said = shown(b"bad key s3cret\r\n\x1b[31mINFO all is well" + b"x" * 5000, ("s3cret", ""))
    assert "s3cret" not in said
    assert "[secret]" in said
    assert "\n" not in said
    assert "\x1b" not in said
    assert len(said) < 250


def test_a_key_is_shown_without_its_secret() -> None:
    key = Key("std", secret="s3cret")
    texts = (
        f"{key!r} {key.shown} {key.digest} {Stored('a', api_key='s3cret')!r} {Defaults(api_key='s3cret')!r}"
    )
    assert "s3cret" not in texts
    assert key.digest == Key("legacy", secret="s3cret").digest  # one key, one account


HEADER = b"impression_date,campaign_name,spend\n"


@pytest.mark.parametrize(
    "body",
    [
        HEADER + b"2025-11-04,A,1.5\n",
        HEADER + b"2025-11-04,A,1.5",
        HEADER + b'2025-11-04,"A, B",1.5',
        HEADER,
        b"",
        b"one line",
    ],
)
def test_a_whole_file_passes(body: bytes) -> None:
    check_whole(body, body)


@pytest.mark.parametrize("rest", [b"2025-11-04,A", b"2025", b'2025-11-04,"A, B'])
def test_a_file_that_stops_in_the_middle_of_a_row_is_refused(rest: bytes) -> None:
    with pytest.raises(RunRefused, match="middle of a row"):
        check_whole(HEADER, HEADER + b"2025-11-04,A,1.5\n" + rest)
