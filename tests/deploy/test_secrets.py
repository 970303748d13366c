"""Passwords and tokens are made once, can be read by their owner only, and fit where they are used."""

from __future__ import annotations

import base64
import hashlib
import json
import stat
from pathlib import Path

import pytest
from werkzeug.datastructures import Headers
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from deploy.make_secrets import PASSWORDS, main, read
from services.cli.hosting import SERVICES
from shared.web.auth import ALL_ROLES, Tokens
from tests.architecture.tree import ROOT


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder in which the secrets were made."""
    (tmp_path / "deploy").mkdir()
    (tmp_path / ".env").write_text("# own settings\nCHUAN_PUBLIC_URL=https://chuan.example.invalid\n", encoding="utf-8")
    main(tmp_path)
    return tmp_path


def with_token(token: str) -> Request:
    """Return a request that brings a token."""
    return Request(EnvironBuilder(method="POST", headers=Headers({"Authorization": f"Bearer {token}"})).get_environ())


def test_secrets_are_made_once(made: Path) -> None:
    """A second run changes nothing, and what stood in the file before stays."""
    first = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    main(made)
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == first
    values = read(made / ".env")
    assert values.keys() == {*PASSWORDS, "CHUAN_PUBLIC_URL"}
    assert len({*values.values()}) == len(values)
    assert min(len(values[name]) for name in PASSWORDS) >= 32


def test_nobody_else_reads_them(made: Path) -> None:
    """The environment file and the folder are their owner's."""
    assert stat.S_IMODE((made / ".env").stat().st_mode) == 0o600
    assert stat.S_IMODE((made / "deploy" / "secrets").stat().st_mode) == 0o700


def test_a_lost_password_is_made_anew(made: Path) -> None:
    """Removing a line and running it again changes that one password."""
    before = read(made / ".env")
    kept = [line for line in (made / ".env").read_text(encoding="ascii").splitlines() if not line.startswith("POSTGRES")]
    (made / ".env").write_text("\n".join(kept) + "\n", encoding="ascii")
    main(made)
    after = read(made / ".env")
    assert {name for name in before if before[name] != after[name]} == {"POSTGRES_PASSWORD"}


def test_tokens_let_in_whom_they_must(made: Path) -> None:
    """The services accept the tokens of the file, each for its role only."""
    values, tokens = read(made / ".env"), Tokens(made / "deploy" / "secrets" / "tokens.json")
    assert tokens.check(with_token(values["CHUAN_PUBLISHER_TOKEN"]), "publisher")
    with pytest.raises(Forbidden):
        tokens.check(with_token(values["CHUAN_PUBLISHER_TOKEN"]), "officer")
    with pytest.raises(Unauthorized):
        tokens.check(with_token("guessed"), "publisher")


def test_each_role_has_a_token(made: Path) -> None:
    """A role that nobody holds could never act."""
    tokens = json.loads((made / "deploy" / "secrets" / "tokens.json").read_text(encoding="ascii"))
    assert {role for holder in tokens.values() for role in holder["roles"]} == ALL_ROLES


def test_whoever_may_do_something_on_the_broker_is_known_there(made: Path) -> None:
    """The broker does not start with permissions for a user that does not exist."""
    users = json.loads((made / "deploy" / "secrets" / "rabbitmq-users.json").read_text(encoding="ascii"))["users"]
    definitions = json.loads((ROOT / "deploy" / "rabbitmq" / "definitions.json").read_text(encoding="ascii"))
    permitted = {one["user"] for one in definitions["permissions"] + definitions["topic_permissions"]}
    assert {user["name"] for user in users} == permitted >= {*SERVICES, "operator"}


def test_the_broker_knows_the_passwords_by_hash(made: Path) -> None:
    """Four bytes of salt and the SHA-256 of salt and password, as RabbitMQ checks it; no password in the clear."""
    text = (made / "deploy" / "secrets" / "rabbitmq-users.json").read_text(encoding="ascii")
    values, users = read(made / ".env"), {user["name"]: user for user in json.loads(text)["users"]}
    assert users.keys() >= SERVICES.keys()
    for name, user in users.items():
        password = values[f"CHUAN_{name.upper()}_BROKER_PASSWORD"]
        assert password not in text
        stored = base64.b64decode(user["password_hash"])
        assert stored[4:] == hashlib.sha256(stored[:4] + password.encode()).digest()
