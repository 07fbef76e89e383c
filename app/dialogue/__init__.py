"""Dialogue: *Gesprek*. What is said and agreed at the table, per theme.

Owns agreement. Keeps uitkomsten and notes as joint answers under `gesprek/`. Reads the screening.
"""
