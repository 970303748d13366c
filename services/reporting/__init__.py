"""Reporting: a journal of everything that happened, and figures that are always ready and open to their events.

In: *: every event of every contract, also of those still to be invented.
Out: reporting.report_issued.
HTTP: GET / (the overview page), /static/console.css, /favicon.ico, /v1/reports, /v1/reports/<name>,
/v1/reports/<name>/events, /v1/reports/issued, /v1/reports/issued/<report>/<period_from>.
Timers: issue_finished_months, every hour: the reports of a month that is over.

A figure is an indicator: one file in ``indicators/``. See ``model.py`` for how events become points and cells.
"""
