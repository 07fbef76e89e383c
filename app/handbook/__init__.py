"""Handbook: docs/handleiding as pages of the product, for everybody, with or without a traject.

Owns no table. The Markdown files are the book; README.md is its table of contents, in the order of the book.
"""
