"""The fake TBT office: a real SMTP server in a process of its own, ``python -m tests.chaos.office PORT LEDGER``.

It writes each letter it accepts or refuses into LEDGER, one JSON object a line, before it answers. Its mood is set by one
word a line on its standard input: ``accept``, ``refuse`` (later, please), ``silent`` (takes the letter and does not
answer), ``forget`` (accepts the letter and hangs up instead of saying so).
"""

from __future__ import annotations

import asyncio
import email
import json
import sys
from hashlib import blake2b
from typing import Any, TextIO

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session

# The office never takes one letter in so many, known by its id, so that it is the same one on every attempt.
_REFUSED_FOR_GOOD = 97
_SILENCE = 60  # seconds; longer than anyone waits


class Office:
    """Takes letters as its mood is."""

    def __init__(self, ledger: TextIO) -> None:
        self.mood = "accept"
        self._ledger = ledger

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        """Decide on one letter."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        letter = email.message_from_bytes(content)["Message-ID"] or ""
        mood = self.mood
        if mood == "refuse":
            return "451 4.3.2 come back later"
        digest = blake2b(content, digest_size=8).hexdigest()
        if int.from_bytes(blake2b(letter.encode(), digest_size=4).digest(), "big") % _REFUSED_FOR_GOOD == 0:
            self._note(letter, digest, "refused")
            return "554 5.7.1 the office does not take this letter"
        if mood == "silent":
            await asyncio.sleep(_SILENCE)
            return "451 4.3.2 come back later"
        self._note(letter, digest, "accepted")
        if mood == "forget":
            server.transport.abort()
        return "250 2.0.0 accepted"

    def _note(self, letter: str, digest: str, fate: str) -> None:
        self._ledger.write(json.dumps({"letter": letter, "content": digest, "fate": fate}) + "\n")
        self._ledger.flush()


async def _serve(port: int, ledger: TextIO) -> None:
    office = Office(ledger)
    loop = asyncio.get_running_loop()
    controller = UnthreadedController(office, hostname="127.0.0.1", port=port, loop=loop)
    server: Any = await controller._create_server()
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    print("ready", flush=True)
    while line := await orders.readline():
        office.mood = line.decode().strip()
        print(office.mood, flush=True)
    server.close()


if __name__ == "__main__":
    with open(sys.argv[2], "a", encoding="utf-8") as file:  # noqa: PTH123 - a plain name from the command line
        asyncio.run(_serve(int(sys.argv[1]), file))
