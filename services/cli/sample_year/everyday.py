"""Everyday work of one province in the sample year: check scales, verification bodies, an award, a class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from services.cli.sample_year.activities import HUE
from services.cli.sample_year.places import unit_of
from shared.contracts.envelope import Data
from shared.contracts.partners import WorkReported

_MARKETS = 4


def everyday(year: int) -> Iterator[tuple[date, Callable[[datetime], Data]]]:
    """Yield the steps of a year's work, each with its day; one report on a verification body is a day late."""

    def step(
        day: date, item_type: str, number: int, name: str, title: str, about: str
    ) -> tuple[date, Callable[[datetime], Data]]:
        return day, lambda at: WorkReported(
            observed_at=at,
            work_id=f"SAMPLE-WORK-{year}-{item_type}-{number}",
            item_type=item_type,
            step=name,
            title=title,
            about=about,
            unit=unit_of(HUE),
            unit_province=HUE,
        )

    for number in range(1, _MARKETS + 1):
        market = ("market_check_scales", number, f"Phép đo đối chứng tại chợ mẫu {number}", f"SAMPLE-MARKET-{HUE}-{number}")
        kind, _, title, about = market
        yield step(date(year, 1 + number, 10), kind, number, "placed", title, about)
        yield step(date(year, 2 + number, 12), kind, number, "checked", title, about)
        if number == 1:
            yield step(date(year, 2 + number, 12), kind, number, "nonconforming", title, about)
            yield step(date(year, 2 + number, 26), kind, number, "remedied", title, about)
    for number, reported in ((1, None), (2, 9)):  # the second is reported a day late
        body = ("verification_body_supervision", number)
        title, about = f"Kiểm tra tổ chức kiểm định mẫu {number}", f"SAMPLE-BODY-{number}"
        yield step(date(year, 5 + number, 3), *body, "checked", title, about)
        if reported is not None:
            yield step(date(year, 5 + number, 3), *body, "nonconforming", title, about)
            yield step(date(year, 5 + number, reported), *body, "reported_to_lead", title, about)
            yield step(date(year, 5 + number, 25), *body, "remedied", title, about)
    award = ("quality_award", 1)
    yield step(date(year, 4, 8), *award, "file_received", "Hồ sơ tham dự Giải thưởng (mẫu)", "SAMPLE-ENTERPRISE-1")
    yield step(date(year, 7, 22), *award, "assessed", "Hồ sơ tham dự Giải thưởng (mẫu)", "SAMPLE-ENTERPRISE-1")
    training = ("training_class", 1)
    yield step(date(year, 8, 5), *training, "announced", "Lớp tập huấn về hàng đóng gói sẵn (mẫu)", "")
    yield step(date(year, 8, 20), *training, "opened", "Lớp tập huấn về hàng đóng gói sẵn (mẫu)", "")
