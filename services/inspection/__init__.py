"""Inspection: verdicts on findings by dated rules, and the cases that follow from them, by the procedure of the law.

In: every event that a rule judges: lab.sample_tested, metrology.instrument_checked, survey.answered, customs.lot_declared.
Out: inspection.verdict_reached, inspection.violation_detected, inspection.case_opened, inspection.measure_ordered,
inspection.act_taken, inspection.publication_decided, inspection.case_closed, inspection.case_reopened.
HTTP: GET /v1/cases, GET /v1/cases/<id>, POST /v1/cases/<id>/acts,
GET, POST /v1/cases/<id>/papers, GET /v1/cases/<id>/papers/<number>,
GET /v1/cases/<id>/findings/<key>/verdicts?on=<day>, GET /v1/sampling-plans?lot=<n>&aql=<%>&ltpd=<%>.
"""
