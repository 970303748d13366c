"""Certificates are made once, renewed in time, and never instead of an installation's own."""

from __future__ import annotations

import ssl
import stat
from pathlib import Path

import pytest

from deploy.make_certificates import AUTHORITY, FOLDER, SERVERS, issue, main, make_authority


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder in which the certificates were made."""
    (tmp_path / "deploy").mkdir()
    main(tmp_path)
    return tmp_path / FOLDER


def contents(folder: Path) -> dict[str, bytes]:
    """Return what is in the files."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_they_are_made_once(made: Path) -> None:
    """A second run changes nothing; keys fit to their certificates; nobody else reads them."""
    first = contents(made)
    main(made.parents[2])
    assert contents(made) == first
    assert first.keys() == {f"{name}.{kind}" for name in (AUTHORITY, *SERVERS) for kind in ("crt", "key")}
    for name in SERVERS:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(made / f"{name}.crt", made / f"{name}.key")
    assert stat.S_IMODE((made / f"{AUTHORITY}.key").stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (made, made.parent)} == {0o700}


@pytest.mark.parametrize(("days", "renewed"), [(29, True), (31, False)])
def test_they_are_renewed_in_their_last_month(made: Path, days: int, renewed: bool) -> None:
    """The others stay."""
    issue(made, "rabbitmq", SERVERS["rabbitmq"], days)
    before = contents(made)
    main(made.parents[2])
    changed = {name for name, content in contents(made).items() if content != before[name]}
    assert changed == ({"rabbitmq.crt", "rabbitmq.key"} if renewed else set())


def test_those_of_another_authority_are_made_anew(made: Path) -> None:
    """After the authority was replaced nobody would be trusted."""
    before = contents(made)
    make_authority(made)
    main(made.parents[2])
    changed = {name for name, content in contents(made).items() if content != before[name]}
    assert changed == before.keys()


def test_an_installation_may_bring_its_own(made: Path) -> None:
    """Without the authority's key nothing is made, and what is missing is said."""
    (made / f"{AUTHORITY}.key").unlink()
    before = contents(made)
    main(made.parents[2])
    assert contents(made) == before
    (made / "proxy.crt").unlink()
    with pytest.raises(SystemExit, match="proxy"):
        main(made.parents[2])
