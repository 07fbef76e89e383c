"""Writes the built editor (make assets) into the list of third-party files: what is in it, under which licence."""

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "app/static/vendor/samen"
MANIFEST = ROOT / "app/static/vendor/MANIFEST.toml"
NAME = "samen"


def entry() -> str:
    packages = json.loads((FOLDER / "packages.json").read_text())
    lines = [
        "[[asset]]",
        f"name = {json.dumps(NAME)}",
        f"version = {json.dumps(json.loads((ROOT / 'frontend/package.json').read_text())['version'])}",
        f"licence = {json.dumps(' AND '.join(sorted({'EUPL-1.2', *(p['license'] for p in packages)})))}",
        f"packages = {json.dumps([p['name'] + '@' + p['version'] for p in packages])}",
        'note = "The editor of frontend/ with the packages it uses, built into one file by `make assets`."',
        "files = [",
    ]
    for file in sorted(FOLDER.iterdir()):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        lines.append(f'  {{ path = "{file.relative_to(ROOT)}", sha256 = "{digest}" }},')
    return "\n".join([*lines, "]"])


def write() -> None:
    """Replaces the entry of the editor; the others stay as they are."""
    parts = MANIFEST.read_text().rstrip().split("\n\n")
    kept = [part for part in parts if f"name = {json.dumps(NAME)}" not in part.splitlines()]
    MANIFEST.write_text("\n\n".join([*kept, entry()]) + "\n")


if __name__ == "__main__":
    write()
