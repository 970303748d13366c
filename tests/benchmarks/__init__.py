"""Measurements that are too long for the test run; ``make bench`` writes them to build/bench.json."""
