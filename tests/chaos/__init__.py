"""The whole system on real servers while everything it stands on fails; afterwards every event is accounted for."""
