"""A pack that is allowed and far from usual: four own columns and a joint one that stands last, six themes, one
conclusion, a chapter kind twice, no gemeente at the table, nothing but what is required."""

from __future__ import annotations

from typing import Any


def choice(slug: str, weight: int | None, words: str = "", **more: Any) -> dict[str, Any]:
    found = {"slug": slug, "label": slug.capitalize(), "phrase": words or f"{{partij}} zegt {slug} bij {{punt}}"}
    return found | ({} if weight is None else {"weight": weight}) | more


def item(theme: int, column: str, kind: str, number: int) -> dict[str, Any]:
    slug = f"{column}-{theme}-{number}"
    return {"slug": slug, "column": column, "kind": kind, "label": f"Punt {slug}", "phrase": f"punt {slug}"}


def chapter(number: int, kind: str, **more: Any) -> dict[str, Any]:
    found = {"slug": f"deel-{number}", "number": number, "title": f"Deel {number}", "kind": kind}
    return found | {"lead": "Schrijf hier wat u wilt."} | more


OWN = ("zwembad", "sportclub", "school", "buurthuis")


def odd_pack() -> dict[str, Any]:
    columns = [
        {
            "slug": slug,
            "kind": "own",
            "title": f"Wat {slug} doet",
            "short": slug.capitalize(),
            "question": f"Hoe ver is uw {slug}?",
            "guide_question": f"Wat doet {slug}?",
        }
        for slug in OWN
    ]
    together = {**columns[0], "slug": "met-elkaar", "kind": "joint", "title": "Met elkaar", "short": "Met elkaar"}
    themes = [
        {
            "slug": f"thema-{n}",
            "letter": "ABCDEF"[n],
            "title": f"Onderwerp {n}",
            "full_title": f"Onderwerp {n}, helemaal",
            "short": f"Onderwerp {n}",
            "summary": "Hier gaat het over bewegen.",
            "own_question": "Wat doet {partij} hieraan?",
            "items": [
                *(item(n, slug, "beleid" if at % 2 else "belang", k) for at, slug in enumerate(OWN) for k in (1, 2)),
                item(n, "met-elkaar", "agenda", 1),
            ]
            if n < 5
            else [],
        }
        for n in range(6)
    ]
    return {
        "slug": "bewegen",
        "version": "0.1",
        "title": "Bewegen in de wijk",
        "subject": "bewegen",
        "intro": ["Samen meer bewegen."],
        "sources": [],
        "columns": [*columns, together],
        "party_kinds": [
            *({"slug": s, "label": s, "plural": f"{s}s", "column": s, "may_lead": s == "school"} for s in OWN),
            {"slug": "anders", "label": "iemand anders", "plural": "anderen", "column": None},
        ],
        "policy_states": [choice("nee", 0), choice("ja", 1), choice("weet-niet", None, counts=False)],
        "interest_answers": [choice("ja", 1), choice("nee", 0)],
        "wishes": [choice("niets", 0), choice("samen", 1)],
        "outcomes": [choice("samen", 1, "samen doen"), choice("niets", 0, "niets samen")],
        "recognitions": [choice("ja", 1), choice("nee", 0)],
        "useful_answers": [choice("ja", 1, "Dit is zinvol"), choice("nee", 0, "Dit is niet zinvol")],
        "endorsements": [choice("eens", 1), choice("oneens", 0)],
        "themes": themes,
        "conclusions": [
            {
                "slug": "door",
                "number": 1,
                "title": "Wij gaan door",
                "short": "Door",
                "text": "U gaat samen door.",
                "sentence": "De partijen gaan samen door",
            }
        ],
        "shape": {
            "relations": [
                choice("wijk", None, "de relatie met de wijk"),
                choice("stad", None, "de relatie met de stad"),
            ],
            "breadth_lead": "Waar richt u zich op?",
            "parents_title": "Jongeren betrekken",
            "parents_phrase": "jongeren praten mee",
            "parents_lead": "Hoe betrekt u jongeren?",
            "parent_phases": [choice("begin", None, "aan het begin")],
            "parent_ways": [choice("app", None, "met een app")],
        },
        "words": {"meeting": "aan de sporttafel", "division": "Ieder heeft een eigen kolom. Herkent ieder dat?"},
        "chapters": [
            chapter(1, "vrij"),
            chapter(2, "stappen"),
            chapter(3, "vrij"),
            chapter(4, "organisatie"),
            chapter(5, "evaluatie"),
        ],
    }
