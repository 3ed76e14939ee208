"""docker-compose.yml is the map of the system: every service that exists, in flow order, as its own role."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from contracts.ownership import ROLES, role_of
from deploy.checks.flow import services_in_flow_order
from deploy.local import compose
from libs.allocators import BLOCK_AFTER_BLOCK
from tests.architecture.discovery import ROOT, built_services, settings, settings_of_module

# Started by a person, one command at a time: `docker compose run --rm console status`.
BY_HAND = {"console"}
SERVICES = sorted(built_services())

_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
_DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(_TEXT)["services"]
    return found


def variables_of_compose() -> set[str]:
    """What docker-compose.yml takes from .env."""
    return set(re.findall(r"\$\{([A-Z][A-Z0-9_]*)", _TEXT))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_container_that_starts_it(service: str) -> None:
    container = services()[service]
    module = f"{built_services()[service]}.main"
    if service in BY_HAND:
        assert container["entrypoint"] == ["python", "-m", module]
        assert container["profiles"] == [service]
    else:
        assert container["command"] == [module]
        assert "profiles" not in container
    assert container["build"]["args"] == {"SERVICE": service}
    assert {"migrate", "declare"} <= container["depends_on"].keys()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_connects_as_its_own_role(service: str) -> None:
    address = services()[service]["environment"]["DATABASE_URL"]
    name = role_of(service).name
    password = f"${{DATABASE_PASSWORD__{service.upper()}:-}}"
    assert urlsplit(address.replace(password, "password")).netloc == f"{name}:password@postgres:5432"


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_sets_what_its_service_reads(service: str) -> None:
    module = f"{built_services()[service]}.settings"
    fields = {setting.name: setting for cls in settings_of_module(module) for setting in settings(cls)}
    given = services()[service]["environment"].keys()
    assert given - BLOCK_AFTER_BLOCK.keys() <= fields.keys(), "settings that the service does not have"
    needed = {name for name, setting in fields.items() if setting.field.is_required()}
    assert needed <= given, "settings that the service needs"


def test_a_connector_that_takes_large_files_keeps_its_freed_memory() -> None:
    assert services()["surfside"]["environment"].items() >= BLOCK_AFTER_BLOCK.items()


@pytest.mark.parametrize("container", sorted(services()))
def test_each_container_is_watched_or_ends_by_itself(container: str) -> None:
    described = services()[container]
    if container in ("migrate", "declare"):
        awaited = [found.get("depends_on", {}).get(container, {}) for found in services().values()]
        assert {"condition": "service_completed_successfully"} in awaited
    elif container not in BY_HAND:
        assert described["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


def test_no_container_starts_what_does_not_exist() -> None:
    ours = {name for name, described in services().items() if "build" in described}
    assert ours == {*SERVICES, "migrate", "declare"}


def test_containers_stand_in_flow_order() -> None:
    order = [name for name in services() if name in services_in_flow_order()]
    assert order == [name for name in services_in_flow_order() if name in order]


def test_migrate_knows_a_password_for_each_role() -> None:
    given = services()["migrate"]["environment"]
    for role in ROLES:
        name = f"DATABASE_PASSWORD__{role.service.upper()}"
        assert given[name] == f"${{{name}:-}}"


def test_no_secret_stands_in_the_file() -> None:
    secret = re.compile(r"(PASSWORD|PASS|SECRET|_KEY)\w*$")
    for described in services().values():
        for name, value in described.get("environment", {}).items():
            assert not secret.search(name) or re.fullmatch(r"\$\{[A-Z0-9_]+:-\}", value), name


def test_the_local_servers_find_their_containers() -> None:
    assert set(compose.SERVICES.values()) <= services().keys()


def test_the_image_runs_as_nobody_in_particular_and_is_watched() -> None:
    last_stage = _DOCKERFILE.rpartition("\nFROM ")[2]
    instructions = dict(re.findall(r"^([A-Z]+) (.+)$", last_stage, flags=re.MULTILINE))
    assert instructions["USER"].isdigit()
    assert instructions["USER"] != "0"
    assert "/health/ready" in last_stage
    assert json.loads(instructions["ENTRYPOINT"]) == ["python", "-m"]


def test_the_context_of_images_holds_no_secrets() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [line for line in ignored if line.startswith("!")]
    assert "*" in ignored
    assert let_in
    assert not [line for line in let_in if ".env" in line or ".local" in line or line in ("!.", "!*")]
