"""Sends mails: jobs of kind `mail`, made by `config.mail`."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from jobs.errors import BadInput
from jobs.models import Job
from workers import handlers
from workers.context import Context


def send(job: Job, context: Context) -> handlers.Record:
    """Send a mail. A worker that dies between sending and recording sends it twice.

    The message's id is the job's, so that mail programs show the two as one.
    """
    mail: dict[str, Any] = job.payload
    if not mail:
        raise BadInput(
            "mail_without_text", "The text of this mail is gone: it was given up before."
        )
    message = EmailMultiAlternatives(
        subject=mail["subject"],
        body=mail["body"],
        from_email=mail["from"],
        to=mail["to"],
        headers={"Message-ID": f"<{job.pk}@{settings.SITE_NAME.lower()}>"},
        connection=get_connection(settings.MAIL_DELIVERY_BACKEND),
    )
    if mail.get("html"):
        message.attach_alternative(mail["html"], "text/html")
    message.send()
    return lambda: None


handlers.register("mail", send)
