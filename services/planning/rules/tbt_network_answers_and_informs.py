"""What the TBT network owes: contacts told at once, documents in 5 working days, papers 7 working days before the board."""

from __future__ import annotations

from datetime import timedelta

from services.planning.model.acts import (
    CONTACT_CHANGED,
    CONTACT_REPORTED,
    DOCUMENTS_REQUESTED,
    DOCUMENTS_SENT,
    MEETS,
    PAPERS_SENT,
)
from services.planning.model.clocks import ClockRule
from shared.kernel.deadlines import Ahead, AtOnce, Term, Unit

CLOCKS = (
    ClockRule(
        duty="contact_change_report",
        rows=("T02",),
        vi="Báo ngay cho Văn phòng TBT Việt Nam khi thay đổi đầu mối TBT",
        en="Tell the Viet Nam TBT office at once of a changed TBT contact",
        started_by=(CONTACT_CHANGED,),
        stopped_by=(CONTACT_REPORTED,),
        limit=AtOnce(),
        source="TT 16/2018/TT-BKHCN Điều 16(2)(d)",
        verified=False,  # "ngay": no number is given
    ),
    ClockRule(
        duty="board_papers",
        rows=("T03",),
        vi="Gửi tài liệu họp Ban liên ngành TBT trước ít nhất 7 ngày làm việc",
        en="Send the papers of the TBT board at least 7 working days before it meets",
        started_by=(MEETS,),
        stopped_by=(PAPERS_SENT,),
        limit=Ahead(7),
        warn_before=timedelta(days=3),
        source="TT 16/2018/TT-BKHCN Điều 15",
    ),
    ClockRule(
        duty="tbt_documents",
        rows=("T05",),
        vi="Trả lời yêu cầu cung cấp tài liệu trong 5 ngày làm việc",
        en="Answer a request for documents within 5 working days",
        started_by=(DOCUMENTS_REQUESTED,),
        stopped_by=(DOCUMENTS_SENT,),
        limit=Term(5, Unit.WORKING_DAY),
        warn_before=timedelta(days=1),
        source="Quyết định năm 1995 của Ủy ban TBT của WTO",
        verified=False,
    ),
)
