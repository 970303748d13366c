"""What people write in files, YAML and TOML, as typed values; what is wrong is told with its place and its file."""

from __future__ import annotations

import tomllib
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import yaml

from shared.kernel.errors import InvalidInput
from shared.kernel.wellformed import well_formed

T = TypeVar("T")


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Say of ``path`` whatever ``InvalidInput`` the block raises, and what keeps it from being read."""
    try:
        yield
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}") from error
    except UnicodeError as error:
        raise InvalidInput(f"{path}: this is no UTF-8 text: {error}") from error
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error.detail}", error.pointer) from error


def read_toml(text: str, kind: type[T]) -> T:
    """Return TOML as ``kind``; raises ``InvalidInput`` with the pointer to what is wrong, or its line."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"this is no TOML: {error}") from error
    found: T = well_formed(plain, kind)
    return found


def read_yaml(raw: bytes, kind: type[T]) -> T:
    """Return YAML as ``kind``; raises ``InvalidInput`` with the pointer to what is wrong, or its line."""
    try:
        plain = yaml.load(raw, Loader=_StrictLoader)  # noqa: S506 - built on SafeLoader: makes plain values only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise InvalidInput(f"{where}{error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidInput(f"this is no YAML: {error}") from error
    except RecursionError as error:
        raise InvalidInput("nested too deep") from error
    found: T = well_formed(plain, kind)
    return found


class _StrictLoader(yaml.SafeLoader):
    """YAML without its traps: a key that stands twice, and aliases that make a small file huge."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases (*) are not accepted: write the value out again", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {name[:120]!r} stands twice", problem_mark=key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)
