"""The OpenAPI document a running installation serves is valid, and tells of every resource of every service."""

from __future__ import annotations

import ast
import json
import subprocess
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.architecture.guide import reading_in
from tests.architecture.tree import ROOMS, ROOT, copy_of_the_tree, parsed


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The document of all services in one process."""
    folder = copy_of_the_tree(tmp_path_factory.mktemp("served"))
    page = folder / "page.md"
    page.write_text("```console\n$ chuan run &\n```\n", encoding="utf-8")
    with reading_in(folder) as reader:
        reader.follow(page)
        address = reader.environment["CHUAN_HTTP_ADDRESS"]
        done = subprocess.run(["curl", "--silent", f"http://{address}/openapi.json"], capture_output=True, check=True, timeout=30)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_it_is_valid(served: dict[str, Any]) -> None:
    """Generators of clients can read it."""
    OpenAPIV31SpecValidator(served).validate()


@pytest.mark.parametrize("room", ROOMS)
def test_every_resource_is_in_it(room: str, served: dict[str, Any]) -> None:
    """Each ``@http`` of ``service.py`` is there, with the first line of its docstring as the summary."""
    tree = parsed(ROOT / "services" / room / "service.py")
    found = 0
    for method in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (one for one in method.decorator_list if isinstance(one, ast.Call) and ast.unparse(one.func) == "http"):
            verb, path = (ast.literal_eval(argument) for argument in call.args[:2])
            operation = served["paths"][path.replace("<path:", "<").replace("<", "{").replace(">", "}")][verb.lower()]
            assert operation["summary"] == (ast.get_docstring(method) or "").partition("\n")[0]
            found += 1
    assert found
