"""The store as a Django application."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Names the application and the kind of its own keys."""

    name = "mollet.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
