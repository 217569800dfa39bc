"""Every setting of Greenlane, each from a ``GREENLANE_*`` variable, safe when nothing is set.

One file, no variants: tests, demo and an office's server differ only in their environment.
``docs/reference/settings.md`` is written from the declarations here.
"""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from greenlane import __version__
from greenlane.content.packs import name_of_pack
from greenlane.project.csp import policy
from greenlane.project.env import (
    READ_ELSEWHERE,
    database_from_url,
    declared,
    env_bool,
    env_choice,
    env_int,
    env_list,
    env_path,
    env_secret,
    env_text,
)
from greenlane.project.keys import read_keys
from greenlane.project.logs import logging_settings
from greenlane.project.own_apps import OWN_APPS
from greenlane.project.templates import templates

PACKAGE = Path(__file__).resolve().parent.parent

# --- What kind of installation this is ------------------------------------------------------------

IS_DEMO = env_bool(
    "DEMO",
    "A demonstration: its keys are made and kept in the data folder, plain HTTP is allowed, and "
    "every page says so. Never for real members.",
    default=False,
)
_is_local = env_bool(
    "HTTP_LOCAL",
    "Serve plain HTTP, for one person on their own machine. Cookies then travel unencrypted.",
    default=False,
)
IS_LOCAL_HTTP = IS_DEMO or _is_local
DEBUG = env_bool(
    "DEBUG",
    "Show an error's code and variables in the browser. For developers only.",
    default=False,
)
DATA_DIR = env_path(
    "DATA_DIR",
    "~/.local/share/greenlane",
    "Folder for the SQLite file, documents, outgoing mail without a mail server, and the demo's "
    "keys. Back it up together with the database.",
)
# The watch lists in force and what was screened against them last; see `greenlane watchlist`.
WATCHLISTS_DIR = DATA_DIR / "watchlists"
_keys = read_keys(DATA_DIR, may_make=IS_LOCAL_HTTP)
SECRET_KEY = _keys.secret
GREENLANE_SEAL_KEY = _keys.seal
GREENLANE_SEAL_KEYS_OLD = _keys.seal_old
GREENLANE_SIGNING_KEY = _keys.signing
GREENLANE_SIGNING_KEYS_OLD = _keys.signing_old
ALLOWED_HOSTS = env_list(
    "HOSTS",
    "localhost,127.0.0.1,[::1]",
    "Host names under which browsers reach this server; others are refused.",
)
CSRF_TRUSTED_ORIGINS = env_list(
    "ORIGINS",
    "",
    "Addresses (https://name) from which forms are accepted when a proxy changes the host name.",
)

# --- Encryption of the way ------------------------------------------------------------------------

_proxies = env_int(
    "TRUSTED_PROXIES",
    0,
    "How many proxies of yours stand before this server. With one or more, X-Forwarded-Proto and "
    "X-Forwarded-For are believed; with none, they are ignored.",
    at_most=10,
)
if _proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = _proxies
SECURE_SSL_REDIRECT = not IS_LOCAL_HTTP
SECURE_HSTS_SECONDS = 0 if IS_LOCAL_HTTP else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not IS_LOCAL_HTTP
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * env_int(
    "SESSION_MINUTES",
    8 * 60,
    "Minutes after which somebody must sign in again.",
    at_least=5,
    at_most=7 * 24 * 60,
)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = policy()

# --- Parts ----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials.apps.SimpleAppConfig",  # plain: loaders are named below, not wrapped
    *OWN_APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "greenlane.web.ui.language.LanguageOfAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Behind all of the above, so that whatever it refuses has been through them.
    "greenlane.gate.access.AccessMiddleware",
    "greenlane.web.ui.errors.WrongMethodMiddleware",
    # Last: it runs the page itself, in one transaction with the note that it was sent.
    "greenlane.gate.once.OnceMiddleware",
]
# Who may pass through which door; an address in none of these tables is closed.
GREENLANE_DOORS = [
    "greenlane.web.people.doors",
    "greenlane.web.public.doors",
    "greenlane.web.member.doors",
    "greenlane.web.specialist.doors",
    "greenlane.api.doors",
]
ROOT_URLCONF = "greenlane.project.urls"
CSRF_FAILURE_VIEW = "greenlane.web.ui.errors.csrf_failure"
WSGI_APPLICATION = "greenlane.project.wsgi.application"
TEMPLATES = templates(PACKAGE / "web" / "templates", is_cached=not DEBUG)

# --- Database, tasks, sign-in ---------------------------------------------------------------------

_database_url = env_secret(
    "DATABASE_URL",
    "Where the record is kept: sqlite:////absolute/path or "
    "postgresql://user:password@host:5432/name. Without it, a SQLite file in the data folder.",
)
if not _database_url:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    _database_url = f"sqlite:///{DATA_DIR / 'greenlane.sqlite3'}"
DATABASES = {"default": database_from_url(_database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all workers: a one-time code that one has seen is used up for the others too.
CACHES = {"default": {"BACKEND": "greenlane.gate.shared_cache.SharedCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

IS_COMPANY_ALONE = env_bool(
    "COMPANY_ALONE",
    "One company runs this for itself: the authority's decisions are recorded from its letters.",
    default=False,
)
GREENLANE_PACK = name_of_pack(
    env_text("PACK", "ctpat", "Which program this installation runs: a pack's name, or its folder.")
)

# Who says what events mean for tables: all but the record itself (first) and reports (last).
GREENLANE_PROJECTIONS = [f"{app}.projections" for app in OWN_APPS[1:-1]]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
_checks = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_checks}MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_checks}CommonPasswordValidator"},
    {"NAME": f"{_checks}UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "public:go", "account_login"
ACCOUNT_ADAPTER = "greenlane.web.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "greenlane.web.people.adapters.ResetForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An address is proved before a person is recorded (web.people.joining), so never afterwards.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Django's own: allauth's would copy addresses into a table beside the record.
_tokens = "django.contrib.auth.tokens."
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = f"{_tokens}PasswordResetTokenGenerator"
PASSWORD_RESET_TIMEOUT = 24 * 3600
MFA_ADAPTER = "greenlane.web.people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Greenlane"
MFA_TOTP_TOLERANCE = 1
# A browser gives passkeys to plain HTTP on localhost only; the library must be told so.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL_HTTP

# --- Language, time, files ------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_TZ = True
TIME_ZONE = env_text(
    "TIME_ZONE",
    "America/New_York",
    "The office's time zone: the day on which something happens is counted there.",
)
# The version in the address lets browsers keep a file for a year and still see a new release.
STATIC_URL = f"/static/{__version__}/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
FONTS_DIR = PACKAGE / "web" / "static" / "vendor" / "fonts"
PUBLIC_ADDRESS = env_text(
    "PUBLIC_ADDRESS",
    "http://127.0.0.1:8000",
    "Address under which people reach this installation; printed on letters and in mails.",
).rstrip("/")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 60 if IS_LOCAL_HTTP else 365 * 24 * 3600
_upload = (
    1024
    * 1024
    * env_int("UPLOAD_MAX_MB", 25, "Largest file somebody may give as evidence, in MB.", at_least=1)
)
DATA_UPLOAD_MAX_MEMORY_SIZE = _upload
UPLOAD_MAX_BYTES = _upload

# --- Mail -----------------------------------------------------------------------------------------

EMAIL_HOST = env_text(
    "SMTP_HOST",
    "",
    "Mail server. Without one, mails are written as files to the data folder's `mail`.",
)
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_PORT = env_int("SMTP_PORT", 587, "Port of the mail server.", at_least=1, at_most=65535)
EMAIL_HOST_USER = env_text("SMTP_USER", "", "User name at the mail server.")
EMAIL_HOST_PASSWORD = env_secret("SMTP_PASSWORD", "Password at the mail server.") or ""
_encryption = env_choice(
    "SMTP_ENCRYPTION",
    "starttls",
    ("starttls", "tls", "none"),
    "How the way to the mail server is encrypted.",
)
EMAIL_USE_TLS, EMAIL_USE_SSL = _encryption == "starttls", _encryption == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_text("MAIL_FROM", "greenlane@localhost", "Sender of every mail.")

# --- Log: for operators, without personal data ----------------------------------------------------

LOGGING = logging_settings(
    env_choice(
        "LOG_LEVEL",
        "WARNING",
        ("DEBUG", "INFO", "WARNING", "ERROR"),
        "Least grave message that is logged.",
    )
)

# What docs/reference/settings.md is written from; it stands last, when all have been asked for.
DECLARED = [*declared(), *READ_ELSEWHERE]
