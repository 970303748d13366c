"""An office answers an application in the working days of its procedure; a declaration that lacks something is told so.

A file that is handed in again starts its time again.
"""

from __future__ import annotations

from datetime import timedelta

from services.planning.model.acts import answered, received
from services.planning.model.clocks import ClockRule
from shared.contracts.partners import Answer, Procedure
from shared.kernel.deadlines import Term, Unit

_DECIDED = (answered(Answer.GRANTED), answered(Answer.REFUSED))


def _answer(row: str, duty: str, vi: str, en: str, procedure: Procedure, days: int, source: str) -> ClockRule:
    return ClockRule(
        duty=duty,
        rows=(row,),
        vi=f"{vi} trong {days} ngày làm việc",
        en=f"{en} within {days} working days",
        started_by=(received(procedure, complete=True),),
        stopped_by=_DECIDED,
        limit=Term(days, Unit.WORKING_DAY),
        warn_before=timedelta(days=1),
        source=source,
        again=True,
    )


CLOCKS = (
    ClockRule(
        duty="quantity_mark_supplements",
        rows=("M10",),
        vi="Yêu cầu bổ sung bản công bố dấu định lượng chưa đầy đủ trong 3 ngày làm việc",
        en="Ask for what a quantity-mark declaration lacks within 3 working days",
        started_by=(received(Procedure.QUANTITY_MARK_DECLARATION, complete=False),),
        stopped_by=(answered(Answer.SUPPLEMENTS_ASKED), *_DECIDED),
        limit=Term(3, Unit.WORKING_DAY),
        warn_before=timedelta(days=1),
        source="TT 21/2014/TT-BKHCN Điều 12(2)",
        again=True,
    ),
    _answer(
        "M11",
        "quantity_mark_confirmation",
        "Xác nhận tiếp nhận bản công bố dấu định lượng đầy đủ",
        "Confirm a complete quantity-mark declaration",
        Procedure.QUANTITY_MARK_DECLARATION,
        5,
        "TT 21/2014/TT-BKHCN Điều 12(3)",
    ),
    _answer(
        "M12",
        "type_approval",
        "Quyết định phê duyệt mẫu phương tiện đo",
        "Decide on the approval of an instrument type",
        Procedure.TYPE_APPROVAL,
        10,
        "TT 23/2013/TT-BKHCN Điều 8(4)",
    ),
    _answer(
        "M13",
        "verifier_certification",
        "Chứng nhận, cấp thẻ kiểm định viên đo lường",
        "Certify a verifier and issue the card",
        Procedure.VERIFIER_CARD,
        15,
        "TT 24/2013/TT-BKHCN Điều 31(2)(b)",
    ),
)
