"""Make the passwords and tokens of an installation, once: ``python3 deploy/make_secrets.py``.

What is missing in ``.env`` is added to it, what stands there is kept; the files in ``deploy/secrets`` are made from it: the
broker's users, who are known there by hashes, and the tokens of HTTP, by digests. Neither is part of the repository.
"""

# ruff: noqa: INP001, T201 - a script, no package; it prints

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("planning", "inspection", "notification", "reporting")
# Who gets a token, and its role. Two operators, for an edit at the dead-letter desk takes two persons.
HOLDERS = {"publisher": "publisher", "officer": "officer", "head": "head", "operator": "operator", "second_operator": "operator"}
# Who logs in to the broker: everybody whom its definitions permit something.
_DEFINITIONS = json.loads((ROOT / "deploy" / "rabbitmq" / "definitions.json").read_text(encoding="ascii"))
BROKER_USERS = sorted({one["user"] for one in _DEFINITIONS["permissions"]})
TAGS = {"operator": ["monitoring"]}

# What stands in .env, apart from what an installation adds to it.
PASSWORDS = (
    "POSTGRES_PASSWORD",
    "GRAFANA_PASSWORD",
    "CHUAN_OWNER_DATABASE_PASSWORD",
    *(f"CHUAN_{service.upper()}_DATABASE_PASSWORD" for service in SERVICES),
    *(f"CHUAN_{user.upper()}_BROKER_PASSWORD" for user in BROKER_USERS),
    *(f"CHUAN_{holder.upper()}_TOKEN" for holder in HOLDERS),
)


def main(root: Path = ROOT) -> None:
    """Make what is missing."""
    file = root / ".env"
    known = read(file) if file.exists() else {}
    missing = {name: secrets.token_urlsafe(24) for name in PASSWORDS if name not in known}
    if missing:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="ascii") as env:
            env.writelines(f"{name}={value}\n" for name, value in missing.items())
    file.chmod(0o600)
    values = {**known, **missing}
    folder = root / "deploy" / "secrets"
    # The folder is closed on this machine; the files are mounted one by one into containers whose users differ.
    folder.mkdir(mode=0o700, exist_ok=True)
    _write(folder / "tokens.json", tokens(values))
    _write(folder / "rabbitmq-users.json", {"users": [*broker_users(values)]})
    print(f"{len(missing)} new secrets; all are in {file.name}, which only you can read")


def read(file: Path) -> dict[str, str]:
    """Return the variables of an environment file."""
    lines = (line.partition("=") for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, equals, value in lines if equals}


def tokens(values: Mapping[str, str]) -> dict[str, dict[str, object]]:
    """Return who may do what over HTTP: each token by its SHA-256."""
    digests = {holder: hashlib.sha256(values[f"CHUAN_{holder.upper()}_TOKEN"].encode()).hexdigest() for holder in HOLDERS}
    return {
        digest: {"name": f"{holder.replace('_', ' ')} of this installation", "roles": [HOLDERS[holder]]}
        for holder, digest in digests.items()
    }


def broker_users(values: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Yield the broker's users; what each may do stands in deploy/rabbitmq."""
    for user in BROKER_USERS:
        password = values[f"CHUAN_{user.upper()}_BROKER_PASSWORD"]
        # The salt comes from the password itself, or each run would change the file and with it the broker's users.
        salt = hashlib.sha256(b"salt" + password.encode()).digest()[:4]
        yield {
            "name": user,
            "password_hash": password_hash(password, salt),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": TAGS.get(user, []),
        }


def password_hash(password: str, salt: bytes) -> str:
    """Return a password as RabbitMQ keeps it: salted SHA-256."""
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="ascii")
    path.chmod(0o644)


if __name__ == "__main__":
    main()
