"""What any pack needs as a whole, and advice about what is odd."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import APIRoute

from app.cli import main
from app.content.check import advice, check
from app.content.general_checks import RESERVED
from tests.packs.odd import choice, odd_pack

SMALL = Path(__file__).parents[1] / "packs" / "klein"
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def data() -> dict[str, Any]:
    return yaml.safe_load((SMALL / "pack.yaml").read_text(encoding="utf-8"))


def written(data: dict[str, Any], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def own(slug: str) -> dict[str, Any]:
    asked = {"question": "Hoe ver bent u?", "guide_question": "Wat doet u?"}
    return {"slug": slug, "kind": "own", "title": slug, "short": slug, **asked}


def item(**more: Any) -> dict[str, Any]:
    return {"slug": "nieuw", "column": "scholen", "kind": "beleid", "label": "Nieuw", "phrase": "nieuw", **more}


def put(*keys: Any, value: Any) -> Change:
    def change(data: Any) -> None:
        for key in keys[:-1]:
            data = data[key]
        data[keys[-1]] = value

    return change


def add(*keys: Any, value: Any) -> Change:
    def change(data: Any) -> None:
        for key in keys:
            data = data[key]
        data.append(copy.deepcopy(value))

    return change


def drop(*keys: Any) -> Change:
    def change(data: Any) -> None:
        for key in keys[:-1]:
            data = data[key]
        del data[keys[-1]]

    return change


JOINT = {**own("samen"), "kind": "joint"}
WRONG: dict[str, tuple[Change, str]] = {
    "no own column": (put("columns", value=[JOINT]), "1 tot 4 eigen kolommen (own) nodig, hier staan er 0"),
    "five own columns": (
        lambda d: d["columns"].extend(own(s) for s in "abc"),
        "1 tot 4 eigen kolommen (own) nodig, hier staan er 5",
    ),
    "two joint columns": (
        lambda d: d["columns"].extend([JOINT, {**JOINT, "slug": "ook-samen"}]),
        "er mag één gezamenlijke kolom (joint) zijn, hier staan er 2",
    ),
    "joint items without a joint column": (
        add("themes", 0, "items", value=item(kind="agenda")),
        "dit punt is 'agenda', maar er is geen gezamenlijke kolom (joint)",
    ),
    "a joint column without wishes": (add("columns", value=JOINT), "'wishes' ontbreekt of is leeg"),
    "a joint column without outcomes": (add("columns", value=JOINT), "'outcomes' ontbreekt of is leeg"),
    "policy without answers": (drop("policy_states"), "dit punt is 'beleid', maar 'policy_states' ontbreekt"),
    "interest without answers": (
        add("themes", 0, "items", value=item(kind="belang")),
        "dit punt is 'belang', maar 'interest_answers' ontbreekt",
    ),
    "nothing to say of the division": (put("recognitions", value=[]), "'recognitions' is leeg"),
    "no themes": (put("themes", value=[]), "er is minstens één thema nodig"),
    "no conclusions": (put("conclusions", value=[]), "er is minstens één conclusie nodig"),
    "a conclusion without a number": (drop("conclusions", 0, "number"), "sleutel 'number' ontbreekt"),
    "no chapters": (put("chapters", value=[]), "er is minstens één hoofdstuk nodig"),
    "an unknown kind of chapter": (
        put("chapters", 0, "kind", value="slot"),
        "'kind' is 'slot', maar mag alleen zijn: 'inleiding', 'inventarisatie'",
    ),
    "a kind of chapter twice": (
        put("chapters", 2, "kind", value="inleiding"),
        "hoofdstuk 1 is ook al 'inleiding'; elke soort mag één keer, alleen 'vrij' vaker",
    ),
    "a chapter called as a theme": (put("chapters", 0, "slug", value="lezen-thuis"), "is al van een thema"),
    "two kinds that are the gemeente": (
        put("party_kinds", 1, "municipal", value=True),
        "er is al een soort partij die de gemeente is",
    ),
    "nobody but the gemeente": (
        lambda d: d["party_kinds"].__delitem__(slice(1, None)),
        "er is naast de gemeente minstens één andere soort partij nodig",
    ),
    "a verkenning without outcomes": (put("exploration", "outcomes", value=[]), "minstens één uitkomst"),
    "ways without phases": (
        put("shape", value={"parent_ways": [choice("app", None, "met een app")]}),
        "'parent_phases' en 'parent_ways' horen bij elkaar",
    ),
    "a page without its sentence": (
        put("shape", value={"relations": [choice("wijk", None, "de wijk")]}),
        "sleutel 'breadth_lead' ontbreekt",
    ),
    "a column with a reserved slug": (
        put("columns", 0, "slug", value="verdeling"),
        "heeft in Driekolom al een betekenis",
    ),
    "a conclusion with a reserved slug": (put("conclusions", 0, "slug", value="breedte"), "al een betekenis"),
    "an item with a reserved slug": (
        add("themes", 0, "items", value=item(slug="vraag")),
        "slug 'vraag' heeft in Driekolom al een betekenis",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said(data: dict[str, Any], tmp_path: Path, name: str):
    change, sentence = WRONG[name]
    assert check(written(data, tmp_path / "goed")) == []
    change(data)
    problems = check(written(data, tmp_path / "fout"))
    assert any(sentence in p for p in problems), problems
    assert all(re.match(r"pack\.yaml:\d+: ", p) for p in problems)


@pytest.mark.parametrize("value", [None, "x", 3, [], {}, ["x"], [None], [[]], [{"slug": ["a"], "kind": {}}]])
def test_any_shape_is_answered_with_sentences(data: dict[str, Any], tmp_path: Path, value: Any):
    for name in list(data):
        assert check(written({**data, name: value}, tmp_path / "raar")) is not None


def test_the_question_of_the_joint_column_may_not_be_forgotten(tmp_path: Path):
    data = odd_pack()
    data["guides"] = [
        {"slug": "g", "title": "G", "lead_question": "Wat?", "questions": [{"slug": "school", "label": "Wat?"}]}
    ]
    problems = check(written(data, tmp_path / "leidraad"))
    assert [p.split(": ", 1)[1] for p in problems] == [
        "de vraag bij de gezamenlijke kolom ontbreekt; voeg er een toe met slug 'met-elkaar'"
    ]


ODD: dict[str, tuple[Change, str]] = {
    "no words": (drop("words"), "'words' ontbreekt"),
    "a column nobody fills in": (
        put("party_kinds", 2, "column", value=None),
        "geen enkele soort partij vult kolom 'scholen' in",
    ),
    "a column without items": (drop("themes", 0, "items", 2), "bij geen enkel thema staat een punt in kolom 'scholen'"),
    "no gemeente at the table": (drop("party_kinds", 0, "municipal"), "de gemeente doet dan niet vanzelf mee"),
    "answers without weight": (
        lambda d: [s.pop("weight", None) for s in d["policy_states"]],
        "Driekolom vindt dan geen verschillen",
    ),
    "'weet-niet' that counts": (drop("policy_states", 3, "counts"), "'weet-niet' telt nu mee als antwoord"),
    "one answer": (drop("recognitions", 1), "'recognitions' heeft maar één antwoord"),
    "excludes others, leads to a plan": (drop("conclusions", 0, "leads_to_plan"), "Zet er 'leads_to_plan: false' bij"),
    "two that exclude": (put("conclusions", 1, "excludes_others", value=True), "meer dan één conclusie"),
    "no short report": (drop("exploration", "outcomes", 1), "geen uitkomst heet 'niet-zinvol'"),
    "no chapter for steps": (put("chapters", 2, "kind", value="vrij"), "geen hoofdstuk van soort 'stappen'"),
    "nobody may lead": (
        lambda d: (
            put("chapters", 2, "kind", value="organisatie")(d),
            [k.pop("may_lead", None) for k in d["party_kinds"]],
        ),
        "geen soort partij mag de regie hebben",
    ),
    "standard sentences elsewhere": (
        put("chapters", 0, "standard", value=[{"slug": "zin", "text": "Een zin."}]),
        "'standard' werkt alleen bij een hoofdstuk van soort 'evaluatie'",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_said_and_allowed(data: dict[str, Any], tmp_path: Path, name: str):
    change, sentence = ODD[name]
    assert not any(sentence in a for a in advice(written(data, tmp_path / "gewoon")))
    change(data)
    folder = written(data, tmp_path / "vreemd")
    assert check(folder) == []
    assert any(sentence in a for a in advice(folder)), advice(folder)


def test_the_pack_of_driekolom_needs_no_advice():
    from app.content.load import DEFAULT_FOLDER

    assert advice(DEFAULT_FOLDER) == []


def test_the_command_says_what_is_odd(data: dict[str, Any], tmp_path: Path, capsys):
    del data["words"]
    folder = written(data, tmp_path / "vreemd")
    assert main(["content", "check", str(folder)]) == 0
    said = capsys.readouterr().out
    assert (
        re.search(r"^let op: pack\.yaml:\d+: 'words' ontbreekt", said, re.MULTILINE) and f"{folder}: in orde." in said
    )


def test_reserved_words_are_those_of_the_addresses(app):
    """A theme, chapter or conclusion with the name of a fixed part of an address could not be reached."""
    paths = [r.path for r in app.routes if isinstance(r, APIRoute)]
    for step, name in (
        ("waar-staan-we", "themes"),
        ("gesprek", "themes"),
        ("conclusies", "conclusions"),
        ("plan", "chapters"),
    ):
        fixed = {m[1] for p in paths if (m := re.match(rf"/trajecten/{{journey_id}}/{step}/([a-z-]+)(?:/|$)", p))}
        assert fixed <= RESERVED[name], f"{step}: {fixed - RESERVED[name]}"


def test_the_guide_for_writers_names_every_key():
    from app.content.pack import Pack, Words

    text = (Path(__file__).parents[2] / "docs" / "pakket.md").read_text(encoding="utf-8")
    keys = {*Pack.model_fields, *Words.model_fields, *yaml.safe_load((SMALL / "pack.yaml").read_text("utf-8"))}
    missing = {k for k in keys if f"`{k}`" not in text}
    assert missing <= {"intro_elements"}, missing
