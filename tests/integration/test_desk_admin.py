"""Django's admin of challenges: facts to read, actions that ask the same services."""

from datetime import timedelta

import pytest
from django.contrib import admin as site
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditRecord, User
from challenges.models import Round
from tests.factories import make_person
from tests.rounds import make_round, scored

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def staff() -> User:
    return make_person(is_staff=True, is_superuser=True)


@pytest.fixture
def admin(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def act(client: Client, name: str, action: str, *rows: object) -> str:
    answer = client.post(
        reverse(f"admin:challenges_{name}_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows]},
        follow=True,
    )
    return answer.content.decode()


def test_every_table_is_listed_shown_and_never_changed(admin: Client):
    now = timezone.now()
    scored(make_round(opens_at=now - DAY, closes_at=now + DAY), 500, at=now)
    models = [model for model in site.site._registry if model._meta.app_label == "challenges"]

    assert len(models) == 10
    for model in models:
        name = f"admin:challenges_{model._meta.model_name}"
        assert admin.get(reverse(f"{name}_changelist")).status_code == 200, name
        row = model.objects.first()
        assert admin.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200, name
        assert admin.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403, name
        assert admin.get(reverse(f"{name}_add")).status_code == 403, name
        assert admin.post(reverse(f"{name}_delete", args=[row.pk])).status_code == 403, name


def test_a_decision_in_the_admin_is_in_the_audit_log(admin: Client, staff: User):
    now = timezone.now()
    round_ = make_round(opens_at=now + DAY, closes_at=now + 2 * DAY, published=False)

    page = act(admin, "round", "publish", round_)

    assert "1 done." in page
    assert Round.objects.get().published_at is not None
    line = AuditRecord.objects.filter(actor=staff).get()
    assert (line.action, line.reason) == ("publish round", "In the admin")


def test_a_refused_decision_is_a_message_and_the_others_are_taken(admin: Client):
    now = timezone.now()
    dates = {"opens_at": now + DAY, "closes_at": now + 2 * DAY}
    shown, draft = make_round(**dates), make_round(**dates, published=False)

    page = act(admin, "round", "publish", shown, draft)

    assert "you can publish it while it is draft" in page
    assert Round.objects.get(pk=draft.pk).published_at is not None


def test_a_clerk_who_only_reads_is_offered_no_decision(client: Client):
    now = timezone.now()
    round_ = make_round(opens_at=now + DAY, closes_at=now + 2 * DAY, published=False)
    clerk = make_person(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_round"))
    client.force_login(clerk)

    act(client, "round", "publish", round_)

    assert Round.objects.get().published_at is None


def test_what_is_scored_is_not_scored_again(admin: Client):
    now = timezone.now()
    [piece] = scored(make_round(opens_at=now - DAY, closes_at=now + DAY), 500, at=now)

    assert "scored or waiting to be" in act(admin, "submission", "score_again", piece)


def test_a_revision_that_is_applied_is_not_dropped(admin: Client):
    revision = make_round().live_board.revision

    assert "applied or cancelled before" in act(admin, "scoringrevision", "drop", revision)
