"""Invitations: who takes part in a traject, how they get in, and until when. *Toegang*.

Owns no table yet: seats and links belong to `app.journey`.
"""
