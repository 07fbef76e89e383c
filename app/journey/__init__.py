"""Journey: one traject with its parties, seats, steps, gate and logbook.

Owns journey, pack_copy, municipality, party, seat, seat_link, step_state and event. Decides who may do what (`rules`)
and hands every other room one object, `Here`, through the gate.
"""
