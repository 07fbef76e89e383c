"""Start: the front page and what anybody may read, with or without a traject.

Owns no table. Shows what Driekolom is, where its content comes from, what is stored, and the look of the gemeente.
"""
