"""Settings of the application: few, safe by default, read from ``MOLLET_*`` and the data folder."""

from mollet.store import folder
from mollet.web import statics
from mollet.web.proxy import proxy

_BEFORE = proxy()

DEBUG = False
SECRET_KEY = folder.secret_key()
OWN_HOSTS = ("localhost", "127.0.0.1", "[::1]", *((_BEFORE.host,) if _BEFORE else ()))
# Serving the phones of the house adds the names its certificate stands for, and no other.
ALLOWED_HOSTS = [*OWN_HOSTS]
ROOT_URLCONF = "mollet.web.urls"

INSTALLED_APPS = ["django.contrib.staticfiles", "mollet.store", "mollet.web"]
MIDDLEWARE = [
    "mollet.web.middleware.headers",
    "mollet.web.middleware.never_bare",
    "mollet.web.middleware.sealed_cookies",
    "mollet.web.middleware.one_origin",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "mollet.web.middleware.known_person",
    "mollet.web.middleware.closed_by_default",
    "mollet.web.middleware.voice",
    "mollet.web.middleware.small_batches",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.csrf", "mollet.web.page.about"],
            "builtins": [
                "mollet.web.templatetags.words",
                "mollet.web.templatetags.drawings",
                "django.templatetags.static",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = statics.collected()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mollet.web.statics.Store"},
}

CSRF_COOKIE_NAME = "mollet_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "mollet.web.views.errors.csrf_failure"
# An import of years is one upload; a form of ours has few fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# Durable before it is acknowledged (FULL); a checkpoint only where nothing else writes (autocheckpoint off).
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder.database(),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; "
                "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0;"
            ),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
