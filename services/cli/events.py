"""``chuan events``: the catalogue of event types."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from services.cli import catalogue
from services.cli.options import AsJson
from services.cli.output import print_json, print_table


def events(
    event_type: Annotated[str, typer.Argument(help="One type, with its JSON Schema and a valid sample.", metavar="[TYPE]")] = "",
    as_json: AsJson = False,
) -> None:
    """List all event types: who publishes each, what its order holds for, who listens. Or show one TYPE in full.

    The sample of a type is an event that `chuan publish` accepts.

    Example: chuan events lab.sample_tested
    """
    if event_type:
        _show(catalogue.page(event_type), as_json)
        return
    found = catalogue.entries()
    if as_json:
        print_json(found)
        return
    columns = ("type", "version", "publisher", "subject", "subscribers", "about")
    print_table(
        columns, [(one.type, one.version, one.publisher, one.subject, ", ".join(one.subscribers), one.about) for one in found]
    )


def _show(page: catalogue.Page, as_json: bool) -> None:
    if as_json:
        print_json(page)
        return
    print(f"{page.type} version {page.version}, published by {page.publisher}")
    print(page.about)
    print(f"Order holds for {page.subject}. Subscribers: {', '.join(page.subscribers) or 'none'}.")
    for number, sample in enumerate((page.sample, *page.other_samples)):
        print("\nSample:" if number == 0 else "\nAnother sample:")
        print(bytes(sample).decode())
    print("\nJSON Schema of the data:")
    print(msgspec.json.format(msgspec.json.encode(page.schema), indent=2).decode())
