"""The pages on which people look after their own account, beside allauth's."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import UpdateView, View

from accounts.errors import TokenLimitReached
from accounts.forms import ProfileForm, TokenForm
from accounts.models import User
from accounts.services import create_token, revoke_token
from accounts.validators import known_zones

THEMES = ("light", "dark", "auto")
ONE_YEAR = 365 * 24 * 3600


class ProfileEdit(
    LoginRequiredMixin, SuccessMessageMixin[ProfileForm], UpdateView[User, ProfileForm]
):
    """`/accounts/profile/`"""

    form_class = ProfileForm
    template_name = "accounts/profile_edit.html"
    success_url = reverse_lazy("account-profile")
    success_message = gettext_lazy("Your profile is saved.")

    def get_object(self, queryset: Any = None) -> User:
        # A copy: a refused form must not change the name shown in the page's header.
        return User.objects.get(pk=_person(self.request).pk)


class Tokens(LoginRequiredMixin, View):
    """`/accounts/tokens/`: the list, and the form that makes one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, TokenForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TokenForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            _, key = create_token(
                person=_person(request), name=form.cleaned_data["name"], now=timezone.now()
            )
        except TokenLimitReached as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, form, status=refusal.status)
        # Shown in this answer and never again; the page must not be kept by the browser.
        return self._page(request, TokenForm(), new_key=key)

    def _page(
        self, request: HttpRequest, form: TokenForm, *, new_key: str = "", status: int = 200
    ) -> HttpResponse:
        tokens = _person(request).api_tokens.filter(revoked_at=None)
        context = {"form": form, "tokens": tokens, "new_key": new_key}
        response = render(request, "accounts/tokens.html", context, status=status)
        response["Cache-Control"] = "no-store"
        return response


class TokenRevoke(LoginRequiredMixin, View):
    """`/accounts/tokens/<id>/revoke/`"""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = _person(request)
        token = get_object_or_404(person.api_tokens, pk=pk)
        revoke_token(token=token, actor=person, now=timezone.now())
        messages.success(request, _("The token “{name}” is revoked.").format(name=token.name))
        return redirect("api-tokens")


@never_cache
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's choice in a cookie."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponseBadRequest(_("Choose light, dark or auto."))
    response = _back(request)
    _remember(request, response, "theme", theme)
    return response


@never_cache
@require_POST
def set_timezone(request: HttpRequest) -> HttpResponse:
    """Remember the viewer's zone: in the profile, or in a cookie for visitors."""
    zone = request.POST.get("timezone", "")
    if zone not in known_zones():
        return HttpResponseBadRequest(_("There is no such time zone."))
    response = _back(request)
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(timezone=zone)
    else:
        _remember(request, response, "timezone", zone)
    return response


def _remember(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=ONE_YEAR, secure=request.is_secure(), httponly=False, samesite="Lax"
    )


def _back(request: HttpRequest) -> HttpResponse:
    """Answer a script with nothing, and a form with the page it came from."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    target = request.POST.get("next") or request.headers.get("Referer", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts=hosts, require_https=request.is_secure()
    ):
        return redirect(target)
    return redirect(reverse("home"))


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
