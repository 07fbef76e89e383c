"""What any pack needs to work as a whole, whatever its subject; and what is allowed but probably not meant.

Reads plain values and steps over what has the wrong shape, as the checks of `app.content.load` do: one run tells
everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

Keys = tuple[str | int, ...]
Say = Callable[[Keys, str], None]

# Words that already mean something in an address, a path or an id of a page. tests/content/test_general.py compares
# them with the routes.
RESERVED = {
    "columns": {"verdeling", "verschillen", "kop", "uit-het-gesprek"},
    "themes": {"vragen", "veld", "geldt-voor", "afspraken"},
    "items": {"vraag", "zinvol", "notities", "erkend", "verdeling", "verdeling-anders", "thema"},
    "conclusions": {"breedte", "organisatie", "ouders", "veld", "namens", "partij", "neem-over"},
    "chapters": {"regie", "rol", "veld", "alinea", "rij", "vul-alles-voor"},
}
LISTS = {
    "recognitions": "wat kan een partij van de verdeling vinden?",
    "useful_answers": "wat kan het antwoord zijn op de vraag of samenwerken zinvol is?",
    "endorsements": "wat kan een partij van een conclusie vinden?",
}
# What happens with what was said when the pack has no chapter of this kind.
WITHOUT_CHAPTER = {
    "inventarisatie": "wat partijen invulden, staat dan alleen in de bijlagen",
    "doelen": "er zijn dan geen doelen; wat u kiest bij de conclusies wacht dan als tekst bij een ander hoofdstuk",
    "stappen": "er zijn dan geen acties en geen begroting",
}


def check_general(data: dict[str, Any], say: Say) -> None:
    """What is wrong: a pack with this cannot be used."""
    _check_reserved(data, say)
    _check_answers(data, say)
    _check_kinds_of_parties(data, say)
    _check_guide(data, say)
    _check_end(data, say)
    _check_shape(data, say)


def advise(data: dict[str, Any], say: Say) -> None:
    """What is allowed but odd. `data` is that of a pack without problems."""
    _advise_columns(data, say)
    _advise_answers(data, say)
    _advise_conclusions(data, say)
    _advise_chapters(data, say)
    if "words" not in data:
        say((), "'words' ontbreekt; in vaste zinnen staan dan woorden over ouders, school en de LEA")


def _blocks(data: Any, name: str) -> Iterator[tuple[Keys, dict[str, Any]]]:
    values = data.get(name) if isinstance(data, dict) else None
    for i, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, dict):
            yield (name, i), value


def _word(block: dict[str, Any], name: str) -> str:
    value = block.get(name)
    return value if isinstance(value, str) else ""


def _items(data: Any) -> Iterator[tuple[Keys, dict[str, Any]]]:
    for keys, theme in _blocks(data, "themes"):
        for more, item in _blocks(theme, "items"):
            yield (*keys, *more), item


def _joint(data: Any) -> str:
    """The slug of the joint column; '' when there is none."""
    return next((_word(c, "slug") for _, c in _blocks(data, "columns") if c.get("kind") == "joint"), "")


def _own(data: Any) -> list[tuple[Keys, dict[str, Any]]]:
    return [(keys, c) for keys, c in _blocks(data, "columns") if c.get("kind") == "own"]


# ---- what is wrong ----


def _check_reserved(data: Any, say: Say) -> None:
    lists = {name: list(_blocks(data, name)) for name in RESERVED if name != "items"} | {"items": list(_items(data))}
    for name, blocks in lists.items():
        for keys, block in blocks:
            if (slug := _word(block, "slug")) in RESERVED[name]:
                say((*keys, "slug"), f"slug '{slug}' heeft in Driekolom al een betekenis; kies een andere")
    themes = {_word(t, "slug") for _, t in _blocks(data, "themes")} - {""}
    for keys, chapter in _blocks(data, "chapters"):
        if (slug := _word(chapter, "slug")) in themes:
            say((*keys, "slug"), f"slug '{slug}' is al van een thema; een hoofdstuk krijgt een eigen slug")


def _check_answers(data: Any, say: Say) -> None:
    for name, question in LISTS.items():
        if name in data and not data[name]:  # that it misses is said by the shape of the pack
            say((name,), f"'{name}' is leeg: {question}")
    joint, kinds = _joint(data), {}
    for keys, item in _items(data):
        kinds.setdefault(_word(item, "kind"), keys)
    if "beleid" in kinds and not data.get("policy_states"):
        say(kinds["beleid"], "dit punt is 'beleid', maar 'policy_states' ontbreekt: de antwoorden daarop")
    if "belang" in kinds and not data.get("interest_answers"):
        say(kinds["belang"], "dit punt is 'belang', maar 'interest_answers' ontbreekt: de antwoorden daarop")
    if "agenda" in kinds and not joint:
        text = "dit punt is 'agenda', maar er is geen gezamenlijke kolom (joint)"
        say((*kinds["agenda"], "kind"), f"{text}; zet er een bij 'columns', of maak er 'beleid' of 'belang' van")
    if joint:
        for name, what in (("wishes", "hoe ver een partij wil gaan"), ("outcomes", "wat u samen kunt afspreken")):
            if not data.get(name):
                say((name,), f"er is een gezamenlijke kolom, maar '{name}' ontbreekt of is leeg: {what}")


def _check_kinds_of_parties(data: Any, say: Say) -> None:
    if not isinstance(data.get("party_kinds"), list):
        return
    kinds = list(_blocks(data, "party_kinds"))
    municipal = [keys for keys, kind in kinds if kind.get("municipal") is True]
    for keys in municipal[1:]:
        say((*keys, "municipal"), "er is al een soort partij die de gemeente is; 'municipal' mag maar één keer")
    if len(kinds) == len(municipal):
        say(("party_kinds",), "er is naast de gemeente minstens één andere soort partij nodig")


def _check_guide(data: Any, say: Say) -> None:
    joint = _joint(data)
    for keys, guide in list(_blocks(data, "guides"))[:1]:
        asked = {_word(q, "slug") for _, q in _blocks(guide, "questions")}
        if joint and asked and joint not in asked:
            say(
                (*keys, "questions"),
                f"de vraag bij de gezamenlijke kolom ontbreekt; voeg er een toe met slug '{joint}'",
            )
    if isinstance(exploration := data.get("exploration"), dict) and exploration.get("outcomes") == []:
        text = "een verkenning heeft minstens één uitkomst; laat 'exploration' weg als u geen verkenning wilt"
        say(("exploration", "outcomes"), text)


def _check_end(data: Any, say: Say) -> None:
    for name, what in (("conclusions", "één conclusie"), ("chapters", "één hoofdstuk")):
        if data.get(name) == []:
            say((name,), f"er is minstens {what} nodig")
    seen: dict[str, int] = {}
    for at, (keys, chapter) in enumerate(_blocks(data, "chapters"), 1):
        kind = _word(chapter, "kind")
        if kind in seen and kind != "vrij":
            text = f"hoofdstuk {seen[kind]} is ook al '{kind}'; elke soort mag één keer, alleen 'vrij' vaker"
            say((*keys, "kind"), text)
        seen.setdefault(kind, at)


def _check_shape(data: Any, say: Say) -> None:
    shape = data.get("shape")
    if not isinstance(shape, dict):
        return
    pages = (
        ("breadth_lead", bool(shape.get("ages") or shape.get("relations"))),
        ("organisation_lead", bool(shape.get("organisations"))),
        ("parents_lead", bool(shape.get("parent_phases") and shape.get("parent_ways"))),
    )
    for lead, used in pages:
        if used and not shape.get(lead):
            say(("shape",), f"sleutel '{lead}' ontbreekt: de zin bovenaan de pagina")
    if bool(shape.get("parent_phases")) != bool(shape.get("parent_ways")):
        say(("shape",), "'parent_phases' en 'parent_ways' horen bij elkaar: geef beide of geen van beide")


# ---- what is odd ----


def _advise_columns(data: Any, say: Say) -> None:
    filled = {kind.get("column") for _, kind in _blocks(data, "party_kinds")}
    used = {item.get("column") for _, item in _items(data)}
    for keys, column in _own(data):
        if column["slug"] not in filled:
            say(keys, f"geen enkele soort partij vult kolom '{column['slug']}' in")
        if column["slug"] not in used:
            say(keys, f"bij geen enkel thema staat een punt in kolom '{column['slug']}'")
    if (joint := _joint(data)) and joint not in used:
        say(("columns",), f"de gezamenlijke kolom '{joint}' heeft geen enkel punt")
    for keys, theme in _blocks(data, "themes"):
        if not theme.get("items"):
            say(keys, f"thema '{theme['slug']}' heeft geen punten; partijen zien er alleen de vraag over de verdeling")
    for letter, number in Counter(theme["letter"] for _, theme in _blocks(data, "themes")).items():
        if number > 1:
            say(("themes",), f"letter {letter} staat bij {number} thema’s")
    if not any(kind.get("municipal") for _, kind in _blocks(data, "party_kinds")):
        text = "geen soort partij is de gemeente ('municipal: true'); de gemeente doet dan niet vanzelf mee als partij"
        say(("party_kinds",), text)
    for keys, guide in list(_blocks(data, "guides"))[:1]:
        asked = {q["slug"] for _, q in _blocks(guide, "questions")}
        for _, column in _own(data):
            if asked and column["slug"] not in asked:
                say(keys, f"leidraad 1 heeft geen vraag bij kolom '{column['slug']}'; het gesprek slaat die kolom over")
    if len(data.get("guides") or ()) > 2:
        say(("guides",), "alleen de eerste twee leidraden worden getoond: bij het gesprek en bij de conclusies")


def _advise_answers(data: Any, say: Say) -> None:
    for name in ("policy_states", "interest_answers", "wishes", "recognitions", "endorsements"):
        choices = data.get(name) or []
        if len(choices) == 1:
            say((name,), f"'{name}' heeft maar één antwoord")
        if choices and all(c.get("weight") is None for c in choices):
            say((name,), f"geen antwoord van '{name}' heeft een 'weight'; Driekolom vindt dan geen verschillen")
        for keys, choice in _blocks(data, name):
            if choice["slug"] == "weet-niet" and choice.get("counts", True):
                say(keys, "'weet-niet' telt nu mee als antwoord; zet er 'counts: false' bij")
    if _joint(data) and not any(c.get("weight") is None for c in data.get("outcomes") or ()):
        say(("outcomes",), "elke uitkomst heeft een 'weight'; een uitkomst zonder 'weight' (later) kan nu niet")
    legal = [keys for keys, item in _items(data) if item.get("legal") and item.get("kind") == "agenda"]
    if legal and not data.get("wish_when_legal"):
        say(legal[0], "bij een wettelijk punt kunnen partijen nu gewoon ‘niets nodig’ kiezen; zie 'wish_when_legal'")
    known = {s for _, kind in _blocks(data, "party_kinds") for s in kind.get("sectors") or ()}
    for keys, item in _items(data):
        if item.get("sectors") and not known & set(item["sectors"]):
            say(keys, f"punt '{item['slug']}' geldt alleen voor sectoren die geen enkele soort partij kan kiezen")


def _advise_conclusions(data: Any, say: Say) -> None:
    alone = [(keys, c) for keys, c in _blocks(data, "conclusions") if c.get("excludes_others")]
    for keys, conclusion in alone:
        if conclusion.get("leads_to_plan", True):
            say(
                keys,
                "deze conclusie sluit de andere uit; het plan is dan niet nodig. Zet er 'leads_to_plan: false' bij",
            )
    if len(alone) > 1:
        say(alone[1][0], "meer dan één conclusie sluit de andere uit; alleen de eerste die u kiest telt")
    exploration = data.get("exploration")
    if exploration and "niet-zinvol" not in {o["slug"] for o in exploration.get("outcomes") or ()}:
        say(("exploration",), "geen uitkomst heet 'niet-zinvol'; de verkenning leidt dan nooit tot het korte verslag")


def _advise_chapters(data: Any, say: Say) -> None:
    kinds = {chapter.get("kind") for _, chapter in _blocks(data, "chapters")}
    for kind, then in WITHOUT_CHAPTER.items():
        if kind not in kinds:
            say(("chapters",), f"er is geen hoofdstuk van soort '{kind}': {then}")
    leads = any(kind.get("may_lead") for _, kind in _blocks(data, "party_kinds"))
    if "organisatie" in kinds and not leads:
        say(
            ("party_kinds",), "geen soort partij mag de regie hebben ('may_lead: true'), maar het plan vraagt er wel om"
        )
    for keys, chapter in _blocks(data, "chapters"):
        if chapter.get("standard") and chapter.get("kind") != "evaluatie":
            say(keys, "'standard' werkt alleen bij een hoofdstuk van soort 'evaluatie'")
        if chapter.get("roles") and chapter.get("kind") != "organisatie":
            say(keys, "'roles' werkt alleen bij een hoofdstuk van soort 'organisatie'")
