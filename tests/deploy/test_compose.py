"""The containers of one machine: each service with its own identity, nothing open, no secret written down."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from deploy.make_certificates import SERVERS
from deploy.make_secrets import PASSWORDS
from services.cli.hosting import SERVICES
from shared.settings import Settings
from tests.architecture.tree import ROOT

_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(_TEXT)["services"]
_DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
_WANTED = {"rabbitmq", "postgres", "migrations", "proxy", "prometheus", "alertmanager", "grafana", "mail", *SERVICES}


def test_everything_is_there() -> None:
    """One command starts the servers, the services, and what watches them."""
    assert COMPOSE.keys() >= _WANTED


@pytest.mark.parametrize("name", COMPOSE)
def test_settings_exist_and_images_are_pinned(name: str) -> None:
    """A misspelt variable would be ignored; an image without a version would be another one tomorrow."""
    container = COMPOSE[name]
    if container["image"] == "chuan":
        known = {f"CHUAN_{setting.upper()}" for setting in Settings.model_fields}
        assert {variable for variable in container["environment"] if variable.startswith("CHUAN_")} <= known
    else:
        assert re.search(r":v?\d", container["image"])


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_somebody(name: str) -> None:
    """Its own user on the broker, its own role in the database, with passwords nobody else has."""
    environment = COMPOSE[name]["environment"]
    variable = f"CHUAN_{name.upper()}"
    assert environment["CHUAN_BROKER_URL"].startswith(f"amqps://{name}:${{{variable}_BROKER_PASSWORD}}@")
    assert environment["CHUAN_DATABASE_URL"].startswith(f"postgresql+psycopg://{name}:${{{variable}_DATABASE_PASSWORD}}@")
    assert environment["CHUAN_TOKENS_FILE"]
    assert COMPOSE[name]["command"] == ["run", name]


@pytest.mark.parametrize("name", SERVICES)
def test_health_orders_the_start(name: str) -> None:
    """A service starts when its database is migrated and its broker is up, and the proxy when all are ready."""
    after = {other: how["condition"] for other, how in COMPOSE[name]["depends_on"].items()}
    assert after == {
        "migrations": "service_completed_successfully",
        "postgres": "service_healthy",
        "rabbitmq": "service_healthy",
    }
    assert COMPOSE["proxy"]["depends_on"][name]["condition"] == "service_healthy"
    assert all(COMPOSE[other].get("healthcheck") for other in ("postgres", "rabbitmq", "proxy", name))
    assert "/readyz" in COMPOSE[name]["healthcheck"]["test"][-1]


@pytest.mark.parametrize("name", [name for name, one in COMPOSE.items() if one["image"] == "chuan"])
def test_our_containers_can_write_nothing_and_are_not_root(name: str) -> None:
    """What breaks in cannot stay."""
    assert COMPOSE[name]["read_only"] is True
    assert COMPOSE[name]["cap_drop"] == ["ALL"]
    assert re.findall(r"^USER (\d+):\d+$", _DOCKERFILE, re.MULTILINE) not in ([], ["0"])


@pytest.mark.parametrize("name", [name for name, one in COMPOSE.items() if one["image"] == "chuan"])
def test_nothing_between_containers_can_be_read(name: str) -> None:
    """Each container checks the broker's and the database's certificates against the authority that is mounted into it."""
    environment, mounts = COMPOSE[name]["environment"], COMPOSE[name]["volumes"]
    assert "./deploy/secrets/certificates/ca.crt:/run/chuan/ca.crt:ro" in mounts
    assert environment["CHUAN_DATABASE_URL"].endswith("?sslmode=verify-full&sslrootcert=/run/chuan/ca.crt")
    broker = environment.get("CHUAN_BROKER_URL", "amqps://?cafile=/run/chuan/ca.crt")
    assert broker.startswith("amqps://")
    assert broker.endswith("?cafile=/run/chuan/ca.crt")


def test_servers_show_their_certificates() -> None:
    """Each has its own, for the name it is reached by, and offers nothing without TLS."""
    for name, hosts in SERVERS.items():
        assert name in COMPOSE
        assert name in hosts
        for kind in ("crt", "key"):
            assert f"./deploy/secrets/certificates/{name}.{kind}:/run/chuan/server.{kind}:ro" in COMPOSE[name]["volumes"]
    broker = (ROOT / "deploy" / "rabbitmq" / "rabbitmq.conf").read_text(encoding="utf-8").splitlines()
    assert {"listeners.tcp = none", "listeners.ssl.default = 5671", "management.ssl.port = 15671"} <= set(broker)
    assert not [line for line in broker if line.startswith("management.tcp")]
    rules = (ROOT / "deploy" / "postgres" / "pg_hba.conf").read_text(encoding="utf-8").splitlines()
    assert {line.split()[0] for line in rules if line and not line.startswith("#")} == {"local", "hostssl"}


def test_only_the_machine_itself_reaches_in() -> None:
    """Ports listen on loopback; whoever opens the proxy to others does it knowingly."""
    ports = [port for one in COMPOSE.values() for port in one.get("ports", ())]
    assert ports
    assert all(port.startswith(("127.0.0.1:", "${CHUAN_LISTEN:-127.0.0.1:")) for port in ports)


def test_every_secret_is_made_and_none_is_written_down() -> None:
    """Each variable without a default is one that `make up` makes."""
    asked = set(re.findall(r"\$\{(\w+)(?::\?[^}]*)?\}", _TEXT))
    assert asked
    assert asked <= set(PASSWORDS)
    assert not re.search(r"(?i)password\S*: (?!\$)\S", _TEXT)


def test_what_is_mounted_exists() -> None:
    """A missing file would be mounted as an empty folder. Those in deploy/secrets are made."""
    mounts = [volume.split(":")[0] for one in COMPOSE.values() for volume in one.get("volumes", ())]
    files = [mount for mount in mounts if mount.startswith("./") and not mount.startswith("./deploy/secrets/")]
    assert not [file for file in files if not (ROOT / file).exists()]


def test_the_image_holds_what_was_locked() -> None:
    """Packages are checked against their hashes; tests, tools and secrets stay outside."""
    assert "--require-hashes --requirement requirements.lock" in _DOCKERFILE
    ignored = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    taken = {line[1:] for line in ignored if line.startswith("!")}
    assert taken == {"LICENSE", "README.md", "pyproject.toml", "requirements.lock", "services", "shared"}
    assert {"/.env", "/deploy/secrets/"} <= set((ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())
