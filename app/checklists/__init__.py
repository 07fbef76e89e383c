"""Checklists: criteria that the parties agree on, and how far each school or organisation is with them.

Owns checklist, criterion, institution and criterion_progress. The sources do not give the criteria (the LLO, the
indicators for VVE): a list starts empty and is filled by the people themselves, with their own source. Lists
belong to a conclusion about criteria and count while that conclusion is chosen.
"""
