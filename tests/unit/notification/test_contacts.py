"""Recipients: samples that work as they stand, and files that are checked as a whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from services.notification.authorities import all_roles
from services.notification.channels import check_address
from services.notification.contacts import SAMPLES, Contacts, read_contacts
from shared.kernel.errors import InvalidInput
from shared.kernel.provinces import PROVINCES

_DAY = date(2025, 3, 14)


def test_the_samples_hold_every_role_on_any_day(contacts: Contacts) -> None:
    """No rule can address somebody whom nobody knows, in the past or in the future."""
    for role in all_roles():
        for day in (date(1990, 1, 1), _DAY, date(2099, 12, 31)):
            assert contacts.find(role, day) is not None
    assert contacts.find("nobody", _DAY) is None


def test_the_samples_reach_nobody() -> None:
    """No address of the samples lies outside of the domain that was reserved for never existing."""
    contacts = read_contacts(None, check_address)
    found = [contacts.find(role, _DAY) for role in all_roles()]
    addresses = [recipient.channels["email"]["address"] for recipient in found if recipient is not None]
    assert len(addresses) == len(all_roles())
    assert {address.rpartition("@")[2] for address in addresses} == {"example.invalid"}


def test_each_province_has_its_sub_department(contacts: Contacts) -> None:
    """34 come from one pattern, each with its own name and address."""
    found = [contacts.find(f"sub_department_{code}", _DAY) for code in PROVINCES]
    assert len({recipient.channels["email"]["address"] for recipient in found if recipient}) == len(PROVINCES) == 34
    hue = contacts.find("sub_department_46", _DAY)
    assert hue is not None
    assert hue.name["vi"] == "Chi cục Tiêu chuẩn Đo lường Chất lượng Huế"


def test_the_holder_of_the_day_is_told(contacts: Contacts) -> None:
    """Transport passed to the Ministry of Construction on 1 March 2025; notices of the day before still went to the old one."""
    before, after = (contacts.find("ministry_of_transport", date(2025, *day)) for day in ((2, 28), (3, 1)))
    assert before is not None
    assert after is not None
    assert (before.name["vi"], after.name["vi"]) == ("Bộ Giao thông vận tải", "Bộ Xây dựng")
    assert before.id == after.id


@pytest.mark.parametrize(
    ("code", "day", "held_as", "name"),
    [
        ("10", date(2025, 6, 30), "10", "Lào Cai"),
        ("10", date(2025, 7, 1), "15", "Lào Cai"),
        ("15", date(2025, 6, 30), "15", "Yên Bái"),
        ("15", date(2025, 7, 1), "15", "Lào Cai"),
        ("46", date(2024, 12, 31), "46", "Thừa Thiên Huế"),
        ("46", date(2025, 1, 1), "46", "Huế"),
    ],
)
def test_the_sub_department_of_the_day_is_told(contacts: Contacts, code: str, day: date, held_as: str, name: str) -> None:
    """63 up to 30 June 2025; from 1 July what concerns a former province goes to the one it lies in."""
    found = contacts.find(f"sub_department_{code}", day)
    assert found is not None
    assert (found.id, found.channels["email"]["address"]) == (f"sub_department_{held_as}", f"chicuc.{held_as}@example.invalid")
    assert found.name["vi"].endswith(f" {name}")


def test_contacts_of_the_34_alone_reach_every_former_province(tmp_path: Path) -> None:
    """Who names no sub-department that has ended loses no notice, before the day either; one that is named is used up to it."""
    own = {f"sub_department_{code}": [holder()] for code in PROVINCES}
    ended = holder(valid_to=date(2025, 6, 30), name={"vi": "Cũ", "en": "Old"})
    path = changed(tmp_path, **own, sub_department_10=[ended])
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({"roles": content["roles"]}, allow_unicode=True), encoding="utf-8")
    contacts = read_contacts(path, check_address)
    days = (date(2025, 6, 30), date(2025, 7, 1))
    found = [contacts.find(f"sub_department_{code}", day) for code in ("06", "10") for day in days]
    assert [one.id.removeprefix("sub_department_") for one in found if one] == ["19", "19", "10", "15"]
    with pytest.raises(InvalidInput, match="to its last day"):
        read_contacts(changed(tmp_path, sub_department_10=[holder(valid_to=date(2025, 6, 29))]), check_address)


def changed(tmp_path: Path, **roles: object) -> Path:
    """Return the samples as a file of one's own, with ``roles`` put in or taken out (None)."""
    content = yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))
    content["roles"] |= roles
    content["roles"] = {role: holders for role, holders in content["roles"].items() if holders is not None}
    path = tmp_path / "contacts.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def holder(**changes: object) -> dict[str, object]:
    """Return a holder of a role."""
    return {"name": {"vi": "Mẫu", "en": "Sample"}, "channels": {"email": {"address": "mau@example.invalid"}}, **changes}


def test_a_role_of_a_province_overrides_the_pattern(tmp_path: Path) -> None:
    """One sub-department with an address of its own does not need the other 33 written out."""
    path = changed(tmp_path, sub_department_46=[holder(locale="en")])
    contacts = read_contacts(path, check_address)
    hue, hanoi = (contacts.find(f"sub_department_{code}", _DAY) for code in ("46", "01"))
    assert hue is not None
    assert hanoi is not None
    assert (hue.name["vi"], hue.locale, hanoi.locale) == ("Mẫu", "en", "vi")


@pytest.mark.parametrize(
    ("role", "holders", "pointer"),
    [
        ("tbt_office", None, "/roles"),
        ("tbt_office", [], "/roles/tbt_office"),
        ("tbt_office", [holder(valid_to=date(2025, 1, 1))], "/roles/tbt_office"),
        ("tbt_office", [holder(valid_from=date(2025, 1, 1))], "/roles/tbt_office"),
        (
            "tbt_office",
            [holder(valid_to=date(2025, 1, 1)), holder(valid_from=date(2025, 1, 3))],
            "/roles/tbt_office",
        ),
        (
            "tbt_office",
            [holder(valid_to=date(2025, 1, 1)), holder(valid_from=date(2025, 1, 1))],
            "/roles/tbt_office",
        ),
        ("tbt_office", [holder(channels={})], "/roles/tbt_office/0/channels"),
        ("tbt_office", [holder(channels={"pigeon": {}})], "/roles/tbt_office/0/channels/pigeon"),
        ("tbt_office", [holder(channels={"email": {"address": "no"}})], "/roles/tbt_office/0/channels/email"),
        ("tbt_office", [holder(name={"vi": "a\r\nBcc: x", "en": "a"})], "/roles/tbt_office/0/name"),
    ],
)
def test_a_file_that_would_lose_a_notice_is_refused(tmp_path: Path, role: str, holders: object, pointer: str) -> None:
    """At start, with the place of what is wrong, not when the first notice cannot be sent."""
    with pytest.raises(InvalidInput) as error:
        read_contacts(changed(tmp_path, **{role: holders}), check_address)
    assert error.value.pointer == pointer
    assert "contacts.yaml" in error.value.detail


@pytest.mark.parametrize("text", ["roles: [", "roles: {}\nsomething: else\n", "- a list", "", "\x80"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    """What is not the form at all is told in a sentence, not in a traceback."""
    path = tmp_path / "contacts.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidInput):
        read_contacts(path, check_address)
    with pytest.raises(InvalidInput, match="No such file"):
        read_contacts(tmp_path / "missing.yaml", check_address)


def test_a_role_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """YAML would let the second one win without a word, and whoever is in the first would never be told."""
    path = tmp_path / "contacts.yaml"
    path.write_text(f"{SAMPLES.read_text(encoding='utf-8')}\nroles: {{}}\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"contacts\.yaml: line \d+, column 1: the key 'roles' stands twice"):
        read_contacts(path, check_address)
