"""Remarks: *Opmerkingen*. What somebody says at a point of a theme, a paragraph, a goal or another row of the plan; the
answers to it, whether it was settled, and a change that it proposes.

Owns remark. What a remark can stand at belongs to the rooms above: each says so with `app.remarks.subjects.at`. Never
at what a party has not shared, and never in the document unless somebody asks for it.
"""
