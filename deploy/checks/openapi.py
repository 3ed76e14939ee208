"""The REST API as its services describe it; no server is needed, and the environment changes nothing.

contracts/http/facebook.json    the upload API
docs/generated/openapi.json     the gateway's, with what it passes through
"""

from __future__ import annotations

import json

from libs.http.documents import Document
from libs.settings import AppSettings
from services.connectors.facebook.main import create_app as create_connector
from services.connectors.facebook.settings import FacebookSettings
from services.gateway.main import create_app as create_gateway
from services.gateway.settings import GatewaySettings

DATABASE, BROKER = "postgresql://nobody@localhost/nothing", "amqp://localhost/"
KEY = "only to describe the API, it signs nothing"
VERSION = AppSettings.model_fields["app_version"].default


def uploads() -> Document:
    """The OpenAPI document of the facebook connector."""
    settings = FacebookSettings(
        environment="development",
        app_version=VERSION,
        database_url=DATABASE,
        rabbitmq_url=BROKER,
        secret_key=KEY,
    )
    return create_connector(settings).openapi()


def gateway(contract: Document) -> Document:
    """The OpenAPI document of the gateway, with the operations of the contract of uploads."""
    settings = GatewaySettings(
        environment="development",
        app_version=VERSION,
        database_url=DATABASE,
        rabbitmq_url=BROKER,
        secret_key=KEY,
    )
    return create_gateway(settings, contract).openapi()


def documents(contracts: str, generated: str) -> dict[str, str]:
    """Path → JSON text of both, in these folders."""
    contract = uploads()
    return {
        f"{contracts}/facebook.json": _text(contract),
        f"{generated}/openapi.json": _text(gateway(contract)),
    }


def _text(document: Document) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
