"""Objects in S3, or in anything that speaks its protocol: find, head, download with proof, keep.

``FileStore`` keeps a raw archive in a folder instead, for one machine.
"""

from libs.storage.errors import (
    AccessDenied,
    BucketMissing,
    ObjectChanged,
    ObjectMissing,
    StorageRefused,
    StorageUnavailable,
)
from libs.storage.files import FileStore
from libs.storage.proof import Download, RawStore, StoredObject
from libs.storage.store import ObjectStore

__all__ = [
    "AccessDenied",
    "BucketMissing",
    "Download",
    "FileStore",
    "ObjectChanged",
    "ObjectMissing",
    "ObjectStore",
    "RawStore",
    "StorageRefused",
    "StorageUnavailable",
    "StoredObject",
]
