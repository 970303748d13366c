"""Reporting: a journal of everything that happened, and figures that are always ready and open to their events.

In: every event of every contract, also of those still to be invented.
Out: reporting.report_issued, when a month is over.
HTTP: GET / (the overview page, ?lang=vi|en), GET /static/console.css,
GET /v1/reports, GET /v1/reports/<name>, GET /v1/reports/<name>/events,
GET /v1/reports/issued, GET /v1/reports/issued/<report>/<period_from>.

A figure is an indicator: one file in ``indicators/``. See ``model.py`` for how events become points and cells.
"""
