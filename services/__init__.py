"""The four services, and who publishes what to whom.

outside       -> inspection     lab.*, metrology.*, survey.answered, customs.*, market.*
              -> planning       survey.*, customs.*, market.*, applications.*, documents.*, iso.*, standards.*, tbt.*
              -> notification   market.alert_published
inspection    -> planning       .verdict_reached, .violation_detected, .case_opened, .measure_ordered, .act_taken, .case_closed,
                                .match_confirmed
              -> notification   .violation_detected, .publication_decided
planning      -> notification   .deadline_approaching, .deadline_missed, .tbt_notification_due
reporting     -> planning       .report_issued
each of them  -> reporting      *

Nobody but reporting hears of the rest. `chuan events` prints this table from the code.
"""
