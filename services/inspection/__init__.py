"""Inspection: verdicts on findings by dated rules, the cases that follow by the procedure of the law, and the registers.

In: every event that a rule judges: lab.sample_tested, metrology.instrument_checked, survey.answered, customs.lot_declared;
for the registers also market.alert_published, market.complaint_received.
Out: inspection.verdict_reached, inspection.violation_detected, inspection.case_opened, inspection.measure_ordered,
inspection.act_taken, inspection.publication_decided, inspection.case_closed, inspection.case_reopened,
inspection.match_confirmed.
HTTP: GET /v1/cases, GET /v1/cases/<id>, POST /v1/cases/<id>/acts, POST /v1/cases/<id>/rehearsals,
GET, POST /v1/cases/<id>/papers, GET /v1/cases/<id>/papers/<number>, GET /v1/cases/<id>/bundle,
GET /v1/cases/<id>/findings/<key>/verdicts?on=<day>, GET /v1/sampling-plans?lot=<n>&aql=<%>&ltpd=<%>;
GET and POST /v1/sites, /v1/products, /v1/instruments, /v1/bodies; GET /v1/sites/<id>, /v1/products/<id>;
GET /v1/matches, /v1/matches/<id>, POST /v1/matches/<id>/confirm, /v1/matches/<id>/reject.
"""
