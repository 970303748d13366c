"""The whole system on real servers while everything it stands on fails; afterwards every event is accounted for."""

import warnings

# eventlet is in maintenance mode and says so at import; docs/adr/0003.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
