"""``chuan asyncapi``: the published language as one document."""

from __future__ import annotations

import msgspec

from services.cli.hosting import published_language


def asyncapi() -> None:
    """Print the AsyncAPI 3 document of all events, and of which service receives and sends them, as JSON.

    Example: chuan asyncapi > asyncapi.json
    """
    # In the order in which it was made: a reader of it expects `asyncapi` and `info` first.
    print(msgspec.json.format(msgspec.json.encode(published_language()), indent=2).decode())
