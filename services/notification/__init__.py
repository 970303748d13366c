"""Notification: who must be told of what, in which words, by which channel, and whether it arrived.

In: every event that a rule decides on: inspection.violation_detected, inspection.publication_decided, market.alert_published,
planning.deadline_approaching, planning.deadline_missed.
Out: notification.notice_issued, notification.notice_delivered, notification.notice_failed,
notification.notice_acknowledged.
HTTP: GET /v1/notices, GET /v1/notices/<id>, POST /v1/notices/<id>/acknowledgement, and for everyone GET /v1/feed.json and
GET /v1/feed.atom, which name a site only after the decision to publish it.
"""
