"""The streams of the sample year, one file for each kind of work."""

from __future__ import annotations

from services.cli.sample_year.streams import conformity, fuel, goods, instruments, market, prepackaged
from services.cli.sample_year.subject import Stream

STREAMS: tuple[Stream, ...] = (
    *fuel.STREAMS,
    *prepackaged.STREAMS,
    *instruments.STREAMS,
    *conformity.STREAMS,
    *goods.STREAMS,
    *market.STREAMS,
)
