"""What others do, at once: the stream of a journey, who is here, and whether somebody may still be.

For rooms above: `app.live.streams.state_of(app)` gives `presence` (who is where) and `rights` (may this person still).
"""
