"""Access: *Toegang*. In by a personal link, out again, and the outbox of a computer without a mail server.

Owns no table: links belong to `app.journey` and `app.people`, sessions and mail to `app.people`. A link opens nothing
by being looked at: only the button on its page starts a session.
"""
