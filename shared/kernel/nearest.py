"""What to tell somebody who asked for a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def unknown(what: str, name: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Say that there is no ``what`` called ``name``, and which names come near; where none does, ``otherwise`` or all names."""
    names = list(known)
    near = get_close_matches(name, names)
    hint = f"did you mean {' or '.join(near)}?" if near else otherwise or f"there are {', '.join(names)}"
    return f"no {what} {name!r}; {hint}"
