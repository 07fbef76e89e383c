"""Files and packages of others are the ones we chose: nothing changed by hand, nothing older than is safe."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "app/static/vendor/MANIFEST.toml"
FOLDERS = ("app/static/vendor", "app/static/fonts", "tests/vendor")
LOCKS = ("requirements.lock", "requirements-dev.lock")

# Older versions have known holes, or miss what the document needs. Checked here, in the lock,
# because an audit tool that cannot reach its data reports success.
FLOORS = {
    "starlette": "1.3.1",
    "python-multipart": "0.0.31",
    "weasyprint": "69",
    "jinja2": "3.1.6",
    "authlib": "1.6.11",
}
NOT_YET_USED = {"authlib"}


def assets() -> list[dict]:
    return tomllib.loads(MANIFEST.read_text())["asset"]


def listed_files() -> dict[str, str]:
    return {file["path"]: file["sha256"] for asset in assets() for file in asset["files"]}


def locked(name: str) -> dict[str, str]:
    """Package → version as pinned in a lock file."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", sorted(listed_files()))
def test_a_vendored_file_matches_its_checksum(path):
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == listed_files()[path]


def test_no_vendored_file_is_missing_from_the_manifest():
    present = {
        str(file.relative_to(ROOT))
        for folder in FOLDERS
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file != MANIFEST
    }
    assert present == set(listed_files())


@pytest.mark.parametrize("asset", assets(), ids=lambda asset: asset["name"])
def test_every_asset_has_a_version_and_its_licence_text(asset):
    assert asset["version"] and asset["licence"]
    assert any("LICENSE" in Path(file["path"]).name for file in asset["files"])


def test_stylesheets_fetch_nothing_from_elsewhere():
    for path in listed_files():
        if path.endswith(".css"):
            assert not re.search(r"url\(|@import|//[a-z]", (ROOT / path).read_text()), path


def test_a_changed_font_does_not_carry_the_reserved_name():
    """The licence of Source Sans reserves the name Source for unchanged files."""
    from fontTools.ttLib import TTFont

    for path in sorted((ROOT / "app/static/fonts").glob("DriekolomSans-*.woff2")):
        names = [str(r) for r in TTFont(path)["name"].names if r.nameID in (1, 3, 4, 6, 16)]
        assert names and not any("Source" in name for name in names), path.name


@pytest.mark.parametrize("package", sorted(FLOORS))
@pytest.mark.parametrize("lock", LOCKS)
def test_locked_packages_are_not_older_than_is_safe(lock, package):
    version = locked(lock).get(package)
    if version is None:
        assert package in NOT_YET_USED, f"{package} is not in {lock}"
    else:
        assert Version(version) >= Version(FLOORS[package])


def test_we_test_the_versions_that_we_run():
    run, test = (locked(lock) for lock in LOCKS)
    assert run and run.items() <= test.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_by_hash_and_names_no_host(lock):
    text = (ROOT / lock).read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text and "--index" not in text
