"""Make the bucket that the environment names, where a deployment brings its own object store."""

from typing import Any

from botocore.exceptions import ClientError
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from config.object_storage import ObjectStorage


class Command(BaseCommand):
    """Makes the bucket, or leaves it as it is."""

    help = "Make the bucket COUNTERPOINT_S3_BUCKET unless it exists."

    def handle(self, *args: Any, **options: Any) -> None:
        if not isinstance(default_storage, ObjectStorage):
            raise CommandError("COUNTERPOINT_S3_BUCKET is empty: files are kept in a folder.")
        client = default_storage.connection.meta.client
        try:
            client.head_bucket(Bucket=default_storage.bucket_name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise CommandError(f"The bucket cannot be looked at: {error}") from error
            client.create_bucket(Bucket=default_storage.bucket_name)
