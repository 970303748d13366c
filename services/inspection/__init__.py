"""Inspection: verdicts on findings by dated rules, the cases that follow by the procedure of the law, and the registers.

In: lab.*, metrology.*, survey.answered, customs.*: whatever a rule judges; for the registers market.* too.
Out: inspection.verdict_reached, .violation_detected, .case_opened, .measure_ordered, .act_taken, .publication_decided,
.case_closed, .case_reopened, .match_confirmed.
HTTP: GET /v1/cases, /v1/cases/<case_id>, /v1/cases/<case_id>/papers, /v1/cases/<case_id>/papers/<number>,
/v1/cases/<case_id>/bundle, /v1/cases/<case_id>/findings/<finding_key>/verdicts, /v1/sampling-plans, /v1/sites,
/v1/sites/<site_id>, /v1/products, /v1/products/<product_id>, /v1/instruments, /v1/bodies, /v1/matches, /v1/matches/<match_id>;
POST /v1/cases/<case_id>/acts, /v1/cases/<case_id>/papers, /v1/cases/<case_id>/rehearsals, /v1/sites, /v1/products,
/v1/instruments, /v1/bodies, /v1/matches/<match_id>/confirm, /v1/matches/<match_id>/reject.
"""
