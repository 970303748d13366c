"""Every stored value has a Vietnamese and an English word."""

from __future__ import annotations

import inspect
import re
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from string import Formatter

import pytest

import shared.contracts
from services.notification.channels import channel_names
from services.notification.rules import rules
from shared import i18n
from shared.contracts.registry import contracts
from shared.kernel.provinces import PROVINCES
from shared.kernel.quantities import UNITS

_ROOT = Path(__file__).resolve().parents[3]


def enumerations() -> set[type[StrEnum]]:
    """Return the enumerations of the published language."""
    return {
        member
        for module in walk_packages(shared.contracts.__path__, "shared.contracts.")
        for member in vars(import_module(module.name)).values()
        if inspect.isclass(member) and issubclass(member, StrEnum) and member is not StrEnum
    }


def ids_in_use() -> list[str]:
    """Return the text ids of everything that is stored under a name of ours."""
    ids = [f"{family(kind)}.{value}" for kind in enumerations() for value in kind]
    ids += [f"event_type.{event_type}" for event_type in contracts()]
    ids += [f"parameter.{name}" for name in UNITS]
    ids += [f"notice_kind.{rule.kind}" for rule in rules()]
    ids += [f"channel.{name}" for name in channel_names()]
    ids += [f"delivery_state.{state}" for state in ("waiting", "delivered", "failed")]
    return sorted(ids)


def named_in(service: str, pattern: str) -> set[str]:
    """Return what the rules of another service call things by, read off their text."""
    return {
        name
        for path in (_ROOT / "services" / service).rglob("*.py")
        for name in re.findall(pattern, path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("locale", i18n.LOCALES)
@pytest.mark.parametrize(
    ("family_name", "service", "pattern"),
    [
        ("parameter", "inspection", r'(?:Comparison\(|parameter=)"(\w+)"'),
        ("duty", "planning", r'(?:duty=|_DUTY = )"(\w+)"'),
    ],
)
def test_what_rules_name_has_a_word(locale: str, family_name: str, service: str, pattern: str) -> None:
    """A new limit or a new statutory clock is told in words, not by its stored name."""
    names = named_in(service, pattern)
    assert len(names) >= 3
    assert not [name for name in names if not i18n.catalogue(locale).get(f"{family_name}.{name}")]


def family(kind: type[StrEnum]) -> str:
    """Return the family of an enumeration's words."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def test_the_search_finds_enumerations() -> None:
    """The test below cannot pass for want of anything to look at."""
    assert {"ProductGroup", "ViolationKind", "Measure", "RiskLevel", "Activity"} <= {kind.__name__ for kind in enumerations()}


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_everything_stored_has_a_word(locale: str) -> None:
    """No page or notice shows a stored name for want of a word."""
    assert not [text_id for text_id in ids_in_use() if not i18n.catalogue(locale).get(text_id)]


def test_both_catalogues_say_the_same_things() -> None:
    """A text added to one language only, or with other places to fill, is noticed."""
    vi, en = i18n.catalogue("vi"), i18n.catalogue("en")
    assert vi.keys() == en.keys()
    assert not [text_id for text_id in vi if places(vi[text_id]) != places(en[text_id])]


def places(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_vietnamese_is_written_with_its_diacritics() -> None:
    """The Vietnamese catalogue is not the English one, nor Vietnamese in ASCII."""
    assert i18n.translate("product_group.petrol", "vi") == "xăng"
    assert i18n.translate("measure.seal_and_stop_sale", "vi") == "niêm phong và tạm dừng bán hàng"
    assert sum(not text.isascii() for text in i18n.catalogue("vi").values()) > 80


def test_an_unknown_text_is_an_error_and_an_unknown_name_is_shown() -> None:
    """A misspelt id in our own code is noticed; a name of somebody else is shown as well as it can be."""
    with pytest.raises(KeyError):
        i18n.translate("product_group.no_such_thing", "vi")
    with pytest.raises(KeyError):
        i18n.translate("product_group.petrol", "fr")
    assert i18n.term("duty", "no_such_duty", "vi") == "no such duty"


def test_provinces_have_both_names() -> None:
    """A code becomes the province's name in either language."""
    assert [i18n.province_name("46", locale) for locale in i18n.LOCALES] == ["Huế", "Hue"]
    assert {i18n.province_name(code, "vi") for code in PROVINCES} == {province.vi for province in PROVINCES.values()}
    assert i18n.province_name("99", "vi") == "99"
