"""Screening: *Waar staan we?* Everybody answers the own column, shares it, and sees all side by side.

Owns share. Reads parties and answers; says to the remarks what can be remarked on. What is said here is read by
dialogue, plan and document.
"""
