"""Exploration: *Verkenning*. Is it worth aligning at all?

Owns no table: its fields are joint answers under `verkenning/`. This is the model room: later rooms start as a copy of
its ideas. `rules` says which fields there are, `pages` what is shown, `routes` only gate, form, one action, one page.
"""
