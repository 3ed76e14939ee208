"""Golden samples are read for ever: what was once sent, or typed, is understood as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.envelope import Command, Message
from contracts.ingest.v1 import MetricsBatch
from contracts.topology import MESSAGES
from libs.bus.decode import decode, encode

FOLDER = Path(__file__).parents[2] / "contracts" / "samples"
SAMPLES = sorted(FOLDER.rglob("*.json"))


def model_of(path: Path) -> type[Message]:
    """By the longest routing key that the file's name begins with."""
    return MESSAGES[max((key for key in MESSAGES if path.stem.startswith(key)), key=len)]


def test_every_message_has_a_sample() -> None:
    stems = {path.stem for path in SAMPLES}
    assert set(MESSAGES) <= stems


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_read_and_written_again(path: Path) -> None:
    model = model_of(path)
    message = decode(path.read_bytes(), model)
    again = decode(encode(message), model)
    assert again == message
    given = json.loads(path.read_bytes())
    written = json.loads(encode(message))
    for name, value in given.items():
        if name != "delivered_at":
            assert _holds(written.get(name), value), name


def _holds(written: Any, given: Any) -> bool:
    """Everything that was given is in what is written; defaults may be there besides."""
    if isinstance(given, dict):
        return all(_holds((written or {}).get(name), value) for name, value in given.items())
    return bool(written == given)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_commands_refuse_unknown_fields_and_events_ignore_them(path: Path) -> None:
    model = model_of(path)
    content = {**json.loads(path.read_bytes()), "client": 5}
    if issubclass(model, Command):
        with pytest.raises(ValidationError, match="client"):
            model.model_validate(content)
    else:
        assert model.model_validate(content) == decode(path.read_bytes(), model)


BATCH = json.loads((FOLDER / "v1" / "metrics.batch.surfside.last.json").read_bytes())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"row_count": 3}, "row_count is 3"),
        ({"row_count": 10_001}, "10000"),
        ({"row_count": -1}, "greater than or equal"),
        ({"last": False}, "`last: true` and `end`"),
        ({"end": None}, "`last: true` and `end`"),
        ({"sequence": 2}, "does not fit batch_count"),
        ({"sequence": -1}, "greater than or equal"),
        ({"schema": 2}, "1"),
        ({"source": "Surfside"}, "surfside"),
        ({"client_id": "5"}, "UUID"),
        ({"names": ["x" * 256]}, "255"),
        ({"names": [""]}, "at least 1"),
        ({"digest": "abc"}, "pattern"),
        ({"delivered_at": "2026-10-02T07:41:09"}, "timezone"),
        ({"columns": {"date": ["2026-10-01", "2026-10-01"]}}, "columns must have"),
    ],
)
def test_a_batch_that_does_not_hold_together_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        MetricsBatch.model_validate({**BATCH, **change})
