"""What stands in deploy/ can be used: nginx reads its configuration where there is an nginx, and the rest names what is there."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from app.core.database import BESIDE, PLACES
from app.core.settings import REPO, names
from app.live.streams import BEAT

DEPLOY = REPO / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def test_the_image_takes_what_is_there_and_is_not_root():
    found = instructions()
    copied = [source for kind, words in found if kind == "COPY" for source in words.split()[:-1]]
    assert copied and not [source for source in copied if not (REPO / source).exists()]
    for needed in ("app", "migrations", "seeds", "docs"):  # what app.core.settings.REPO is asked for
        assert needed in copied
    kinds = [kind for kind, _ in found]
    user = dict(found)["USER"]
    assert user not in ("root", "0") and kinds.index("USER") < kinds.index("CMD")
    assert not [kind for kind in kinds[kinds.index("USER") :] if kind in ("RUN", "COPY")], "it cannot change its code"
    assert "HEALTHCHECK" in kinds and "/gezond" in dict(found)["HEALTHCHECK"]
    assert "/" not in dict(found)["FROM"], "the name of an image, without a registry"
    set_names = set(re.findall(r"(DRIEKOLOM_\w+)=", dict(found)["ENV"]))
    assert set_names and set_names <= set(names())


def test_the_lock_of_the_image_holds_the_driver_and_the_same_versions():
    def versions(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", (REPO / name).read_text(), re.M))

    plain, image = versions("requirements.lock"), versions("requirements-postgres.lock")
    assert "psycopg" in image and plain.items() <= image.items()
    assert image.items() <= versions("requirements-dev.lock").items(), "we test what we run"


@pytest.mark.parametrize("name", ["driekolom.service", "driekolom@.service"])
def test_units_are_shut_off_from_the_rest(name: str):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / name)
    service = unit["Service"]
    assert service["User"] not in ("", "root") and service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes" and service["CapabilityBoundingSet"] == ""
    assert shlex.split(service["ExecStart"])[1:] == ["serve"]
    assert service.get("Environment", "DRIEKOLOM_PORT").split("=")[0] in names()
    if analyse := shutil.which("systemd-analyze"):
        path = DEPLOY / name
        told = subprocess.run([analyse, "verify", "--man=no", str(path)], capture_output=True, text=True).stderr
        assert not [line for line in told.splitlines() if "Unknown" in line or "Failed to parse" in line], told


def block(begin: str) -> str:
    start = NGINX.index(begin)
    return NGINX[start : NGINX.index("\n    }", start)]


def test_streams_are_not_buffered_and_sockets_are_passed_on():
    assert NGINX.count("{") == NGINX.count("}")
    stream, sockets = block("location ~ ^/trajecten/[^/]+/stroom$"), block("location ~ ^/trajecten/[^/]+/samen/")
    assert "proxy_buffering off;" in stream
    patience = re.search(r"proxy_read_timeout (\d+)s", stream)
    assert patience and int(patience[1]) > 2 * BEAT
    assert "Upgrade $http_upgrade" in sockets and "Connection $driekolom_connection" in sockets
    assert "proxy_set_header Host $host" in sockets, "a header in a block of its own takes the others away"
    assert "ssl http2" in NGINX and "TLSv1.3" in NGINX and "proxy_set_header Host $host;" in NGINX
    shape = re.search(r"log_format driekolom '([^']*)'", NGINX)
    assert shape and not re.search(r"\$(request\b|request_uri|uri|remote_addr|http_)", shape[1]), (
        "addresses hold secrets"
    )


def test_nginx_reads_it(tmp_path: Path):
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    openssl = shutil.which("openssl")
    if not nginx or not openssl:
        pytest.skip("no nginx on this machine")
    key, certificate = tmp_path / "sleutel.pem", tmp_path / "volledig.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=lea.meerwijk.example"]
    subprocess.run([openssl, *made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    ours = NGINX.replace("/etc/ssl/driekolom", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    ours = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds) + ours
    (tmp_path / "driekolom.conf").write_text(ours)
    whole = (
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ include {tmp_path}/driekolom.conf; }}"
    )
    (tmp_path / "nginx.conf").write_text(whole)
    done = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf", "-p", tmp_path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_three_processes_fit_in_what_postgresql_allows():
    each = PLACES + BESIDE + 2  # one that listens, one of the drawer
    assert f"at most {each} connections" in (DEPLOY / "README.md").read_text()
    assert 3 * each <= 97, "of the hundred, three are for who manages the server"
