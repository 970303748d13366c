"""A private PostgreSQL server: own port and folder, TCP on loopback only, no Unix socket."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers.packages import postgresql_folder
from tests.servers.ports import free_ports, listens
from tests.servers.processes import Process, spawn, wait_until

_START_SECONDS = 60
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_connections": "300",
    "timezone": "UTC",
}
_RULES = Path(__file__).resolve().parents[2] / "deploy" / "postgres" / "pg_hba.conf"
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """One server and where it is reached; it can be stopped and started again with what it holds."""

    folder: str
    password: str
    port: int
    encrypted: bool = False

    @classmethod
    def prepare(cls, folder: Path, certificate: Path | None = None) -> PostgresServer:
        """Create a new database cluster in ``folder``; with a ``certificate``, beside which is its key, it asks for TLS."""
        encrypted = certificate is not None
        server = cls(folder=str(folder), password=secrets.token_urlsafe(18), port=free_ports(1)[0], encrypted=encrypted)
        folder.mkdir(parents=True)
        if certificate is not None:
            server.certify(certificate)
        secret = folder / "password"
        secret.write_text(server.password, encoding="ascii")
        secret.chmod(0o600)
        user = _unprivileged()
        if user is not None:
            for path in (folder, secret):
                os.chown(path, user.pw_uid, user.pw_gid)
        options = ["--username=chuan", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        command = server._as_its_user("initdb", "--pgdata", f"{folder}/data", "--pwfile", str(secret), *options)
        done = subprocess.run(command, env=_ENVIRONMENT, cwd=folder, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr.strip()}")
        return server

    def certify(self, certificate: Path) -> None:
        """Give it another certificate; a running server looks when it gets a SIGHUP."""
        user = _unprivileged()
        for kind in (".crt", ".key"):
            copy = Path(self.folder, "server").with_suffix(kind)
            shutil.copyfile(certificate.with_suffix(kind), copy)
            copy.chmod(0o600)
            if user is not None:
                os.chown(copy, user.pw_uid, user.pw_gid)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://chuan:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> list[Process]:
        """Start the server and return its process once it can be used. Raises ``RuntimeError``."""
        folder = Path(self.folder)
        values = {**_SETTINGS, "port": str(self.port)}
        if self.encrypted:
            files = {"ssl_cert_file": f"{folder}/server.crt", "ssl_key_file": f"{folder}/server.key", "hba_file": str(_RULES)}
            values |= {"ssl": "on", **files}
        settings = [f"-c{name}={value}" for name, value in values.items()]
        log = folder / "server.log"
        command = self._as_its_user("postgres", "-D", f"{folder}/data", *settings)
        process = spawn(command, _ENVIRONMENT, log, ending=signal.SIGINT)  # "fast": clients are sent away
        if wait_until(lambda: self._accepts() or not process.alive, _START_SECONDS) and process.alive:
            return [process]
        process.kill()
        raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-1500:]}")

    def _accepts(self) -> bool:
        if not listens(self.port):
            return False
        command = [f"{_programs()}/pg_isready", "--quiet", "--host=127.0.0.1", f"--port={self.port}"]
        return subprocess.run(command, env=_ENVIRONMENT, check=False).returncode == 0

    @staticmethod
    def _as_its_user(program: str, *arguments: str) -> list[str]:
        """Return a command line; PostgreSQL refuses to run as root, so root steps down to PostgreSQL's own user.

        That user keeps one privilege, to pass through the folders above the data even when they are private to root.
        """
        command = [f"{_programs()}/{program}", *arguments]
        user = _unprivileged()
        if user is None:
            return command
        kept = [f"--{kind}=-all,+dac_override" for kind in ("inh-caps", "ambient-caps", "bounding-set")]
        step_down = [shutil.which("setpriv") or "setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        return [*step_down, *kept, *command]


def _unprivileged() -> pwd.struct_passwd | None:
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def _programs() -> Path:
    folder = postgresql_folder()
    if folder is None:
        raise RuntimeError("PostgreSQL is not installed")
    return folder
