"""Pure arithmetic of the house: time, working days, ids, quantities, provinces, errors."""
