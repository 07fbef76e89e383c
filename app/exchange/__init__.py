"""Exchange: a whole journey in and out as one file.

Owns no table and is the only room that may read the tables of all others: what a journey has, and what of it stands in
the file, is said once, in `sheets`. The file is described in docs/traject.md.
"""
