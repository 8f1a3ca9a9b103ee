"""Mail by the job queue: no page waits for a mail server, or tells by its time what it sent."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from jobs.kinds import JobKind, register
from jobs.models import Job
from jobs.services import enqueue

KIND = "mail"


class QueuedBackend(BaseEmailBackend):
    """Turns every mail into a job of kind `mail`, in the transaction that asked for it.

    The worker sends it through `settings.MAIL_DELIVERY_BACKEND`.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        now = timezone.now()
        for message in email_messages:
            enqueue(kind=KIND, payload=to_payload(message), subject="mail", now=now)
        return len(email_messages)


def to_payload(message: EmailMessage) -> dict[str, object]:
    """Return what the worker needs to send a message: JSON, without attachments."""
    parts = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    html = next((part[0] for part in parts if part[1] == "text/html"), "")
    return {
        "from": message.from_email,
        "to": list(message.recipients()),
        "subject": str(message.subject),
        "body": str(message.body),
        "html": str(html),
    }


def forget_text(job: Job) -> None:
    """Drop a mail's text once the mail is sent or given up: it may hold a link that signs in."""
    job.payload = {}
    job.save(update_fields=["payload"])


def register_kind() -> None:
    """Tell the queue about mails: a mail server's bad hour is outlasted by patient retries."""
    register(
        JobKind(
            name=KIND,
            queue="light",
            lease=timedelta(seconds=60),
            time_limit=timedelta(seconds=45),
            max_attempts=8,
            backoff=timedelta(seconds=30),
            on_end=forget_text,
        )
    )
