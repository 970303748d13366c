"""The servers' and the browser's programs: found where they are installed, or installed from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

# Keeps the system's own services from starting, and takes itself away again if it was not there before.
_INSTALL = """
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\\nexit 101\\n' > "$policy"
    chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@"
"""
SERVERS = ("rabbitmq", "postgresql")
BROWSER = "browser"
_PACKAGES = {"rabbitmq": ["rabbitmq-server"], "postgresql": ["postgresql"], BROWSER: ["chromium", "chromium-driver"]}


def rabbitmq_folder() -> Path | None:
    """Return the folder of ``rabbitmq-server`` and ``rabbitmqctl``; not Debian's wrappers on the PATH, which change the user."""
    folders = [Path("/usr/lib/rabbitmq/bin"), *sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin"), reverse=True)]
    found = shutil.which("rabbitmq-server")
    if found:
        folders.append(Path(found).resolve().parent)
    usable = (folder for folder in folders if (folder / "rabbitmq-server").exists() and (folder / "rabbitmqctl").exists())
    return next(usable, None) if shutil.which("epmd") else None


def postgresql_folder() -> Path | None:
    """Return the folder of the newest ``initdb`` and ``postgres``."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    usable = (folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists())
    return next(usable, None)


def browser_programs() -> tuple[str, str] | None:
    """Return Chromium and its driver."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


def missing(*names: str) -> list[str]:
    """Return which of ``names`` (none: of everything the tests use) this machine does not have."""
    found = {"rabbitmq": rabbitmq_folder(), "postgresql": postgresql_folder(), BROWSER: browser_programs()}
    return [name for name in names or found if found[name] is None]


def install(names: list[str]) -> str:
    """Install Debian's packages of ``names``; return why that was not possible, or nothing."""
    if not names:
        return ""
    if not shutil.which("apt-get"):
        return "there is no apt-get here; install them by hand"
    packages = [package for name in names for package in _PACKAGES[name]]
    command = ["sh", "-c", _INSTALL, "install", *packages]
    if os.geteuid() != 0:
        if not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
            return f"only root may: apt-get install --no-install-recommends {' '.join(packages)}"
        command = ["sudo", "-n", *command]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return "" if done.returncode == 0 else f"apt-get failed: {done.stderr.strip()[-500:]}"
