"""Reading a content pack: a folder of YAML becomes one frozen `Pack`, or a list of all that is wrong with it.

All `*.yaml` files of a folder (and its subfolders) together are one pack. Lists with the same name are put
one after the other, in the order of the file names; anything else may be said only once. Every problem names
the file and the line, because the people who write packs are not programmers; so the file is read as nodes,
which know their line, and not as plain values, which do not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from app.content.figure_checks import check_figures
from app.content.general_checks import advise, check_general
from app.content.pack import Pack

DEFAULT_FOLDER = Path(__file__).parents[2] / "seeds" / "ouderbetrokkenheid"

# A pack is a few thousand nodes, eight deep. The limits stop a file that grows by referring to itself.
MAX_NODES = 200_000
MAX_DEPTH = 40

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Keys = tuple[str | int, ...]
Say = Callable[[Keys, str], None]


class ContentError(Exception):
    """What is wrong with a pack: `problems` holds plain Dutch sentences, with file and line where known."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


class Place(NamedTuple):
    file: str
    line: int


def load_pack(folder: Path) -> Pack:
    """The pack in this folder. Raises ContentError with all problems at once."""
    reader = _Reader()
    reader.read_folder(Path(folder))
    pack = None
    try:
        pack = Pack.model_validate(reader.data)
    except ValidationError as error:
        for keys, text in _in_dutch(error):
            # With a file missing, what it should have held is missing too: no news.
            if not (reader.unusable and keys[0] not in reader.data):
                reader.say(keys, text)
    if not reader.unusable:
        _check_references(reader.data, reader.say)
    if reader.problems or pack is None:
        raise ContentError(reader.sentences())
    return pack


def advice(folder: Path) -> list[str]:
    """What is allowed in this pack but probably not meant, as `file:line: sentence`. Raises ContentError."""
    load_pack(folder)
    reader = _Reader()
    reader.read_folder(Path(folder))
    advise(reader.data, reader.say)
    return reader.sentences()


@cache
def default_pack() -> Pack:
    """The pack that comes with Driekolom, read once."""
    return load_pack(DEFAULT_FOLDER)


def pack_json(pack: Pack) -> str:
    """The pack as canonical JSON: the same pack always gives the same text."""
    return json.dumps(pack.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def pack_hash(pack: Pack) -> str:
    """The SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(pack_json(pack).encode()).hexdigest()


def pack_from_json(text: str) -> Pack:
    """The pack a journey keeps as its own copy.

    Only the shape is checked: a copy of years ago stays readable when the rules for new packs get stricter.
    Whoever takes in a pack from outside asks `pack_problems` as well.
    """
    try:
        return Pack.model_validate(json.loads(text))
    except ValidationError as error:
        raise ContentError([f"{_path(keys)}: {what}" for keys, what in _in_dutch(error)]) from error
    except (ValueError, RecursionError) as error:
        raise ContentError(["De opgeslagen inhoud is geen geldige JSON."]) from error


def pack_problems(pack: Pack) -> list[str]:
    """What is wrong inside a well-shaped pack: double slugs, references to nothing, wrong element numbers."""
    problems: list[str] = []

    def say(keys: Keys, text: str) -> None:
        problems.append(f"{_path(keys)}: {text}")

    _check_references(pack.model_dump(mode="json"), say)
    return problems


# Reading YAML with the line of everything


class _Reader:
    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.places: dict[Keys, Place] = {}
        self.problems: list[tuple[Place, str]] = []
        self.unusable = False  # a file could not be read, so complaints about what is missing would mislead
        self._start = Place("pack.yaml", 1)
        self._file = ""
        self._nodes = 0

    def say(self, keys: Keys, text: str) -> None:
        self.problems.append((self._place(keys), text))

    def sentences(self) -> list[str]:
        unique = dict.fromkeys(sorted(self.problems))
        return [f"{place.file}:{place.line}: {text}" for place, text in unique]

    def _place(self, keys: Keys) -> Place:
        while keys:
            if keys in self.places:
                return self.places[keys]
            keys = keys[:-1]
        return self._start

    def read_folder(self, folder: Path) -> None:
        files = sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml") and p.is_file())
        if not files:
            self.unusable = True
            self.problems.append((self._start, f"in de map '{folder.name}' staat geen enkel YAML-bestand"))
            return
        names = [p.relative_to(folder).as_posix() for p in files]
        if "pack.yaml" not in names:
            self._start = Place(names[0], 1)
        for file, name in zip(files, names, strict=True):
            if file.suffix == ".yml":
                self.problems.append((Place(name, 1), "de naam eindigt op .yml; maak daar .yaml van"))
            self._read_file(file, name)

    def _read_file(self, file: Path, name: str) -> None:
        self._file = name
        try:
            root = yaml.compose(file.read_bytes().decode("utf-8-sig"), Loader=_Loader)
        except UnicodeDecodeError:
            self._refuse(1, "het bestand is geen UTF-8; sla het op als UTF-8")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._refuse(mark.line + 1 if mark else 1, _yaml_in_dutch(error.problem or ""))
        except (yaml.YAMLError, RecursionError):
            self._refuse(1, "het bestand is geen geldige YAML: er staat een teken in dat niet mag")
        else:
            if root is None:
                self._refuse(1, "het bestand is leeg")
            elif not isinstance(root, yaml.MappingNode):
                line = root.start_mark.line + 1
                self._refuse(line, "het bestand moet beginnen met een sleutel, zoals 'themes:'")
            else:
                self._merge(root)

    def _refuse(self, line: int, text: str) -> None:
        self.unusable = True
        self.problems.append((Place(self._file, line), text))

    def _merge(self, root: yaml.MappingNode) -> None:
        for key, node in self._pairs(root):
            place = Place(self._file, key.start_mark.line + 1)
            name = key.value
            old = self.data.get(name)
            if isinstance(node, yaml.SequenceNode) and (name not in self.data or isinstance(old, list)):
                self.places.setdefault((name,), place)
                entries = self.data.setdefault(name, [])
                for child in node.value:
                    entries.append(self._value(child, (name, len(entries)), (id(node),)))
            elif name in self.data:
                first = self.places[(name,)]
                self.problems.append((place, f"'{name}' staat ook al in {first.file}, regel {first.line}"))
            else:
                self.places[(name,)] = place
                self.data[name] = self._value(node, (name,), ())

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(line, "een sleutel moet een woord zijn")
            elif key.value in seen:
                text = f"sleutel '{key.value}' staat hier twee keer (ook op regel {seen[key.value]})"
                self.problems.append((Place(self._file, line), text))
            else:
                seen[key.value] = line
                yield key, value

    def _value(self, node: yaml.Node, keys: Keys, above: tuple[int, ...]) -> Any:
        """The plain value of a node; notes the line of every key on the way."""
        self._nodes += 1
        line = node.start_mark.line + 1
        if self._nodes > MAX_NODES or len(above) > MAX_DEPTH or id(node) in above:
            if not self.unusable:
                self._refuse(line, "het bestand verwijst naar zichzelf of is veel te groot")
            return None
        self.places.setdefault(keys, Place(self._file, line))
        above = (*above, id(node))
        if isinstance(node, yaml.MappingNode):
            result = {}
            for key, child in self._pairs(node):
                self.places[(*keys, key.value)] = Place(self._file, key.start_mark.line + 1)
                result[key.value] = self._value(child, (*keys, key.value), above)
            return result
        if isinstance(node, yaml.SequenceNode):
            return [self._value(child, (*keys, i), above) for i, child in enumerate(node.value)]
        return self._scalar(node, line)

    def _scalar(self, node: yaml.ScalarNode, line: int) -> Any:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if kind == "null":
            return None
        if kind == "bool":
            return node.value.lower() in ("true", "yes", "on")
        if kind == "int" and re.fullmatch(r"[-+]?(0|[1-9][0-9]{0,8})", node.value):
            return int(node.value)
        if kind == "float" or kind == "int":
            return _Number(node.value)
        if kind not in ("str", "timestamp", "merge", "value"):
            self.problems.append((Place(self._file, line), f"het label '{node.tag}' mag hier niet staan"))
        return node.value


class _Number:
    """A number that is no whole number: there is no place for it in a pack, so every check refuses it."""

    def __init__(self, written: str):
        self.written = written


def _yaml_in_dutch(problem: str) -> str:
    hints = {
        "mapping values are not allowed": "er staat een dubbele punt in de tekst; zet de tekst tussen aanhalingstekens",
        "cannot start any token": "er staat een tab of een teken waarmee een tekst niet mag beginnen; "
        "gebruik spaties of aanhalingstekens",
        "found unexpected end of stream": "een aanhalingsteken is niet gesloten",
        "undefined alias": "er staat een verwijzing (*) naar iets wat niet bestaat",
        "but found another document": "er staat '---' in het bestand; één bestand is één document",
        "did not find expected": "het inspringen of een haakje klopt niet",
        "could not find expected ':'": "er ontbreekt een dubbele punt na een sleutel",
    }
    for part, hint in hints.items():
        if part in problem:
            return f"geen geldige YAML: {hint}"
    return "geen geldige YAML: kijk naar het inspringen, de dubbele punten en de aanhalingstekens"


# What pydantic says, in Dutch


def _in_dutch(error: ValidationError) -> Iterator[tuple[Keys, str]]:
    for found in error.errors(include_url=False):
        keys: Keys = tuple(found["loc"])
        yield keys, _sentence(found, _name(keys))


def _sentence(found: Any, name: str) -> str:
    context = found.get("ctx", {})
    match found["type"]:
        case "missing":
            return f"sleutel {name} ontbreekt"
        case "extra_forbidden":
            return f"sleutel {name} is onbekend"
        case "string_type":
            return f"{name} moet tekst zijn; zet een getal of een jaar tussen aanhalingstekens"
        case "string_too_short":
            return f"{name} mag niet leeg zijn"
        case "string_too_long":
            return f"{name} mag hoogstens {context['max_length']} tekens hebben"
        case "string_pattern_mismatch":
            return f"{name} is geen goede slug: gebruik alleen kleine letters, cijfers en streepjes ertussen"
        case "int_type" | "int_parsing" | "int_from_float" | "int_parsing_size":
            return f"{name} moet een geheel getal zijn"
        case "bool_type" | "bool_parsing":
            return f"{name} moet true of false zijn"
        case "literal_error":
            allowed = context["expected"].replace(" or ", " of ")
            return f"{name} is {_shown(found['input'])}, maar mag alleen zijn: {allowed}"
        case "tuple_type":
            return f"{name} moet een lijst zijn"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{name} moet een blok met sleutels zijn"
    return f"{name} heeft een waarde die hier niet mag"


def _name(keys: Keys) -> str:
    if not keys:
        return "het pakket"
    if isinstance(keys[-1], int):
        return f"nummer {keys[-1] + 1} van {_name(keys[:-1])}"
    return f"'{keys[-1]}'"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value[:60]}'"
    return "geen tekst"


def _path(keys: Keys) -> str:
    text = "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in keys)
    return text.removeprefix(".") or "pakket"


# What has to agree between the parts of a pack. These checks read plain values and step over what has the
# wrong shape, so that one run tells everything.


def _check_references(data: dict[str, Any], say: Say) -> None:
    _check_slugs(data, (), say)
    _check_columns(data, say)
    _check_parties(data, say)
    _check_themes(data, say)
    _check_examples(data, say)
    _check_plan(data, say)
    _check_sources(data, say)
    _check_phrases(data, (), say)
    _check_elements(data, say)
    check_figures(data, say)
    check_general(data, say)


def _parts(data: Any, *names: str) -> Iterator[tuple[Keys, dict[str, Any]]]:
    """All blocks under a chain of lists: `_parts(data, "themes", "items")` gives every item with its keys."""
    found: list[tuple[Keys, Any]] = [((), data)]
    for name in names:
        found = [
            ((*keys, name, i), part)
            for keys, block in found
            if isinstance(block, dict) and isinstance(block.get(name), list)
            for i, part in enumerate(block[name])
        ]
    return ((keys, part) for keys, part in found if isinstance(part, dict))


def _slugs(data: Any, *names: str) -> set[str]:
    return {part["slug"] for _, part in _parts(data, *names) if isinstance(part.get("slug"), str)}


def _strings(block: dict[str, Any], name: str) -> Iterator[tuple[int, str]]:
    values = block.get(name)
    if isinstance(values, list):
        yield from ((i, value) for i, value in enumerate(values) if isinstance(value, str))


def _walk(value: Any, keys: Keys = ()) -> Iterator[tuple[Keys, dict[str, Any]]]:
    """Every block of the pack, wherever it stands."""
    if isinstance(value, dict):
        yield keys, value
        for name, child in value.items():
            yield from _walk(child, (*keys, name))
    elif isinstance(value, list):
        for i, child in enumerate(value):
            yield from _walk(child, (*keys, i))


def _check_slugs(data: dict[str, Any], keys: Keys, say: Say) -> None:
    for above, block in _walk(data, keys):
        for name, value in block.items():
            if not isinstance(value, list):
                continue
            seen: set[str] = set()
            for i, part in enumerate(value):
                slug = part.get("slug") if isinstance(part, dict) else None
                if isinstance(slug, str):
                    if slug in seen:
                        say((*above, name, i, "slug"), f"slug '{slug}' komt twee keer voor in '{name}'")
                    seen.add(slug)
    items: set[str] = set()
    for above, item in _parts(data, "themes", "items"):
        slug = item.get("slug")
        if isinstance(slug, str):
            if slug in items:
                say((*above, "slug"), f"punt '{slug}' komt al voor; elk punt heeft een eigen slug")
            items.add(slug)
    replaced = data.get("wish_when_legal")
    if isinstance(replaced, dict) and replaced.get("slug") in _slugs(data, "wishes"):
        say(("wish_when_legal", "slug"), f"slug '{replaced['slug']}' is al een wens")


def _column_kinds(data: dict[str, Any]) -> dict[str, Any]:
    return {c["slug"]: c.get("kind") for _, c in _parts(data, "columns") if isinstance(c.get("slug"), str)}


def _check_columns(data: dict[str, Any], say: Say) -> None:
    if not isinstance(data.get("columns"), list):
        return
    kinds = [c.get("kind") for _, c in _parts(data, "columns")]
    if not 1 <= kinds.count("own") <= 4:
        say(("columns",), f"er zijn 1 tot 4 eigen kolommen (own) nodig, hier staan er {kinds.count('own')}")
    if kinds.count("joint") > 1:
        say(("columns",), f"er mag één gezamenlijke kolom (joint) zijn, hier staan er {kinds.count('joint')}")
    if isinstance(data.get("themes"), list) and not data["themes"]:
        say(("themes",), "er is minstens één thema nodig")


def _check_parties(data: dict[str, Any], say: Say) -> None:
    columns, sectors = _column_kinds(data), _slugs(data, "sectors")
    item_columns = {i.get("slug"): i.get("column") for _, i in _parts(data, "themes", "items")}
    for keys, kind in _parts(data, "party_kinds"):
        column = kind.get("column")
        if isinstance(column, str) and column not in columns:
            say((*keys, "column"), f"kolom '{column}' bestaat niet")
        elif isinstance(column, str) and columns[column] == "joint":
            say((*keys, "column"), f"kolom '{column}' is gezamenlijk en kan niet van een soort partij zijn")
        _known(kind, keys, "sectors", sectors, "sector", say)
        own = {sector for _, sector in _strings(kind, "sectors")}
        for i, sector in _strings(kind, "default_sectors"):
            if sector not in own:
                say(
                    (*keys, "default_sectors", i),
                    f"sector '{sector}' staat niet bij de sectoren van deze soort partij",
                )
        for i, item in _strings(kind, "only_items"):
            if item not in item_columns:
                say((*keys, "only_items", i), f"punt '{item}' bestaat niet")
            elif item_columns[item] != column:
                say((*keys, "only_items", i), f"punt '{item}' staat niet in de kolom van deze soort partij")


def _known(block: dict[str, Any], keys: Keys, name: str, known: set[str], what: str, say: Say) -> None:
    for i, value in _strings(block, name):
        if value not in known:
            say((*keys, name, i), f"{what} '{value}' bestaat niet")


def _check_themes(data: dict[str, Any], say: Say) -> None:
    columns, sectors = _column_kinds(data), _slugs(data, "sectors")
    for keys, item in _parts(data, "themes", "items"):
        column, kind = item.get("column"), item.get("kind")
        if isinstance(column, str) and column not in columns:
            say((*keys, "column"), f"kolom '{column}' bestaat niet")
        elif isinstance(column, str) and columns[column] == "joint" and kind in ("beleid", "belang"):
            say((*keys, "kind"), f"soort '{kind}' past niet bij de gezamenlijke kolom; daar hoort 'agenda'")
        elif isinstance(column, str) and columns[column] == "own" and kind == "agenda":
            say((*keys, "kind"), f"soort 'agenda' past niet bij kolom '{column}'; kies 'beleid' of 'belang'")
        if item.get("is_title") is True and kind in ("beleid", "belang"):
            say((*keys, "is_title"), "alleen een punt van de gezamenlijke kolom kan de titel zijn")
        _known(item, keys, "sectors", sectors, "sector", say)
    for keys, guide in list(_parts(data, "guides"))[:1]:
        for more, question in _parts(guide, "questions"):
            if isinstance(question.get("slug"), str) and question["slug"] not in columns:
                say(
                    (*keys, *more, "slug"),
                    f"kolom '{question['slug']}' bestaat niet; een vraag van leidraad 1 heet als zijn kolom",
                )


def _check_examples(data: dict[str, Any], say: Say) -> None:
    themes = {t["slug"]: t for _, t in _parts(data, "themes") if isinstance(t.get("slug"), str)}
    for keys, example in _parts(data, "examples"):
        theme = example.get("theme")
        if isinstance(theme, str) and theme not in themes:
            say((*keys, "theme"), f"thema '{theme}' bestaat niet")
        else:
            within = [themes[theme]] if isinstance(theme, str) else list(themes.values())
            items = [item for within_theme in within for _, item in _parts(within_theme, "items")]
            agenda = {item.get("slug") for item in items if item.get("kind") == "agenda"}
            for i, item in _strings(example, "items"):
                if item not in agenda:
                    say(
                        (*keys, "items", i),
                        f"punt '{item}' staat niet in de gezamenlijke kolom van het thema",
                    )
        agreement = example.get("agreement")
        for i, word in _strings(example, "borrowed"):
            if isinstance(agreement, str) and word not in agreement:
                say((*keys, "borrowed", i), f"'{word}' is geleend, maar staat niet in de afspraak")


def _check_plan(data: dict[str, Any], say: Say) -> None:
    for name in ("conclusions", "chapters"):
        for at, (keys, part) in enumerate(_parts(data, name), start=1):
            if isinstance(part.get("number"), int) and part["number"] != at:
                say((*keys, "number"), f"nummer {part['number']} klopt niet; op deze plaats hoort {at}")
    kinds = _slugs(data, "party_kinds")
    for keys, role in _parts(data, "chapters", "roles"):
        _known(role, keys, "party_kinds", kinds, "soort partij", say)


def _check_sources(data: dict[str, Any], say: Say) -> None:
    known = _slugs(data, "sources")
    for keys, block in _walk(data):
        cite = block.get("cite")
        source = cite.get("source") if isinstance(cite, dict) else None
        if isinstance(source, str) and source not in known:
            say((*keys, "cite", "source"), f"bron '{source}' bestaat niet")


_PLACES = {
    "phrase": {"partij", "punt"},
    "phrase_plural": {"partij", "punt"},
    "phrase_again": {"partij"},
    "own_question": {"partij"},
    "behalf_question": {"partij"},
}


def _check_phrases(data: dict[str, Any], keys: Keys, say: Say) -> None:
    for above, block in _walk(data, keys):
        for name, allowed in _PLACES.items():
            text = block.get(name)
            if not isinstance(text, str):
                continue
            try:
                parsed = [(place, form) for _, place, *form in Formatter().parse(text) if place is not None]
            except ValueError:
                say((*above, name), f"in '{name}' klopt een accolade niet")
                continue
            if any(any(form) for _, form in parsed):  # {partij:>9999} would print a page of spaces
                say((*above, name), f"in '{name}' mag binnen een accolade alleen een naam staan")
            places = {place for place, _ in parsed}
            for place in sorted(places - allowed):
                mag = " en ".join(f"{{{p}}}" for p in sorted(allowed))
                say((*above, name), f"in '{name}' staat {{{place}}}; alleen {mag} mag")


def _check_elements(data: dict[str, Any], say: Say) -> None:
    shown: set[int] = set()
    known: set[int] = set()
    for at, (keys, element) in enumerate(_parts(data, "elements"), start=1):
        number = element.get("number")
        if not isinstance(number, int):
            continue
        if number in known:
            say((*keys, "number"), f"onderdeel {number} staat hier twee keer")
        elif number != at:
            say((*keys, "number"), f"onderdeel {number} klopt niet; op deze plaats hoort {at}")
        known.add(number)
    for keys, block in _walk(data):
        for name in ("elements", "intro_elements"):
            numbers = block.get(name)
            for i, number in enumerate(numbers if isinstance(numbers, list) else ()):
                if isinstance(number, int):
                    shown.add(number)
                    if number not in known:
                        say((*keys, name, i), f"onderdeel {number} staat niet in de lijst met onderdelen")
    for keys, element in _parts(data, "elements"):
        number, reason = element.get("number"), element.get("reason")
        if element.get("cls") == "inhoud" and isinstance(number, int) and number not in shown:
            say(keys, f"onderdeel {number} is inhoud, maar geen enkel deel van het pakket noemt dit nummer")
        if element.get("cls") in ("gedrag", "achtergrond") and not reason:
            say(keys, f"onderdeel {number} is {element['cls']}; zeg in 'reason' waarom of waardoor")
