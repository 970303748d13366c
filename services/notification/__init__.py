"""Notification: who must be told of what, in which words, by which channel, and whether it arrived.

In: inspection.violation_detected, .publication_decided, market.alert_published, planning.deadline_approaching, .deadline_missed,
.tbt_notification_due: whatever a rule decides on.
Out: notification.notice_issued, .notice_delivered, .notice_failed, .notice_acknowledged.
HTTP: GET /v1/notices, /v1/notices/<notice_id>, /v1/notices/<notice_id>/acknowledgement, the page a letter leads to;
POST /v1/notices/<notice_id>/acknowledgement; and for everyone GET /v1/feed.json, /v1/feed.atom, which name a site only after the
decision to publish it.

Letters that are due are sent by one loop for each channel, outside of every transaction.
"""
