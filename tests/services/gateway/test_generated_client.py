"""The committed OpenAPI document is good enough for a client that a public generator makes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

from libs.exports import pdf, workbook
from tests.services.gateway.test_process import PASSWORD, ROOT, Running, alone

__all__ = ["alone"]
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


async def test_a_journey_with_the_generated_client(generated: str, alone: Running) -> None:
    """Sign in, see the clients, make one, price it, read its dashboard, take a file, sign out."""
    journey = Journey(generated, str(alone.http.base_url).rstrip("/"))
    models = journey.models
    person = models.PostAuthLoginSignIn(email=alone.email, password=PASSWORD)
    tokens = journey.call("auth", "post_auth_login", body=person)
    journey.sign_in(tokens.access_token)
    before = journey.call("clients", "get_clients").total
    made = journey.call(
        "clients", "post_clients", status=201, body=models.NewClient(name=f"Made {uuid4().hex[:6]}")
    )
    assert journey.call("clients", "get_clients").total == before + 1
    price = models.NewRate(cpm=5.25)
    rate = journey.call("rates", "post_clients_client_id_cpm", made.id, status=202, body=price)
    assert rate.cpm == 5.25
    whole = journey.call("dashboard", "get_dashboard", client_id=[made.id])
    assert whole.client_name == made.name
    file = journey.call("exports", "get_exports_csv", client_id=[made.id])
    assert file.startswith("date,")
    assert journey.call("auth", "post_auth_logout", body=models.Leave()).signed_out is True
    refused = journey.call("auth", "get_auth_me", status=401)
    assert refused.error_code == "NOT_SIGNED_IN"
