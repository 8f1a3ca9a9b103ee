"""What is compressed on its way to a browser."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.middleware import Compression


@pytest.mark.parametrize(
    ("kind", "encoding"), [("audio/mpeg", None), ("audio/wav", None), ("text/html", "gzip")]
)
def test_sound_is_sent_as_it_is(kind, encoding):
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})

    response = Compression(lambda _: HttpResponse(b"la" * 2000, content_type=kind))(request)

    assert response.get("Content-Encoding") == encoding
