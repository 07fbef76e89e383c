"""Invitations: who takes part in a traject, how they get in, and until when. *Toegang*.

Owns access_request; seats and links belong to `app.journey`, codes to `app.access`. Access is no step: it can be
changed while Opzet is closed, for a link that leaked must be stopped at any moment.
"""
