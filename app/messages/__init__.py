"""Messages: *Berichten*. Reminders, the daily overview by mail, what was sent and what became of it.

Owns digest (who wants the daily overview, and what they were told). Letters and the queue belong to `app.mail`, what
happened in a journey to `app.overview`.
"""
