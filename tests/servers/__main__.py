"""``python -m tests.servers start|stop|env``: private servers for the tests, and for running the services on them.

The browser of the tests is installed with them; each test run starts its own.
"""

from __future__ import annotations

import os
import sys

from tests.servers.packages import BROWSER, install, missing
from tests.servers.state import locked
from tests.servers.use import VARIABLES


def start() -> int:
    """Start what is not provided from outside and not running yet; say why where a server cannot be had."""
    wanted = [name for name, variable in VARIABLES.items() if not os.environ.get(variable)]
    absent = []
    # One by one: Debian's derivatives have the servers, and not always the browser.
    for name in missing(*wanted, BROWSER):
        reason = install([name])
        if missing(name):
            absent.append(name)
            print(f"{name}: not installed, and {reason}; the tests that need it are left out", file=sys.stderr)
    with locked() as state:
        state.kept = True
        for name in wanted:
            if name not in absent:
                state.start(name)
    show()
    return 1 if absent and os.environ.get("CI") == "true" else 0


def stop() -> int:
    """Stop every server that was started."""
    with locked() as state:
        state.kept = False
        for name in list(state.processes):
            state.stop(name)
    return 0


def show() -> int:
    """Print the addresses as shell commands: ``eval "$(python -m tests.servers env)"``."""
    with locked() as state:
        for name, variable in VARIABLES.items():
            server = getattr(state, name)
            if server is not None:
                print(f"export {variable}='{server.url}'")
    return 0


def main() -> int:
    """Run the command that was named."""
    commands = {"start": start, "stop": stop, "env": show}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        print(f"usage: python -m tests.servers {'|'.join(commands)}", file=sys.stderr)
        return 2
    return commands[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
