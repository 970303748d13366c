"""Where to look next: a score learnt from past inspections and tested against them, and the choice of a month's visits.

Pure: no database, no broker. ``backtest`` learns from a file of past inspections whether an order by score would have
found more, sooner; ``selection`` chooses visits from what planning knows.
"""
