"""Keeping: *Bewaren*. What is kept of a journey and for how long: the log, archiving, removing for good, adopted
documents, and everything that is known of oneself.

Owns archive_record. Stands above the rooms whose rows it removes and prints.
"""
