"""Signing in: *Aanmelden*. The door that every way of signing in goes through, and one's own sessions on /account.

Personal links and codes belong to `app.access`, which uses the door.
"""
