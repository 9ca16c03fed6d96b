"""A bucket of S3, or of any service that speaks like it: the only file that knows boto3."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from funnel.publish.headers import cache_control, content_type
from funnel.publish.targets.port import NotDeployed

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

AT_ONCE = 16
"""Requests under way at the same time."""


class Overtaken(NotDeployed):
    """Somebody else wrote the object between our reading and our writing."""


class Gone(NotDeployed):
    """The object that was to be copied is not there."""


@dataclass(frozen=True)
class Stored:
    """An object as it was read: its bytes, its tag, and how many seconds ago it was written by the service's own clock."""

    body: bytes
    tag: str
    age: float


@dataclass(frozen=True)
class Bucket:
    """Objects by their path in the site; `prefix` (empty, or ending with a slash) stands before every key."""

    client: S3Client
    name: str
    prefix: str = ""

    def get(self, path: str) -> Stored | None:
        """One object, or None where there is none."""
        with _plain(self.name):
            answer = self.client.get_object(Bucket=self.name, Key=self.prefix + path)
            told = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
            age = (parsedate_to_datetime(told) - answer["LastModified"]).total_seconds() if told else 0.0
            return Stored(answer["Body"].read(), answer["ETag"], age)
        return None  # the one error that is no fault

    def put(self, path: str, body: bytes, *, onto: str | None = None, only_new: bool = False) -> str:
        """Write one object, and give its tag. With `onto`, only over the object with that tag; raises Overtaken otherwise."""
        more: dict[str, Any] = {"IfMatch": onto} if onto else {"IfNoneMatch": "*"} if only_new else {}
        with _plain(self.name):
            answer = self.client.put_object(
                Bucket=self.name,
                Key=self.prefix + path,
                Body=body,
                ContentType=content_type(path),
                CacheControl=cache_control(path),
                **more,
            )
        return answer["ETag"]

    def copy(self, source: str, path: str) -> str:
        """Copy one object inside the bucket, and give the tag of the copy. Raises Gone where there is no source."""
        with _plain(self.name):
            answer = self.client.copy_object(
                Bucket=self.name,
                Key=self.prefix + path,
                CopySource={"Bucket": self.name, "Key": self.prefix + source},
                MetadataDirective="REPLACE",
                ContentType=content_type(path),
                CacheControl=cache_control(path),
            )
        return answer["CopyObjectResult"]["ETag"]

    def delete(self, paths: Iterable[str]) -> None:
        """Remove objects; those that are not there count as removed."""
        with _plain(self.name):
            for path in paths:
                self.client.delete_object(Bucket=self.name, Key=self.prefix + path)

    def tags(self, under: str = "") -> dict[str, str]:
        """The tag of every object by its path."""
        found: dict[str, str] = {}
        with _plain(self.name):
            for page in self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.name, Prefix=self.prefix + under
            ):
                for row in page.get("Contents", ()):
                    found[row["Key"].removeprefix(self.prefix)] = row["ETag"]
        return found

    def clock(self) -> datetime | None:
        """What time the service has. Raises NotDeployed where the bucket cannot be reached."""
        with _plain(self.name):
            told = self.client.head_bucket(Bucket=self.name)["ResponseMetadata"]["HTTPHeaders"].get("date")
        return parsedate_to_datetime(told) if told else None


def open_bucket(name: str, prefix: str = "", endpoint: str = "", region: str = "") -> Bucket:
    """Open a bucket with the credentials of the usual chain (environment, profile, role). Nothing is asked of it yet."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError as fault:
        raise NotDeployed(
            "The s3 target needs a package that is not installed: .venv/bin/python -m pip install boto3\n"
            "(with uv: uv pip install boto3)"
        ) from fault
    logging.getLogger("botocore").setLevel(logging.WARNING)  # `invoke --debug` would print the session's token
    with _plain(name):
        client = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint or None,
            region_name=region or None,
            config=Config(
                max_pool_connections=AT_ONCE,
                connect_timeout=15,
                read_timeout=60,
                retries={"mode": "standard", "max_attempts": 5},
            ),
        )
    folder = prefix.strip("/")
    return Bucket(client, name, f"{folder}/" if folder else "")


@contextmanager
def _plain(bucket: str) -> Iterator[None]:
    """Turn boto's errors into words; let `get` go on where an object is simply not there."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as fault:
        code = str(fault.response.get("Error", {}).get("Code", ""))
        if code == "NoSuchKey" and fault.operation_name == "GetObject":
            return
        if code in ("PreconditionFailed", "ConditionalRequestConflict"):
            raise Overtaken("Somebody else is publishing to this bucket at this moment.") from fault
        if code == "NoSuchKey":
            raise Gone(f"Bucket {bucket}: an object that should be there is gone. Publish again.") from fault
        said = f"{code} {fault.response.get('Error', {}).get('Message', '')}".strip()
        raise NotDeployed(f"Bucket {bucket}: {said}. {_mend(code)}") from fault
    except BotoCoreError as fault:
        raise NotDeployed(f"Bucket {bucket}: {fault}. {_mend(type(fault).__name__)}") from fault


def _mend(code: str) -> str:
    return MENDS.get(
        code, "Look at the connection and at DEPLOY_S3_BUCKET, then publish again: it goes on from what is true."
    )


MENDS = {
    "NoSuchBucket": "Make the bucket, or mend DEPLOY_S3_BUCKET.",
    "404": "Make the bucket, or mend DEPLOY_S3_BUCKET.",
    "AccessDenied": "Give these credentials the right to list, read, write and delete in the bucket.",
    "403": "Give these credentials the right to list, read, write and delete in the bucket.",
    "InvalidAccessKeyId": "Look at AWS_ACCESS_KEY_ID or at your profile.",
    "SignatureDoesNotMatch": "Look at AWS_SECRET_ACCESS_KEY or at your profile.",
    "RequestTimeTooSkewed": "The clock of this machine is wrong. Set it (NTP), then publish again.",
    "NoCredentialsError": "Say who you are: AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in the environment.",
    "NoRegionError": "Write the region into DEPLOY_S3_REGION.",
    "SlowDown": "The service asks for patience. Publish again in some minutes.",
}
"""What to do, by the service's code or boto's name for the fault."""
