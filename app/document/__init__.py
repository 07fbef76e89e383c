"""Document: all steps as one printable whole, as a page and as a PDF.

Owns no table. `pages` reads the rooms below and builds one `Document` of plain blocks (`blocks`); the
templates in `document/` draw that for the screen and for paper from the same fragments. `press` turns the
paper into a PDF in a process of its own (`worker`), which opens nothing but our own files (`fetcher`).
"""
