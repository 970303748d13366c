"""A server that comes back at another address is found there."""

from __future__ import annotations

import subprocess
import sys

# A name server that gives another address each time and asks to remember it for a day, and two look-ups.
_SCRIPT = """
from shared.runner.green import go_green
go_green()
import itertools, socket
import dns.message, dns.rrset, eventlet
from eventlet.support import greendns

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))

def serve():
    for number in itertools.count(1):
        data, client = server.recvfrom(4096)
        answer = dns.message.make_response(dns.message.from_wire(data))
        name = answer.question[0].name
        if answer.question[0].rdtype == 1:
            answer.answer.append(dns.rrset.from_text(name, 86400, "IN", "A", f"192.0.2.{number}"))
        server.sendto(answer.to_wire(), client)

eventlet.spawn(serve)
greendns.resolver._resolver.nameservers = ["127.0.0.1"]
greendns.resolver._resolver.port = server.getsockname()[1]
found = [socket.getaddrinfo("broker.example.invalid", 5672, socket.AF_INET)[0][4][0] for _ in range(2)]
assert found[0].startswith("192.0.2.") and found[0] != found[1], found
"""


def test_addresses_are_looked_up_anew() -> None:
    """However long a name server allows to remember an address, the next connection asks again."""
    done = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
