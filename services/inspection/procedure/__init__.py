"""The procedure of a case: what can happen in it, and when the law lets it happen; pure."""
