"""Where allauth's pages meet the site's own rules."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import User
from accounts.services import end_access


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's behavior, except where the site promises more."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This e-mail address and password do not belong together.",
    }

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
