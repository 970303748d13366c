"""Every setting, read once from the environment (``CHUAN_*``)."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.kernel.errors import InvalidInput


class Settings(BaseSettings):
    """The settings of one process; each is the environment variable ``CHUAN_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="CHUAN_", extra="ignore", frozen=True)

    data_dir: Path = Field(Path(".chuan"), description="Folder of the embedded mode: databases and delivered notices.")
    broker_url: SecretStr = Field(
        SecretStr("memory://"), description="memory:// or amqps://user:password@host:port/vhost?cafile=…; amqp://… on loopback."
    )
    broker_management_url: SecretStr = Field(
        SecretStr(""),
        description="https://user:password@host:port of RabbitMQ's management interface, to check what queues really are.",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="sqlite:///… or postgresql+psycopg://…?sslmode=verify-full&sslrootcert=…; {service} is the service's name. "
        "Empty: SQLite in data_dir.",
    )
    http_address: str = Field("127.0.0.1:8000", description="Where HTTP listens; several services of one process share it.")
    tokens_file: Path | None = Field(
        None, description="JSON file {sha256 of a bearer token: {name, roles}}; required when HTTP listens beyond loopback."
    )
    public_url: str = Field("http://127.0.0.1:8000", description="How the outside reaches this installation; used in notices.")

    batch_size: int = Field(1000, ge=1, le=5000, description="Most events handled in one transaction.")
    partitions: int = Field(
        1,
        ge=1,
        le=16,
        description="Parts of the service's queue on RabbitMQ: so many copies may read at once, each its own subjects.",
    )
    max_attempts: int = Field(6, ge=1, le=50, description="Attempts of one event before it goes to the dead-letter desk.")
    confirm_timeout: float = Field(30.0, gt=0, description="Seconds to wait for a broker's confirm before sending again.")
    drain_timeout: float = Field(20.0, gt=0, description="Seconds a stopping process may take to finish what it began.")
    inbox_retention_days: int = Field(1100, ge=1, description="Days for which a repeated event is recognised.")
    outbox_retention_days: int = Field(60, ge=1, description="Days for which a published event is kept to be sent again.")
    replay_horizon_days: int = Field(45, ge=0, description="Days back a replay may reach; nobody sends an older event again.")
    pool_size: int = Field(5, ge=1, le=50, description="Database connections of one service.")
    statement_timeout: float = Field(60.0, gt=0, description="Seconds one statement may take on PostgreSQL.")

    smtp_url: SecretStr = Field(
        SecretStr(""), description="smtp(s)://user:password@host:port. Empty: .eml files in outgoing_dir."
    )
    mail_from: str = Field("chuan@example.invalid", description="Sender of notices by e-mail.")
    outgoing_dir: Path | None = Field(
        None, description="Folder of .eml files when no mail server is set. Empty: data_dir/outgoing."
    )
    contacts: Path | None = Field(None, description="YAML file of recipients. Empty: the samples that come with the project.")
    organisation: Path | None = Field(
        None, description="YAML file of the units over time. Empty: the samples that come with the project."
    )
    webhook_allowed_hosts: list[str] = Field([], description="Hosts a webhook may reach although their address is private.")

    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: str = Field("json", pattern="^(json|console)$", description="json for machines, console for people.")

    def service_database_url(self) -> str:
        """Return the database URL, still with its ``{service}``."""
        if given := self.database_url.get_secret_value():
            return given
        # A folder may be called anything; in a URL a question mark or a per cent sign would mean something else.
        try:
            return f"sqlite:///{quote(str(self.data_dir))}/{{service}}.db"
        except UnicodeEncodeError as error:
            name = os.fsencode(self.data_dir)
            raise InvalidInput(f"the data folder {name!r} is no text in this locale; rename it or set PYTHONUTF8=1") from error

    def mail_folder(self) -> Path:
        """Return the folder that stands in for a mail server."""
        return self.outgoing_dir or self.data_dir / "outgoing"
