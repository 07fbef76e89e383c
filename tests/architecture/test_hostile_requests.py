"""Every route of the product, asked with what no browser sends: never a crash (500), as somebody who may and as nobody.

Routes are not listed here but found, so a new one is asked too. `test_hostile.py` fills in the forms that people see.
What is written is taken back.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.content.pack import Pack
from app.core.settings import Settings
from app.document import routes as document
from app.journey.gate import cookie_name
from app.keeping import routes as keeping
from app.main import build
from app.people.tenants import invite_manager
from tests.architecture.test_routes import fill, routes
from tests.conftest import HOST, make_world
from tests.databases import Databases

FORM = b"application/x-www-form-urlencoded"
LONE = "\ud800\udfff".encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Odd:
    """One odd request: what it adds to a plain one. `path` stands in the place of every name in the address."""

    name: str
    method: str = ""
    query: bytes = b""
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = field(default=())
    path: str = ""


def _fields(value: bytes) -> bytes:
    from urllib.parse import quote_from_bytes

    names = (
        "waarde", "versie", "naam", "titel", "partij", "gemeente", "e-mail", "tot", "besluit", "datum", "plek", "soort",
        "telefoon", "afzender", "afzender-adres", "domeinen", "archiveren", "document", "email", "merk", "alt", "code",
        "persoon", "nieuw", "gewijzigd", "verdwenen",
    )  # fmt: skip
    return "&".join(f"{name}={quote_from_bytes(value)}" for name in names).encode()


def _form(name: str, body: bytes, kind: bytes = FORM, *more: tuple[bytes, bytes]) -> Odd:
    return Odd(name, "POST", body=body, headers=((b"content-type", kind), *more))


PART = (b"driekolom-deel", b"1")
BODIES = (
    _form("nul", _fields(b"a\x00b")),
    _form("lone surrogates", _fields(LONE)),
    _form("no unicode at all", b"waarde=\xff\xfe&\xc3\x28=1&versie=\x80", FORM, PART),
    _form("numbers that are none", _fields(b"NaN") + b"&versie=1e999999&versie=-0"),
    _form("the same name again and again", b"&".join([b"waarde=1&versie=2&partij=3"] * 100), FORM, PART),
    _form("too many names", b"&".join(b"n%d=1" % n for n in range(2_000))),
    _form("as much as fits", b"waarde=" + b"x" * 900_000, FORM, PART),
    _form("a multipart without its boundary", b"--x\r\n", b"multipart/form-data"),
    _form(
        "a multipart that stops",
        b'--x\r\nContent-Disposition: form-data; name="bestand"; filename="a',
        b"multipart/form-data; boundary=x",
    ),
    _form(
        "a file where none is asked",
        b'--x\r\nContent-Disposition: form-data; name="waarde"; filename="\xff\x00.pdf"\r\n\r\n%PDF\r\n--x--\r\n',
        b"multipart/form-data; boundary=x",
    ),
    *(
        _form(
            f"a {name} of nonsense",
            b'--x\r\nContent-Disposition: form-data; name="%s"; filename="a"\r\n\r\n%s\r\n--x--\r\n'
            % (name.encode(), content),
            b"multipart/form-data; boundary=x",
        )
        for name, content in (
            ("bestand", b"\xef\xbb\xbfBEVOEGD GEZAG NUMMER,\x00\xff\n1"),
            ("theme", b".gemeente-theme { --a: \x00\xff"),
            ("logo", b"\x89PNG\r\n\x1a\n\x00\x00"),
        )
    ),
    _form("json with what is no json", b'{"waarde": NaN, "versie": 1e999, "\\ud800": null}', b"application/json"),
    _form("a kind that does not exist", b"\x00\x01", b"application/\xff; charset=\x22"),
    _form(
        "a charset that does not exist", _fields(b"x"), b"application/x-www-form-urlencoded; charset=utf-7-bestaat-niet"
    ),
    _form("a length that is a lie", b"waarde=1", FORM, (b"content-length", b"9" * 10)),
    _form("a length that is no number", b"waarde=1", FORM, (b"content-length", b"-1")),
)
HEADERS = (
    Odd(
        "a cookie of nonsense",
        headers=((b"cookie", b"__Host-driekolom=\xff\x00\r; =;;; driekolom; a=" + b"x" * 4_000),),
    ),
    Odd("a seat of nonsense", "POST", headers=((b"driekolom-plek", b"\xff" * 300), PART)),
    Odd(
        "a line break in a header",
        headers=((b"x-forwarded-host", b"kwaad.test\r\nset-cookie: a=b"), (b"accept", b"\xff")),
    ),
    Odd("another host", headers=((b"host", b"kwaad.test"),)),
    Odd("a host that is none", headers=((b"host", b"\xff\x00:99999999"),)),
    Odd("no host", headers=((b"host", b""),)),
    Odd("another website", "POST", headers=((b"sec-fetch-site", b"cross-site"), (b"origin", b"https://kwaad.test"))),
    Odd("an origin that is none", "POST", headers=((b"sec-fetch-site", b""), (b"origin", b"\xff\x00null"))),
    Odd(
        "a range and a date of nonsense",
        headers=((b"range", b"bytes=9-x,-"), (b"if-modified-since", b"gisteren"), (b"if-none-match", b"\xff")),
    ),
    Odd("htmx that is none", headers=((b"hx-request", b"true"), (b"hx-target", b"\x00<"), PART)),
)
METHODS = tuple(Odd(m, m) for m in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "ONZIN"))
QUERIES = (
    Odd(
        "bytes in the query", query=b"voor=%00&partij=%ff%fe&van=%ED%A0%80&klaar=%0d%0aset-cookie:a&terug=//kwaad.test"
    ),
    Odd("dates and numbers that are none", query=b"van=99999-99-99&tot=-1&soort=NaN&voor=1e999&projector=%F0%9F%91%A9"),
    Odd("a long query", query=b"&".join(b"q%d=%d" % (n, n) for n in range(1_500)) + b"&voor=" + b"x" * 4_000),
    Odd("a query that is none", query=b"&&==&;%&%zz&\xff"),
)
PATHS = tuple(
    Odd(name, path=path)
    for name, path in (
        ("nul in the address", "a%00b"),
        ("bytes in the address", "%ff%fe%c3%28"),
        ("half a character in the address", "%ED%A0%80"),
        ("a long address", "x" * 4_000),
        ("steps up", "..%2f..%2f..%2fetc%2fpasswd"),
        ("a line break in the address", "a%0d%0aset-cookie:%20a=b"),
        ("right to left, and a picture", "%E2%80%AE%F0%9F%91%A9%E2%80%8D"),
        ("words of the program itself", "__proto__%7B%7B7*7%7D%7D%25s"),
    )
)
ALL = (*BODIES, *HEADERS, *METHODS, *QUERIES, *PATHS)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, databases: Databases, pack: Pack) -> Iterator:
    """A world of which nothing that is written stays."""
    url = databases.fresh(tmp_path_factory.mktemp("hostile"))
    settings = Settings(mode="server", base_url=HOST, database_url=url)
    app = build(settings)
    world = make_world(app, settings, pack)
    cookies = {"marieke": world.client("marieke").cookies.get(cookie_name(settings))}
    with app.state.database.write() as tx:
        secret = invite_manager(tx, "Bea Beheer", "", 30)
    manager = world.client()
    manager.post(f"/toegang/{secret}")
    cookies["bea"] = manager.cookies.get(cookie_name(settings))
    database = app.state.database

    @contextmanager
    def taken_back() -> Iterator[Session]:
        with database.turn(20), Session(database.writing, expire_on_commit=False) as tx:
            try:
                yield tx
                tx.flush()
            finally:
                tx.rollback()

    database.write = taken_back
    with pytest.MonkeyPatch.context() as patch:
        for room in (document, keeping):
            patch.setattr(room, "print_pdf", lambda settings, html, style: b"%PDF-")
        client = TestClient(app, base_url=HOST, follow_redirects=False, raise_server_exceptions=False)
        yield world, client, {name: f"{cookie_name(settings)}={cookie}".encode() for name, cookie in cookies.items()}
    app.state.database.close()


def ask(place, route, odd: Odd, signed_in: bool) -> None:
    world, client, cookies = place
    who = "bea" if route.path.startswith(("/beheer", "/register")) else "marieke"
    cookie = cookies[who]
    method = odd.method or next(iter(sorted(route.methods)))
    if odd.path:
        address = re.sub(r"{(\w+)(:path)?}", lambda m: world.journey if m[1] == "journey_id" else odd.path, route.path)
    else:
        address = fill(world, route.path)
    given = {name: value for name, value in odd.headers}
    headers = {b"sec-fetch-site": b"same-origin", **({b"cookie": cookie} if signed_in else {}), **given}
    client.cookies.clear()
    query = "?" + odd.query.decode("latin-1") if odd.query else ""
    answer = client.request(method, address + query, content=odd.body, headers=list(headers.items()))
    said = (route.path, odd.name, f"as {who}" if signed_in else "as nobody", answer.status_code)
    assert answer.status_code < 500, (*said, answer.text[-300:])
    assert "set-cookie" not in answer.headers or "a=b" not in answer.headers["set-cookie"], said
    target = answer.headers.get("location", "/")
    assert target.startswith(("/", HOST)) and not target.startswith("//") and "kwaad.test" not in target, (
        *said,
        target,
    )


def fits(route, odd: Odd) -> bool:
    if odd in BODIES and "POST" not in route.methods:
        return False
    return bool(re.search(r"{(?!journey_id)", route.path)) if odd.path else True


def test_no_route_crashes_on_an_odd_request(place):
    """Each route gets every odd query and a share of the rest; the next route goes on where this one stopped."""
    found, asked = list(routes(place[0].app)), set()
    assert len(found) > 150
    shares = {BODIES: 4, PATHS: 3, HEADERS: 2, METHODS: 1}
    turns, files = dict.fromkeys(shares, 0), 0
    for route in found:
        odds = list(QUERIES) if "GET" in route.methods else []
        for group, share in shares.items():
            if fits(route, group[0]):
                odds += [group[(turns[group] + n) % len(group)] for n in range(share)]
                turns[group] += share
        if "first" in inspect.signature(route.endpoint).parameters:  # it reads a whole file
            odds[:0] = [odd for odd in BODIES if odd.name.endswith("of nonsense")]
            files += 1
        for number, odd in enumerate(odds, 1):
            asked.add(odd.name)
            ask(place, route, odd, bool(number % 4))
    assert files >= 3 and len(asked) == len(ALL), "every odd request was tried"


@pytest.mark.soak
def test_no_route_crashes_on_any_odd_request(place):
    for route in routes(place[0].app):
        for odd in ALL:
            if fits(route, odd):
                for signed_in in (True, False):
                    ask(place, route, odd, signed_in)
