"""Objects in S3, or in anything that speaks its protocol: find, head, download with proof, keep."""

from libs.storage.errors import (
    AccessDenied,
    BucketMissing,
    ObjectChanged,
    ObjectMissing,
    StorageRefused,
    StorageUnavailable,
)
from libs.storage.proof import Download, StoredObject
from libs.storage.store import ObjectStore

__all__ = [
    "AccessDenied",
    "BucketMissing",
    "Download",
    "ObjectChanged",
    "ObjectMissing",
    "ObjectStore",
    "StorageRefused",
    "StorageUnavailable",
    "StoredObject",
]
