"""Killing and restarting private servers, for the experiments that prove what survives."""

from deploy.local import kinds, rabbitmq
from deploy.local.errors import InfrastructureError
from deploy.local.infra import GIVEN, Infra
from deploy.local.server import Server


def kill_broker(infra: Infra) -> None:
    """kill -9 the broker; its data and ports stay.

    RabbitMQ 3.10 writes the list of its quorum queues to disk half a second late (rabbitmq/ra#443): a
    queue declared just before comes back empty. Wait a second after declaring queues.
    """
    kinds.kill("broker", _server(infra, "broker"), infra.root)


def stop_broker(infra: Infra) -> None:
    """Shut the broker down in order; its data and ports stay."""
    kinds.stop("broker", _server(infra, "broker"), infra.root, keep_data=True)


def start_broker(infra: Infra) -> None:
    """Start the broker on the same ports with its data, and return when it is ready."""
    _start(infra, "broker")


def kill_postgres(infra: Infra) -> None:
    """kill -9 the postmaster and every backend; data and port stay."""
    kinds.kill("postgres", _server(infra, "postgres"), infra.root)


def stop_postgres(infra: Infra) -> None:
    """Shut PostgreSQL down in order; data and port stay."""
    kinds.stop("postgres", _server(infra, "postgres"), infra.root, keep_data=True)


def start_postgres(infra: Infra) -> None:
    """Start PostgreSQL on the same port with its data, and return when it is ready."""
    _start(infra, "postgres")


def rabbitmqctl(infra: Infra, *arguments: str) -> str:
    """Run rabbitmqctl for the private broker (alarms, for example) and return what it prints."""
    server = _server(infra, "broker")
    if server.origin != "private":
        raise InfrastructureError(
            "rabbitmqctl needs a private broker: unset RABBITMQ_URL and install rabbitmq-server."
        )
    return rabbitmq.control(server, *arguments)


def _start(infra: Infra, kind: str) -> None:
    server = _server(infra, kind)
    kinds.start(kind, server, infra.root)
    kinds.PRIVATE[kind].wait_ready(server)


def _server(infra: Infra, kind: str) -> Server:
    if kind not in infra.servers:
        raise InfrastructureError(f"This experiment needs a {kind} of its own: unset {GIVEN[kind]}.")
    return infra.servers[kind]
