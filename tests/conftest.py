"""What every test stands on: green threads before anything else, and servers for the tests that need one.

Nothing that waits may be imported here, for it would be imported before the process is green.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.runner.green import go_green
from tests import workers
from tests.servers import use


if not workers.is_controller():
    go_green()

# Selenium brings trio, whose plugin hypothesis would load: trio does not run in a green process.
os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, let no example fail for being slow, and mend what going green broke in a worker of pytest-xdist."""
    from hypothesis import settings  # noqa: PLC0415 - it may only be imported when the process is green

    settings.register_profile("patient", settings.default, deadline=None)
    settings.load_profile("patient")
    config.addinivalue_line("markers", "server(name): needs a running rabbitmq or postgresql, or a browser")
    for plugin in config.pluginmanager.get_plugins():
        if hasattr(plugin, "torun"):
            workers.keep_real_locks(plugin)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell the workers of pytest-xdist whose test run they belong to."""
    node.workerinput["run"] = os.getpid()  # type: ignore[attr-defined]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a server that cannot be had; where that must not happen (``CI=true``), let it fail."""
    absent = use.absent()
    if not absent or os.environ.get("CI") == "true":
        return
    without = [item for item in items if {mark.args[0] for mark in item.iter_markers("server")} & absent.keys()]
    if without:
        items[:] = [item for item in items if item not in without]
        config.hook.pytest_deselected(items=without)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests were left out, and why."""
    for name, reason in use.absent().items():
        terminalreporter.write_line(f"left out: the tests that need {name}: {reason}", yellow=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the servers this run started, when no other run uses them."""
    if not hasattr(session.config, "workerinput"):
        use.leave(os.getpid())


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Log as the services do: by default every local value of a failing handler is shown, which takes longer than the test."""
    from shared.observability import logging  # noqa: PLC0415

    logging.configure("WARNING")


@pytest.fixture(scope="session")
def run_id(request: pytest.FixtureRequest) -> int:
    """Give the process number of the whole test run."""
    return int(getattr(request.config, "workerinput", {}).get("run", os.getpid()))


@pytest.fixture(scope="session")
def rabbitmq(run_id: int) -> use.Address:
    """Give a running RabbitMQ."""
    return use.enter("rabbitmq", run_id)


@pytest.fixture(scope="session")
def postgresql(run_id: int) -> use.Address:
    """Give a running PostgreSQL."""
    return use.enter("postgresql", run_id)


@pytest.fixture
def rabbitmq_url(rabbitmq: use.Address) -> Iterator[str]:
    """Give a virtual host of its own."""
    from tests.servers import places  # noqa: PLC0415

    with places.virtual_host(rabbitmq.url, rabbitmq.management) as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql: use.Address) -> Iterator[str]:
    """Give a database of its own."""
    from tests.servers import places  # noqa: PLC0415

    with places.database(postgresql.url) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server("postgresql"))])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give each kind of database in turn, empty; ``{service}`` in it stands for the service."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/{{service}}.db"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture(params=["memory", pytest.param("rabbitmq", marks=pytest.mark.server("rabbitmq"))])
def broker_url(request: pytest.FixtureRequest) -> str:
    """Give each kind of broker in turn, empty."""
    return "memory://" if request.param == "memory" else str(request.getfixturevalue("rabbitmq_url"))
