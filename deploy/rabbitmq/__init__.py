"""The broker of a production: what exists on it, and who may do what; the services declare nothing there."""
