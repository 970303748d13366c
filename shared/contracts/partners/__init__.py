"""Events that systems outside this project publish, one file for each of them."""

from shared.contracts.partners.customs import LotDeclared
from shared.contracts.partners.laboratory import Fuel, PrepackagedLot, SampleTested
from shared.contracts.partners.market import AlertPublished, ComplaintReceived, RiskLevel, TimePrecision
from shared.contracts.partners.metrology import DispenserCheck, InstrumentChecked, ScaleLoad, SpringScaleCheck, VerificationCheck
from shared.contracts.partners.survey import Activity, SurveyAnswered

__all__ = [
    "Activity",
    "AlertPublished",
    "ComplaintReceived",
    "DispenserCheck",
    "Fuel",
    "InstrumentChecked",
    "LotDeclared",
    "PrepackagedLot",
    "RiskLevel",
    "SampleTested",
    "ScaleLoad",
    "SpringScaleCheck",
    "SurveyAnswered",
    "TimePrecision",
    "VerificationCheck",
]
