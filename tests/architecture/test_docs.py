"""What the documents name exists: links, make targets, operations of the API, queues, settings."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from contracts.topology import QUEUES
from tests.architecture.discovery import ROOT
from tests.architecture.test_env_example import documented

PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
ADRS = sorted((ROOT / "docs/adr").glob("0*.md"))

_LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")
_SETTING = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
_QUEUE = re.compile(rf"`((?:{'|'.join(sorted({q.service for q in QUEUES}))})\.\w+?)(?:\.dead)?`")
# Words in capitals that are not settings.
NOT_SETTINGS = {"ON_CONFLICT", "PRECONDITION_FAILED", "NO_ENCRYPTION_KEY"}


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    broken = [link for link in _LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    mentioned = re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(), flags=re.MULTILINE)
    assert set(mentioned) <= targets


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_operations_exist(page: Path) -> None:
    paths = json.loads((ROOT / "docs/generated/openapi.json").read_text())["paths"]
    known = [re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$") for path in paths]
    mentioned = re.findall(r"\$API(/[\w<>/-]+(?:\.\w+[\w<>/-]*)*)", page.read_text())
    unknown = [path for path in mentioned if not any(shape.match(f"/api/v1{path}") for shape in known)]
    assert not unknown


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_queues_exist(page: Path) -> None:
    names = {queue.name for queue in QUEUES} | {f"{queue.service}.py" for queue in QUEUES}
    assert set(_QUEUE.findall(page.read_text())) <= names


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_settings_exist(page: Path) -> None:
    mentioned = set(_SETTING.findall(page.read_text())) - NOT_SETTINGS
    known = documented().keys() | {"TIDEMARK_FAILPOINT"}
    assert not {name for name in mentioned if name not in known}


@pytest.mark.parametrize("page", ADRS, ids=named)
def test_a_decision_says_when_to_look_again(page: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {page.name[:4]} ")
    assert re.search(r"\n\*\*Revisit when\*\* ", text)
    assert len(text.splitlines()) <= 60, "one page"
    assert f"({page.name})" in (ROOT / "docs/adr/README.md").read_text()


def test_the_list_of_decisions_has_no_gap() -> None:
    assert [page.name[:4] for page in ADRS] == [f"{number:04}" for number in range(1, len(ADRS) + 1)]
