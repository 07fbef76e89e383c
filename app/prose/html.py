"""Prose as safe HTML: bold, italic and links to the web or a mailbox, and nothing else."""

from __future__ import annotations

from markupsafe import Markup, escape

from app.prose.blocks import runs_of


def inline(text: str, rich: str) -> Markup:
    """The words of a paragraph with what is bold, italic or a link; a new line is a line of its own."""
    return Markup("<br>").join(_lines(text, rich))


def body(text: str, rich: str) -> Markup:
    """The same as paragraphs: a blank line begins a new one."""
    blocks: list[list[Markup]] = [[]]
    for line in _lines(text, rich):
        if line.striptags():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return Markup().join(Markup("<p>{}</p>").format(Markup("<br>").join(block)) for block in blocks if block)


def _lines(text: str, rich: str) -> list[Markup]:
    lines = [Markup()]
    for words, marks, href in runs_of(text, rich):
        for number, part in enumerate(words.split("\n")):
            if number:
                lines.append(Markup())
            if part:
                lines[-1] += _marked(part, marks, href)
    return lines


def _marked(words: str, marks: str, href: str) -> Markup:
    made = escape(words)
    if "b" in marks:
        made = Markup("<b>{}</b>").format(made)
    if "i" in marks:
        made = Markup("<i>{}</i>").format(made)
    if href:
        made = Markup('<a class="link" href="{}" rel="noopener noreferrer">{}</a>').format(href, made)
    return made
