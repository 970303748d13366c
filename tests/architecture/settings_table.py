"""The table of settings in docs/operations.md, made from ``shared.settings``.

``python -m tests.architecture.settings_table`` writes it anew.
"""

from __future__ import annotations

import re
import sys

from pydantic import SecretStr

from shared.settings import Settings
from tests.architecture.tree import ROOT

GUIDE = ROOT / "docs" / "operations.md"
_TABLE = re.compile(r"(?<=<!-- settings: begin -->\n).*(?=<!-- settings: end -->)", re.DOTALL)


def table() -> str:
    """Return the table of all settings: the variable, what it is by default, what it means."""
    prefix = Settings.model_config["env_prefix"]
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = "" if default in (None, "", []) else f"`{default}`"
        lines.append(f"| `{prefix}{name.upper()}` | {shown} | {(field.description or '').replace('|', '&#124;')} |")
    return "\n".join(lines) + "\n"


def written() -> str:
    """Return the table that stands in the guide."""
    found = _TABLE.search(GUIDE.read_text(encoding="utf-8"))
    return found[0] if found else ""


def main() -> int:
    """Write the table into the guide."""
    text = GUIDE.read_text(encoding="utf-8")
    GUIDE.write_text(_TABLE.sub(lambda _: table(), text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
