"""MIDI files in an S3-compatible bucket. A file of its own: boto3 costs 17 MB of memory."""

from functools import cached_property
from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage


class ObjectStorage(S3Storage):
    """A private bucket; downloads go through short-lived signed addresses."""

    default_acl = "private"
    querystring_auth = True
    querystring_expire = 300
    file_overwrite = True
    # Uploads answer within seconds even when the store hangs: no patient retries here.
    client_config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=2,
        read_timeout=3,
        retries={"total_max_attempts": 2, "mode": "standard"},
    )

    def get_default_settings(self) -> dict[str, Any]:
        """Add to the settings the address at which browsers reach the server."""
        settings: dict[str, Any] = super().get_default_settings()
        return settings | {"public_endpoint_url": None}

    def url(
        self,
        name: str,
        parameters: dict[str, str] | None = None,
        expire: int | None = None,
        http_method: str | None = None,
    ) -> str:
        """Return a signed address; the host is part of what is signed, so it is the public one."""
        if self.public_endpoint_url:
            return self._in_public.url(name, parameters, expire, http_method)
        address: str = super().url(name, parameters, expire, http_method)
        return address

    @cached_property
    def _in_public(self) -> "ObjectStorage":
        return ObjectStorage(
            bucket_name=self.bucket_name,
            endpoint_url=self.public_endpoint_url,
            region_name=self.region_name,
            access_key=self.access_key,
            secret_key=self.secret_key,
        )
