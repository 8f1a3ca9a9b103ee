"""Where bytes are kept: a local folder, or a bucket of a real S3 server."""

import urllib.error
import urllib.request
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from django.core.files.base import ContentFile

from config.object_storage import ObjectStorage
from config.storage import DurableFileSystemStorage

BYTES = b"MThd\x00\x00\x00\x06"


@pytest.fixture
def folder(tmp_path):
    return DurableFileSystemStorage(location=tmp_path)


@pytest.fixture
def bucket(s3):
    return ObjectStorage(
        bucket_name=s3.bucket,
        endpoint_url=s3.endpoint_url,
        access_key=s3.access_key,
        secret_key=s3.secret_key,
        region_name=s3.region,
    )


def fetch(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, b""


def with_query(url: str, **changed: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode(dict(parse_qsl(parts.query)) | changed)))


def test_a_local_file_is_whole_or_not_there(folder, tmp_path):
    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        folder.save("midi/a.mid", Broken(BYTES))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    folder.save("midi/a.mid", ContentFile(BYTES))
    assert (tmp_path / "midi" / "a.mid").read_bytes() == BYTES


@pytest.mark.s3
def test_a_bucket_gives_back_what_was_saved(bucket):
    name = bucket.save("midi/saved.mid", ContentFile(BYTES))

    assert bucket.exists(name)
    with bucket.open(name) as file:
        assert file.read() == BYTES
    bucket.delete(name)
    assert not bucket.exists(name)


@pytest.mark.s3
def test_a_signed_address_downloads_as_an_attachment(bucket):
    name = bucket.save("midi/signed.mid", ContentFile(BYTES))
    disposition = 'attachment; filename="piece.mid"'

    url = bucket.url(name, parameters={"ResponseContentDisposition": disposition})

    with urllib.request.urlopen(url, timeout=10) as response:
        assert response.read() == BYTES
        assert response.headers["Content-Disposition"] == disposition


@pytest.mark.s3
def test_an_unsigned_or_forged_address_is_refused(bucket):
    name = bucket.save("midi/private.mid", ContentFile(BYTES))
    other = bucket.save("midi/other.mid", ContentFile(b"other"))
    url = bucket.url(name)
    assert fetch(url) == (200, BYTES)

    signature = dict(parse_qsl(urlsplit(url).query))["X-Amz-Signature"]
    forged = signature[:-1] + ("0" if signature[-1] != "0" else "1")

    assert fetch(url.split("?")[0])[0] == 403
    assert fetch(with_query(url, **{"X-Amz-Signature": forged}))[0] == 403
    assert fetch(with_query(url, **{"X-Amz-Expires": "604800"}))[0] == 403
    assert fetch(url.replace(name, other))[0] == 403


@pytest.mark.s3
def test_an_expired_address_is_refused(bucket, time_passes):
    name = bucket.save("midi/expired.mid", ContentFile(BYTES))

    url = bucket.url(name, expire=1)
    time_passes(2.5)

    assert fetch(url)[0] == 403


@pytest.mark.s3
def test_a_wrong_key_is_refused(s3):
    thief = ObjectStorage(
        bucket_name=s3.bucket,
        endpoint_url=s3.endpoint_url,
        access_key=s3.access_key,
        secret_key="guessed",
        region_name=s3.region,
    )

    assert fetch(thief.url("midi/private.mid"))[0] == 403


@pytest.fixture
def time_passes():
    """The server's own clock decides about the age of a signature, so it has to pass for real."""
    import time

    return time.sleep
