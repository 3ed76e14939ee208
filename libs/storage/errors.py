"""What can go wrong with an object store.

TidemarkError
├── Transient
│   └── StorageUnavailable     network trouble, throttling, 5xx, a body cut short; retried three times already
│       └── ObjectChanged      replaced between being found and being read
└── Terminal
    └── StorageRefused         the store understood and will not: the message names bucket, key and what to do
        ├── ObjectMissing      no such key
        ├── BucketMissing      no such bucket
        └── AccessDenied       credentials missing, wrong or without the right
"""

from libs.errors import Terminal, Transient


class StorageUnavailable(Transient):
    """The store did not answer as it should have."""


class ObjectChanged(StorageUnavailable):
    """Another content stands under the key than the one that was found: look again."""


class StorageRefused(Terminal):
    """The store will answer the same next time."""


class ObjectMissing(StorageRefused):
    """There is no object with that key."""


class BucketMissing(StorageRefused):
    """There is no bucket with that name."""


class AccessDenied(StorageRefused):
    """These credentials may not do that."""
