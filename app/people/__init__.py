"""People: persons, how they sign in, and the mail they get.

Owns tenant, person, sign_in and mail. Knows no journey: which seat somebody has, and the personal link to it, belong to
`app.journey`.
"""
