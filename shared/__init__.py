"""The kit every service stands on; it never imports ``services``."""
