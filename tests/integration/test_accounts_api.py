"""The API for the caller's own account, and its limits."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from rest_framework.throttling import UserRateThrottle

from accounts import audit
from accounts.errors import AuditIsAppendOnly, RoleNotGranted
from accounts.models import ApiToken, AuditRecord
from accounts.services import create_token, revoke_token, set_role, touch_token
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_me_is_told_to_its_owner_only(api, participant):
    assert api.get(reverse("api-me")).status_code == 401

    api.force_authenticate(participant)
    body = api.get(reverse("api-me")).json()

    assert body["username"] == participant.username
    assert set(body) == {
        "username", "email", "display_name", "bio", "timezone", "is_organizer", "is_judge",
    }  # fmt: skip


def test_me_changes_the_profile_and_nothing_else(api, participant):
    api.force_authenticate(participant)

    answer = api.patch(
        reverse("api-me"),
        {"bio": "Songs.", "is_organizer": True, "email": "x@example.org", "username": "x"},
        format="json",
    )

    assert answer.status_code == 200
    before = (participant.username, participant.email)
    participant.refresh_from_db()
    assert participant.bio == "Songs."
    assert not participant.is_organizer
    assert (participant.username, participant.email) == before


def test_me_names_the_field_that_is_wrong(api, participant):
    api.force_authenticate(participant)

    answer = api.patch(reverse("api-me"), {"timezone": "Mars/Base"}, format="json")

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert "timezone" in answer.json()["fields"]


def test_a_signed_in_browser_makes_lists_and_revokes_tokens(signed_in, participant):
    url = reverse("api-token-collection")

    made = signed_in.post(url, {"name": "script"}, content_type="application/json")
    assert made.status_code == 201
    key = made.json()["key"]
    [listed] = signed_in.get(url).json()
    assert "key" not in listed
    assert key.startswith(listed["prefix"])

    deleted = signed_in.delete(reverse("api-token-detail", args=[listed["id"]]))
    assert deleted.status_code == 204
    assert ask_me(key).status_code == 401


def test_a_token_cannot_make_another_token(participant, now):
    _, key = create_token(person=participant, name="stolen", now=now)

    answer = Client().post(
        reverse("api-token-collection"),
        {"name": "survivor"},
        content_type="application/json",
        headers={"Authorization": f"Token {key}"},
    )

    assert answer.status_code in {401, 403}
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token nonsense", "Token \xff\xfe"])
def test_a_bad_token_header_is_refused_by_name(header):
    answer = Client().get(reverse("api-me"), headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer.json()["code"] == "authentication_failed"


def test_only_the_hash_of_a_key_is_kept(participant, now):
    token, key = create_token(person=participant, name="script", now=now)

    stored = [str(value) for value in ApiToken.objects.filter(pk=token.pk).values_list()[0]]

    assert not any(key in value for value in stored)
    assert len(token.digest) == 64


def test_revoking_twice_is_recorded_once(participant, now):
    token, _ = create_token(person=participant, name="script", now=now)

    for _ in range(2):
        revoke_token(token=token, actor=participant, now=now)

    assert AuditRecord.objects.filter(action="token.revoked").count() == 1


def test_the_last_use_is_written_once_a_minute(participant, now, django_assert_num_queries):
    token, _ = create_token(person=participant, name="script", now=now)
    touch_token(token=token, now=now)
    token.refresh_from_db()

    with django_assert_num_queries(0):
        touch_token(token=token, now=now + timedelta(seconds=59))
    with django_assert_num_queries(1):
        touch_token(token=token, now=now + timedelta(seconds=60))


def test_too_many_requests_are_told_when_to_come_back(api, participant, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min"})
    api.force_authenticate(participant)

    answers = [api.get(reverse("api-me")) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1].json()["code"] == "throttled"


def test_an_organizer_hands_out_roles_and_the_log_says_why(organizer, participant, now):
    set_role(
        person=participant, role="judge", granted=True, actor=organizer, reason="jury", now=now
    )
    set_role(person=participant, role="judge", granted=True, actor=organizer, reason="", now=now)

    participant.refresh_from_db()
    assert participant.is_judge
    [record] = AuditRecord.objects.about(f"user:{participant.username}")
    assert (record.action, record.actor, record.reason) == ("role.judge.granted", organizer, "jury")


def test_a_participant_hands_out_no_roles(participant, now):
    with pytest.raises(RoleNotGranted):
        set_role(
            person=participant,
            role="organizer",
            granted=True,
            actor=participant,
            reason="",
            now=now,
        )


def test_the_last_organizer_cannot_leave_by_accident(organizer, now):
    with pytest.raises(RoleNotGranted):
        set_role(
            person=organizer, role="organizer", granted=False, actor=organizer, reason="", now=now
        )


def test_the_audit_log_is_only_ever_added_to(organizer, now):
    record = audit.record(actor=organizer, action="x", subject="round:1", now=now)

    record.reason = "another story"
    for change in (
        record.save,
        record.delete,
        AuditRecord.objects.all().delete,
        lambda: AuditRecord.objects.update(action="y"),
    ):
        with pytest.raises(AuditIsAppendOnly):
            change()
    assert AuditRecord.objects.get().action == "x"


def test_handles_and_addresses_are_unique_in_any_case(participant):
    for clash in (
        {"username": participant.username.upper()},
        {"email": participant.email.upper()},
    ):
        with pytest.raises(ValidationError):
            make_person(**clash)


def ask_me(key: str):
    return Client().get(reverse("api-me"), headers={"Authorization": f"Token {key}"})
