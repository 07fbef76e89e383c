"""Versions: *Versies van het plan*. How the plan stood on each day with changes and whenever somebody gave it a name;
any two compared as the page itself, and what stood there put back as a new change.

Owns plan_version. Reads the tables of the plan; has the gate keep the plan before the first change of a day.
"""
