"""What the inspection service holds true: findings, verdicts and cases; pure."""
