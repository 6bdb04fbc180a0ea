"""Settings of the site. Everything a person may change is an environment variable; everything kept lives in one home folder.

`TUNTAS_HOME` is the home (default `./tuntas-data`): books, runs and the secret key. `DATABASE_URL` points to PostgreSQL;
without it the books are SQLite inside the home. Importing this module writes nothing.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.functional import lazy

from tuntas.faces.site.databases import database

TUNTAS_HOME = Path(os.environ.get("TUNTAS_HOME", "tuntas-data")).resolve()


def _secret_key() -> str:
    """Return the key from the environment, or the one kept in the home, made on first use and readable by its owner only."""
    given = os.environ.get("TUNTAS_SECRET_KEY")
    if given:
        return given
    kept = TUNTAS_HOME / "secret.key"
    if not kept.exists():
        TUNTAS_HOME.mkdir(parents=True, exist_ok=True)
        # Written whole beside it first: another process on a new home never reads a key half written.
        draft = kept.with_name(f".secret.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, kept)
        except FileExistsError:
            pass
        except OSError:  # a disk without links
            draft.replace(kept)
        draft.unlink(missing_ok=True)
    return kept.read_text(encoding="ascii")


SECRET_KEY = lazy(_secret_key, str)()
DEBUG = os.environ.get("TUNTAS_DEBUG", "") == "1"
ALLOWED_HOSTS = [h for h in os.environ.get("TUNTAS_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",") if h]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "tuntas.store.apps.StoreConfig",
    "tuntas.faces.web.apps.WebConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tuntas.faces.web.doors.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tuntas.faces.web.doors.Refusals",
]
ROOT_URLCONF = "tuntas.faces.site.urls"
WSGI_APPLICATION = "tuntas.faces.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tuntas.faces.web.frame.frame",
            ]
        },
    }
]
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), home=TUNTAS_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia")]
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [TUNTAS_HOME / "locale"]
STATIC_URL = "/static/"
# Pages and scripts are served straight from the installed packages: nothing to collect, nothing to go stale.
WHITENOISE_USE_FINDERS = True
LOGIN_URL = "desk:sign-in"
LOGIN_REDIRECT_URL = "desk:cycles"
LOGOUT_REDIRECT_URL = "desk:sign-in"
LANGUAGE_COOKIE_NAME = "tuntas_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tuntas.faces.web.pages.said.forged"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Failures are told on standard error, with their trace; a page shows none of it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"told": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"django.request": {"handlers": ["told"], "level": "ERROR", "propagate": False}},
}
