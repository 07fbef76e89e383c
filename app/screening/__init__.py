"""Screening: *Waar staan we?* Everybody answers the items of the own column, shares them, and sees them side by side.

Owns share and remark. Reads parties and answers. What is said here is read by dialogue, plan and document.
"""
