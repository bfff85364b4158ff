"""Settings. Every value that differs between offices comes from the environment.

Two ways to run, one code base: *embedded* (nothing set: SQLite and a queue in
files, both below ``DATA_DIR``) and *served* (``DATABASE_URL`` and
``REDIS_URL``). docs/served.md lists every variable read here.
"""

import os
from pathlib import Path

import django_stubs_ext
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from election_admin.launch.install import make_secrets

# Lets fields, forms and querysets be written with their types: forms.ModelForm[Election].
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var")))
# An embedded office makes its own secrets once; a served one, whose processes must share
# them, is given them in its environment.
if not env("DATABASE_URL", default=""):
    make_secrets(DATA_DIR, os.environ)
env.read_env(str(DATA_DIR / "secrets.env"))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")
# Fernet keys, comma separated: the first encrypts, all decrypt.
FIELD_KEYS = env.list("FIELD_KEYS")
# Keys the blind index of ID numbers; changing it means indexing anew.
INDEX_KEY = env("INDEX_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# HTTPS is the proxy's: a served office behind one says so, an embedded one has none.
HTTPS = env.bool("HTTPS", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "js_lib_bootstrap5",
    "js_lib_bootstrap_icons",
    "rules",
    "ballots",
    "candidates",
    "villages",
    "election_admin.documents",
    "election_admin.evidence",
    "election_admin.imports",
    "election_admin.accounts",
    "election_admin.journal",
    "election_admin.places",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "election_admin.accounts.middleware.PrintableCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "election_admin.accounts.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "election_admin.urls"
WSGI_APPLICATION = "election_admin.wsgi.application"

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
                "django.template.context_processors.i18n",
                "election_admin.accounts.context.office",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "election_admin.accounts.templatetags.office",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/office.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL without IMMEDIATE loses most contended transactions to "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Generated and uploaded files: outside the web root, handed out by views that check who asks.
MEDIA_ROOT = DATA_DIR / "files"

REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- queue ----------------------------------------------------------------
QUEUE_DIR = DATA_DIR / "queue"
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
if not REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "queue" / "beat")
CELERY_BEAT_SCHEDULE = {
    # A sweep that no worker took within its turn is made good by the next one.
    "sweep-documents": {"task": "documents.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "sweep-evidence": {"task": "evidence.sweep", "schedule": 3600.0, "options": {"expires": 3600}},
    "sweep-imports": {"task": "imports.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "clear-imports": {"task": "imports.clear", "schedule": 3600.0, "options": {"expires": 3600}},
    # Every hour of the morning, for an office that is switched on late or whose mail server was away.
    "morning": {
        "task": "ballots.morning",
        "schedule": crontab(minute=5, hour="6-11"),
        "options": {"expires": 3000},
    },
}

# --- mail -----------------------------------------------------------------
# smtp://user:password@host:25, smtp+tls://… or smtp+ssl://…; without it no mail is sent.
EMAIL_URL = env("EMAIL_URL", default="")
EMAIL_CONFIGURED = bool(EMAIL_URL)
vars().update(environ.Env.email_url_config(EMAIL_URL or "dummymail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default="election-office@localhost")
# Where people reach the office, for the links in letters.
OFFICE_URL = env("OFFICE_URL", default="")

# --- people ---------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:log_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:log_in"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "election_admin.accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_USERNAME_FORM_FIELD = "username"
SILENCED_SYSTEM_CHECKS: list[str] = []
if not HTTPS:
    # An embedded office is reached on its own machine: no HTTPS to insist on.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# --- language and time ----------------------------------------------------
# Source sentences are Simplified Chinese; locale/en holds their English.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["election_admin.formats"]

# --- static ---------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "election_admin.static_finder.AllowedAppFilesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env(
            "STATICFILES_STORAGE",
            default="whitenoise.storage.CompressedManifestStaticFilesStorage",
        )
    },
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "office_table.html"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A page photographed or scanned in colour has 2 to 6 MB; what is larger is a film or a mistake.
UPLOAD_FILE_BYTES = 10 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "election_admin.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "election_admin.uploads.NamelessFile",
]
# Enough for every page of a signed list; more belong into one PDF.
EVIDENCE_FILES_PER_ROW = 20
# Phones save pictures of 12 to 50 million pixels; one of more is made to fill the memory.
EVIDENCE_IMAGE_PIXELS = 50_500_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"election_admin": {"level": "INFO"}},
}
