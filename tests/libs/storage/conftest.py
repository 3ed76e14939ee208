"""A store behind a proxy that can be told to fail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from libs.storage import ObjectStore
from tests.simulators.buckets import Buckets, buckets
from tests.simulators.s3_faults import Fault, FaultyStore

__all__ = ["buckets"]


@dataclass
class Shaky:
    """A client whose requests go through the proxy."""

    store: ObjectStore
    proxy: FaultyStore
    buckets: Buckets

    def fails(self, *faults: Fault) -> None:
        self.proxy.faults.extend(faults)


@pytest.fixture
async def shaky(buckets: Buckets) -> AsyncIterator[Shaky]:
    endpoint = buckets.settings.s3_endpoint_url
    assert endpoint is not None
    async with FaultyStore(endpoint.rstrip("/")).serving() as proxy:
        settings = buckets.settings.model_copy(update={"s3_endpoint_url": proxy.url})
        async with ObjectStore(settings, read_timeout=0.5) as store:
            yield Shaky(store, proxy, buckets)
