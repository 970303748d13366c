"""The servers: databases, broker, mail."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from services.cli.checks.findings import Finding, fail, ok, warn
from services.cli.databases import is_made, opened, service_names
from services.notification.channels import email
from shared.database.encryption import advice
from shared.kernel.errors import ChuanError, Conflict
from shared.messaging.brokers import connect
from shared.room import wall_time
from shared.settings import Settings


def databases(settings: Settings) -> Iterator[Finding]:
    """Look whether every service's database can be reached and has all migrations."""
    for name in service_names():
        subject = f"database {name}"
        try:
            if not is_made(settings, name):
                yield warn(subject, "not made yet", "`chuan demo`, `chuan process FILE` or `chuan run` makes it")
                continue
            with opened(settings, name) as database:
                yield ok(subject, f"reachable, all migrations done ({database.url.get_backend_name()})")
        except Conflict:
            yield fail(subject, "migrations are missing", "run `chuan migrate`")
        except (ChuanError, SQLAlchemyError, OSError) as error:
            yield fail(subject, _reason(error), "check CHUAN_DATABASE_URL, and that the server runs and lets this user in")


def broker(settings: Settings) -> Iterator[Finding]:
    """Look whether the broker lets us in."""
    url = settings.broker_url.get_secret_value()
    if url.startswith("memory:"):
        yield ok("broker", "in this process")
        return
    try:
        connect(url).publisher().close()
        yield ok("broker", f"{_place(url)} lets us in")
    except (ChuanError, ValueError) as error:
        yield fail("broker", _reason(error), "check CHUAN_BROKER_URL, and that the broker runs and knows this user")


def mail_server(settings: Settings) -> Iterator[Finding]:
    """Look whether the mail server lets us in, the way the notification service does it; nothing is sent."""
    url = settings.smtp_url.get_secret_value()
    if not url:
        yield ok("mail", f"no server set: notices become .eml files in {settings.mail_folder()}")
        return
    try:
        with email.open_channel(settings, wall_time).session():
            yield ok("mail", f"{_place(url)} lets us in")
    except (ChuanError, OSError) as error:
        yield fail("mail", _reason(error), "check CHUAN_SMTP_URL; until then notices wait and are tried again")


def _place(url: str) -> str:
    """Return host and port of a URL, never its password."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return "its address"


def _reason(error: BaseException) -> str:
    """Return one line that tells why: of a database that is away what its driver said, not only that it is away."""
    cause = getattr(error.__cause__, "orig", None) or error
    text = str(cause) or repr(cause)
    return " ".join(text.split())[:300] + advice(cause)
