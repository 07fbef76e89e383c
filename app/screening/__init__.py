"""Screening: *Waar staan we?* Everybody answers the own column, shares it, and sees all side by side.

Owns share and remark. Reads parties and answers. What is said here is read by dialogue, plan and document.
"""
