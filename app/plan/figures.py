"""National figures in the plan: a paragraph in the inventory of how it is now, and beside a goal as context.

The paragraph is prose like any other; its origin says which figure it came from, and the chart is drawn from that.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.content.figure_views import FigureView, figure_of_key, figure_source, figure_text, figure_view, origin_key
from app.content.figures import Figure, figures_for_goal, find_figure
from app.content.pack import Chapter, Pack
from app.core.errors import NotFound
from app.journey.context import Figures, offered
from app.journey.events import record
from app.journey.gate import Here
from app.plan import rules
from app.plan.models import Goal
from app.plan.said import Piece
from app.plan.told import Told
from app.prose.actions import add_paragraph, restore_paragraph
from app.prose.models import Paragraph
from app.prose.reading import read_prose

CHAPTER = "inventarisatie"  # kind of the chapter that figures are put into


def figure_pieces(told: Told) -> Iterator[Piece]:
    """What a paragraph with a figure comes from. They never wait to be used: nobody has to use a figure."""
    for figure in told.pack.figures:
        yield Piece(
            key=origin_key(figure),
            chapter=told.chapter(CHAPTER),
            slot="",
            kind="cijfer",
            text=figure_text(told.pack, figure),
            label=figure_source(told.pack, figure),
            url=f"{told.url}/waar-staan-we/{figure.themes[0]}/naast-elkaar#landelijke-cijfers",
            counts=False,
        )


def get_figure(pack: Pack, slug: str) -> tuple[Figure, Chapter]:
    """The figure and the chapter it is put into. Raises NotFound when the pack has one of them not."""
    figure = find_figure(pack.figures, slug)
    chapter = next((c for c in pack.chapters if c.kind == CHAPTER), None)
    if figure is None or chapter is None:
        raise NotFound
    return figure, chapter


def put_figure(here: Here, figure: Figure, chapter: Chapter) -> Paragraph:
    """The paragraph with this figure: made now, put back when it was taken away before, or the one that stands there
    already, so that pressing twice makes no second one."""
    key = origin_key(figure)
    known = [p for p in read_prose(here).all if any(o.key == key for o in read_prose(here).origins_of(p))]
    for paragraph in sorted(known, key=lambda p: p.removed_at is not None):
        if paragraph.removed_at is not None:
            restore_paragraph(here, paragraph)
        return paragraph
    text = figure_text(here.pack, figure)
    paragraph = add_paragraph(
        here,
        chapter.slug,
        after=_last_of_theme(here, figure, chapter),
        text=text,
        proposed=True,
        origins=[(key, text)],
    )
    record(here, "figure_put", step=rules.STEP, part=chapter.slug, ref=figure.slug)
    return paragraph


def _last_of_theme(here: Here, figure: Figure, chapter: Chapter) -> str | None:
    """After what was said about its theme, and after the figures that stand there; None: at the end."""
    row = read_prose(here).chapter(chapter.slug)
    last: str | None = None
    for paragraph in row:
        about = paragraph.slot.partition("/")[0]
        beside = [f for f in figures_of(here.pack, _keys(here, paragraph)) if figure.themes[0] in f.themes]
        if about in figure.themes[:1] or (last and beside):
            last = paragraph.id
    return last


def _keys(here: Here, paragraph: Paragraph) -> list[str]:
    return [o.key for o in read_prose(here).origins_of(paragraph)]


def figures_of(pack: Pack, keys: list[str]) -> list[Figure]:
    return [figure for key in keys if (figure := figure_of_key(pack, key))]


def charts(pack: Pack, keys: list[str]) -> tuple[FigureView, ...]:
    """What is drawn under a paragraph with these origins."""
    return tuple(figure_view(pack, f) for f in figures_of(pack, keys))


def beside_goal(here: Here, goal: Goal) -> Figures | None:
    """The figures that are related to the words of this goal; None when there are none."""
    words = f"{goal.result} {goal.indicator} {goal.target_group}"
    return offered(here, figures_for_goal(here.pack.figures, words, goal.theme))


def not_in_chapter(here: Here) -> Figures | None:
    """All figures that do not stand in the text yet."""
    used = read_prose(here).keys()
    return offered(here, tuple(f for f in here.pack.figures if origin_key(f) not in used))
