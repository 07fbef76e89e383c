"""Content: turns `seeds/` into frozen, validated Python objects.

Owns the shape of a pack (`pack`), reading and checking it (`load`). Knows no database and no web.
"""
