"""Old versions are lifted, newer ones are refused by name so that they can be parked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.contracts import envelope
from shared.contracts.codec import contracts_by_type, decode
from shared.contracts.envelope import Data, contract
from shared.kernel.errors import Reason, Refused

_TYPE = "test.thing_weighed"


@pytest.fixture(autouse=True)
def thing_weighed() -> Iterator[type[Data]]:
    """Publish a contract in its third version while a test runs."""

    @contract(_TYPE, version=3)
    class ThingWeighed(Data, frozen=True, kw_only=True):
        """A thing was weighed."""

        thing: str
        grams: int
        scale: str

        def order_key(self) -> str:
            return f"thing/{self.thing}"

        @classmethod
        def sample(cls) -> Data:
            raise AssertionError

        @staticmethod
        def upcast_v1_v2(payload: dict[str, Any]) -> dict[str, Any]:
            """Version 1 gave kilograms."""
            return {**payload, "grams": int(payload["kilograms"] * 1000)}

        @staticmethod
        def upcast_v2_v3(payload: dict[str, Any]) -> dict[str, Any]:
            """Version 2 did not name the scale."""
            return {**payload, "scale": "unknown"}

    contracts_by_type.cache_clear()
    yield ThingWeighed
    del envelope.CONTRACTS[_TYPE]
    contracts_by_type.cache_clear()


def _raw(version: int, **data: Any) -> bytes:
    moment = "2025-03-14T02:30:00Z"
    document = {
        "specversion": "1.0",
        "id": "1",
        "source": "/test",
        "type": _TYPE,
        "time": moment,
        "dataversion": version,
        "data": {"observed_at": moment, **data},
    }
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("version", "data"),
    [
        (1, {"thing": "a", "kilograms": 1.5}),
        (2, {"thing": "a", "grams": 1500}),
        (3, {"thing": "a", "grams": 1500, "scale": "unknown"}),
    ],
)
def test_every_version_reads_as_the_newest(version: int, data: dict[str, Any], thing_weighed: type[Data]) -> None:
    """A subscriber sees one shape, whatever version was published."""
    event = decode(_raw(version, **data), edge=True)
    assert isinstance(event.data, thing_weighed)
    assert (event.dataversion, event.data.grams, event.data.scale) == (3, 1500, "unknown")  # type: ignore[attr-defined]


def test_newer_version_is_refused_by_name() -> None:
    """A version that is not known yet can be parked until the reader is deployed."""
    with pytest.raises(Refused) as refused:
        decode(_raw(4, thing="a", grams=1, scale="s"))
    assert (refused.value.reason, refused.value.pointer) == (Reason.NEWER_VERSION, "/dataversion")


@pytest.mark.parametrize("data", [{"thing": "a"}, {"thing": "a", "kilograms": "x"}, {"thing": "a", "kilograms": None}])
def test_old_payload_that_cannot_be_lifted_is_refused(data: dict[str, Any]) -> None:
    """An upcast that stumbles over a bad payload refuses the event, it does not raise its own error."""
    with pytest.raises(Refused) as refused:
        decode(_raw(1, **data))
    assert (refused.value.reason, refused.value.pointer) == (Reason.INVALID_DATA, "/data")


def test_old_payload_is_checked_after_the_lift() -> None:
    """The newest shape's rules hold for a lifted payload."""
    with pytest.raises(Refused) as refused:
        decode(_raw(2, thing="a", grams="heavy"))
    assert refused.value.pointer == "/data/grams"


@pytest.mark.parametrize("data", [b"[]", b'"x"', b"null", b"1"])
def test_old_payload_that_is_no_object_is_refused(data: bytes) -> None:
    """Upcasts only ever see objects."""
    raw = _raw(1).replace(b'{"observed_at": "2025-03-14T02:30:00Z"}', data)
    with pytest.raises(Refused) as refused:
        decode(raw)
    assert (refused.value.reason, refused.value.pointer) == (Reason.INVALID_DATA, "/data")
