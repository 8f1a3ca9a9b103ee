"""Django's admin: the same services, and nothing that the services would refuse."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import audit
from accounts.models import AuditRecord, User
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(make_person(is_staff=True, is_superuser=True))
    return client


def act(admin, action, *people):
    return admin.post(
        reverse("admin:accounts_user_changelist"),
        {"action": action, "_selected_action": [person.pk for person in people]},
        follow=True,
    )


def test_roles_given_in_the_admin_are_in_the_audit_log(admin, participant):
    act(admin, "make_judge", participant)

    participant.refresh_from_db()
    assert participant.is_judge
    assert AuditRecord.objects.get().action == "role.judge.granted"


def test_a_broken_rule_is_a_message_and_no_crash(client):
    clerk = make_person(is_staff=True)
    clerk.user_permissions.set(_permissions("view_user", "change_user"))
    client.force_login(clerk)

    page = act(client, "make_organizer", clerk)

    clerk.refresh_from_db()
    assert not clerk.is_organizer
    assert "Only organizers hand out roles." in page.content.decode()


def test_nobody_sets_the_password_of_another(admin, participant):
    page = admin.get(reverse("admin:auth_user_password_change", args=[participant.pk]))

    assert page.status_code == 403


def test_the_audit_log_can_be_read_and_not_written(admin, organizer, now):
    record = audit.record(actor=organizer, action="x", subject="round:1", now=now)
    model = "admin:accounts_auditrecord"

    assert admin.get(reverse(f"{model}_changelist")).status_code == 200
    assert admin.get(reverse(f"{model}_change", args=[record.pk])).status_code == 200
    assert admin.get(reverse(f"{model}_add")).status_code == 403
    assert admin.post(reverse(f"{model}_delete", args=[record.pk])).status_code == 403


def test_every_page_of_accounts_in_the_admin_opens(admin, participant):
    for name in ("user", "apitoken", "auditrecord"):
        assert admin.get(reverse(f"admin:accounts_{name}_changelist")).status_code == 200
    page = admin.get(reverse("admin:accounts_user_change", args=[participant.pk]))
    assert page.status_code == 200


def test_the_admin_has_no_door_of_its_own(client):
    page = client.get(reverse("admin:index"), follow=True)

    assert page.request["PATH_INFO"] == reverse("account_login")


def test_a_new_site_gets_its_first_organizer_in_the_terminal(monkeypatch, client):
    monkeypatch.setattr("sys.stdin", io.StringIO("twelve-white-keys\n"))

    call_command("add_person", "clara", "clara@example.org", "--organizer", stdout=io.StringIO())

    assert User.objects.get(username="clara").is_organizer
    assert AuditRecord.objects.get().detail == {"roles": ["organizer"]}
    answer = {"login": "clara@example.org", "password": "twelve-white-keys"}
    assert client.post(reverse("account_login"), answer).status_code == 302


@pytest.mark.parametrize(
    ("name", "email", "password"),
    [
        ("admin", "a@example.org", "twelve-white-keys"),
        ("clara", "no address", "twelve-white-keys"),
        ("clara", "a@example.org", "short"),
    ],
)
def test_the_terminal_refuses_what_the_sign_up_page_refuses(monkeypatch, name, email, password):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))

    with pytest.raises(CommandError):
        call_command("add_person", name, email)

    assert not User.objects.exists()


def _permissions(*names):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=names)
