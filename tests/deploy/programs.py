"""promtool and amtool: found where they are installed, or unpacked from Debian's packages without installing them."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from dataclasses import dataclass

from tests.architecture.tree import ROOT

_FOLDER = ROOT / ".chuan" / "tools"
_PACKAGES = {"promtool": "prometheus", "amtool": "prometheus-alertmanager"}
_ADVICE = "install Debian's packages prometheus and prometheus-alertmanager, or put promtool and amtool on the PATH"


@dataclass(frozen=True, kw_only=True)
class Programs:
    """The two programs by path."""

    promtool: str
    amtool: str

    def run(self, program: str, *arguments: object) -> str:
        """Run one of them; return what it says, and fail with that when it is not content."""
        command = [getattr(self, program), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
        return done.stdout


def unpacked() -> Programs:
    """Return the programs; download and unpack their packages when they are missing. Fails where that is not possible."""
    missing = [name for name in _PACKAGES if _find(name) is None]
    if missing:
        _FOLDER.mkdir(parents=True, exist_ok=True)
        with (_FOLDER / "lock").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for name in missing:
                if _find(name) is None:
                    _unpack(_PACKAGES[name])
    found = {name: _find(name) for name in _PACKAGES}
    assert all(found.values()), f"cannot test alerts without {', '.join(missing)}: {_ADVICE}"
    return Programs(promtool=found["promtool"] or "", amtool=found["amtool"] or "")


def _find(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=f"{_FOLDER}/usr/bin")


def _unpack(package: str) -> None:
    assert shutil.which("apt-get"), f"there is no apt-get here: {_ADVICE}"
    download = ["apt-get", "download", "--quiet", "--quiet", package]
    done = subprocess.run(download, cwd=_FOLDER, capture_output=True, text=True, check=False)
    if done.returncode:
        # The lists of a fresh machine are old or absent; only root can renew them.
        subprocess.run(["apt-get", "update", "--quiet", "--quiet"], capture_output=True, check=False)
        done = subprocess.run(download, cwd=_FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"apt-get download {package}: {done.stderr}; {_ADVICE}"
    for archive in _FOLDER.glob(f"{package}_*.deb"):
        subprocess.run(["dpkg", "--extract", str(archive), str(_FOLDER)], check=True)
        archive.unlink()
