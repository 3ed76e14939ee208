"""One decoder for every body: bytes are JSON, compressed or not, whatever the content type says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import orjson
from pydantic import ValidationError

from contracts.envelope import Message
from libs.bus.compression import plain
from libs.bus.errors import Undecodable

MessageType = TypeVar("MessageType", bound=Message)
Reader = Callable[[bytes], object]
"""JSON to what it says, as ``orjson.loads`` does and with its errors."""


def decode(body: bytes, model: type[MessageType], read: Reader = orjson.loads) -> MessageType:
    """The message in a body. Raises Undecodable with a sentence that names each wrong field.

    Values are not echoed: they may be anything, and the body itself stays with the dead letter.
    """
    try:
        content = read(plain(body))
    except orjson.JSONDecodeError as error:
        raise Undecodable(f"the body is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise Undecodable(
            f"the body must be a JSON object of {model.__name__}, not a {type(content).__name__}"
        )
    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)[:10]
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in found)
        raise Undecodable(f"not a {model.__name__}: {wrong}") from None


def encode(message: Message) -> bytes:
    """The body of a message; fields that are None or at their default are left out where they say nothing."""
    return message.model_dump_json(by_alias=True, exclude_none=True).encode()
