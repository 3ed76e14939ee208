"""A source that is added to ``Source`` is known everywhere: nothing else lists the sources by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from contracts.envelope import SOURCES
from contracts.settling import SETTLING_DAYS
from contracts.topology import MESSAGES, PULLED, QUEUES
from deploy.checks.flow import SOURCES_OF_DATA

ROOT = Path(__file__).parents[2]
LISTS = {
    "contracts/envelope.py",  # the definition
    "contracts/settling.py",
    "deploy/checks/flow.py",
    "contracts/ownership.py",  # connectors, as roles
    "contracts/topology.py",  # connectors, as publishers
    "deploy/demo/stack.py",  # connectors, as processes
}
"""Where each source has its own value; the tests below compare them with SOURCES."""
_CHECK = re.compile(r"CONSTRAINT (\w+_source_check) CHECK \(\(source = ANY \(ARRAY\[(.*?)\]")


def listed_by_hand(tree: ast.AST) -> Iterator[int]:
    """The lines with a collection, or a text, that names every source."""
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            found = {item.value for item in node.elts if isinstance(item, ast.Constant)}
        elif isinstance(node, ast.Dict):
            found = {key.value for key in node.keys if isinstance(key, ast.Constant)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = set(re.findall(r"'(\w+)'", node.value))
        else:
            continue
        if found >= set(SOURCES):
            yield getattr(node, "lineno", 0)


def test_sources_are_listed_once() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("contracts", "libs", "services", "deploy")
        for path in (ROOT / folder).rglob("*.py")
        for line in listed_by_hand(ast.parse(path.read_text()))
        if str(path.relative_to(ROOT)) not in LISTS
    }
    assert found == set(), "use contracts.envelope.SOURCES"


def test_a_list_by_hand_is_seen() -> None:
    names = ", ".join(f"'{source}'" for source in SOURCES)
    for code in (f"A = ('', {names})", f"A = [{names}]", f'A = "array_position(ARRAY[{names}], source)"'):
        assert list(listed_by_hand(ast.parse(code))) == [1], code
    assert list(listed_by_hand(ast.parse(f"A = ['{SOURCES[0]}']"))) == []


def test_each_source_has_its_own_values() -> None:
    assert set(SETTLING_DAYS) == set(SOURCES)
    assert set(SOURCES_OF_DATA) == set(SOURCES)


def test_each_source_has_its_connector_and_its_messages() -> None:
    assert {
        path.name for path in (ROOT / "services/connectors").iterdir() if (path / "main.py").exists()
    } == {*SOURCES}
    assert {queue.service for queue in QUEUES} >= set(SOURCES)
    for source in SOURCES:
        assert {f"metrics.batch.{source}", f"reload.requested.{source}"} <= MESSAGES.keys()
    assert set(PULLED) < set(SOURCES)  # facebook's comes by upload


def test_the_database_takes_each_source() -> None:
    schema = (ROOT / "docs/database_schema.sql").read_text()
    checks = {name: re.findall(r"'(\w+)'", values) for name, values in _CHECK.findall(schema)}
    assert len(checks) >= 3
    assert {name for name, values in checks.items() if values != [*SOURCES]} == set()
