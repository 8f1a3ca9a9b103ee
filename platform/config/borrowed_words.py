"""Sentences of the libraries whose own German is more formal than the site's: ours go before."""

from django.utils.translation import gettext_noop as _

BORROWED = (
    _("Username"),
    _("You do not have permission to perform this action."),
    _("No file was submitted. Check the encoding type on the form."),
    _("Please either submit a file or check the clear checkbox, not both."),
)
