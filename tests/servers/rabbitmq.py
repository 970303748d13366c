"""A private RabbitMQ node: own name, cookie, epmd and folder; nothing of the system's installation is touched."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers.packages import rabbitmq_folder
from tests.servers.ports import free_ports, listens
from tests.servers.processes import Process, spawn, wait_until

_START_SECONDS = 90
_PLUGINS = "[rabbitmq_management, rabbitmq_prometheus, rabbitmq_consistent_hash_exchange]."
_PLAIN = "listeners.tcp.1 = 127.0.0.1:{port}\n"
_CONFIGURATION = """\
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {prometheus}
default_user = chuan
default_pass = {password}
loopback_users = none
heartbeat = 15
max_message_size = 1048576
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.absolute = 1GB
raft.wal_max_size_bytes = 67108864
collect_statistics_interval = 30000
log.console = false
log.file = rabbit.log
log.file.level = info
"""
# Without plain AMQP, as deploy/rabbitmq/rabbitmq.conf has it.
_ENCRYPTED = """\
listeners.tcp = none
listeners.ssl.1 = 127.0.0.1:{port}
ssl_options.certfile = {folder}/server.crt
ssl_options.keyfile = {folder}/server.key
"""


@dataclass(frozen=True, kw_only=True)
class RabbitNode:
    """One node and where it is reached; it can be stopped and started again with what it holds."""

    folder: str
    password: str
    port: int
    management: int
    prometheus: int
    epmd: int
    distribution: int
    encrypted: bool = False

    @classmethod
    def prepare(cls, folder: Path, certificate: Path | None = None) -> RabbitNode:
        """Write the files of a new node into ``folder``; with a ``certificate``, beside which is its key, it speaks TLS only."""
        names = ("port", "management", "prometheus", "epmd", "distribution")
        ports = dict(zip(names, free_ports(len(names)), strict=True))
        node = cls(folder=str(folder), password=secrets.token_urlsafe(18), encrypted=certificate is not None, **ports)
        for name in ("mnesia", "log", "home"):
            (folder / name).mkdir(parents=True)
        cookie = folder / "home" / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(20), encoding="ascii")
        cookie.chmod(0o400)
        (folder / "enabled_plugins").write_text(_PLUGINS, encoding="ascii")
        (folder / "rabbitmq-env.conf").touch()
        if certificate is not None:
            node.certify(certificate)
        values = {"password": node.password, "folder": folder, **ports}
        text = (_ENCRYPTED if node.encrypted else _PLAIN) + _CONFIGURATION
        (folder / "rabbitmq.conf").write_text(text.format(**values), encoding="ascii")
        return node

    def certify(self, certificate: Path) -> None:
        """Give it another certificate; a running node looks when its cache is cleared."""
        for kind in (".crt", ".key"):
            shutil.copyfile(certificate.with_suffix(kind), Path(self.folder, "server").with_suffix(kind))

    @property
    def url(self) -> str:
        return f"amqp{'s' if self.encrypted else ''}://chuan:{self.password}@127.0.0.1:{self.port}/%2F"

    @property
    def management_url(self) -> str:
        return f"http://127.0.0.1:{self.management}"

    def start(self) -> list[Process]:
        """Start the node and return its processes, the node first, once it can be used. Raises ``RuntimeError``."""
        folder = Path(self.folder)
        started = []
        if not listens(self.epmd):
            command = [_program("epmd"), "-address", "127.0.0.1", "-port", str(self.epmd)]
            started.append(spawn(command, self._environment(), folder / "epmd.out"))
        node = spawn([f"{_programs()}/rabbitmq-server"], self._environment(), folder / "node.out")
        started.insert(0, node)
        if wait_until(lambda: self._accepts() or not node.alive, _START_SECONDS) and node.alive:
            return started
        for process in started:
            process.kill()
        told = (folder / "node.out").read_text(encoding="utf-8", errors="replace")[-1500:]
        raise RuntimeError(f"RabbitMQ did not start; see {folder}/log and:\n{told}")

    def _accepts(self) -> bool:
        return listens(self.port) and listens(self.management)

    def control(self, *arguments: str) -> str:
        """Run ``rabbitmqctl`` against this node and return what it says."""
        command = [f"{_programs()}/rabbitmqctl", "--quiet", "--node", self._name, *arguments]
        done = subprocess.run(command, env=self._environment(), check=True, capture_output=True, text=True, timeout=180)
        return done.stdout

    @property
    def _name(self) -> str:
        return f"chuan_{self.port}@localhost"

    def _environment(self) -> dict[str, str]:
        folder = self.folder
        # What is said here would listen without TLS, whatever the configuration says.
        listener = {} if self.encrypted else {"RABBITMQ_NODE_PORT": str(self.port), "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1"}
        return {
            **listener,
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "HOME": f"{folder}/home",
            "ERL_EPMD_PORT": str(self.epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": self._name,
            "RABBITMQ_DIST_PORT": str(self.distribution),
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/rabbitmq-env.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_GENERATED_CONFIG_DIR": f"{folder}/generated",
            "ERL_CRASH_DUMP": f"{folder}/erl_crash.dump",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            # Makes the start script become the node instead of minding it: the process we start is the one we stop.
            "RUNNING_UNDER_SYSTEMD": "1",
        }


def _programs() -> Path:
    folder = rabbitmq_folder()
    if folder is None:
        raise RuntimeError("RabbitMQ is not installed")
    return folder


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is not installed")
    return found
