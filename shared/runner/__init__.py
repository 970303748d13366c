"""nameko's side of the house: the process, its services, and the entrypoints that are not about messages or HTTP."""
