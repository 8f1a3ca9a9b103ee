"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

# Django's own form knows no rate limit and no confirmed addresses.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("challenges.urls")),
    path("", include("studio.urls")),
    path("learn/", include("learning.urls")),
    path("lab/", include("lab.urls")),
    path("desk/", include("challenges.desk_urls")),
    path("api/v1/", include("challenges.api.urls")),
    path("api/v1/", include("lab.api.urls")),  # before the models that are called by a word
    path("api/v1/", include("studio.api.urls")),
    path("api/v1/", include("accounts.api_urls")),
    path("", include("accounts.urls")),
    path("", include("config.operations_urls")),
    path("language/", set_language, name="set-language"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
