"""Generated documents: what lags, is missing or is left over fails the check and is written again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contracts.http import contract_of
from contracts.ownership import ROLES
from contracts.topology import PUBLISHES, QUEUES
from deploy.checks import flow, generate, openapi, schema
from deploy.local import Infra

README = (
    "# Tidemark\n\n<!-- generated: services (make generate) -->\nold\n<!-- end of services -->\n\nThe rest.\n"
)


def run(root: Path, *arguments: str) -> int:
    """The command, with two documents in place of those that need a database."""
    made = {"docs/flow.md": "the flow\n", "docs/generated/asyncapi/loader.json": "{}\n"}
    return generate.main([*arguments], root, lambda _: made)


def test_what_was_written_is_up_to_date(tmp_path: Path) -> None:
    assert run(tmp_path) == 0
    assert run(tmp_path, "--check") == 0


@pytest.mark.parametrize("path", ["docs/flow.md", "docs/generated/asyncapi/loader.json"])
def test_a_document_that_lags_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str) -> None:
    run(tmp_path)
    (tmp_path / path).write_text("edited by hand\n")
    assert run(tmp_path, "--check") == 1
    assert f"{path} is not what the code says: run `make generate`" in capsys.readouterr().err
    assert (tmp_path / path).read_text() == "edited by hand\n"


def test_a_missing_document_fails(tmp_path: Path) -> None:
    assert run(tmp_path, "--check") == 1
    assert list(tmp_path.iterdir()) == []


def test_what_nothing_makes_any_more_fails_and_is_deleted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path)
    leftover = tmp_path / "docs/generated/asyncapi/gone.json"
    leftover.write_text("{}\n")
    assert run(tmp_path, "--check") == 1
    assert "docs/generated/asyncapi/gone.json is made by nothing any more" in capsys.readouterr().err
    assert run(tmp_path) == 0
    assert not leftover.exists()


def test_a_contract_of_no_service_fails_and_is_deleted(tmp_path: Path) -> None:
    leftover = tmp_path / "contracts/http/gone.json"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("{}\n")
    module = leftover.with_name("__init__.py")
    module.touch()
    assert run(tmp_path, "--check") == 1
    assert run(tmp_path) == 0
    assert not leftover.exists()
    assert module.exists()


def test_the_committed_contract_is_what_the_connector_says() -> None:
    made = openapi.documents("contracts", "docs")
    assert json.loads(made["contracts/facebook.json"]) == contract_of("facebook")
    paths = json.loads(made["docs/openapi.json"])["paths"]
    assert contract_of("facebook")["paths"].keys() <= paths.keys()


def test_only_what_is_between_the_markers_changes() -> None:
    text = generate.between_markers(README, "services", "new")
    assert text == README.replace("old", "new")
    assert generate.between_markers(text, "services", "new") == text


def test_a_readme_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for 'services'"):
        generate.between_markers("# Tidemark\n", "services", "new")


def test_every_service_key_and_queue_is_shown() -> None:
    table, picture, queues = flow.service_table(()), flow.picture(()), flow.queue_table()
    for service in PUBLISHES:
        assert f"| {service} *" in table
        assert f"{service}[{service}]:::planned" in picture
    for queue in QUEUES:
        assert f"| `{queue.name}` |" in queues
    for role in ROLES:
        assert all(f"`{t}`" in table for t, rights in role.tables.items() if set(rights) - {"r"})


def test_a_service_that_is_built_is_not_marked_as_planned() -> None:
    assert "| loader |" in flow.service_table({"loader"})
    assert "loader[loader]\n" in flow.picture({"loader"})
    assert "not built yet" not in flow.service_table(flow.services_in_flow_order())


def test_a_dump_of_another_machine_is_the_same() -> None:
    table = "CREATE TABLE a (\n    b int\n);\n"
    one = f"--\n-- Dumped by 15.18\n\\restrict a8s\nSET x = 1;\n\n\n\n{table}\\unrestrict a8s\n"
    other = f"-- Dumped by 15.4\n{table}\n"
    assert schema.normalised(one) == schema.normalised(other) == table


def test_the_schema_is_made_from_the_migrations(infra: Infra) -> None:
    text = schema.schema(infra.root)
    for table in ("daily_metrics", "slice_ledger", "outbox", "rollup_blocks"):
        assert f"CREATE TABLE public.{table} (" in text
    assert "ALTER TABLE ONLY public.daily_metrics FORCE ROW LEVEL SECURITY;" in text
    assert "alembic_version" not in text
    assert schema.schema(infra.root) == text
