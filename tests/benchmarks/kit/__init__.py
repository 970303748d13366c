"""Our own contenders: a service that does the peers' work through the kit, and nothing else."""
