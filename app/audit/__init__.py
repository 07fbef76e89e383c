"""Audit: the log of access and output. Append-only: who did what with what, with which result, and when.

Owns audit_entry and purge_line. Holds seats, persons and ids, never a text that somebody typed, a secret or an address
of a computer. Knows no journey: what a line says in words is made where it is shown (`app.keeping`).
"""
