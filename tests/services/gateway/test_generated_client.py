"""The committed OpenAPI document is good enough for a client that a public generator makes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

from deploy.world.facebook_exports import csv_bytes, export
from deploy.world.totals import Totals
from libs.exports import pdf, workbook
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.waiting import eventually
from tests.services.gateway.conftest import KEY, Seeded
from tests.services.gateway.connector import CONNECTOR, of_connector, on, served
from tests.services.gateway.persons import OTHER
from tests.services.gateway.test_process import PASSWORD, ROOT, Running, begin, end
from tests.services.gateway.world import TODAY, World

DOCUMENT = ROOT / "docs/generated/openapi.json"
PACKAGE = "generated_tidemark"
CONFIG = {
    "package_name_override": PACKAGE,
    "post_hooks": [],
    # Files that it does not know: their bytes.
    "content_type_overrides": dict.fromkeys(
        (workbook.MEDIA_TYPE, pdf.MEDIA_TYPE), "application/octet-stream"
    ),
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of the package; a warning of the generator fails."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    options = {
        "path": DOCUMENT,
        "meta": "none",
        "config": folder / "config.json",
        "output-path": folder / PACKAGE,
    }
    told = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", *told]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))


class Journey:
    """Calls of the generated functions, each with an answer that must be good."""

    def __init__(self, package: str, base_url: str) -> None:
        self.package = package
        self.models = import_module(f"{package}.models")
        client = import_module(f"{package}.client")
        self.anybody = client.Client(base_url=base_url)
        self.someone: Any = None
        self._signed = client.AuthenticatedClient

    def sign_in(self, token: str) -> None:
        """From now on with this token."""
        self.someone = self._signed(base_url=str(self.anybody._base_url), token=token)

    def call(self, tag: str, name: str, *given: Any, status: int = 200, **more: Any) -> Any:
        """The parsed answer of an operation."""
        function: ModuleType = import_module(f"{self.package}.api.{tag}.{name}")
        answer = function.sync_detailed(*given, client=self.someone or self.anybody, **more)
        assert answer.status_code == status, answer.content
        return answer.parsed


def test_every_operation_is_in_the_client(generated: str) -> None:
    document = json.loads(DOCUMENT.read_text())
    for methods in document["paths"].values():
        for operation in methods.values():
            name = f"{generated}.api.{operation['tags'][0]}.{operation['operationId']}"
            assert callable(import_module(name).sync_detailed), name


@pytest.fixture
async def whole(database: Database, bus_settings: BusSettings, tmp_path: Path) -> AsyncIterator[Running]:
    """A gateway as a process, with everything that an upload goes through."""

    settings = of_connector(database, tmp_path, KEY, bus_settings)
    async with (
        served(CONNECTOR, tmp_path, settings) as uploads,
        served("services.loader.main", tmp_path, on(database, "loader", bus_settings)),
        served("services.aggregator.main", tmp_path, on(database, "aggregator", bus_settings)),
    ):
        seeded = Seeded(database, World())
        running = await begin(seeded, bus_settings.rabbitmq_url, tmp_path, FACEBOOK_URL=uploads)
        yield running
        await end(running)


async def test_a_journey_with_the_generated_client(generated: str, whole: Running) -> None:
    """Sign in; make a client, its user and its price; upload, look, take a file; sign out."""
    journey = Journey(generated, str(whole.http.base_url).rstrip("/"))
    models = journey.models
    person = models.PostAuthLoginSignIn(email=whole.email, password=PASSWORD)
    journey.sign_in(journey.call("auth", "post_auth_login", body=person).access_token)
    client = client_of(journey)
    found = await uploaded(journey, client)

    async def is_shown() -> bool:
        summary = journey.call("dashboard", "get_dashboard_summary", client_id=[client.id])
        return bool(summary.impressions == found.impressions)

    await eventually(is_shown, within=60, what="the upload is in the figures")
    assert journey.call("dashboard", "get_dashboard", client_id=[client.id]).client_name == client.name
    file = journey.call("exports", "get_exports_csv", client_id=[client.id])
    assert file.startswith("date,")
    assert len(file.splitlines()) > found.rows
    assert journey.call("auth", "post_auth_logout", body=models.Leave()).signed_out is True
    refused = journey.call("auth", "get_auth_me", status=401)
    assert refused.error_code == "NOT_SIGNED_IN"


def client_of(journey: Journey) -> Any:
    """A new client with a user and a CPM."""
    models = journey.models
    before = journey.call("clients", "get_clients").total
    named = models.NewClient(name=f"Made {uuid4().hex[:6]}")
    made = journey.call("clients", "post_clients", status=201, body=named)
    assert journey.call("clients", "get_clients").total == before + 1
    user = models.NewUser(email=f"{uuid4().hex[:8]}@agency.example", password=OTHER)
    user = journey.call("users", "post_auth_register", status=201, body=user)
    change = models.ClientChange(user_id=user.id)
    assert journey.call("clients", "put_clients_client_id", made.id, body=change).user_id == user.id
    price = models.NewRate(cpm=5.25, effective_date=TODAY - timedelta(days=30))
    rate = journey.call("rates", "post_clients_client_id_cpm", made.id, status=202, body=price)
    assert rate.cpm == 5.25
    return made


async def uploaded(journey: Journey, client: Any) -> Totals:
    """What is in an export that was tried, uploaded, and followed until it was loaded."""
    made = export([TODAY - timedelta(days=2)], ads=4)
    kinds, models = import_module(f"{journey.package}.types"), journey.models

    def form(**more: Any) -> Any:
        file = kinds.File(payload=BytesIO(csv_bytes(made.table())), file_name="export.csv")
        return models.PostFacebookUploadBody(file=file, client_id=client.id, **more)

    tried = journey.call("facebook", "post_facebook_upload", body=form(dry_run=True))
    assert (tried.would_be, tried.added) == ("loaded", made.totals.rows)
    taken = journey.call("facebook", "post_facebook_upload", status=202, body=form())
    told = journey.call("facebook", "get_facebook_uploads_upload_id_events", taken.upload_id)
    assert told.startswith("event: upload\ndata: {")
    assert '"status":"completed"' in told
    seen = journey.call("facebook", "get_facebook_uploads_upload_id", taken.upload_id)
    assert (seen.run_status, seen.rows_loaded) == ("loaded", made.totals.rows)
    assert journey.call("facebook", "get_facebook_uploads", client_id=client.id).total == 1
    return made.totals
