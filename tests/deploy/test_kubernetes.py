"""The Kubernetes resources are valid, agree with each other, and leave nothing open."""

from __future__ import annotations

import re
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest

from services.cli.hosting import SERVICES
from tests.architecture.tree import ROOT
from tests.deploy import routes
from tests.deploy.manifests import BASE, EXAMPLE, KUBERNETES, kustomization, of_kind, pods, resources

_VERSION = "1.34"
# What the operators' resources need at least: their schemas are not at hand here.
_CUSTOM = {
    ("rabbitmq.com/v1beta1", "RabbitmqCluster"): ("replicas", "persistence.storage", "rabbitmq.additionalPlugins"),
    ("postgresql.cnpg.io/v1", "Cluster"): ("instances", "storage.size", "bootstrap.initdb.database", "managed.roles"),
    ("keda.sh/v1alpha1", "ScaledObject"): ("scaleTargetRef.name", "minReplicaCount", "maxReplicaCount", "triggers"),
    ("keda.sh/v1alpha1", "TriggerAuthentication"): ("secretTargetRef",),
    ("cert-manager.io/v1", "Issuer"): (),
    ("cert-manager.io/v1", "Certificate"): ("secretName", "duration", "issuerRef.name"),
    ("monitoring.coreos.com/v1", "PodMonitor"): ("selector.matchLabels", "podMetricsEndpoints"),
}


def at(resource: dict[str, Any], path: str) -> Any:
    """Return what stands at a path of dots."""
    for part in path.split("."):
        resource = resource[part]
    return resource


@pytest.mark.parametrize("one", [*resources(), *resources(EXAMPLE)], ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_each_resource_is_valid(one: dict[str, Any]) -> None:
    """A misspelt field would be refused, or worse, ignored."""
    fields = _CUSTOM.get((one["apiVersion"], one["kind"]))
    if fields is None:
        kubernetes_validate.validate(one, _VERSION, strict=True)
    else:
        assert all(at(one["spec"], field) for field in fields)


def test_a_misspelt_field_is_noticed() -> None:
    """The validation above can fail."""
    wrong = {**of_kind("Deployment")["planning"], "spec": {**of_kind("Deployment")["planning"]["spec"], "replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, _VERSION, strict=True)


@pytest.mark.parametrize("folder", [BASE, EXAMPLE], ids=lambda path: path.name)
def test_every_file_belongs_to_it(folder: Any) -> None:
    """A file that the kustomization does not name would never be applied, and a name without a file fails."""
    made = kustomization(folder)
    named = {*made["resources"], *(patch["path"] for patch in made.get("patches", ()))}
    named |= {file for generator in made["configMapGenerator"] for file in generator.get("files", ())}
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {name for name in named if not name.startswith("..")} == written - {"kustomization.yaml", "README.md"}
    assert all((folder / name).resolve().exists() for name in named)


def test_services_differ_in_name_only() -> None:
    """What is right for one is right for all; what an installation needs else is a patch of its overlay."""
    texts = {name: (BASE / "services" / f"{name}.yaml").read_text(encoding="utf-8").replace(name, "NAME") for name in SERVICES}
    assert len(set(texts.values())) == 1


@pytest.mark.parametrize("name", pods())
def test_pods_can_do_no_more_than_they_must(name: str) -> None:
    """Not root, nothing to write to, no capability, no token of the cluster's API, and a bound on memory."""
    spec = pods()[name]["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in spec["containers"]:
        allowed = container["securityContext"]
        assert allowed == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"requests", "limits"} <= container["resources"].keys()
        assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("name", SERVICES)
def test_services_are_probed_drained_and_kept_up(name: str) -> None:
    """Probes ask the right resources, the drain fits into the grace, and no disruption takes the last copy."""
    spec = pods()[name]["spec"]
    container = spec["containers"][0]
    paths = {probe: container[f"{probe}Probe"]["httpGet"]["path"] for probe in ("startup", "liveness", "readiness")}
    assert paths == {"startup": "/livez", "liveness": "/livez", "readiness": "/readyz"}
    settings = dict(line.split("=", 1) for one in kustomization(BASE)["configMapGenerator"] for line in one.get("literals", ()))
    waits = int(settings["CHUAN_DRAIN_TIMEOUT"]) + container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert spec["terminationGracePeriodSeconds"] > waits
    labels = pods()[name]["metadata"]["labels"]
    assert of_kind("PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert of_kind("Service")[name]["spec"]["selector"].items() <= labels.items()
    scaled = of_kind("ScaledObject")[name]["spec"]
    assert scaled["scaleTargetRef"]["name"] == name
    assert scaled["minReplicaCount"] > of_kind("PodDisruptionBudget")[name]["spec"]["minAvailable"]


def test_every_secret_is_explained() -> None:
    """The overlay says which secrets there must be; none is in the repository."""
    named = set()

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in {"secretRef", "passwordSecret", "secret"} and isinstance(value, dict):
                    named.add(value.get("name") or value.get("secretName"))
                elif key == "secretName":
                    named.add(value)
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect(resources())
    explained = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    assert named
    assert not [name for name in named if f"`{name}`" not in explained]
    assert not [path for path in KUBERNETES.rglob("*.yaml") if "kind: Secret\n" in path.read_text(encoding="utf-8")]


def test_nothing_is_reached_unless_it_is_said() -> None:
    """Everything is closed first; each policy then opens something for pods there are."""
    policies = of_kind("NetworkPolicy")
    assert policies["default-deny"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    labels = [pod["metadata"]["labels"] for pod in pods().values()]
    labels += [{"app.kubernetes.io/name": name} for name in of_kind("RabbitmqCluster")]
    labels += [{"cnpg.io/cluster": name} for name in of_kind("Cluster")]
    for name, policy in policies.items():
        wanted = policy["spec"]["podSelector"].get("matchLabels", {})
        assert any(wanted.items() <= has.items() for has in labels), name


def test_everything_inside_is_encrypted() -> None:
    """The broker and the database take nobody in without TLS, and no policy leaves a way to a port without it."""
    broker = of_kind("RabbitmqCluster")["rabbitmq"]["spec"]["tls"]
    certificates = of_kind("Certificate")
    assert broker == {"secretName": certificates["rabbitmq"]["spec"]["secretName"], "disableNonTLSListeners": True}
    assert certificates["rabbitmq"]["spec"]["dnsNames"] == ["rabbitmq"]
    assert of_kind("Issuer")["authority"]["spec"]["ca"]["secretName"] == certificates["authority"]["spec"]["secretName"]
    assert of_kind("Cluster")["postgres"]["spec"]["postgresql"]["pg_hba"] == ["hostnossl all all all reject"]
    ports = (BASE / "network.yaml").read_text(encoding="utf-8")
    assert "5671" in ports
    assert not [plain for plain in ("5672", "15672", "15692") if plain in ports]


@pytest.mark.parametrize("name", pods())
def test_each_pod_has_the_authorities_it_checks(name: str) -> None:
    """The overlay's addresses name files that are mounted there."""
    explained = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    named = {path.rpartition("/")[2] for path in re.findall(r"(?:cafile|sslrootcert)=(\S+?)`", explained)}
    mounted = set(re.findall(r"'path': '(\w+\.crt)'", str(pods()[name]["spec"]["volumes"])))
    assert named == {"broker.crt", "database.crt"}
    assert mounted == (named if name in SERVICES else {"database.crt"})


@pytest.mark.parametrize("resource", routes.resources(), ids=str)
def test_the_ingress_knows_each_resource(resource: routes.Owned) -> None:
    """The longest prefix wins, as the Ingress says it."""
    rules = of_kind("Ingress")["chuan"]["spec"]["rules"][0]["http"]["paths"]
    fitting = [one for one in rules if f"{resource.path.rstrip('/')}/".startswith(f"{one['path'].rstrip('/')}/")]
    longest = max(fitting, key=lambda one: len(one["path"]))
    assert longest["backend"]["service"]["name"] == resource.service


def test_the_database_is_made_the_same_way_everywhere() -> None:
    """Kustomize reads no file outside its folder, so the schemas are there twice; the roles they need come first."""
    schemas = (BASE / "schemas.sql").read_text(encoding="utf-8")
    assert schemas == (ROOT / "deploy" / "postgres" / "schemas.sql").read_text(encoding="utf-8")
    cluster = of_kind("Cluster")["postgres"]["spec"]
    assert set(cluster["bootstrap"]["initdb"]["postInitApplicationSQL"]) == {f"CREATE ROLE {name}" for name in SERVICES}
    assert {role["name"] for role in cluster["managed"]["roles"]} == SERVICES.keys()
