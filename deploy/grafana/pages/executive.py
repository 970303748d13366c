"""What leadership and whoever is on duty look at first."""

from __future__ import annotations

from deploy.grafana.panels import Page, Panel, Row
from deploy.grafana.queries import in_a_day, p

PAGE = Page(
    "executive",
    "Tổng quan / Overview",
    [
        Row(
            "Hôm nay / Today",
            [
                Panel("Vi phạm / Violations", [("", in_a_day("inspection.violation_detected"))], stat=True),
                Panel("Hồ sơ mở / Cases opened", [("", in_a_day("inspection.case_opened"))], stat=True),
                Panel("Hồ sơ đóng / Cases closed", [("", in_a_day("inspection.case_closed"))], stat=True),
                Panel("Quá hạn / Time limits missed", [("", in_a_day("planning.deadline_missed"))], stat=True, red=1),
                Panel("Thông báo đã gửi / Notices delivered", [("", in_a_day("notification.notice_delivered"))], stat=True),
                Panel("Thông báo hỏng / Notices failed", [("", in_a_day("notification.notice_failed"))], stat=True, red=1),
            ],
        ),
        Row(
            "Đúng hạn / In time",
            [
                Panel(
                    "Thông báo trễ / Notices late",
                    [("1 h", "chuan:notices_late:ratio_rate1h"), ("3 d", "chuan:notices_late:ratio_rate3d")],
                    unit="percentunit",
                    about="Not accepted within 5 minutes; the objective is 0.1 %.",
                ),
                Panel(
                    "Từ thông báo đến khi nhận / From issue to acceptance",
                    [(f"p{share:.0%}", p(share, "chuan_notice_latency_seconds", "channel")) for share in (0.5, 0.99)],
                    unit="s",
                ),
                Panel(
                    "Thông báo chờ lâu nhất / Oldest waiting notice",
                    [("{{channel}}", "max by (channel) (chuan_notice_oldest_waiting_age_seconds)")],
                    unit="s",
                ),
                Panel(
                    "Sự kiện mỗi giờ / Events an hour",
                    [
                        (
                            "{{type}}",
                            'topk(9, sum by (type) (increase(chuan_handler_events_total{service="reporting",outcome="ok"}[1h])))',
                        )
                    ],
                ),
                Panel(
                    "Cảnh báo / Alerts",
                    [("{{alertname}}", 'sum by (alertname) (ALERTS{alertstate="firing",severity=~"page|ticket"})')],
                ),
            ],
        ),
    ],
)
