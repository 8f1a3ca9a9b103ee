"""Where allauth's pages meet the site's own rules."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import arrivals
from accounts.models import User
from accounts.pages import forget_way_back, way_back
from accounts.services import end_access


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's behavior, except where the site promises more."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail address and password do not belong together."),
    }

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, after the apps that wait for it had their turn with the visitor's session."""
        arrivals.welcome(request.session, user, timezone.now())
        super().login(request, user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where a visitor wanted to go when they were asked to sign in, or home.

        A `next` in the address goes before this; it is lost on the way over a confirmed address.
        """
        return way_back(request) or str(super().get_login_redirect_url(request))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Send the person on their way, which is then no longer remembered."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        forget_way_back(request)
        return response

    def set_password(self, user: User, password: str) -> None:
        """Set a new password; whoever else knew the old one is out at once."""
        super().set_password(user, password)
        end_access(person=user, action="person.password_set", now=timezone.now())

    def send_account_already_exists_mail(self, email: str) -> None:
        """Mail the owner of the address, after the work that a new account would have cost.

        Without it the answer to a known address would come sooner, and so give it away.
        """
        make_password("as much work as a new password")
        super().send_account_already_exists_mail(email)

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as it is: the sender's name says already where it comes from."""
        return subject
