"""Alice's settings: everything an operator decides at start, read from the environment.

The table below is all there is: name, type and default. The defaults run from a bare checkout.
What staff may change while Alice runs is not here but in `chat/core/policy.py`.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from alice_site.keys import secret_key
from alice_site.logging import configuration, is_for_people

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env(
    # What kind of house this is
    ALICE_MODE=(str, "development"),  # or "production"
    ALICE_DEBUG=(bool, False),  # Django's error pages; they show what people wrote
    ALICE_GUESTS=(bool, None),  # may people chat without signing in? default: in development only
    SECRET_KEY=(str, ""),  # required in production
    # Where it is
    ALICE_HOST=(str, "127.0.0.1"),
    ALICE_PORT=(int, 8000),
    ALICE_WORKERS=(int, 1),
    ALICE_HOSTS=(list, []),  # names that browsers and programs use for it, required in production
    ALICE_PROXIES=(list, []),  # addresses of proxies whose X-Forwarded-* is believed; they do TLS
    # What it leans on
    DATABASE_URL=(str, ""),  # empty: SQLite in var/
    REDIS_URL=(str, ""),  # empty: one process, in memory
    ALICE_VAR=(str, str(BASE_DIR / "var")),  # files that Alice writes
    ALICE_DB_POOL=(int, 5),  # database threads
    ALICE_REDIS_POOL=(int, 13),  # connections to Redis
    ALICE_REDIS_CONNECT_MS=(int, 55),  # longest wait for a connection to Redis
    ALICE_REDIS_READ_MS=(int, 89),  # longest wait for its reply; then Alice goes on without
    ALICE_LEASE_S=(float, 3.0),  # a process that makes an answer and is silent so long is dead
    ALICE_TURN_LEASE_S=(float, 13.0),  # turns of a process that is silent so long are over
    ALICE_BACKEND_POOL=(int, 8),  # connections to a model server
    ALICE_CACHE_BYTES=(int, 64 * 2**20),  # answers and vectors kept in memory
    ALICE_CACHE_ENTRIES=(int, 1_000_000),  # answers kept in Redis
    ALICE_CACHE_NEAR_MS=(int, 1000),  # longest time that a copy of one is served without asking
    ALICE_VECTORS=(str, "memory"),  # or "pgvector": where questions are compared
    ALICE_VECTORS_S=(float, 0.5),  # longest wait for pgvector
    ALICE_ENCODER=(str, ""),  # KIND:MODEL of fibcache/encoders; empty: the one Alice comes with
    ALICE_ENCODER_URL=(str, ""),  # its server; empty: OpenAI's own, or the Ollama on this machine
    ALICE_ENCODER_KEY=(str, ""),  # sent there as a Bearer token
    ALICE_ENCODER_S=(float, 0.5),  # longest wait for the vector of one question
    NLU_URL=(str, ""),  # another Alice that reads messages for this one; empty: she does herself
    ALICE_NLU_KEY=(str, ""),  # an API key of hers
    ALICE_NLU_MS=(int, 89),  # longest wait for her reading; then the message is read here
    # Bounds
    ALICE_BODY_BYTES=(int, 2**20),  # largest request
    ALICE_BODY_S=(float, 13.0),  # longest time to send it
    ALICE_EMBED_INPUTS=(int, 233),  # texts in one request to /v1/embeddings
    ALICE_STOP_S=(int, 13),  # longest time that a stopping server gives turns under way
    # Operations
    ALICE_METRICS_TOKEN=(str, ""),  # Bearer token of /metrics; empty: only from this machine
    ALICE_LOG_LEVEL=(str, "INFO"),
    ALICE_LOG_FORMAT=(str, ""),  # "json" or "text"; empty: text in a terminal, else json
)
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

PRODUCTION: bool = env("ALICE_MODE") == "production"
DEBUG: bool = env("ALICE_DEBUG")
VAR_DIR = Path(env("ALICE_VAR"))
VAR_DIR.mkdir(parents=True, exist_ok=True)
SECRET_KEY = secret_key(env("SECRET_KEY"), VAR_DIR / "secret_key", production=PRODUCTION)

ALICE_MODE: str = env("ALICE_MODE")
ALICE_GUESTS: bool = not PRODUCTION if env("ALICE_GUESTS") is None else env("ALICE_GUESTS")
ALICE_HOST: str = env("ALICE_HOST")
ALICE_PORT: int = env("ALICE_PORT")
ALICE_WORKERS: int = env("ALICE_WORKERS")
ALICE_PROXIES: list[str] = env("ALICE_PROXIES")
ALICE_DB_POOL: int = env("ALICE_DB_POOL")
ALICE_REDIS_POOL: int = env("ALICE_REDIS_POOL")
ALICE_REDIS_CONNECT_MS: int = env("ALICE_REDIS_CONNECT_MS")
ALICE_REDIS_READ_MS: int = env("ALICE_REDIS_READ_MS")
ALICE_LEASE_S: float = env("ALICE_LEASE_S")
ALICE_TURN_LEASE_S: float = env("ALICE_TURN_LEASE_S")
ALICE_BACKEND_POOL: int = env("ALICE_BACKEND_POOL")
ALICE_CACHE_BYTES: int = env("ALICE_CACHE_BYTES")
ALICE_CACHE_ENTRIES: int = env("ALICE_CACHE_ENTRIES")
ALICE_CACHE_NEAR_MS: int = env("ALICE_CACHE_NEAR_MS")
ALICE_VECTORS: str = env("ALICE_VECTORS")
ALICE_VECTORS_S: float = env("ALICE_VECTORS_S")
ALICE_ENCODER: str = env("ALICE_ENCODER")
ALICE_ENCODER_URL: str = env("ALICE_ENCODER_URL")
ALICE_ENCODER_KEY: str = env("ALICE_ENCODER_KEY")
ALICE_ENCODER_S: float = env("ALICE_ENCODER_S")
ALICE_NLU_KEY: str = env("ALICE_NLU_KEY")
ALICE_NLU_MS: int = env("ALICE_NLU_MS")
ALICE_BODY_BYTES: int = env("ALICE_BODY_BYTES")
ALICE_BODY_S: float = env("ALICE_BODY_S")
ALICE_EMBED_INPUTS: int = env("ALICE_EMBED_INPUTS")
ALICE_STOP_S: int = env("ALICE_STOP_S")
ALICE_METRICS_TOKEN: str = env("ALICE_METRICS_TOKEN")
DATABASE_URL: str = env("DATABASE_URL")
REDIS_URL: str = env("REDIS_URL")
NLU_URL: str = env("NLU_URL")

LOCALHOST = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS: list[str] = env("ALICE_HOSTS") or ([] if PRODUCTION else LOCALHOST)
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in env("ALICE_HOSTS") if host != "*"]

# Apps and lanes ------------------------------------------------------------------------------

INSTALLED_APPS = [
    "alice_site.console.ConsoleConfig",  # django.contrib.admin under our own name
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "alice_site.console.SignInConfig",  # axes
    "django_prometheus",
    "rest_framework",
    "rest_framework_api_key",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "alice_site",
    "chat",
    "guardian",
    "fibcache",
    "nlu",
]
# Pages, admin and resources: Django's stock handler.
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "alice_site.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
# The hot doors: async functions only, outermost first (alice_site/lean.py).
LEAN_MIDDLEWARE = [
    "alice_site.middleware.name_request",
    "alice_site.middleware.secure_headers",
    "alice_site.middleware.check_host",
]
ROOT_URLCONF = "alice_site.urls"
ASGI_APPLICATION = "alice_site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATA_UPLOAD_MAX_MEMORY_SIZE = ALICE_BODY_BYTES

# Database, cache and channel layer -----------------------------------------------------------

DATABASES: dict[str, dict[str, Any]]
if DATABASE_URL:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        # The database threads, and room beside them for pages, which have threads of their own.
        "pool": {"min_size": 1, "max_size": ALICE_DB_POOL + 8, "timeout": 8},
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "alice.sqlite3",
            "OPTIONS": {
                # A transaction that reads and then writes would otherwise fail, not wait, when
                # another has written in between.
                "transaction_mode": "IMMEDIATE",
                "timeout": 8,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
            "CONN_MAX_AGE": None,  # a database thread keeps its connection
        }
    }
if ALICE_VECTORS == "pgvector" and DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # An app of its own, so that a PostgreSQL without the extension is migrated like any other.
    INSTALLED_APPS += ["fibcache.vectors"]
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "alice",
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": ALICE_REDIS_CONNECT_MS / 1000,
            "SOCKET_TIMEOUT": ALICE_REDIS_READ_MS / 1000,
            "IGNORE_EXCEPTIONS": True,  # a Redis out of reach is a miss, never an error
            "CONNECTION_POOL_KWARGS": {"max_connections": ALICE_REDIS_POOL},
        },
    }
    CHANNEL_LAYERS["default"] = {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            "prefix": "alice",
            "hosts": [
                {
                    "address": REDIS_URL,
                    "max_connections": ALICE_REDIS_POOL,
                    "socket_connect_timeout": 0.5,
                    "socket_timeout": 8,  # longer than the layer's own blocking read of 5 s
                }
            ],
        },
    }
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who may -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "chat.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # older ones; hashed anew at sign-in
]
PASSWORD_CHARS = 12  # length is what makes guessing slow; no rules of digits and signs
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": PASSWORD_CHARS}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # guessing never locks out the owner
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=13)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

# Browsers ------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],  # covers ws: and wss: of the same origin
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_AGE = 13 * 24 * 3600
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
# A proxy that does TLS redirects by itself.
SECURE_SSL_REDIRECT = PRODUCTION and not ALICE_PROXIES
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SILENCED_SYSTEM_CHECKS = ["security.W008"] if ALICE_PROXIES else []

# Language, time and files --------------------------------------------------------------------

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Hashed names need `collectstatic`, so a bare checkout serves the files where they lie.
        "BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
SERVESTATIC_USE_FINDERS = not PRODUCTION
SERVESTATIC_AUTOREFRESH = DEBUG
SERVESTATIC_MAX_AGE = 60 if PRODUCTION else 0
MEDIA_ROOT = VAR_DIR / "media"

# API -----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "chat.api.auth.KeyAuthentication",
        "chat.api.auth.BrowserAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["chat.api.auth.MayChat"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Alice",
    "DESCRIPTION": "En egen assistent på svenska, för människor och program.",
    "VERSION": "0.1.0",
    "LICENSE": {"name": "Apache-2.0"},
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
}

# Logs and metrics ----------------------------------------------------------------------------

LOGGING_CONFIG = "alice_site.logging.configure"
LOGGING = configuration(level=env("ALICE_LOG_LEVEL"), text=is_for_people(env("ALICE_LOG_FORMAT")))
PROMETHEUS_EXPORT_MIGRATIONS = False
