"""Which questions a party gets in a theme, how far it is, and what the names of the fields are. Pure."""

from __future__ import annotations

from collections.abc import Callable

from app.answers.fields import options
from app.content.pack import Choice, Column, Item, Pack, Theme
from app.content.shown import columns_in_words
from app.core.fields import Spec
from app.journey.models import Party
from app.screening.said import Progress

STEP = "waar-staan-we"
DIVISION, DIVISION_INSTEAD = "verdeling", "verdeling-anders"
DIVISION_LABEL = "Klopt deze verdeling voor u?"


def has_own_column(pack: Pack, party: Party) -> bool:
    return pack.party_kind(party.kind).column is not None


def why_columns(pack: Pack) -> str:
    """The heading above the explanation of the columns: 'Waarom drie kolommen?'"""
    return f"Waarom {columns_in_words(pack)}?"


def reading_guide(pack: Pack) -> tuple[str, ...]:
    """How to read the table with all points, as paragraphs."""
    if pack.overlapping:
        how = "Lees de tabel van buiten naar binnen. Aan de buitenkant staat wie waarvoor verantwoordelijk is. "
        how += "In het midden staat waarover u samen kunt praten."
    else:
        how = "Per kolom staat wie waarvoor verantwoordelijk is."
        if pack.joint_column:
            how += f" In de kolom ‘{pack.joint_column.short}’ staat waarover u samen kunt praten."
    if len(pack.columns) < 2:
        return (how, "Klopt dit voor u niet? Dat kunt u per thema zeggen.")
    beside = "links" if pack.overlapping else "in de ene kolom"
    return (
        how,
        f"De punten in een rij horen bij hetzelfde thema. Een punt {beside} hoort niet vanzelf bij het punt ernaast. "
        "Soms staat een punt maar in één kolom.",
        "U erkent elkaar in deze verdeling. Klopt zij voor u niet? Dat kunt u per thema zeggen.",
    )


def own_items(pack: Pack, party: Party, theme: Theme) -> tuple[Item, ...]:
    """The items of the party's own column that its kind is asked; sectors are another matter (`applies`)."""
    kind = pack.party_kind(party.kind)
    items = theme.in_column(kind.column) if kind.column else ()
    return tuple(i for i in items if not kind.only_items or i.slug in kind.only_items)


def joint_items(pack: Pack, theme: Theme) -> tuple[Item, ...]:
    return theme.in_column(pack.joint_column.slug) if pack.joint_column else ()


def in_sector(party: Party, item: Item) -> bool:
    """Whether the item is about a sector of this party. A party without sectors gets everything."""
    own = set(party.sectors.split())
    return not item.sectors or not own or bool(own & set(item.sectors))


def applies(pack: Pack, party: Party, item: Item) -> bool:
    """Whether this party is asked about this item."""
    kind = pack.party_kind(party.kind)
    limited = bool(kind.only_items) and item.column == kind.column and item.slug not in kind.only_items
    return in_sector(party, item) and not limited


def wishes_for(pack: Pack, item: Item) -> tuple[Choice, ...]:
    """The grades; where the law asks for consultation 'niets nodig' is 'is al geregeld' (when the pack says so)."""
    legal = pack.wish_when_legal if item.legal else None
    return tuple(legal if legal and c.weight == 0 else c for c in pack.wishes)


def answers_for(pack: Pack, item: Item) -> tuple[Choice, ...]:
    """The choices of an item, whatever its column."""
    if item.kind == "agenda":
        return wishes_for(pack, item)
    return pack.policy_states if item.kind == "beleid" else pack.interest_answers


def choice_name(item: Item) -> str:
    """The name of the field with the choice: 'vve-afstemming/wens'."""
    return f"{item.slug}/" + {"beleid": "stand", "belang": "herkent", "agenda": "wens"}[item.kind]


def text_name(item: Item) -> str:
    """The name of the field with the words that go with it."""
    return f"{item.slug}/" + ("waarom" if item.kind == "agenda" else "toelichting")


def specs(pack: Pack, party: Party, theme: Theme, behalf: bool = False) -> dict[str, Spec]:
    """Every field this party can fill in for this theme, by name (without the theme).

    `behalf`: somebody else fills it in, so the questions name the party instead of saying 'u'.
    """
    who = party.in_text if behalf else "u"
    fields: dict[str, Spec] = {}
    for item in (*own_items(pack, party, theme), *joint_items(pack, theme)):
        fields[choice_name(item)] = Spec("choice", _question(pack, item, who), options(answers_for(pack, item)))
        fields[text_name(item)] = Spec(
            "text", _text_label(item, who), example=item.example.removeprefix("Bijvoorbeeld: "), help=""
        )
    fields[DIVISION] = Spec("choice", f"Klopt deze verdeling voor {who}?", options(pack.recognitions))
    fields[DIVISION_INSTEAD] = Spec("text", "Wat zou anders moeten?")
    return fields


def column_question(column: Column, who: str) -> str:
    """The question of a column to somebody ('u') or about a party."""
    return column.question if who == "u" else column.behalf_question.replace("{partij}", who) or column.question


def _question(pack: Pack, item: Item, who: str) -> str:
    if item.kind == "agenda":
        return item.label
    usual = column_question(pack.column(item.column), who) if item.kind == "beleid" else f"Herkent {who} dit?"
    return (item.question if who == "u" else "") or usual


def _text_label(item: Item, who: str) -> str:
    if item.kind == "agenda":
        return "Waarom? Of: waar is dit al geregeld?" if item.legal else "Waarom?"
    asked = f"Wat doet {who} precies?" if item.kind == "beleid" else f"Wat merkt {who} daarvan?"
    return f"{asked} (mag leeg blijven)"


def inside(label: str) -> str:
    """The label of a choice as it stands inside a sentence: 'voeren wij uit'."""
    return label[:1].lower() + label[1:]


def anchor(item: Item) -> str:
    return f"punt-{item.slug}"


def progress(pack: Pack, party: Party, theme: Theme, value: Callable[[str], str]) -> Progress:
    """`value` gives the stored text of a field by name. Answers that do not count leave the total as well."""
    filled, open_ = 0, []
    for item in (*own_items(pack, party, theme), *joint_items(pack, theme)):
        if not in_sector(party, item):
            continue
        chosen = value(choice_name(item))
        if not chosen:
            open_.append((item.label, anchor(item)))
        elif any(c.slug == chosen and c.counts for c in answers_for(pack, item)):
            filled += 1
    if value(DIVISION):
        filled += 1
    else:
        open_.append(("de verdeling", DIVISION))
    return Progress(filled, filled + len(open_), tuple(open_))


def before(pack: Pack, theme: Theme, item: Item) -> tuple[tuple[Theme, Item], ...]:
    """The same point in other themes (same column, same label), in the order of the pack."""
    return tuple(
        (other, found)
        for other in pack.themes
        if other.slug != theme.slug
        for found in other.items
        if found.column == item.column and found.label == item.label
    )
