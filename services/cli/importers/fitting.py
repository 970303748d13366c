"""Source texts that are longer than the contract's fields: shortened with a visible mark, and kept whole elsewhere."""

from __future__ import annotations

_LONGEST = 10_000  # of a ``LongText``


class Notes:
    """What has no field of its own in the contract, one labelled paragraph each."""

    def __init__(self) -> None:
        self._notes: list[str] = []

    def add(self, label: str, text: str) -> None:
        """Keep ``text`` under ``label``; an empty one leaves no trace."""
        if text:
            self._notes.append(f"{label}: {text}")

    def fit(self, label: str, text: str, at_most: int) -> str:
        """Return ``text`` on one line of at most ``at_most`` characters; the whole is kept here when that changes it."""
        line = " ".join(text.split())
        if line == text and len(line) <= at_most:
            return line
        self.add(label, text)
        return line if len(line) <= at_most else line[: at_most - 1].rstrip() + "…"

    def below(self, text: str) -> str:
        """Return ``text`` with the notes below it."""
        return shortened("\n".join(part for part in (text, *self._notes) if part))


def shortened(text: str) -> str:
    """Return ``text``, cut to a ``LongText`` and with a mark telling so where it is longer."""
    if len(text) <= _LONGEST:
        return text
    mark = f"… [shortened from {len(text)} characters]"
    return text[: _LONGEST - len(mark)] + mark
