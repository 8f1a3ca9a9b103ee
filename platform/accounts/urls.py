from django.urls import path

from accounts import views

urlpatterns = [
    path("accounts/profile/", views.ProfileEdit.as_view(), name="account-profile"),
    path("accounts/tokens/", views.Tokens.as_view(), name="api-tokens"),
    path("accounts/tokens/<int:pk>/revoke/", views.TokenRevoke.as_view(), name="api-token-revoke"),
    path("preferences/theme/", views.set_theme, name="set-theme"),
    path("preferences/timezone/", views.set_timezone, name="set-timezone"),
]
