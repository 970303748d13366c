"""Plan files: YAML or JSON bytes to a plan, with errors that name the place."""

from __future__ import annotations

from services.planning.model.plans import YearPlan
from shared.contracts.strict_json import read_json
from shared.kernel.errors import InvalidInput
from shared.typed_files import read_yaml

MAX_BYTES = 1024 * 1024


def read_plan(raw: bytes) -> YearPlan:
    """Return the plan that ``raw`` holds, a JSON object or YAML.

    Raises ``InvalidInput`` with the JSON pointer of what is wrong, or the line where it is no YAML at all.
    """
    if len(raw) > MAX_BYTES:
        raise InvalidInput(f"the plan has {len(raw)} bytes; at most {MAX_BYTES} are accepted")
    if not raw.lstrip().startswith(b"{"):
        return read_yaml(raw, YearPlan)
    plan: YearPlan = read_json(raw, YearPlan)
    return plan
