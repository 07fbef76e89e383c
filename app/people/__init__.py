"""People: tenants, persons, and how they sign in.

Owns tenant, person, person_link and sign_in. Knows no journey: which seat somebody has, and the personal link to it,
belong to `app.journey`.
"""
