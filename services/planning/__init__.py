"""Planning: what a unit means to do in a year, what the law wants done in time, and where to look next.

In: inspection.violation_detected, .case_opened, .measure_ordered, .act_taken, .case_closed, .verdict_reached, .match_confirmed,
market.*, survey.*, customs.*, applications.*, documents.*, iso.*, standards.*, tbt.*, reporting.report_issued.
Out: planning.plan_approved, .item_progressed, .shortfall_explained, .task_assigned, .task_done, .directive_returned,
.draft_moved, .tbt_notification_due, .tbt_notification_ruled_out, .work_recorded, .inspection_proposed, .deadline_approaching,
.deadline_missed.
HTTP: GET /v1/plans, /v1/plans/<plan_id>, /v1/plans/<plan_id>/revisions, /v1/plans/<plan_id>/forecast, /v1/tasks, /v1/drafts,
/v1/drafts/stages, /v1/drafts/<draft_id>, /v1/work, /v1/work/types, /v1/duties, /v1/organisation, /v1/clocks, /v1/proposals,
/v1/targeting/random-rate, /v1/risk/sites; POST /v1/plans, /v1/plans/<plan_id>/items/<item_id>/explanation, /v1/tasks,
/v1/tasks/<task_id>/done, /v1/tasks/<task_id>/return, /v1/drafts, /v1/drafts/<draft_id>/stage,
/v1/drafts/<draft_id>/no-notification, /v1/targeting/selections.
Timers: announce, every minute: the time limits that have come close or passed.
"""
