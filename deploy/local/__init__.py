"""Local infrastructure: PostgreSQL, RabbitMQ and S3 for one checkout (`python -m deploy.local`)."""

from deploy.local.errors import InfrastructureError
from deploy.local.faults import (
    kill_broker,
    kill_postgres,
    rabbitmqctl,
    start_broker,
    start_postgres,
    stop_broker,
    stop_postgres,
)
from deploy.local.infra import Infra, ensure, recorded, stop

__all__ = [
    "Infra",
    "InfrastructureError",
    "ensure",
    "kill_broker",
    "kill_postgres",
    "rabbitmqctl",
    "recorded",
    "start_broker",
    "start_postgres",
    "stop",
    "stop_broker",
    "stop_postgres",
]
