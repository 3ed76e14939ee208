"""One run of schemathesis over the whole document, against an application in this process."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.python.asgi import shutdown_lifespans

from tests.services.gateway.connector import an_export

CONFIG = Path(__file__).with_name("schemathesis.toml")
FEW = 5
"""Up to here neither the limits of each value nor chains of requests are tried."""
LAST = [
    "delete_auth_sessions_session_id",
    "delete_clients_client_id",
    "patch_users_user_id",
    "post_auth_logout",
    "post_auth_reset_password_user_id",
    "post_clients_client_id_toggle",
    "put_admin_clients_client_id_toggle_status",
]
"""What ends the session that asks, or takes clients and users away that all others are about."""


@dataclass
class Outcome:
    """What was sent, and what was wrong about the answers."""

    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)
    """One of each kind: operation and check → what was wrong, and how to send it again."""

    @property
    def cases(self) -> int:
        """Requests that were answered."""
        return sum(self.statuses.values())

    def __str__(self) -> str:
        head = (
            f"{self.cases} cases of {len(self.operations)} operations: {dict(sorted(self.statuses.items()))}"
        )
        return "\n\n".join([head, *(f"{name}\n{told}" for name, told in sorted(self.failures.items()))])


FILES = [an_export() for _ in range(20)]
"""Of days of their own: none removes another one's rows, which would be held for somebody to confirm."""
schemathesis.openapi.format("binary", st.sampled_from(FILES) | st.binary(max_size=2_000))


def fuzz(app: FastAPI, token: str | None, examples: int) -> Outcome:
    """All operations as whoever has the token; ``examples``: how many cases are made up for each."""
    outcome = Outcome()
    known = _schema(app, token, examples)
    try:
        for schema in (known.exclude(operation_id=LAST), known.include(operation_id=LAST)):
            for event in from_schema(schema).execute():
                _note(outcome, event)
    finally:
        shutdown_lifespans()
    return outcome


def _schema(app: FastAPI, token: str | None, examples: int) -> Any:
    config = SchemathesisConfig.from_path(CONFIG)
    project = config.projects.default
    project.update(headers={"Authorization": f"Bearer {token}"} if token else {}, base_url="http://gateway")
    project.generation.update(max_examples=examples)
    if examples <= FEW:
        project.phases.update(phases=["examples", "fuzzing"])
    schema = schemathesis.openapi.from_dict(app.openapi(), config=config)
    schema.app = app
    return schema


def _note(outcome: Outcome, event: events.EngineEvent) -> None:
    if isinstance(event, events.NonFatalError | events.FatalError):
        label = getattr(event, "label", "the run")
        outcome.failures[f"{label}: error"] = str(getattr(event, "value", getattr(event, "exception", event)))
    if isinstance(event, events.ScenarioFinished):
        _note_cases(outcome, event.recorder)


def _note_cases(outcome: Outcome, recorder: ScenarioRecorder) -> None:
    for interaction in recorder.interactions.values():
        if interaction.response is not None:
            outcome.statuses[interaction.response.status_code] += 1
    for case_id, checks in recorder.checks.items():
        case = recorder.cases[case_id].value
        outcome.operations.add(case.operation.label)
        for check in checks:
            if (info := check.failure_info) is not None:
                wrong = f"{info.failure.title}\n{info.failure.message}"
                told = f"{wrong}\n{info.code_sample}{_answer(recorder, case_id)}"
                outcome.failures.setdefault(f"{case.operation.label}: {check.name}", told)


def _answer(recorder: ScenarioRecorder, case_id: str) -> str:
    found: Any = recorder.interactions.get(case_id)
    if found is None or found.response is None:
        return ""
    return f"\n→ {found.response.status_code} {found.response.text[:400]}"
