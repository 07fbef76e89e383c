"""Style: the house style of a gemeente, its theme.css and its logo, on screen and on paper.

Owns house_style: per tenant the style in use, and at most one that is looked at before it is taken over. A theme
holds custom properties only and its colours can be read; a logo holds nothing that runs or fetches.
"""
