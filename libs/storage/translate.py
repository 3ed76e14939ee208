"""From botocore's and aiohttp's errors to ours: which are worth another try, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from botocore.exceptions import (
    BotoCoreError,
    ChecksumError,
    ClientError,
    FlexibleChecksumError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)

from libs.errors import TidemarkError
from libs.storage.errors import (
    AccessDenied,
    BucketMissing,
    ObjectChanged,
    ObjectMissing,
    StorageRefused,
    StorageUnavailable,
)

_DENIED = {
    "403",
    "AccessDenied",
    "AllAccessDisabled",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
}
_TROUBLE = {
    "RequestTimeout",
    "RequestTimeTooSkewed",
    "SlowDown",
    "Throttling",
    "TooManyRequests",
    "InternalError",
}
_ELSEWHERE = {
    "301",
    "PermanentRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
}


@contextmanager
def storage_errors(bucket: str, key: str = "") -> Iterator[None]:
    """Raise what happens inside as an error of this library."""
    place = f"s3://{bucket}/{key}" if key else f"bucket {bucket}"
    try:
        yield
    except ClientError as error:
        raise _of_answer(error, bucket, place) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise AccessDenied(
            f"No credentials for {place}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the "
            "machine a role"
        ) from error
    except ParamValidationError as error:
        raise StorageRefused(f"{place} is not a name that S3 allows: {error}") from error
    except (ChecksumError, FlexibleChecksumError) as error:
        raise StorageUnavailable(f"{place} came damaged: {error}") from error
    except (BotoCoreError, aiohttp.ClientError, TimeoutError, ConnectionError) as error:
        raise StorageUnavailable(f"{place} could not be reached: {error!r}") from error


def _of_answer(error: ClientError, bucket: str, place: str) -> TidemarkError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if status >= 500 or status == 429 or code in _TROUBLE:
        return StorageUnavailable(f"{place}: the store answered {status or code}: {error}")
    if code in ("412", "PreconditionFailed"):
        return ObjectChanged(f"{place} was replaced while it was being read")
    return _refusal(error, code, status, bucket, place)


def _refusal(error: ClientError, code: str, status: int, bucket: str, place: str) -> StorageRefused:
    if code == "NoSuchBucket":
        return BucketMissing(f"There is no bucket {bucket}: correct the name or create it")
    if code in ("404", "NoSuchKey", "NoSuchVersion", "NotFound"):
        return ObjectMissing(f"There is no object {place}")
    if code in _ELSEWHERE:
        return StorageRefused(f"{place} is in another region than AWS_REGION says: {error}")
    if code in _DENIED or status in (401, 403):
        return AccessDenied(
            f"Access to {place} is denied ({code}): the credentials need s3:GetObject on its objects and "
            "s3:ListBucket on the bucket, without which a missing file looks like this, too; the raw archive "
            "needs s3:PutObject"
        )
    return StorageRefused(f"{place}: the store refused ({code or status}): {error}")
