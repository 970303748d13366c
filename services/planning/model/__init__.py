"""Plans, statutory clocks and risk as plain values; pure."""
