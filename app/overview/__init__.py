"""Overview: a journey at a glance. What to do before, during and after the meeting, who has shared, what changed.

Owns no table. Reads every room below it; progress is calculated here and nowhere else (`progress`).
"""
