"""The Kubernetes resources of the base, and the files they stand in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.architecture.tree import ROOT

KUBERNETES = ROOT / "deploy" / "kubernetes"
BASE = KUBERNETES / "base"
EXAMPLE = KUBERNETES / "overlays" / "example"


def kustomization(folder: Path) -> dict[str, Any]:
    """Return what a folder is made of."""
    return dict(yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8")))


def resources(folder: Path = BASE) -> list[dict[str, Any]]:
    """Return the resources of a folder's own files."""
    files = [folder / name for name in kustomization(folder)["resources"] if name.endswith(".yaml")]
    return [one for file in files for one in yaml.safe_load_all(file.read_text(encoding="utf-8"))]


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    """Return the base's resources of a kind by name."""
    return {one["metadata"]["name"]: one for one in resources() if one["kind"] == kind}


def pods() -> dict[str, dict[str, Any]]:
    """Return the pod of each deployment and job by name."""
    return {name: one["spec"]["template"] for kind in ("Deployment", "Job") for name, one in of_kind(kind).items()}
