"""Copies, joins and trims the third-party assets out of a node_modules folder (scripts/vendor_assets.sh)."""

import gzip
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

import editor_asset
import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "app/static/vendor"
FONTS = ROOT / "app/static/fonts"
TEST_VENDOR = ROOT / "tests/vendor"

# Left out, half of the bytes: classes that only show a state in a component catalogue (:hover and :focus
# do the work), that style bare HTML inside a container, and variants that no page uses (toggle buttons,
# decorated rows).
LEFT_OUT = re.compile(
    r"--(hover|focus|active|busy|html-content|pressed|positive|icon-only|arrows|selected|alternate|row-hover"
    r"|row-focus)\b"
)
# Tokens of the theme to keep even if no component uses them: the basis for our own CSS.
BASIS = re.compile(r"--basis-(?!.*-inverse-)(?!space-.*-(min|max)-)")
VAR = re.compile(r"var\(\s*(--[\w-]+)")

# Latin and Latin Extended-A, the letters that are left for European names, punctuation, arrows and signs.
SCREEN_CHARACTERS = (
    "U+0000-017F,U+018F,U+0192,U+0218-021B,U+0259,U+02C6,U+02C7,U+02D8-02DD,U+0300-0304,U+0306-030C,"
    "U+0323-0328,U+1E02-1E03,U+1E80-1E85,U+1E9E,U+1EF2-1EF3,U+2002-200B,U+2010-2015,U+2018-201E,"
    "U+2020-2022,U+2026,U+2030,U+2032-2033,U+2039-203A,U+2044,U+20AC,U+2116,U+2122,U+2190-2193,U+2212,"
    "U+2215,U+2248,U+2260,U+2264-2265,U+25CF,U+2713"
)
SCREEN_FEATURES = ["kern", "liga", "mark", "mkmk", "locl", "ccmp", "calt", "tnum", "lnum", "sups", "frac"]
SCREEN_FAMILY = "Driekolom Sans"


def version(package: Path) -> str:
    return json.loads((package / "package.json").read_text())["version"]


def clear(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def compact(tokens: list) -> str:
    return " ".join(tinycss2.serialize(tokens).split())


def trimmed_rules(css: str) -> str:
    """The rules of a stylesheet in compact form, without comments and what is left out."""
    out = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.content is not None:
            inner = trimmed_rules(tinycss2.serialize(rule.content))
            if inner:
                out.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude).rstrip()}{{{inner}}}")
        elif rule.type == "qualified-rule":
            # A comma inside :is(…) is nested in a block, so these are whole selectors.
            selectors, current = [], []
            for token in [*rule.prelude, None]:
                if token is None or token.type == "literal" and token.value == ",":
                    selectors.append(compact(current))
                    current = []
                else:
                    current.append(token)
            kept = [selector for selector in selectors if not LEFT_OUT.search(selector)]
            body = ";".join(
                f"{d.name}:{compact(d.value)}" + ("!important" if d.important else "")
                for d in tinycss2.parse_blocks_contents(rule.content)
                if d.type == "declaration"
            )
            if kept and body:
                out.append(f"{','.join(kept)}{{{body}}}")
    return "\n".join(out)


def components(modules: Path) -> tuple[str, list[str]]:
    """All component stylesheets as one, and the packages they came from."""
    parts, packages = [], []
    folders = [
        *sorted((modules / "@nl-design-system-candidate").iterdir()),
        *sorted((modules / "@utrecht").iterdir()),
    ]
    for folder in folders:
        name = folder.name.removesuffix("-css")
        css = next(p for p in (folder / f"dist/{name}.css", folder / "dist/index.css") if p.exists())
        packages.append(f"{folder.parent.name}/{folder.name}@{version(folder)}")
        parts.append(f"/* {packages[-1]} */\n{trimmed_rules(css.read_text())}")
    return "\n".join(parts), packages


def theme(modules: Path, css: str) -> tuple[str, list[str]]:
    """The basis tokens and all tokens that the components need, directly or through another token."""
    package = modules / "@nl-design-system-unstable/voorbeeld-design-tokens"
    rules = tinycss2.parse_stylesheet(
        (package / "dist/theme.css").read_text(), skip_comments=True, skip_whitespace=True
    )
    tokens = {}
    for declaration in tinycss2.parse_blocks_contents(rules[0].content):
        if declaration.type == "declaration":
            value = [token for token in declaration.value if token.type != "comment"]
            tokens[declaration.name] = compact(value)
    wanted = {name for name in tokens if BASIS.match(name)} | set(VAR.findall(css)) & set(tokens)
    todo = list(wanted)
    while todo:
        for name in VAR.findall(tokens[todo.pop()]):
            if name in tokens and name not in wanted:
                wanted.add(name)
                todo.append(name)
    lines = [f"{name}:{tokens[name]};" for name in tokens if name in wanted]
    name = f"@nl-design-system-unstable/voorbeeld-design-tokens@{version(package)}"
    return f"/* {name} */\n.voorbeeld-theme{{\n" + "\n".join(lines) + "\n}", [name]


def screen_font(source: Path, target: Path) -> None:
    """A small copy for the screen. The licence reserves the name Source for unchanged files: rename."""
    options = subset.Options(flavor="woff2", layout_features=SCREEN_FEATURES, name_IDs=[0, 1, 2, 4, 6, 13, 14])
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(SCREEN_CHARACTERS))
    subsetter.subset(font)
    style = target.stem.split("-")[1]
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            family = SCREEN_FAMILY if record.nameID == 1 else f"{SCREEN_FAMILY} {style}"
            record.string = family.replace(" ", "") if record.nameID == 6 else family
    font.flavor = "woff2"
    font.save(target)


def main() -> None:
    modules = Path(sys.argv[1])
    entries = []

    def entry(name: str, number: str, licence: str, files: list[Path], **more: object) -> None:
        entries.append({"name": name, "version": number, "licence": licence, "files": files, **more})

    folder = clear(VENDOR / "htmx")
    shutil.copyfile(modules / "htmx.org/dist/htmx.min.js", folder / "htmx.min.js")
    shutil.copyfile(modules / "htmx.org/LICENSE", folder / "LICENSE")
    entry("htmx.org", version(modules / "htmx.org"), "0BSD", sorted(folder.iterdir()), note="Unchanged.")

    folder = clear(VENDOR / "nlds")
    css, packages = components(modules)
    theme_css, theme_packages = theme(modules, css)
    notice = "/* NL Design System, EUPL-1.2, see LICENSE.md beside this file; changed: selected and trimmed. */\n"
    (folder / "theme.css").write_text(notice + theme_css + "\n")
    shutil.copyfile(modules / "@utrecht/table-css/LICENSE.md", folder / "LICENSE.md")
    entry(
        "NL Design System",
        theme_packages[0].rsplit("@", 1)[1],
        "EUPL-1.2",
        sorted(folder.iterdir()),
        packages=theme_packages + packages,
        note="Joined and trimmed by scripts/vendor_assets.py: the basis tokens, and the tokens that the components "
        "use. The components themselves are read for their tokens only. The version is that of the theme.",
    )

    folder = clear(FONTS)
    shutil.copyfile(modules / "source-sans/LICENSE.md", folder / "LICENSE.md")
    full = ["Regular", "It", "Semibold", "Bold"]
    for style in full:
        original = modules / f"source-sans/WOFF2/TTF/SourceSans3-{style}.ttf.woff2"
        shutil.copyfile(original, folder / f"SourceSans3-{style}.woff2")
        if style != "Bold":
            screen_font(original, folder / f"DriekolomSans-{style}.woff2")
    entry(
        "source-sans",
        version(modules / "source-sans"),
        "OFL-1.1",
        sorted(folder.iterdir()),
        note="SourceSans3-*: the full files, unchanged, for the PDF. DriekolomSans-*: the same letters cut "
        "down to Latin for the screen; renamed, as the licence reserves the name Source for unchanged files.",
    )

    folder = clear(TEST_VENDOR)
    shutil.copyfile(modules / "axe-core/axe.min.js", folder / "axe.min.js")
    shutil.copyfile(modules / "axe-core/LICENSE", folder / "axe-LICENSE.txt")
    shutil.copyfile(modules / "axe-core/LICENSE-3RD-PARTY.txt", folder / "axe-LICENSE-3RD-PARTY.txt")
    entry(
        "axe-core",
        version(modules / "axe-core"),
        "MPL-2.0",
        sorted(folder.iterdir()),
        note="Unchanged. For the tests only, never served.",
    )

    lines = ["# Third-party files in this repository. Written by scripts/vendor_assets.sh; do not edit."]
    for item in entries:
        files = item.pop("files")
        lines += ["", "[[asset]]"]
        # A JSON string or list of strings is also TOML.
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in item.items()]
        lines += ["files = ["]
        for file in files:
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            lines.append(f'  {{ path = "{file.relative_to(ROOT)}", sha256 = "{digest}" }},')
            size = file.stat().st_size
            print(f"{size:>8} {len(gzip.compress(file.read_bytes())):>8} gz  {file.relative_to(ROOT)}")
        lines += ["]"]
    (VENDOR / "MANIFEST.toml").write_text("\n".join(lines) + "\n")
    editor_asset.write()


if __name__ == "__main__":
    main()
