"""Events that systems outside this project publish, one file for each of them."""

from shared.contracts.partners.applications import Answer, FileAnswered, FileReceived, Procedure
from shared.contracts.partners.conformity import Certificate, LabelContent, Marking, Regulation
from shared.contracts.partners.customs import LotDeclared, PapersAfterRelease
from shared.contracts.partners.documents import (
    DirectiveAnswered,
    DirectiveReceived,
    MeetingCalled,
    MeetingPapersSent,
    ReportReceived,
)
from shared.contracts.partners.iso import AgencyChecked, CorrectionReported
from shared.contracts.partners.laboratory import (
    Appliance,
    ApplianceKind,
    Disturbance,
    EmissionReading,
    Emissions,
    Fuel,
    Helmet,
    PrepackagedLot,
    SampleTested,
    Toy,
)
from shared.contracts.partners.market import AlertPublished, ComplaintReceived, TimePrecision
from shared.contracts.partners.metrology import (
    DispenserCheck,
    InstrumentChecked,
    ScaleCheck,
    ScaleLoad,
    SpringScaleCheck,
    VerificationCheck,
)
from shared.contracts.partners.standards import DraftAdvanced, DraftCount, DraftKind, DraftStage
from shared.contracts.partners.survey import Activity, SurveyAnswered
from shared.contracts.partners.tbt import (
    CommentsClosed,
    ContactChanged,
    ContactReported,
    DocumentsRequested,
    DocumentsSent,
    NotificationCirculated,
)
from shared.contracts.partners.work import WorkReported

__all__ = [
    "Activity",
    "AgencyChecked",
    "AlertPublished",
    "Answer",
    "Appliance",
    "ApplianceKind",
    "Certificate",
    "CommentsClosed",
    "ComplaintReceived",
    "ContactChanged",
    "ContactReported",
    "CorrectionReported",
    "DirectiveAnswered",
    "DirectiveReceived",
    "DispenserCheck",
    "Disturbance",
    "DocumentsRequested",
    "DocumentsSent",
    "DraftAdvanced",
    "DraftCount",
    "DraftKind",
    "DraftStage",
    "EmissionReading",
    "Emissions",
    "FileAnswered",
    "FileReceived",
    "Fuel",
    "Helmet",
    "InstrumentChecked",
    "LabelContent",
    "LotDeclared",
    "Marking",
    "MeetingCalled",
    "MeetingPapersSent",
    "NotificationCirculated",
    "PapersAfterRelease",
    "PrepackagedLot",
    "Procedure",
    "Regulation",
    "ReportReceived",
    "SampleTested",
    "ScaleCheck",
    "ScaleLoad",
    "SpringScaleCheck",
    "SurveyAnswered",
    "TimePrecision",
    "Toy",
    "VerificationCheck",
    "WorkReported",
]
