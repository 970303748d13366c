"""Words and passages that several forms share, in Vietnamese."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from services.inspection.forms.dossier import Dossier
from services.inspection.forms.order import Person, TeamOrder
from services.inspection.forms.sheet import Block, Facts, Grid, Text
from services.inspection.procedure.deeds import OrderMeasure
from shared.contracts.vocabulary import MEASUREMENT_TRACKS, Track
from shared.i18n import province_name, term
from shared.kernel.clock import HANOI
from shared.kernel.provinces import province_on

_MEASUREMENT = (
    "Căn cứ Luật Đo lường số 04/2011/QH13;",
    "Căn cứ Nghị định số 86/2012/NĐ-CP quy định chi tiết và hướng dẫn thi hành một số điều của Luật Đo lường;",
    "Căn cứ Thông tư số 28/2013/TT-BKHCN quy định kiểm tra nhà nước về đo lường (sửa đổi tại Thông tư số 10/2022/TT-BKHCN);",
)
_GOODS = (
    "Căn cứ Luật Chất lượng sản phẩm, hàng hóa số 05/2007/QH12;",
    "Căn cứ Nghị định số 132/2008/NĐ-CP quy định chi tiết thi hành một số điều của Luật Chất lượng sản phẩm, hàng hóa;",
)
_MARKET = ("Căn cứ Thông tư số 01/2024/TT-BKHCN quy định kiểm tra nhà nước về chất lượng hàng hóa lưu thông trên thị trường;",)


def matter(track: Track) -> str:
    """Return what was inspected, as titles name it."""
    if track in MEASUREMENT_TRACKS:
        return "về đo lường"
    return "về chất lượng sản phẩm trong sản xuất" if track is Track.PRODUCTION else "về chất lượng hàng hóa"


def bases(track: Track) -> list[Block]:
    """Return the laws a paper rests on; TT 01/2024 is in force since 3 March 2024 and about goods on the market."""
    if track in MEASUREMENT_TRACKS:
        return [Text(one) for one in _MEASUREMENT]
    return [Text(one) for one in (*_GOODS, *(_MARKET if track in (Track.LABELS_AND_MARKS, Track.TEST_RESULTS) else ()))]


def day(value: date) -> str:
    """Return a day as papers write it."""
    return f"ngày {value.day:02} tháng {value.month:02} năm {value.year}"


def moment(value: datetime) -> str:
    """Return a moment in the time of Hà Nội."""
    local = value.astimezone(HANOI)
    return f"{local.hour:02} giờ {local.minute:02} phút, {day(local.date())}"


def stamp(value: datetime) -> str:
    """Return a moment in the time of Hà Nội as tables show it."""
    return f"{value.astimezone(HANOI):%H:%M %d/%m/%Y}"


def quantity(value: Decimal, unit: str) -> str:
    """Return a number with the decimal comma, and its unit; 1 is the unit of what has none."""
    return " ".join([f"{value:f}".replace(".", ","), *([unit] if unit != "1" else [])])


def address(dossier: Dossier) -> str:
    """Return where the site is."""
    site, on = dossier.case.site, dossier.today
    return ", ".join(part for part in (site.address, province_name(province_on(site.province, on), "vi", on)) if part)


def site(dossier: Dossier) -> Facts:
    """Return whom the case is about."""
    return Facts([("Cơ sở được kiểm tra", dossier.case.site.name), ("Địa chỉ", address(dossier))])


def product(dossier: Dossier) -> Facts:
    """Return what the case is about, as far as it is known."""
    one = dossier.case.product
    rows = [
        ("Đối tượng kiểm tra", one.name),
        ("Nhóm", term("product_group", one.group, "vi")),
        ("Nhãn hiệu", one.brand),
        ("Kiểu, ký hiệu", one.model),
        ("Mã GTIN", one.gtin),
        ("Số lô", one.batch),
        ("Mã HS", one.hs),
        ("Xuất xứ", one.origin),
    ]
    return Facts([(label, text) for label, text in rows if text])


def violations(dossier: Dossier) -> list[Block]:
    """Return what was found: each limit that was not kept beside the rule it comes from."""
    rows = []
    for one in dossier.violations:
        kind, seen = term("violation_kind", one.kind, "vi"), stamp(one.observed_at)
        source = one.rule.source if one.rule.verified else f"{one.rule.source} (số liệu chưa kiểm chứng)"
        rows += [
            [
                seen,
                f"{kind}: {term('parameter', breach.parameter, 'vi')}",
                quantity(breach.measured, breach.unit),
                quantity(breach.limit, breach.unit),
                source,
            ]
            for breach in one.breaches
        ] or [[seen, kind, "–", "–", source]]
    return [Grid(["Thời điểm", "Nội dung không phù hợp", "Kết quả", "Giới hạn", "Căn cứ"], [3, 5, 3, 3, 5], rows)]


def kinds(dossier: Dossier) -> str:
    """Return the names of what was violated, each once."""
    return "; ".join(dict.fromkeys(term("violation_kind", one.kind, "vi") for one in dossier.violations))


def measures(dossier: Dossier) -> list[Block]:
    """Return the measures ordered so far, with their articles and terms."""
    rows = [
        [
            stamp(act.acted_at),
            term("measure", act.deed.measure, "vi"),
            act.deed.source,
            f"{act.deed.until:%d/%m/%Y}" if act.deed.until else "–",
        ]
        for act in dossier.acts
        if isinstance(act.deed, OrderMeasure)
    ]
    return [Grid(["Thời điểm", "Biện pháp", "Căn cứ", "Thực hiện đến"], [3, 5, 5, 3], rows)] if rows else []


def people(persons: Sequence[Person], *, leader: bool = False) -> Grid:
    """Return a table of persons; the first may be the leader of a team."""
    roles = (("Trưởng đoàn",) if leader else ()) + ("Thành viên",) * len(persons)
    columns = ["Số TT", "Họ và tên", "Chức vụ", *(["Nhiệm vụ"] if leader else [])]
    rows = [
        [str(index), one.name, one.position, *([roles[index - 1]] if leader else [])]
        for index, one in enumerate(persons, start=1)
    ]
    return Grid(columns, [1, 4, 4, *([3] if leader else [])], rows)


def meeting(order: TeamOrder, dossier: Dossier) -> list[Block]:
    """Return how minutes begin: when, where, by which decision, and who was there."""
    found: list[Block] = [
        Text(f"Hồi {moment(order.begun_at)}, tại {order.place or address(dossier)}."),
        Text(f"Căn cứ Quyết định kiểm tra số {order.decision}, đoàn kiểm tra gồm:"),
        people(order.team, leader=True),
        site(dossier),
    ]
    if order.present:
        found += [Text("Đại diện cơ sở được kiểm tra:"), people(order.present)]
    return found


def ending(order: TeamOrder) -> list[Block]:
    """Return how minutes end: what the site says, and who did not sign."""
    said = order.statement or "Không có ý kiến."
    if order.refusal is None:
        return [
            Text(said, "Ý kiến của đại diện cơ sở:"),
            Text("Biên bản đã được đọc lại cho những người có tên nêu trên cùng nghe và ký."),
        ]
    refused = "Đại diện cơ sở không ký biên bản. Biên bản có chữ ký của trưởng đoàn kiểm tra vẫn có giá trị pháp lý."
    return [*([Text(order.statement, "Ý kiến của đại diện cơ sở:")] if order.statement else []), Text(refused)]
