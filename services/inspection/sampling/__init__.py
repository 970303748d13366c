"""Lot sampling: how many to draw, how many of them may be defective, and the risks of both sides."""

from services.inspection.sampling.offers import Offers, SamplingQuery, offers
from services.inspection.sampling.operating_characteristic import CharacterisedPlan, Point, SamplingPlan, smallest_plan

__all__ = ["CharacterisedPlan", "Offers", "Point", "SamplingPlan", "SamplingQuery", "offers", "smallest_plan"]
