"""How much harm a violation can do: scenarios, the matrix of probability and severity, and how sure the level is; pure."""

from services.inspection.risk.assessment import Assessment, assess
from services.inspection.risk.matrix import worst
from services.inspection.risk.scenario import Scenario, Severity, Step

__all__ = ["Assessment", "Scenario", "Severity", "Step", "assess", "worst"]
