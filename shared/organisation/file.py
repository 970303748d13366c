"""The organisation's file: YAML that is read as a whole, with errors that name the file, the entry and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from shared.kernel.errors import InvalidInput
from shared.kernel.provinces import CODES, MERGED, province_on, spans
from shared.organisation import Entry, Name, Organisation, Unit, UnitKind
from shared.typed_files import in_file, read_yaml

SAMPLES = Path(__file__).with_name("organisation.yaml")


class _OfEachProvince(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A unit that every province has; ``{code}``, ``{vi}`` and ``{en}`` are filled in."""

    code: str
    kind: UnitKind
    name: Name
    parent: str = ""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    units: list[Unit]
    each_province: list[_OfEachProvince] = []


def read_organisation(path: Path | None) -> Organisation:
    """Read the organisation from ``path``, or the samples. Raises ``InvalidInput`` for a file that cannot be used."""
    is_sample, path = path is None, path or SAMPLES
    with in_file(path):
        return _organisation(read_yaml(path.read_bytes(), _File), is_sample=is_sample)


def _organisation(file: _File, *, is_sample: bool) -> Organisation:
    named = {unit.code for unit in file.units}
    entries = [Entry(unit, f"/units/{index}") for index, unit in enumerate(file.units)]
    for index, pattern in enumerate(file.each_province):
        entries += [Entry(unit, f"/each_province/{index}") for unit in _filled(pattern) if unit.code not in named]
    organisation = Organisation(entries, is_sample=is_sample)
    for objection in organisation.objections():
        raise InvalidInput(objection.text, objection.entry.pointer)
    return organisation


def _filled(pattern: _OfEachProvince) -> Iterator[Unit]:
    """Yield a unit for every province over time; that of a former one goes into that of the province it lies in."""
    for province in sorted(CODES):
        into = province_on(province, MERGED)
        for first, last, name in spans(province):
            places = {"code": province, "vi": name.vi, "en": name.en}
            yield Unit(
                code=_fill(pattern.code, places),
                kind=pattern.kind,
                name=Name(vi=_fill(pattern.name.vi, places), en=_fill(pattern.name.en, places)),
                parent=_fill(pattern.parent, places),
                province=province,
                valid_from=first,
                valid_to=last,
                into=_fill(pattern.code, {**places, "code": into}) if into != province else "",
            )


def _fill(text: str, places: Mapping[str, str]) -> str:
    for name, value in places.items():
        text = text.replace(f"{{{name}}}", value)
    return text
