"""Access: *Toegang*. In by a personal link, out again, and the outbox of a computer without a mail server.

Owns code_asked, the codes for a new device; links belong to `app.journey` and `app.people`, sessions to `app.people`.
A link opens nothing
by being looked at: only the button on its page starts a session.
"""
