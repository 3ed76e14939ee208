"""docs/generated/openapi.json: the REST API as the gateway describes it; no server is needed."""

from __future__ import annotations

import json

from services.gateway.main import create_app
from services.gateway.settings import GatewaySettings


def openapi() -> str:
    """The OpenAPI document as JSON text, the same whatever the environment holds."""
    settings = GatewaySettings(
        environment="development",
        app_version=GatewaySettings.model_fields["app_version"].default,
        database_url="postgresql://nobody@localhost/nothing",
        rabbitmq_url="amqp://localhost/",
        secret_key="only to describe the API, it signs nothing",  # noqa: S106
    )
    return json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False) + "\n"
