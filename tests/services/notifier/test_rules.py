"""What messages say to people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from contracts.load.v1 import RunFailed, RunLoaded
from contracts.notify.v1 import AlertRaised, FileMissing
from contracts.summarise.v1 import SummariesUpdated
from services.notifier import rules

CLIENT, RUN, OTHER_RUN = UUID(int=1), UUID(int=2), UUID(int=3)
DAY = date(2026, 10, 1)


def failure(run: UUID = RUN, day: date | None = DAY) -> RunFailed:
    return RunFailed(
        client_id=CLIENT, run_id=run, source="vibe", run_date=day, error_code="BAD_FILE", error="no header"
    )


def test_a_failed_run_names_client_source_day_and_error() -> None:
    note = rules.failed(failure(), "Acme")
    assert (note.kind, note.severity) == ("run.failed", "error")
    assert note.message == "Acme: vibe of 2026-10-01 was not loaded: no header"
    assert note.details["error_code"] == "BAD_FILE"


def test_failures_of_a_day_are_one_matter_those_without_a_day_are_not() -> None:
    def key(run: UUID, day: date | None) -> str:
        return rules.failed(failure(run, day), "Acme").dedupe_key

    assert key(RUN, DAY) == key(OTHER_RUN, DAY)
    assert key(RUN, None) != key(OTHER_RUN, None)
    assert rules.failed(failure(RUN, None), "Acme").message == "Acme: vibe was not loaded: no header"


def test_a_missing_file_names_where_it_was_expected() -> None:
    event = FileMissing(
        client_id=CLIENT,
        run_id=RUN,
        source="surfside",
        run_date=DAY,
        bucket="reports",
        expected="a/b-{date}.csv",
    )
    note = rules.missing(event, "Acme")
    assert note.severity == "warning"
    assert note.message == "Acme: no surfside file of 2026-10-01; expected s3://reports/a/b-{date}.csv"
    assert rules.missing(event.model_copy(update={"bucket": ""}), "Acme").message.endswith(
        "expected a/b-{date}.csv"
    )


def test_an_alert_stays_as_it_is() -> None:
    event = AlertRaised(
        kind="run.held", message="look", dedupe_key="held:1", client_id=CLIENT, details={"a": 1}
    )
    note = rules.alert(event, "correlation")
    assert (note.kind, note.severity, note.message, note.dedupe_key) == (
        "run.held",
        "warning",
        "look",
        "held:1",
    )
    assert note.occurrence == "correlation"
    assert rules.alert(event.model_copy(update={"run_id": RUN}), "correlation").occurrence == str(RUN)


def test_only_a_delivery_that_stands_settles() -> None:
    event = RunLoaded(client_id=CLIENT, run_id=RUN, source="vibe", status="loaded")
    settling = [
        status
        for status in ("loaded", "partial", "unchanged", "superseded", "undone", "deleted")
        if rules.settles(event.model_copy(update={"status": status}))
    ]
    assert settling == ["loaded", "partial", "unchanged", "superseded"]


def test_how_new_the_numbers_are() -> None:
    event = SummariesUpdated(client_id=CLIENT, data_version=7, dates=[DAY, date(2026, 9, 30)])
    note = rules.updated(event, "Acme")
    assert note.message == "Acme: numbers are up to date, last changed 2026-09-30 to 2026-10-01"
    assert note.details["data_version"] == 7
    assert "no day" in rules.updated(event.model_copy(update={"dates": []}), "Acme").message


def test_a_digest_is_one_line() -> None:
    note = rules.digest(DAY, "x", "2 missing days")
    assert (note.message, note.severity) == ("Digest of 2026-10-01: 2 missing days", "info")
    assert not rules.is_mailed(note)
