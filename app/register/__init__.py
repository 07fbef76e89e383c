"""Which gemeenten, school boards and schools there are, so that nobody has to type them.

Owns register_import, register_municipality, register_board and register_school: open data (the TOOI register, files of
DUO), the same for every tenant, without telephone numbers or e-mail addresses. Journeys copy a name from here and never
point at it. `files` reads a file, `rules` compares it with what is there, `reading` is what Opzet asks.
"""
