"""Whoever breaks a pack hears where, and what is wrong, in one sentence for each mistake."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.content.check import check
from app.content.load import (
    DEFAULT_FOLDER,
    ContentError,
    default_pack,
    load_pack,
    pack_from_json,
    pack_json,
    pack_problems,
)
from app.content.pack import Pack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "pakket"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} staat niet in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(folder: Path, file: str, text: str) -> int:
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return 1 + next(i for i, line in enumerate(lines) if text in line)


# file, what is there, what it becomes, the text on the line of the complaint, the complaint
BROKEN = {
    "unknown key": (
        "themes/b.yaml",
        "    minutes: 5",
        "    minuten: 5",
        "minuten: 5",
        "sleutel 'minuten' is onbekend",
    ),
    "missing key": (
        "themes/b.yaml",
        "        phrase: VVE voor- en vroegschools\n",
        "",
        "slug: vve-afstemming",
        "sleutel 'phrase' ontbreekt",
    ),
    "missing key at the top": (
        "pack.yaml",
        "subject: ouderbetrokkenheid\n",
        "",
        "# Het inhoudspakket",
        "sleutel 'subject' ontbreekt",
    ),
    "unknown key at the top": (
        "pack.yaml",
        "subject:",
        "onderwerp: x\nsubject:",
        "onderwerp: x",
        "sleutel 'onderwerp' is onbekend",
    ),
    "number for text": (
        "examples.yaml",
        "    year: vanaf 2012",
        "    year: 2012",
        "year: 2012",
        "'year' moet tekst zijn; zet een getal of een jaar tussen aanhalingstekens",
    ),
    "decimal for text": (
        "pack.yaml",
        'version: "1.0"',
        "version: 1.0",
        "version: 1.0",
        "'version' moet tekst zijn; zet een getal of een jaar tussen aanhalingstekens",
    ),
    "text for number": (
        "themes/a.yaml",
        "minutes: 3",
        "minutes: drie",
        "minutes: drie",
        "'minutes' moet een geheel getal zijn",
    ),
    "text for true": (
        "pack.yaml",
        "municipal: true",
        "municipal: misschien",
        "municipal: misschien",
        "'municipal' moet true of false zijn",
    ),
    "text for list": (
        "themes/b.yaml",
        "sectors: [vroegschools, po]",
        "sectors: po",
        "sectors: po",
        "'sectors' moet een lijst zijn",
    ),
    "text for block": (
        "guides.yaml",
        "      cite: {source: beleidsbox, place: r. 465-466}",
        "      cite: beleidsbox",
        "cite: beleidsbox",
        "'cite' moet een blok met sleutels zijn",
    ),
    "empty text": (
        "themes/d.yaml",
        "    letter: D",
        "    letter: ''",
        "letter: ''",
        "'letter' mag niet leeg zijn",
    ),
    "nothing where text belongs": (
        "themes/d.yaml",
        "    letter: D",
        "    letter:",
        "letter:",
        "'letter' moet tekst zijn; zet een getal of een jaar tussen aanhalingstekens",
    ),
    "bad slug": (
        "themes/d.yaml",
        "- slug: sociale-cohesie",
        "- slug: Sociale Cohesie",
        "slug: Sociale Cohesie",
        "'slug' is geen goede slug: gebruik alleen kleine letters, cijfers en streepjes ertussen",
    ),
    "slug too long": (
        "themes/d.yaml",
        "- slug: sociale-cohesie",
        f"- slug: {'s' * 49}",
        "sssss",
        "'slug' mag hoogstens 48 tekens hebben",
    ),
    "not one of the choices": (
        "examples.yaml",
        "status: idee",
        "status: droom",
        "status: droom",
        "'status' is 'droom', maar mag alleen zijn: 'uitgevoerd', 'plan', 'gesprek' of 'idee'",
    ),
    "wrong entry in a list": (
        "themes/a.yaml",
        "elements: [28]",
        "elements: [achtentwintig]",
        "achtentwintig",
        "nummer 1 van 'elements' moet een geheel getal zijn",
    ),
    "double key": (
        "themes/a.yaml",
        "    letter: A",
        "    letter: A\n    letter: B",
        "letter: B",
        "sleutel 'letter' staat hier twee keer (ook op regel 3)",
    ),
    "double slug of a term": (
        "terms.yaml",
        "- slug: rea\n",
        "- slug: lea\n",
        "- slug: lea",
        "slug 'lea' komt twee keer voor in 'terms'",
    ),
    "double slug of an item elsewhere": (
        "themes/c.yaml",
        "- slug: vsv-beleid-opvoeding",
        "- slug: vsv-beleid",
        "slug: vsv-beleid",
        "punt 'vsv-beleid' komt al voor; elk punt heeft een eigen slug",
    ),
    "legal wish that is a wish": (
        "pack.yaml",
        "slug: al-geregeld",
        "slug: niets",
        "slug: niets",
        "slug 'niets' is al een wens",
    ),
    "unknown column of an item": (
        "themes/b.yaml",
        "column: besturen",
        "column: bestuur",
        "column: bestuur",
        "kolom 'bestuur' bestaat niet",
    ),
    "unknown column of a party": (
        "pack.yaml",
        "    column: besturen\n    only_items",
        "    column: bestuur\n    only_items",
        "column: bestuur\n",
        "kolom 'bestuur' bestaat niet",
    ),
    "joint column for a party": (
        "pack.yaml",
        "    column: gemeente\n",
        "    column: samen\n",
        "column: samen",
        "kolom 'samen' is gezamenlijk en kan niet van een soort partij zijn",
    ),
    "wrong kind in the joint column": (
        "themes/a.yaml",
        "kind: agenda",
        "kind: belang # fout",
        "# fout",
        "soort 'belang' past niet bij de gezamenlijke kolom; daar hoort 'agenda'",
    ),
    "wrong kind in an own column": (
        "themes/a.yaml",
        "kind: beleid",
        "kind: agenda # fout",
        "# fout",
        "soort 'agenda' past niet bij kolom 'besturen'; kies 'beleid' of 'belang'",
    ),
    "title in an own column": (
        "themes/d.yaml",
        "        phrase: het belang van sociale cohesie",
        "        phrase: het belang van sociale cohesie\n        is_title: true # fout",
        "# fout",
        "alleen een punt van de gezamenlijke kolom kan de titel zijn",
    ),
    "unknown sector of an item": (
        "themes/b.yaml",
        "sectors: [vo, mbo]",
        "sectors: [vo, hbo]",
        "hbo",
        "sector 'hbo' bestaat niet",
    ),
    "default sector that cannot be chosen": (
        "pack.yaml",
        "default_sectors: [voorschools]",
        "default_sectors: [po]",
        "default_sectors: [po]",
        "sector 'po' staat niet bij de sectoren van deze soort partij",
    ),
    "limit to an unknown item": (
        "pack.yaml",
        "only_items: [passend-onderwijs]",
        "only_items: [passend]",
        "only_items: [passend]",
        "punt 'passend' bestaat niet",
    ),
    "limit to an item of another column": (
        "pack.yaml",
        "only_items: [passend-onderwijs]",
        "only_items: [vsv-beleid]",
        "only_items: [vsv-beleid]",
        "punt 'vsv-beleid' staat niet in de kolom van deze soort partij",
    ),
    "guide question without a column": (
        "guides.yaml",
        "- slug: gemeente\n        label: Wat speelt",
        "- slug: raad\n        label: Wat speelt",
        "- slug: raad",
        "kolom 'raad' bestaat niet; een vraag van leidraad 1 heet als zijn kolom",
    ),
    "unknown source": (
        "terms.yaml",
        "cite: {source: regeling-lea}",
        "cite: {source: krant}",
        "source: krant",
        "bron 'krant' bestaat niet",
    ),
    "unknown theme of an example": (
        "examples.yaml",
        "theme: d",
        "theme: z",
        "theme: z",
        "thema 'z' bestaat niet",
    ),
    "example at an item of another theme": (
        "examples.yaml",
        "items: [ouderverbanden]",
        "items: [vve-afstemming]",
        "items: [vve-afstemming]",
        "punt 'vve-afstemming' staat niet in de gezamenlijke kolom van het thema",
    ),
    "borrowed word that is not in the agreement": (
        "examples.yaml",
        "borrowed: [Dordrecht]",
        "borrowed: [Dordrecht, Delft]",
        "Delft",
        "'Delft' is geleend, maar staat niet in de afspraak",
    ),
    "role of an unknown kind of party": (
        "plan.yaml",
        "party_kinds: [ouders]",
        "party_kinds: [grootouders]",
        "grootouders",
        "soort partij 'grootouders' bestaat niet",
    ),
    "conclusions out of order": (
        "conclusions.yaml",
        "    number: 3",
        "    number: 7",
        "number: 7",
        "nummer 7 klopt niet; op deze plaats hoort 3",
    ),
    "chapters out of order": (
        "plan.yaml",
        "    number: 6",
        "    number: 5 # fout",
        "# fout",
        "nummer 5 klopt niet; op deze plaats hoort 6",
    ),
    "element that does not exist": (
        "themes/a.yaml",
        "elements: [57]",
        "elements: [57, 999]",
        "999",
        "onderdeel 999 staat niet in de lijst met onderdelen",
    ),
    "element of the intro that does not exist": (
        "pack.yaml",
        "intro_elements: [2,",
        "intro_elements: [0, 2,",
        "intro_elements",
        "onderdeel 0 staat niet in de lijst met onderdelen",
    ),
    "element twice": (
        "elements.yaml",
        "{number: 9,",
        "{number: 8,",
        "number: 8,",
        "onderdeel 8 staat hier twee keer",
    ),
    "element out of order": (
        "elements.yaml",
        "{number: 141,",
        "{number: 150,",
        "number: 150,",
        "onderdeel 150 klopt niet; op deze plaats hoort 141",
    ),
    "element without a number": (
        "elements.yaml",
        "{number: 141,",
        "{number: laatste,",
        "number: laatste,",
        "'number' moet een geheel getal zijn",
    ),
    "element that stands nowhere": (
        "themes/a.yaml",
        "        elements: [57]\n",
        "",
        "",
        "elements.yaml:{57}: onderdeel 57 is inhoud, maar geen enkel deel van het pakket noemt dit nummer",
    ),
    "behaviour without a reason": (
        "elements.yaml",
        ', reason: "De voorbeelden zijn te vinden op gemeente."',
        "",
        "number: 105,",
        "onderdeel 105 is gedrag; zeg in 'reason' waarom of waardoor",
    ),
    "unknown place in a sentence": (
        "pack.yaml",
        '"{partij} is bezig met {punt}"',
        '"{partij} is bezig met {item}"',
        "{item}",
        "in 'phrase' staat {item}; alleen {partij} en {punt} mag",
    ),
    "unknown place in a question": (
        "themes/b.yaml",
        "Wat doet {partij} aan",
        "Wat doet {wie} aan",
        "{wie}",
        "in 'own_question' staat {wie}; alleen {partij} mag",
    ),
    "open brace": (
        "pack.yaml",
        '"{partij} is bezig met {punt}"',
        '"{partij is bezig"',
        "{partij is bezig",
        "in 'phrase' klopt een accolade niet",
    ),
    "said in two files": (
        "shape.yaml",
        "shape:\n",
        "title: Nog een titel\nshape:\n",
        "title: Nog een titel",
        "'title' staat ook al in pack.yaml, regel 9",
    ),
    "a label that makes an object": (
        "pack.yaml",
        "meeting_length: Reken",
        "meeting_length: !!python/name:os.system Reken",
        "meeting_length",
        "het label 'tag:yaml.org,2002:python/name:os.system' mag hier niet staan",
    ),
    "colon in a text": (
        "themes/b.yaml",
        'label: "VVE: ouderbeleid vroegschools"',
        "label: VVE: ouderbeleid vroegschools",
        "label: VVE: ouderbeleid vroegschools",
        "geen geldige YAML: er staat een dubbele punt in de tekst; zet de tekst tussen aanhalingstekens",
    ),
    "reference to nothing": (
        "themes/b.yaml",
        "minutes: 5",
        "minutes: *vijf",
        "minutes: *vijf",
        "geen geldige YAML: er staat een verwijzing (*) naar iets wat niet bestaat",
    ),
    "bracket left open": (
        "elements.yaml",
        'where: "Bronnen en colofon"}',
        'where: "Bronnen en colofon"',
        "number: 2,",
        "geen geldige YAML: het inspringen of een haakje klopt niet",
    ),
    "two documents": (
        "shape.yaml",
        "shape:\n",
        "---\nshape: 1\n---\nshape:\n",
        "",
        "shape.yaml:4: geen geldige YAML: er staat '---' in het bestand; één bestand is één document",
    ),
    "a key that is a list": (
        "shape.yaml",
        "shape:\n",
        "? [a, b]\n: 1\nshape:\n",
        "? [a, b]",
        "een sleutel moet een woord zijn",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_is_told_with_file_line_and_sentence(name: str, folder: Path) -> None:
    file, old, new, at, sentence = BROKEN[name]
    change(folder, file, old, new)
    if at:
        at = at.rstrip("\n")
        lines = (folder / file).read_text(encoding="utf-8").splitlines()
        places = {f"{file}:{i}: {sentence}" for i, line in enumerate(lines, start=1) if at in line}
    else:
        places = {sentence.replace("{57}", str(line_of(folder, "elements.yaml", "number: 57,")))}
    assert places & set(check(folder)), check(folder)


def test_all_mistakes_are_told_at_once_in_order(folder: Path) -> None:
    change(folder, "themes/a.yaml", "    letter: A\n", "")
    change(folder, "themes/b.yaml", "column: gemeente", "column: stad")
    change(folder, "themes/b.yaml", "minutes: 5", "minuten: 5")
    change(folder, "terms.yaml", "cite: {source: regeling-lea}", "cite: {source: krant}")
    change(folder, "examples.yaml", "borrowed: [Dordrecht]", "borrowed: [Delft]")
    with pytest.raises(ContentError) as raised:
        load_pack(folder)
    sentences = [problem.split(": ", 1)[1] for problem in raised.value.problems]
    assert sentences == [
        "'Delft' is geleend, maar staat niet in de afspraak",
        "bron 'krant' bestaat niet",
        "sleutel 'letter' ontbreekt",
        "sleutel 'minuten' is onbekend",
        "kolom 'stad' bestaat niet",
    ]
    assert str(raised.value) == "\n".join(raised.value.problems)


def test_a_file_that_cannot_be_read_does_not_hide_the_others(folder: Path) -> None:
    change(folder, "themes/a.yaml", "    letter: A", "    letter: 'A")
    change(folder, "themes/b.yaml", "minutes: 5", "minuten: 5")
    first, second = check(folder)
    assert first.startswith("themes/a.yaml:") and "geen geldige YAML" in first
    line = line_of(folder, "themes/b.yaml", "minuten")
    assert second == f"themes/b.yaml:{line}: sleutel 'minuten' is onbekend"


def test_what_a_missing_file_held_is_not_told_again(folder: Path) -> None:
    (folder / "shape.yaml").write_text("", encoding="utf-8")
    assert check(folder) == ["shape.yaml:1: het bestand is leeg"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "het bestand is leeg"),
        (b"# niets\n", "het bestand is leeg"),
        (b"- een\n- twee\n", "het bestand moet beginnen met een sleutel, zoals 'themes:'"),
        (b"gewoon tekst", "het bestand moet beginnen met een sleutel, zoals 'themes:'"),
        (b"titel: \xff\xfe\n", "het bestand is geen UTF-8; sla het op als UTF-8"),
        (b"titel: a\x00b\n", "het bestand is geen geldige YAML: er staat een teken in dat niet mag"),
        (b"extra: &x [*x]\n", "het bestand verwijst naar zichzelf of is veel te groot"),
    ],
)
def test_a_file_that_is_no_part_of_a_pack(folder: Path, content: bytes, sentence: str) -> None:
    (folder / "extra.yaml").write_bytes(content)
    assert f"extra.yaml:1: {sentence}" in check(folder)


def test_a_tab_is_told(folder: Path) -> None:
    (folder / "extra.yaml").write_text("extra:\n\tx: 1\n", encoding="utf-8")
    assert (
        "extra.yaml:2: geen geldige YAML: er staat een tab of een teken waarmee een tekst niet mag beginnen; "
        "gebruik spaties of aanhalingstekens"
    ) in check(folder)


def test_a_file_that_grows_by_referring_to_itself_is_refused_quickly(folder: Path) -> None:
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 10)}]" for i in range(1, 9)]
    (folder / "extra.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert any("verwijst naar zichzelf of is veel te groot" in p for p in check(folder))


def test_a_deeply_nested_file_is_refused(folder: Path) -> None:
    (folder / "extra.yaml").write_text("x: " + "[" * 5000 + "]" * 5000, encoding="utf-8")
    assert check(folder)


def test_another_ending_is_not_passed_over_in_silence(folder: Path) -> None:
    (folder / "shape.yaml").rename(folder / "shape.yml")
    assert check(folder) == ["shape.yml:1: de naam eindigt op .yml; maak daar .yaml van"]


def test_what_misses_is_told_at_the_first_file(folder: Path) -> None:
    (folder / "pack.yaml").unlink()
    first = min(p.relative_to(folder).as_posix() for p in folder.rglob("*.yaml"))
    assert f"{first}:1: sleutel 'subject' ontbreekt" in check(folder)


def test_a_folder_without_a_pack(tmp_path: Path) -> None:
    assert check(tmp_path) == [f"pack.yaml:1: in de map '{tmp_path.name}' staat geen enkel YAML-bestand"]
    assert check(tmp_path / "weg") == ["pack.yaml:1: in de map 'weg' staat geen enkel YAML-bestand"]


def test_the_pack_that_comes_along_is_in_order() -> None:
    assert check(DEFAULT_FOLDER) == []


# Other packs: other columns, another number of themes


@pytest.fixture
def data() -> dict[str, Any]:
    return json.loads(pack_json(default_pack()))


def written(data: dict[str, Any], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return folder


def own_column(slug: str) -> dict[str, Any]:
    return {
        "slug": slug,
        "kind": "own",
        "title": slug,
        "short": slug,
        "question": "Hoe ver bent u?",
        "guide_question": "Wat doet u?",
    }


def test_one_file_is_enough(data: dict[str, Any], tmp_path: Path) -> None:
    assert load_pack(written(data, tmp_path / "een")) == default_pack()


def test_a_pack_with_four_own_columns(data: dict[str, Any], tmp_path: Path) -> None:
    data["columns"] += [own_column("zorg"), own_column("ouders")]
    pack = load_pack(written(data, tmp_path / "vier"))
    assert [c.slug for c in pack.own_columns] == ["besturen", "gemeente", "zorg", "ouders"]
    data["columns"] += [own_column("sport")]
    problems = check(written(data, tmp_path / "vijf"))
    assert [p.split(": ", 1)[1] for p in problems] == ["er zijn 1 tot 4 eigen kolommen (own) nodig, hier staan er 5"]


def test_a_pack_without_a_joint_column_and_with_one_theme(data: dict[str, Any], tmp_path: Path) -> None:
    data["columns"] = [c for c in data["columns"] if c["kind"] == "own"]
    data["guides"] = data["guides"][1:]
    data["guides"][0]["questions"] = []
    data["themes"] = data["themes"][2:3]
    data["themes"][0]["items"] = [i for i in data["themes"][0]["items"] if i["kind"] != "agenda"]
    for name in ("examples", "elements", "figures", "backgrounds"):
        data[name] = []
    without_numbers(data)
    pack = load_pack(written(data, tmp_path / "klein"))
    assert pack.joint_column is None
    assert len(pack.themes) == 1


def without_numbers(value: Any) -> None:
    if isinstance(value, dict):
        for key in ("elements", "intro_elements"):
            if key in value and value[key] and isinstance(value[key][0], int):
                value[key] = []
        for child in value.values():
            without_numbers(child)
    elif isinstance(value, list):
        for child in value:
            without_numbers(child)


def test_two_joint_columns_or_no_theme_are_refused(data: dict[str, Any], tmp_path: Path) -> None:
    second = copy.deepcopy(data["columns"][1])
    data["columns"].append({**second, "slug": "samen-twee"})
    data["themes"] = []
    problems = " ".join(check(written(data, tmp_path / "twee")))
    assert "er mag één gezamenlijke kolom (joint) zijn, hier staan er 2" in problems
    assert "er is minstens één thema nodig" in problems


# A journey's own copy


def test_a_copy_with_an_unknown_key_is_refused(data: dict[str, Any]) -> None:
    data["themes"][1]["items"][2]["kleur"] = "rood"
    with pytest.raises(ContentError) as raised:
        pack_from_json(json.dumps(data))
    assert raised.value.problems == ["themes[1].items[2].kleur: sleutel 'kleur' is onbekend"]


def test_a_copy_from_before_an_optional_key_is_read(data: dict[str, Any]) -> None:
    for state in data["policy_states"]:
        del state["phrase_plural"]
        del state["phrase_again"]
    del data["intro_elements"]
    assert pack_from_json(json.dumps(data)).policy_states[0].phrase_plural == ""


@pytest.mark.parametrize("text", ["", "geen json", "{", "[" * 100_000, '{"slug": "\\ud800"}', "null", "[]", "12"])
def test_a_copy_that_is_no_pack_is_refused(text: str) -> None:
    with pytest.raises(ContentError):
        pack_from_json(text)


def test_a_copy_from_outside_can_be_checked_inside(data: dict[str, Any]) -> None:
    data["examples"][0]["theme"] = "z"
    pack = pack_from_json(json.dumps(data))
    assert pack_problems(pack) == ["examples[0].theme: thema 'z' bestaat niet"]


def test_a_pack_cannot_be_changed() -> None:
    pack: Pack = default_pack()
    with pytest.raises(ValueError, match="frozen"):
        pack.title = "Anders"  # type: ignore[misc]


def test_looking_up_what_is_not_there() -> None:
    with pytest.raises(KeyError):
        default_pack().theme("z")
