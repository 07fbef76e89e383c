"""What makes a difference, in sentences with names. Pure.

A difference is, in this order: a party does not fully recognise the division; wishes on one item are two or
more grades apart; one party has an item as a fixed part of its policy where another has not begun; the own
columns want another grade. N.v.t., 'weet ik niet' and silence are never a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.content.pack import Choice, Item, Pack
from app.core.text import counted, first_words, in_words, listing, sentence
from app.journey.models import Party
from app.screening.rules import DIVISION, anchor
from app.screening.said import Difference, ItemSaid, RecognitionSaid, Saying, WishSaid

NAMES = 4  # more names than this are counted


def names(parties: Sequence[Party]) -> str:
    """'Stichting De Linde', 'De Linde en Ark', 'De Linde, Ark, Op Weg en vijf andere partijen'."""
    if len(parties) == 1:
        return parties[0].in_text
    if len(parties) <= NAMES:
        return listing([p.short for p in parties])
    shown = [p.short for p in parties[: NAMES - 1]]
    return listing([*shown, f"{in_words(len(parties) - len(shown))} andere partijen"])


def said_by(choice: Choice, parties: Sequence[Party], point: str = "", again: bool = False) -> str:
    """'De Linde en Ark willen afstemmen over VVE', a piece of a sentence; with `again` the point is 'dit'."""
    if len(parties) == 1:
        phrase = (choice.phrase_again if again else "") or choice.phrase
    else:
        phrase = choice.phrase_plural or choice.phrase
    if not phrase:
        phrase = "{partij}: " + choice.label.lower()
    text = phrase.format(partij=names(parties), punt="dit punt" if again else point)
    return text if not again or phrase.startswith("{partij}") else text[:1].lower() + text[1:]


def by_choice(said: Iterable[Saying]) -> list[tuple[Choice, list[Party]]]:
    """Who gave which answer that counts, lowest grade first."""
    found: dict[str, tuple[Choice, list[Party]]] = {}
    for one in said:
        if one.choice is not None and one.choice.counts and one.choice.weight is not None:
            found.setdefault(one.choice.slug, (one.choice, []))[1].append(one.party)
    return sorted(found.values(), key=lambda pair: pair[0].weight or 0)


def find_differences(
    pack: Pack,
    recognition: Sequence[RecognitionSaid],
    wishes: Sequence[tuple[Item, Sequence[WishSaid]]],
    items: Sequence[tuple[Item, Sequence[ItemSaid]]],
) -> tuple[Difference, ...]:
    """All differences of one theme, most telling first. `wishes` and `items` in the order of the page."""
    apart = [(item, found) for item, said in wishes if (found := _far_apart(item, said))]
    done = {item.slug for item, _ in apart}
    columns = [
        (item, found) for item, said in wishes if item.slug not in done and (found := _columns_apart(pack, item, said))
    ]
    states = [(item, found) for item, said in items if item.kind == "beleid" and (found := _extremes(pack, item, said))]
    return (
        *(Difference(text, DIVISION) for text in _not_recognised(pack, recognition)),
        *(Difference(text, anchor(item)) for item, text in (*apart, *states, *columns)),
    )


def _not_recognised(pack: Pack, said: Sequence[RecognitionSaid]) -> Iterable[str]:
    full = max((c.weight or 0 for c in pack.recognitions), default=0)
    for choice, parties in by_choice(said):
        if (choice.weight or 0) >= full:
            continue
        text = said_by(choice, parties)
        if len(parties) == 1:
            instead = next((s.instead for s in said if s.party.id == parties[0].id), "")
            text += f": ‘{first_words(' '.join(instead.split()))}’" if instead else ""
        yield sentence(text)


def _far_apart(item: Item, said: Sequence[WishSaid]) -> str:
    groups = by_choice(said)
    if len(groups) < 2 or (groups[-1][0].weight or 0) - (groups[0][0].weight or 0) < 2:
        return ""
    return _against(item, groups[-1], groups[0])


def _extremes(pack: Pack, item: Item, said: Sequence[ItemSaid]) -> str:
    weights = [c.weight for c in pack.policy_states if c.weight is not None]
    groups = by_choice(said)
    if len(groups) < 2 or not weights or groups[0][0].weight != min(weights) or groups[-1][0].weight != max(weights):
        return ""
    return _against(item, groups[-1], groups[0])


def _columns_apart(pack: Pack, item: Item, said: Sequence[WishSaid]) -> str:
    """Where no grade of one own column is also a grade of the other."""
    sides = [
        groups
        for column in pack.own_columns
        if (groups := by_choice(s for s in said if pack.party_kind(s.party.kind).column == column.slug))
    ]
    grades = [{choice.weight for choice, _ in groups} for groups in sides]
    if len(sides) < 2 or any(grades[0] & other for other in grades[1:]):
        return ""
    highest = sorted(sides, key=lambda groups: groups[-1][0].weight or 0, reverse=True)
    return _against(item, highest[0][-1], highest[-1][0])


def _against(item: Item, one: tuple[Choice, list[Party]], other: tuple[Choice, list[Party]]) -> str:
    return sentence(f"{said_by(*one, point=item.phrase)}, maar {said_by(*other, again=True)}")


def wish_summary(said: Sequence[WishSaid]) -> str:
    """'4 van 5 noemen afstemmen of meer': the highest grade that more than half of who answered wants, so that
    what they share is said. Only when that is nothing at all, half of them is enough."""
    asked = [s for s in said if s.applies or s.choice]
    groups = by_choice(asked)
    answered = sum(len(parties) for _, parties in groups)
    if not answered:
        return "Nog niemand heeft hier een wens gedeeld."
    counts = [len(parties) for _, parties in groups]
    wanted = [sum(counts[i:]) for i in range(len(groups))]  # this grade or a higher one
    at = max(i for i, number in enumerate(wanted) if 2 * number > answered)
    if not groups[at][0].weight:
        at = max(i for i, number in enumerate(wanted) if 2 * number >= answered)
    reached = wanted[at]
    choice, parties = groups[at]
    bare = at == len(groups) - 1 or not choice.weight  # 'niets nodig of meer' says nothing
    number = reached if choice.weight else len(parties)
    verb = "noemt" if number == 1 else "noemen"
    return f"{number} van {len(asked)} {verb} {choice.label.lower()}{'' if bare else ' of meer'}"


def shared_count(shared: int, total: int) -> str:
    """'4 van 5 gedeeld'."""
    return f"{shared} van {total} gedeeld" if total else counted(0, "partij", "partijen")
