"""The real nginx with deploy/nginx.conf, before a real Driekolom: pages, streams, sockets, uploads, and a process that is gone."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.core.settings import REPO
from app.live.streams import BEAT
from tests.conftest import World
from tests.postgres.processes import Process, headers
from tests.story.conftest import free_port

CONF = (REPO / "deploy" / "nginx.conf").read_text()
NAME = "lea.meerwijk.example"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
OPENSSL, CURL = shutil.which("openssl"), shutil.which("curl")
pytestmark = pytest.mark.skipif(not (NGINX and OPENSSL and CURL), reason="no nginx, openssl or curl on this machine")


@dataclass
class Front:
    """nginx before one process that is gone and one that runs."""

    world: World
    process: Process
    folder: Path
    port: int
    plain: int

    def headers(self, name: str) -> dict[str, str]:
        return headers(self.world, name) | {"host": NAME}

    def client(self, name: str, timeout: float = 30) -> httpx.Client:
        """A client over TLS that trusts the certificate of this test, and HTTP/1.1."""
        context = ssl.create_default_context(cafile=self.folder / "volledig.pem")
        client = httpx.Client(verify=context, headers=self.headers(name), timeout=timeout)
        client.base_url = f"https://127.0.0.1:{self.port}"  # type: ignore[assignment]
        client.event_hooks["request"].append(_call_by_name)
        return client

    def curl(self, *words: str, path: str = "/gezond") -> str:
        where = ["--connect-to", f"{NAME}:443:127.0.0.1:{self.port}", "--cacert", str(self.folder / "volledig.pem")]
        command = [str(CURL), "-sS", *where, *words, f"https://{NAME}{path}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return done.stdout + done.stderr


def _call_by_name(request: httpx.Request) -> None:
    request.extensions["sni_hostname"] = NAME


@pytest.fixture(scope="module")
def made(tmp_path_factory, pack, databases) -> Iterator[tuple[World, Path]]:
    from app.core.settings import Settings
    from app.main import build
    from tests.conftest import make_world

    folder = tmp_path_factory.mktemp("nginx")
    settings = Settings(mode="server", base_url=f"https://{NAME}", database_url=databases.fresh(folder))
    app = build(settings)
    yield make_world(app, settings, pack), folder
    app.state.database.close()


@pytest.fixture(scope="module")
def front(made: tuple[World, Path]) -> Iterator[Front]:
    world, folder = made
    certificate = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}"]
    names = ["-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(folder / "sleutel.pem"), "-out", str(folder / "volledig.pem")]
    subprocess.run([str(OPENSSL), *certificate, *names, *files], check=True, capture_output=True)
    with Process(world) as process:
        found = Front(world, process, folder, free_port(), free_port())
        (folder / "nginx.conf").write_text(_conf(found))
        command = [str(NGINX), "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
        nginx = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            _wait(found.port, nginx)
            yield found
        finally:
            nginx.terminate()
            nginx.wait(10)


def _conf(front: Front) -> str:
    """The file as it stands, with other ports and folders."""
    ours = CONF
    for before, after in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{free_port()}; server 127.0.0.1:{front.process.port};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{front.port} ssl http2;"),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{front.plain};"),
        ("    listen [::]:80;\n", ""),
        ("/etc/ssl/driekolom", str(front.folder)),
        ("/var/log/nginx", str(front.folder)),
    ):
        assert before in ours, before
        ours = ours.replace(before, after)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {front.folder}/{kind};\n" for kind in kinds)
    user = "user root; " if os.geteuid() == 0 else ""
    head = f"{user}daemon off; worker_processes 1; pid {front.folder}/pid; events {{}}"
    return f"{head}\nhttp {{\n{folders}{ours}\n}}\n"


def _wait(port: int, nginx: subprocess.Popen) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        assert nginx.poll() is None, nginx.stdout.read()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nginx did not start")


def test_pages_come_over_http_2_and_tls_and_plain_http_is_sent_there(front: Front):
    said = front.curl("--http2", "-o", "/dev/null", "-w", "%{http_version} %{http_code} %{ssl_verify_result}")
    assert said == "2 200 0"
    assert "protocol version" in front.curl("--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0").lower()
    plain = httpx.get(f"http://127.0.0.1:{front.plain}/verkenning?a=b", headers={"host": NAME})
    assert (plain.status_code, plain.headers["location"]) == (301, f"https://{NAME}/verkenning?a=b")
    page = front.client("jan").get(front.world.url)
    assert page.status_code == 200 and "max-age" in page.headers["strict-transport-security"]
    assert page.headers["server"] == "nginx"


def test_a_stream_is_heard_at_once_and_may_be_silent(front: Front):
    client, other = front.client("jan", BEAT + 10), front.client("karin")
    address = f"{front.world.url}/stroom?venster=v&plek=verkenning"
    with client.stream("GET", address) as stream:
        assert stream.status_code == 200
        lines = stream.iter_lines()
        assert next(line for line in lines if line) == "event: stand"
        began = time.monotonic()
        sent = {"waarde": "Door de proxy.", "versie": "0"}
        saved = other.post(front.world.path("verkenning/veld/waarom"), data=sent)
        assert saved.status_code == 200, saved.text
        assert next(line for line in lines if line.startswith("event: nieuws")) and time.monotonic() - began < 3


def test_a_text_is_written_together_through_it(front: Front):
    from websockets.sync.client import connect

    context = ssl.create_default_context(cafile=front.folder / "volledig.pem")
    asked = front.headers("jan")
    with connect(
        f"wss://{NAME}{front.world.url}/samen/inleiding?v=1",
        sock=socket.create_connection(("127.0.0.1", front.port)),
        ssl=context,
        server_hostname=NAME,
        origin=f"https://{NAME}",  # type: ignore[arg-type]
        additional_headers={"cookie": asked["cookie"]},
        compression=None,
    ) as line:
        line.send('{"t":"hoi"}')
        text, begin = line.recv(10), json.loads(line.recv(10))
        assert isinstance(text, bytes) and begin["t"] == "begin"
        line.send(b"\0")  # nonsense: the reason of the end comes through
        with pytest.raises(Exception) as ended:
            line.recv(10)
        assert ended.value.rcvd.code == 4400  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("where", "size", "status", "by"),
    [
        ("/trajecten/x/verkenning/veld/waarom", 2_000_000, 413, "Driekolom"),
        ("/trajecten/uit-bestand", 19_000_000, 422, "Driekolom"),
        ("/trajecten/uit-bestand", 21_000_000, 413, "nginx"),
    ],
)
def test_a_file_comes_through_and_what_is_too_large_is_refused(
    front: Front, where: str, size: int, status: int, by: str
):
    files = {"bestand": ("traject.json", b"x" * size)}
    answer = front.client("marieke").post(where, files=files)
    assert answer.status_code == status, answer.text[:500]
    assert ("<center>nginx" in answer.text) == (by == "nginx")


def test_a_process_that_is_gone_is_passed_over(front: Front):
    """The first process of the configuration is not there: nobody notices, whoever reads and whoever saves."""
    client = front.client("noor")
    for version in range(6):
        assert client.get(front.world.path("verkenning")).status_code == 200
        sent = {"waarde": f"keer {version}", "versie": str(version)}
        saved = front.client("noor").post(front.world.path("verkenning/veld/uitkomst"), data=sent)
        assert saved.status_code in (200, 409, 422), saved.text[:300]
    assert (front.folder / "error.log").read_text().count("connect() failed") >= 1


def test_the_log_holds_no_address_and_no_visitor(front: Front):
    front.client("jan").get("/toegang/geheim-geheim-geheim")
    time.sleep(0.2)
    log = (front.folder / "driekolom.log").read_text()
    assert " 404 " in log or " 200 " in log
    for secret in ("geheim", "/t", "127.0.0.1", front.world.journey, "python-httpx"):
        assert secret not in log


def test_what_nginx_keeps_open_driekolom_keeps_longer():
    import re

    ours = int(re.search(r"timeout_keep_alive=(\d+)", (REPO / "app" / "cli.py").read_text())[1])  # type: ignore[index]
    assert int(re.search(r"keepalive_timeout (\d+)s", CONF)[1]) < ours  # type: ignore[index]
