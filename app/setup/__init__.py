"""Setup: *Opzet*. Start a traject, then who takes part, who speaks for whom, and when the meeting is.

Owns no table: it changes journey, municipality, party, seat and seat_link of `app.journey` through fields with
a version.
"""
