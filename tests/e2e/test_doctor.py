"""`chuan doctor` says what is wrong and what to do, and shows no secret."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.e2e.shell import chuan, figures


def test_the_doctor_is_content_with_a_fresh_machine(tmp_path: Path) -> None:
    """Nothing has been made yet, and nothing is wrong."""
    found = figures("doctor", "--data", tmp_path, CHUAN_HTTP_ADDRESS="127.0.0.1:0")
    assert {one["level"] for one in found} == {"ok", "warn"}
    assert {one["subject"] for one in found} >= {"python", "packages", "settings", "data folder", "broker", "mail", "port"}


def test_the_doctor_says_what_to_do_and_hides_secrets(tmp_path: Path) -> None:
    """Each fault is a line with advice; passwords are not shown; the exit code is 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = chuan(
            "doctor",
            CHUAN_DATA_DIR=f"{__file__}/folder",
            CHUAN_DATABASE_URL="postgresql+psycopg://chuan:hunter2@127.0.0.1:9/chuan",
            CHUAN_BROKER_URL="amqp://chuan:hunter2@127.0.0.1:9/%2F",
            CHUAN_SMTP_URL="smtp://chuan:hunter2@127.0.0.1:9",
            CHUAN_TOKENS_FILE=str(tmp_path / "missing.json"),
            CHUAN_HTTP_ADDRESS=f"127.0.0.1:{taken.getsockname()[1]}",
            CHUAN_BATCHSIZE="5",
        )
    assert done.returncode == 1
    assert "hunter2" not in done.stdout + done.stderr
    failed = [line for line in done.stdout.splitlines() if line.startswith("fail")]
    for subject in ("settings", "data folder", "database planning", "broker", "mail", "port"):
        assert any(line.startswith(f"fail  {subject}:") and " -> " in line for line in failed), subject
    assert "warn  settings: CHUAN_BATCHSIZE is no setting" in done.stdout


def test_the_doctor_names_settings_it_cannot_read() -> None:
    """It goes as far as it can."""
    done = chuan("doctor", CHUAN_BATCH_SIZE="many")
    assert done.returncode == 1
    assert "fail  settings: CHUAN_BATCH_SIZE" in done.stdout
    assert done.stdout.startswith("ok    python")


def test_the_doctor_refuses_passwords_in_the_clear() -> None:
    """A broker and a database elsewhere are not even asked without TLS, and a check of who answers."""
    done = chuan(
        "doctor",
        CHUAN_DATABASE_URL="postgresql+psycopg://chuan:hunter2@db.example.invalid/chuan?sslmode=require",
        CHUAN_BROKER_URL="amqp://chuan:hunter2@broker.example.invalid/chuan",
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith("fail")]
    assert any(line.startswith("fail  broker:") and "use amqps://" in line for line in failed)
    assert any(line.startswith("fail  database planning:") and "sslmode=verify-full" in line for line in failed)
    assert "hunter2" not in done.stdout + done.stderr
