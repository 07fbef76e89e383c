"""Answers: values that save by themselves, with a version each.

Owns `answer` (of one party: concept until shared), `joint_answer` (of everybody) and `field_version` (versions of the
columns of other rooms' rows). Which questions exist and what they mean is decided by the rooms above; a *path* such as
`b/vve-vroegschools/stand` names a question. Raises `Stale` with both texts instead of overwriting.
"""
