"""Core: what every room stands on and no room owns.

Settings, database, ids, text at the edge, forms and saved fields, errors, rendering, security headers, clock.
Knows no word of the domain.
"""
