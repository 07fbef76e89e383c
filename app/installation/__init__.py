"""Installation: the pages of the *installatiebeheerder*, who creates gemeenten, sees how much they use, and no content.

Owns no table. Counts rows of journeys and never reads what is in them; sets what `app.people` keeps per gemeente, and
the house style of `app.style`.
"""
