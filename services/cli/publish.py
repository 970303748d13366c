"""``chuan publish``: event files to a running installation."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import Annotated, BinaryIO, NamedTuple

import typer

from services.cli.importers.records import lines
from services.cli.options import AsJson
from services.cli.output import print_json, print_refusal
from services.cli.progress import counting
from shared.client.senders import Sender, sender_to
from shared.contracts.codec import MAX_BYTES, decode, encode
from shared.kernel.errors import ChuanError, Reason, Refused
from shared.messaging.brokers import Message
from shared.settings import Settings

_BATCH_EVENTS = 500
_BATCH_BYTES = 3 * 1024 * 1024  # below the 4 MiB that an HTTP body may have


class Line(NamedTuple):
    """One event and where it stands, for example ``year.jsonl:17``."""

    place: str
    message: Message


Refuse = Callable[[str, Refused], None]


def publish(
    file: Annotated[str, typer.Argument(help="Events, one JSON object a line; - is standard input.", metavar="FILE|-")],
    url: Annotated[
        str,
        typer.Option("--url", help="amqp(s):// or http(s)://; default CHUAN_BROKER_URL when it is amqp, else CHUAN_PUBLIC_URL."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Publish the events of FILE: to the broker, or over HTTP to a running chuan.

    Every line that is refused is named with its place and reason, and the others are published: exit code 2. Publishing
    a file again changes nothing. Where tokens are in use, CHUAN_TOKEN holds one with the role publisher.

    Example: chuan publish events.jsonl --url http://127.0.0.1:8000
    """
    published, refused = 0, Counter[str]()

    def refuse(place: str, error: Refused) -> None:
        refused[str(error.reason)] += 1
        print_refusal(place, error)

    with _opened(file) as source, closing(sender_to(url, Settings())) as sender, counting(None) as progress:
        for batch in _batches(source, file, refuse):
            try:
                published += _send(sender, batch, refuse)
            except ChuanError as error:
                raise ChuanError(
                    f"{error}; {published:,} events were published before, publish {file} again: none counts twice"
                ) from error
            progress(published)
    if as_json:
        print_json({"published": published, "refused": refused})
    else:
        print(f"{published:,} published, {refused.total():,} refused")
    if refused:
        raise typer.Exit(2)


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb")


def _batches(source: BinaryIO, name: str, refuse: Refuse) -> Iterator[list[Line]]:
    """Yield the readable lines in batches that fit into one request; the others are refused where they stand."""
    batch: list[Line] = []
    size = 0
    for number, body in lines(source):
        try:
            line = Line(f"{name}:{number}", _message(body))
        except Refused as error:
            refuse(f"{name}:{number}", error)
            continue
        if len(batch) == _BATCH_EVENTS or size + len(line.message.body) > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line.message.body) + 1
    if batch:
        yield batch


def _message(body: bytes | None) -> Message:
    if body is None:
        raise Refused(Reason.TOO_LARGE, f"a line of more than {MAX_BYTES} bytes")
    event = decode(body.strip(), edge=True)
    return Message(event.type, event.subject, encode(event))


def _send(sender: Sender, batch: list[Line], refuse: Refuse) -> int:
    refused = sender.send([line.message for line in batch])
    for index, error in sorted(refused.items()):
        refuse(batch[index].place, error)
    return len(batch) - len(refused)
