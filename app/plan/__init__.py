"""Plan: six chapters, pre-filled from what was said; goals, responsibilities, actions and budget.

Owns goal, responsibility, action and budget_line. Reads everything below it; prose is kept by `app.prose`.
"""
