"""Prose: paragraphs with an id, a version and their origin, written by several people.

Owns paragraph, paragraph_origin and left_out. An origin is a plain key (`antwoord/b/…`), so no foreign keys
into other
rooms. Knows nothing of chapters beyond their slug; `app.plan` decides what is pre-filled.
"""
