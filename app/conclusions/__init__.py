"""Conclusions: *Conclusies*. All outcomes on one page, then the six possible conclusions, breadth,
organisation, parents.

Owns no table: its fields are joint answers under `conclusies/`; what each party thinks of them are
answers of that party.
"""
