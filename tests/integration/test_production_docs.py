"""The API's description and the page that shows it, under the site's own strict policy."""

import pytest
import yaml
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(client):
    answer = client.get(reverse("api-schema"))
    assert answer.status_code == 200
    return yaml.safe_load(answer.content)


def test_every_address_is_a_plural_noun_under_v1_and_ends_in_a_slash(schema):
    for path in schema["paths"]:
        assert path.startswith("/api/v1/")
        assert path.endswith("/")


def test_the_way_to_sign_in_is_described(schema):
    assert schema["components"]["securitySchemes"]["token"]["name"] == "Authorization"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_docs_page_works_without_breaking_the_policy(page, live_server):
    troubles = []
    page.on("console", lambda line: line.type == "error" and troubles.append(line.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))

    page.goto(f"{live_server.url}{reverse('api-docs')}")
    page.get_by_text("/api/v1/me/").first.wait_for()

    assert troubles == []
