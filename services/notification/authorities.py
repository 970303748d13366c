"""Who is competent for what: the roles that rules address. Names and addresses of their holders are in the contacts."""

from __future__ import annotations

from datetime import date

from shared.contracts.vocabulary import ProductGroup
from shared.kernel.provinces import CODES, PROVINCES, province_on, spans

TBT_OFFICE = "tbt_office"  # Văn phòng TBT Việt Nam; it warns ministries, provinces and enterprises (TT 16/2018/TT-BKHCN)
LEADERSHIP = "leadership"

SCIENCE = "ministry_of_science"
HEALTH = "ministry_of_health"
INDUSTRY = "ministry_of_industry"
TRANSPORT = "ministry_of_transport"

_SUB_DEPARTMENT = "sub_department_"

# Law 05/2007/QH12 Art. 70(2): who answers for goods that may cause harm. What it does not list stays with the Ministry of
# Science and Technology (Art. 69(4)), which measuring instruments belong to anyway.
_MINISTRIES = {
    ProductGroup.FOOD: HEALTH,  # Art. 70(2)(a)
    ProductGroup.MEDICAL: HEALTH,
    ProductGroup.COSMETIC: HEALTH,
    ProductGroup.VEHICLE: TRANSPORT,  # Art. 70(2)(c)
    ProductGroup.CHEMICAL: INDUSTRY,  # Art. 70(2)(d)
    ProductGroup.TEXTILE: INDUSTRY,  # it issued QCVN 01:2017/BCT
}


def ministry_of(group: str) -> str:
    """Return the ministry responsible for the goods of a product group."""
    return _MINISTRIES.get(ProductGroup(group), SCIENCE)


def sub_department(province: str) -> str:
    """Return a province's sub-department of standards, metrology and quality (Chi cục), which is its TBT point too."""
    return f"{_SUB_DEPARTMENT}{province}"


def competent(role: str, day: date) -> str:
    """Return the role that has the duties of ``role`` on ``day``: a former province's are those of the one it lies in."""
    province = role.removeprefix(_SUB_DEPARTMENT)
    return role if province == role else sub_department(province_on(province, day))


def last_day(role: str) -> date | None:
    """Return the last day of a role, None of one that goes on: that of a former province ended with it."""
    province = role.removeprefix(_SUB_DEPARTMENT)
    return spans(province)[-1][1] if province in CODES else None


def all_roles() -> frozenset[str]:
    """Return every role a rule can address today: the contacts must know a holder of each, on any day."""
    ministries = (SCIENCE, *_MINISTRIES.values())
    return frozenset((TBT_OFFICE, LEADERSHIP, *ministries, *(sub_department(code) for code in PROVINCES)))
