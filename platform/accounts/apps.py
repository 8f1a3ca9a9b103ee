from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: accounts, profiles, roles, API tokens and the audit log."""

    name = "accounts"
