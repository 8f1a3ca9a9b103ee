from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Holds the commands and template tags that belong to the whole site."""

    name = "config"
    label = "site_config"

    def ready(self) -> None:
        from config.mail import register_kind
        from config.own_music import StudioShelf
        from learning import own_music

        register_kind()
        own_music.register(StudioShelf())
