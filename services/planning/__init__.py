"""planning: what a unit means to do in a year, what the law wants done in time, and where to look next.

in      inspection.violation_detected  .case_opened  .measure_ordered  .act_taken  .case_closed  .verdict_reached
        inspection.match_confirmed
        market.complaint_received  market.alert_published  survey.*  customs.lot_declared
        reporting.report_issued  applications.*  documents.*  iso.*  standards.*  tbt.*
out     planning.plan_approved  .item_progressed  .shortfall_explained  .task_assigned  .task_done  .directive_returned
        planning.draft_moved  .tbt_notification_due  .tbt_notification_ruled_out  .work_recorded  .inspection_proposed
        planning.deadline_approaching  .deadline_missed
http    GET POST /v1/plans   GET /v1/plans/<plan_id> …/revisions …/forecast   POST …/items/<item_id>/explanation
        GET POST /v1/drafts   GET /v1/drafts/stages …/<draft_id>   POST …/<draft_id>/stage …/no-notification
        GET /v1/organisation   GET /v1/work …/types
        GET POST /v1/tasks   POST /v1/tasks/<task_id>/done …/return   GET /v1/clocks   GET /v1/duties
        GET /v1/proposals   GET /v1/risk/sites   POST /v1/targeting/selections   GET /v1/targeting/random-rate
timer   every minute: announce the time limits that have come close or passed
"""
