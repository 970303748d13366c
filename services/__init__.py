"""The four services, and who publishes what to whom.

outside       lab.sample_tested, metrology.instrument_checked,
              survey.answered, customs.lot_declared,
              market.complaint_received                          -> inspection
              survey.*, market.complaint_received,
              applications.*, documents.*, iso.*,
              standards.*, tbt.*                                 -> planning
              market.alert_published                             -> inspection, planning, notification
inspection    verdict_reached, violation_detected, case_opened,
              measure_ordered, act_taken, case_closed,
              match_confirmed                                    -> planning; violation_detected -> notification too
              publication_decided                                -> notification
              case_reopened
planning      deadline_approaching, deadline_missed,
              tbt_notification_due                               -> notification
              plan_approved, item_progressed, shortfall_explained,
              task_assigned, task_done, directive_returned,
              draft_moved, tbt_notification_ruled_out,
              work_recorded, inspection_proposed
notification  notice_issued, notice_delivered, notice_failed, notice_acknowledged
reporting     report_issued

Reporting journals all of them. `chuan events` prints this table from the code.
"""
