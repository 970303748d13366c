"""Make the certificates of an installation: ``python3 deploy/make_certificates.py``, again before they expire; needs openssl.

``deploy/secrets/certificates`` gets an authority of its own, which never leaves this machine, and a certificate for each server.
What is valid for another month is kept. An installation that has an authority puts its own files there instead.
"""

# ruff: noqa: INP001, T201 - a script, no package; it prints

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path("deploy", "secrets", "certificates")
AUTHORITY = "ca"
# Each server, and the names under which it is reached: between containers, and on this machine.
SERVERS = {
    "rabbitmq": ("rabbitmq", "localhost", "127.0.0.1"),
    "postgres": ("postgres", "localhost", "127.0.0.1"),
    "proxy": ("proxy", "localhost", "127.0.0.1"),
}
_AUTHORITY_DAYS = 3650
_SERVER_DAYS = 397
_RENEWED_BEFORE = 30 * 86400  # seconds
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc")


def main(root: Path = ROOT) -> None:
    """Make what is missing or expires soon."""
    folder = root / FOLDER
    # Closed on this machine; the files are mounted one by one into containers whose users differ.
    for closed in (folder.parent, folder):
        closed.mkdir(mode=0o700, exist_ok=True)
    own = (folder / f"{AUTHORITY}.key").exists() or not (folder / f"{AUTHORITY}.crt").exists()
    if own and not _lasts(folder / f"{AUTHORITY}.crt"):
        make_authority(folder)
    wanted = [name for name in SERVERS if not issued(folder, name)]
    if wanted and not own:
        sys.exit(
            f"{FOLDER}: {', '.join(wanted)}: missing, not of {AUTHORITY}.crt, or about to expire; put new certificates there"
        )
    for name in wanted:
        issue(folder, name, SERVERS[name])
    print(f"{len(wanted)} new certificates in {FOLDER}; {AUTHORITY}.crt there is what clients trust")


def make_authority(folder: Path) -> None:
    """Make an authority that issues certificates for servers, and nothing else."""
    _openssl(
        *("req", "-x509", *_KEY, "-days", str(_AUTHORITY_DAYS), "-subj", "/CN=Chuan internal authority"),
        *("-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        *("-keyout", str(folder / f"{AUTHORITY}.key"), "-out", str(folder / f"{AUTHORITY}.crt")),
    )
    (folder / f"{AUTHORITY}.key").chmod(0o600)


def issue(folder: Path, name: str, hosts: Sequence[str], days: int = _SERVER_DAYS) -> None:
    """Make a key and a certificate for the server ``name``, which is reached under each of ``hosts``."""
    names = ",".join(f"IP:{host}" if host[:1].isdigit() else f"DNS:{host}" for host in hosts)
    extensions = (
        f"subjectAltName={names}\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
        "extendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
    )
    key, request, certificate = (folder / f"{name}.{kind}" for kind in ("key", "csr", "crt"))
    _openssl("req", "-new", *_KEY, "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(request))
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
        file.write(extensions)
        file.flush()
        _openssl(
            *("x509", "-req", "-in", str(request), "-days", str(days), "-extfile", file.name, "-out", str(certificate)),
            *("-CA", str(folder / f"{AUTHORITY}.crt"), "-CAkey", str(folder / f"{AUTHORITY}.key")),
        )
    request.unlink()
    for path in (key, certificate):
        path.chmod(0o644)


def issued(folder: Path, name: str) -> bool:
    """Tell whether the server ``name`` has a certificate of this authority that lasts."""
    certificate = folder / f"{name}.crt"
    if not _lasts(certificate):
        return False
    check = ("openssl", "verify", "-CAfile", str(folder / f"{AUTHORITY}.crt"), str(certificate))
    return subprocess.run(check, capture_output=True, check=False).returncode == 0  # noqa: S603 - openssl, with our own files


def _lasts(certificate: Path) -> bool:
    check = ("openssl", "x509", "-in", str(certificate), "-noout", "-checkend", str(_RENEWED_BEFORE))
    return certificate.exists() and subprocess.run(check, capture_output=True, check=False).returncode == 0  # noqa: S603 - the same


def _openssl(*arguments: str) -> None:
    command = ("openssl", *arguments)
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the same
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.strip()}")


if __name__ == "__main__":
    if not shutil.which("openssl"):
        sys.exit("openssl is needed to make certificates; on Debian and Ubuntu: apt-get install openssl")
    main()
