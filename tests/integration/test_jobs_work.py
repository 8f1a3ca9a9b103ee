"""One ring, from the claim to the end, in this process."""

import pytest
from django.core import mail

from jobs import kinds, services
from jobs.errors import BadInput
from jobs.models import Job
from jobs.states import Fault, State
from tests.factories import make_person
from workers import handlers
from workers.mail import send
from workers.runner import work_once
from workers.tasks import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def do(now, monkeypatch):
    """Do one job with the given handler and return how it ended."""
    monkeypatch.setattr(handlers, "_handlers", {})
    kinds.register(kinds.JobKind("plain", "queue"))

    def work_on(handler, **payload):
        handlers.register("plain", handler)
        job = services.enqueue(kind="plain", payload=payload, now=now)
        assert work_once("queue", "w")
        job.refresh_from_db()
        return job

    return work_on


def test_a_handler_computes_and_then_records(do):
    job = do(lambda job, context: lambda: {"twice": 2 * job.payload["n"]}, n=21)

    assert (job.state, job.result) == (State.SUCCEEDED, {"twice": 42})


def test_bad_input_fails_the_job(do):
    def refuse(job, context):
        raise BadInput("no_notes", "There is no note in it.")

    job = do(refuse)

    assert (job.state, job.fault, job.error_detail) == (
        State.FAILED,
        Fault.INPUT,
        "There is no note in it.",
    )


def test_any_other_error_is_tried_again(do):
    job = do(lambda job, context: 1 / 0)

    assert (job.state, job.error_code) == (State.BACKOFF, "ZeroDivisionError")


def test_a_record_that_fails_is_an_error_too(do):
    job = do(lambda job, context: lambda: 1 / 0)

    assert job.state == State.BACKOFF


def test_a_missing_handler_is_an_error_too(do, monkeypatch):
    monkeypatch.setattr(handlers, "register", lambda kind, function: None)

    assert do(None).error_code == "UnknownKind"


def test_the_log_is_kept_whatever_the_end(do):
    def tell_and_fail(job, context):
        context.log("so far so good")
        raise RuntimeError("oh")

    job = do(tell_and_fail)

    assert [line.line for line in job.log_lines.all()] == ["so far so good"]


def test_a_job_cancelled_at_work_ends_as_cancelled(do, now):
    def cancelled_meanwhile(job, context):
        services.cancel(job=job, actor=None, now=now)
        return lambda: pytest.fail("recorded")

    assert do(cancelled_meanwhile).state == State.CANCELLED


def test_a_ring_without_work_leaves():
    assert not work_once("queue", "w")
    work(queue="queue", again=True, an_argument_of_a_later_version=1)


@pytest.fixture
def mail_job(now):
    return services.enqueue(
        kind="mail",
        payload={
            "from": "site@example.org",
            "to": ["ada@example.org"],
            "subject": "Hello",
            "body": "Text",
            "html": "<p>Text</p>",
        },
        now=now,
    )


def test_a_mail_is_sent_once_with_an_id_of_its_own(mail_job, monkeypatch, settings):
    monkeypatch.setitem(handlers._handlers, "mail", send)
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert work_once("light", "w")

    [sent] = mail.outbox
    assert (sent.subject, sent.to, sent.body) == ("Hello", ["ada@example.org"], "Text")
    assert str(mail_job.pk) in sent.extra_headers["Message-ID"]
    assert [part[1] for part in sent.alternatives] == ["text/html"]


def test_a_mail_given_up_has_no_text_to_send(mail_job, monkeypatch):
    monkeypatch.setitem(handlers._handlers, "mail", send)
    Job.objects.filter(pk=mail_job.pk).update(payload={})

    assert work_once("light", "w")

    mail_job.refresh_from_db()
    assert (mail_job.state, mail_job.error_code) == (State.FAILED, "mail_without_text")


@pytest.fixture
def admin(client):
    client.force_login(make_person(is_staff=True, is_superuser=True))
    return client


def test_the_admin_cancels_and_retries_by_services(admin, mail_job):
    url = "/admin/jobs/job/"
    for action, state in (("cancel", State.CANCELLED), ("retry", State.READY)):
        data = {"action": action, "_selected_action": [str(mail_job.pk)]}
        page = admin.post(url, data, follow=True)

        mail_job.refresh_from_db()
        assert mail_job.state == state
        assert ": 1." in page.content.decode()
    refused = admin.post(url, data, follow=True)

    assert "Only a failed or cancelled job" in refused.content.decode()


def test_the_admin_shows_history_and_no_mail_text(admin, mail_job):
    page = admin.get(f"/admin/jobs/job/{mail_job.pk}/change/").content.decode()

    assert "enqueued" in page
    assert "&lt;p&gt;Text" not in page
