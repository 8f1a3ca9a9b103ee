"""Django's settings, all derived from `config.env`."""

from datetime import timedelta
from typing import Any

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.urls import reverse_lazy
from whitenoise.compress import Compressor

from config.env import ROOT, environment
from config.logs import logging_config

# Lets Django's generic classes be written as the type checker wants them: ModelForm[User].
django_stubs_ext.monkeypatch()

env = environment()

# Core
DEBUG = env.debug
SECRET_KEY = env.signing_key()
ALLOWED_HOSTS = env.allowed_hosts
CSRF_TRUSTED_ORIGINS = env.csrf_trusted_origins
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_NAME = "Counterpoint"
SITE_URL = env.site_url
DATA_DIR = env.data_dir

INSTALLED_APPS = [
    "config.apps.SiteConfig",
    "challenges",
    "lab",
    "studio",
    "learning",
    "jobs",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]

MIDDLEWARE = [
    "config.middleware.RequestLog",
    "config.health.HealthChecks",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.Language",
    "config.middleware.BodyLimit",
    "config.middleware.Compression",
    "csp.middleware.CSPMiddleware",
    "config.middleware.PermissionsPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ViewerTimezone",
    "config.middleware.BrokenRulesInAdmin",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
                "challenges.context.current_round",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        env.database_url or f"sqlite:///{env.data_dir.resolve()}/counterpoint.sqlite3",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # One writer at a time: IMMEDIATE makes writers queue at BEGIN instead of failing midway.
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA busy_timeout=20000;",
    }
else:
    # A connection stays with its thread and is tried before each request that uses it.
    _database["OPTIONS"] = {"connect_timeout": 5, "tcp_user_timeout": 15_000}
_database["TEST"] = {"NAME": f"test_counterpoint{env.test_database_suffix}"}
if not env.database_url:
    _database["TEST"]["NAME"] = str(env.data_dir / f"test{env.test_database_suffix}.sqlite3")

# Throttles and rate limits count here, so every process of the site must see the same numbers.
_redis = env.broker_url.startswith("redis")
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "config.cache.PatientRedisCache",
        "LOCATION": env.broker_url,
        "KEY_PREFIX": "counterpoint",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
    if _redis
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": env.data_dir / "counters",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "config.storage.DurableFileSystemStorage"},
    # Names with hashes, compressed once: `up` and the image run collectstatic.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env.s3_bucket:
    STORAGES["default"] = {
        "BACKEND": "config.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": env.s3_bucket,
            "endpoint_url": env.s3_endpoint_url or None,
            "public_endpoint_url": env.s3_public_url or None,
            "region_name": env.s3_region,
            "access_key": env.s3_access_key or None,
            "secret_key": env.s3_secret_key or None,
        },
    }
MEDIA_ROOT = env.data_dir / "media"
STATIC_URL = "/static/"
STATIC_ROOT = env.static_dir or env.data_dir / "static"
FRONTEND_DIST = ROOT / "platform" / "frontend" / "dist"
RENDERER = ROOT / "platform" / "frontend" / "dist-node" / "render.mjs"  # run by Node
SOUNDFONTS = FRONTEND_DIST / "soundfonts"
STATICFILES_DIRS = [("frontend", FRONTEND_DIST)] if FRONTEND_DIST.exists() else []
# Django's names hold a hash, and so do those of the build. Vorbis does not get smaller.
WHITENOISE_IMMUTABLE_FILE_TEST = (
    r"^/static/(.*\.[0-9a-f]{12}\.\w+"
    r"|frontend/assets/.+-[\w-]{8}\.\w+|frontend/soundfonts/\w+-[0-9a-f]{10}\.sf3)$"
)
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "sf3"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = env.debug

# The broker is only a doorbell: a ring may be lost, doubled or late without harm (see `jobs`).
_broker_dir = env.data_dir / "broker"
CELERY_BROKER_URL = env.broker_url or "filesystem://"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "global_keyprefix": env.broker_prefix,
    }
    if env.broker_url
    else {
        "data_folder_in": str(_broker_dir / "rings"),
        "data_folder_out": str(_broker_dir / "rings"),
        "control_folder": str(_broker_dir / "control"),
        "polling_interval": 0.02,
    }
)
if not env.broker_url:
    CELERY_BROKER_TRANSPORT = "jobs.spool:Transport"
# What a process that only rings adds: it waits for nobody.
JOBS_BELL_OPTIONS: dict[str, Any] = {
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 0,
}
JOBS_RING_AGAIN_AFTER = timedelta(seconds=5)
CELERY_IMPORTS = [
    "workers.tasks",
    "workers.mail",
    "workers.scoring",
    "workers.generation",
    "workers.rendering",
    "workers.training",
    "workers.attention",
]
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 2 if env.broker_url else 16
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("home")
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USERNAME_VALIDATORS = "accounts.validators.HANDLE_VALIDATORS"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if env.production else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.behind_proxy else 0
MAX_API_TOKENS = 10

# The Studio
WEIGHTS_DIR = env.weights_dir or ROOT / "ml" / "weights"
MAX_COMPOSITIONS = 1000  # kept by one person
MAX_GENERATIONS_AT_ONCE = env.generations_at_once
MAX_GUEST_COMPOSITIONS = env.guest_compositions
MAX_GUEST_GENERATIONS_AT_ONCE = env.guest_generations_at_once
GUEST_DAYS = env.guest_days
DELETED_DAYS = 30  # in which a deleted composition can be brought back
MAX_ESTIMATES_AT_ONCE = 3

# The Lab
LAB_CPU_MINUTES = env.lab_cpu_minutes
LAB_RUNS_AT_ONCE = env.lab_runs_at_once
LAB_DATA_SETS = env.lab_data_sets
LAB_FILES = env.lab_files
LAB_MEASURES = env.lab_measures
LAB_RESTING_RUNS = 10  # that have not ended, of one person
LAB_RESTING_DAYS = 60  # after which a run that nobody goes on with is given up
LAB_MODELS = 100  # kept by one person
LAB_BYTES = 24 * 1024 * 1024  # of the files of one data set
TRAINING_DATA = env.data_dir / "training"  # grids of shipped styles, made on their first use
OWN_MODELS_DIR = env.data_dir / "own-models"  # weights that workers fetched, by their hash
CHECKPOINT_SECONDS = 60.0  # that a killed worker may lose

# Mail: pages queue it, the worker delivers it.
EMAIL_BACKEND = "config.mail.QueuedBackend"
MAIL_DELIVERY_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.email_host
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = env.data_dir / "mail"
EMAIL_HOST, EMAIL_PORT = env.email_host, env.email_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.email_user, env.email_password
EMAIL_USE_TLS = env.email_tls
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.email_from

# Words and times
# English stands in the source; `make messages` collects it for the other languages' catalogs.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [ROOT / "platform" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = env.production
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api_errors.handle",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.throttle_anonymous,
        "user": env.throttle_person,
        "submissions": env.throttle_submissions,
        "generations": env.throttle_generations,
        "listens": env.throttle_listens,
        "estimates": env.throttle_estimates,
        "lab": env.throttle_lab,
        "guest_generations": env.throttle_guest_generations,
        "address_generations": env.throttle_address_generations,
        "address_estimates": env.throttle_address_estimates,
        "address_pieces": env.throttle_address_pieces,
    },
    "NUM_PROXIES": 1 if env.behind_proxy else 0,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Counterpoint",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "RevisionStateEnum": "challenges.models.score.RevisionState",
        "TechniqueEnum": "studio.wording.Technique",
        "TrainingKindEnum": "lab.wording.Kind",
        "TrainingStateEnum": "lab.wording.RunState",
        "GenerationStateEnum": ["waiting", "running", "succeeded", "failed", "cancelled"],
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Safety
# Players are sent on to the bucket, and a policy judges the address at the end of the way.
_sound_sources = [env.s3_origin] if env.s3_bucket else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:", *_sound_sources],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY = 2 * 1024 * 1024
LARGER_BODIES = {"/lab/": LAB_BYTES + LAB_FILES * 1024}  # where sets of files are taken
DATA_UPLOAD_MAX_NUMBER_FILES = 2 * LAB_FILES
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = env.production
if env.production:
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
if env.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING_CONFIG = None
logging_config(env.log_format, env.log_level)
