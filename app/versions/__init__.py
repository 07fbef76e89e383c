"""Versions: *Versies van het plan*. How the plan stood on each day with changes and at each moment somebody gave a name;
any two compared as the page itself, and what stood there put back as a new change.

Owns plan_version. Reads the tables of the plan; says to the gate that the plan is kept before the first change of a day.
"""
