"""Tax codes and GTINs: what is one, and why something is none."""

from __future__ import annotations

import pytest

from services.inspection.registers.numbers import gtins, tax_code


@pytest.mark.parametrize(
    ("stated", "digits"),
    [("0100109106", "0100109106"), ("0314409058-002", "0314409058002"), (" 0100 109 106 ", "0100109106"), ("", "")],
)
def test_a_tax_code_is_its_digits(stated: str, digits: str) -> None:
    """Of a company or of its branch, as people write it."""
    assert tax_code(stated) == (digits, "")


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ("010010910", "10 digits"),
        ("01001091060", "10 digits"),
        ("01001O9106", "digits only"),
        ("0100109107", "check digit"),
        ("0314409058-000", "no such"),
    ],
)
def test_what_is_no_tax_code_says_why(stated: str, reason: str) -> None:
    """Too short, too long, a letter O, one digit mistyped, a branch number that is not given out."""
    assert tax_code(stated).digits == ""
    assert reason in tax_code(stated).flaw


@pytest.mark.parametrize(
    ("stated", "numbers"),
    [
        ("9521234567899", ["09521234567899"]),
        ("952 1234 567899", ["09521234567899"]),
        ("952-1234-567899", ["09521234567899"]),
        ("9521234567899; 9529876543219", ["09521234567899", "09529876543219"]),
        ("EAN 9521234567899, unknown", ["09521234567899"]),
        ("9521234567898 / 9521234567899", ["09521234567899"]),
        ("", []),
    ],
)
def test_gtins_are_found_in_what_is_stated(stated: str, numbers: list[str]) -> None:
    """One or several, with words between them; the wrong among right ones are left out."""
    assert list(gtins(stated).numbers) == numbers
    assert gtins(stated).flaw == ""


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ("9521234567898", "check digit"),
        ("952123456789", "check digit"),
        ("95212345678999", "check digit"),
        ("123", "digits"),
        ("unknown", "no GTIN"),
        ("2012345678903", "inside one company"),
    ],
)
def test_what_is_no_gtin_says_why(stated: str, reason: str) -> None:
    """A wrong check digit, a wrong length, a word, a number a shop gives to its own goods."""
    assert gtins(stated).numbers == ()
    assert reason in gtins(stated).flaw


def test_a_gtin_names_its_company() -> None:
    """By the prefix GS1 gave it."""
    assert gtins("9521234567899").companies == ("9521234",)
