"""The command `driekolom`. Thin: reads the words, calls what the rooms offer, says what happened.

Wrong input is always one sentence with place and reason on stderr and exit status 2, and nothing has changed then.
What a command needs is imported when it runs, so that `serve` starts fast and `--help` faster.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from app.core.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    import asyncio

    from sqlmodel import Session

    from app.core.database import Database
    from app.journey.models import Journey
    from app.people.models import Person

WRONG = 2

# What argparse says, in Dutch. A sentence that is not in this list is never shown: see `_Parser.error`.
_DUTCH = {
    "usage: ": "gebruik: ",
    "positional arguments": "wat u kunt typen",
    "options": "mogelijkheden",
    "show this help message and exit": "deze uitleg",
    "the following arguments are required: %s": "Er ontbreekt iets: %s.",
    "unrecognized arguments: %s": "Dit kent Driekolom niet: %s.",
    "not allowed with argument %s": "dit kan niet samen met %s",
    "expected one argument": "hier hoort één waarde achter",
    "argument %(argument_name)s: %(message)s": "Bij %(argument_name)s: %(message)s.",
    "invalid choice: %(value)r (choose from %(choices)s)": "‘%(value)s’ kan niet, kies uit %(choices)s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s kan van alles zijn: %(matches)s.",
}


class Wrong(Exception):
    """Wrong input: one or more plain sentences with place and reason."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        known = message[:1].isupper() or message.startswith("‘")
        print(message if known else "Deze opdracht klopt niet.", file=sys.stderr)
        print(f"Typ ‘{self.prog} --help’ voor uitleg.", file=sys.stderr)
        raise SystemExit(WRONG)


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    argparse._ = lambda text: _DUTCH.get(text, text)  # type: ignore[attr-defined]
    given = _parser().parse_args(words)
    try:
        return given.run(given) or 0
    except (Wrong, SettingsError) as problem:
        print(problem, file=sys.stderr)
        return WRONG
    except BrokenPipeError:  # somebody piped us into `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="driekolom", description="Driekolom: van gesprek tot lokaal plan van aanpak.")
    commands = parser.add_subparsers(dest="opdracht", metavar="OPDRACHT", required=True, parser_class=_Parser)

    def command(name: str, help: str, run: Callable | None = None, within=commands) -> argparse.ArgumentParser:
        made = within.add_parser(name, help=help, description=help)
        made.set_defaults(run=run)
        return made

    def group(name: str, help: str):
        return command(name, help).add_subparsers(dest="wat", metavar="WAT", required=True, parser_class=_Parser)

    command("serve", "start Driekolom", _serve)
    keep = command("bewaren", "archiveer, meld en wis wat volgens de termijnen aan de beurt is", _keep)
    how = keep.add_mutually_exclusive_group()
    how.add_argument("--uitvoeren", action="store_true", help="doe het ook")
    how.add_argument("--dry-run", action="store_true", help="alleen laten zien (dit is gewoon)")
    keep.add_argument("--to", metavar="BESTAND", help="schrijf het verslag in een bestand")
    back_up = command("backup", "maak een kopie van de hele database", _back_up)
    back_up.add_argument("--to", metavar="BESTAND", required=True, help="waar de kopie komt te staan")
    command("migrate", "breng de database naar de nieuwste vorm", _migrate)
    content = group("content", "het inhoudspakket controleren of laten zien")
    check = command("check", "controleer een inhoudspakket", _content_check, content)
    check.add_argument("map", nargs="?", metavar="MAP", help="de map met het pakket; anders die van de instelling")
    command("dump", "het pakket als JSON", _content_dump, content)
    journeys = group("traject", "de trajecten in deze database")
    listed = command("list", "laat alle trajecten zien", _journey_list, journeys)
    listed.add_argument("--json", action="store_true", help="als JSON")
    out = command("export", "bewaar een traject als bestand", _journey_export, journeys)
    out.add_argument("id", metavar="ID", help="het id van het traject (zie: driekolom traject list)")
    out.add_argument("--to", metavar="BESTAND", required=True, help="waar het bestand komt te staan")
    out.add_argument(
        "--scope",
        choices=["traject", "beheer"],
        default="traject",
        help="traject: wat gedeeld en samen vastgelegd is; beheer: alles, ook antwoorden die nog niet gedeeld zijn",
    )
    into = command("import", "maak een traject uit een bestand", _journey_import, journeys)
    into.add_argument("bestand", metavar="BESTAND", help="het bestand van ‘driekolom traject export’")
    into.add_argument("--voor", default="", metavar="NAAM", help="wie procesbegeleider wordt (in de stand ‘server’)")
    into.add_argument("--gemeente", default="", metavar="NAAM", help="de gemeente waarvoor deze persoon werkt")
    into.add_argument(
        "--zonder-begeleider",
        dest="alone",
        action="store_true",
        help="niemand krijgt een plek; dan is het traject precies gelijk aan het bestand",
    )
    document = command("document", "maak het document van een traject", _document)
    document.add_argument("id", metavar="ID", help="het id van het traject (zie: driekolom traject list)")
    document.add_argument("--format", choices=["pdf"], default="pdf", help="de vorm van het document")
    document.add_argument("--to", metavar="BESTAND", required=True, help="waar het document komt te staan")
    examples = group("example", "de voorbeeldtrajecten")
    command("reset", "zet de voorbeeldtrajecten terug zoals ze waren", _example_reset, examples)
    register = group("register", "gemeenten, besturen en scholen uit open data")
    taken = command(
        "import", "lees een bestand van TOOI of DUO en laat zien wat het verandert", _register_import, register
    )
    taken.add_argument("bestand", metavar="BESTAND", help="het bestand, zoals u het hebt opgehaald (.json of .csv)")
    taken.add_argument("--neem-over", action="store_true", help="neem de veranderingen ook over")
    command("list", "laat zien welke bestanden zijn overgenomen", _register_list, register)
    people = group("persoon", "de mensen die een traject mogen starten")
    link = command("link", "geef iemand die een traject mag starten een persoonlijke link", _person_link, people)
    link.add_argument("naam", metavar="NAAM", help="voor- en achternaam")
    link.add_argument("--email", default="", metavar="ADRES", help="het e-mailadres van het werk")
    link.add_argument("--gemeente", default="", metavar="NAAM", help="de gemeente waarvoor deze persoon werkt")
    _oidc_words(group("oidc", "aanmelden via de eigen organisatie (OpenID Connect)"), command)
    mail = group("mail", "e-mail versturen en nakijken")
    tried = command("test", "verstuur nu een proefbericht", _mail_test, mail)
    tried.add_argument("adres", metavar="ADRES", help="het e-mailadres waar het naartoe gaat")
    command("status", "laat zien hoe het met de e-mail gaat", _mail_status, mail)
    command("digest", "stuur het dagelijks overzicht aan wie dat nog niet kreeg", _mail_digest, mail)
    managers = group("beheerder", "wie deze installatie beheert")
    link = command("link", "geef wie de installatie beheert een persoonlijke link", _manager_link, managers)
    link.add_argument("naam", metavar="NAAM", help="voor- en achternaam")
    link.add_argument("--email", default="", metavar="ADRES", help="het e-mailadres van het werk")
    return parser


# ---- serve and migrate ----


def _serve(given: argparse.Namespace) -> int:
    gc.disable()  # nothing of what is loaded is garbage; looking for it takes a fifth of the start. `build` turns it on
    settings = read_settings()
    _look_at_theme(settings)
    listening = _listen(settings)
    with _ready_database(settings) as database:
        _prepare_local(database, settings)
        database.count_rows()
        _run(settings, database, listening)
    return 0


def _look_at_theme(settings: Settings) -> None:
    """Says what cannot be read in the colours of this server. They are its own, so it starts all the same."""
    if settings.theme_css:
        from app.style.theme import unreadable

        for sentence in unreadable(Path(settings.theme_css).read_text("utf-8", errors="replace")):
            print(f"Let op, DRIEKOLOM_THEME_CSS: {sentence}", file=sys.stderr)


def _run(settings: Settings, database: Database, listening: socket.socket) -> None:
    import uvicorn

    with _models_later():
        import fastapi  # noqa: F401
    from app.core import one_core
    from app.core.web import Afterwards
    from app.main import build

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(f"Driekolom staat klaar op {settings.address}", flush=True)
                one_core.keep()

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            app.state.database.hub.close()  # or the open streams keep the server from stopping
            super().handle_exit(sig, frame)

    app = build(settings, database)
    config = uvicorn.Config(
        Afterwards(app),
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        ws=_websocket,  # type: ignore[arg-type]
        timeout_keep_alive=75,  # longer than a proxy keeps a connection: or it may send a form on one that just closed
        ws_max_size=70_000,  # a change of a shared text is smaller
        ws_per_message_deflate=False,  # 40 kB less for each connection
    )
    with suppress(KeyboardInterrupt):  # uvicorn raises it again after it has stopped neatly
        Server(config).run(sockets=[listening])


@contextmanager
def _models_later() -> Iterator[None]:
    """Models that are declared in here are built when somebody asks for one. FastAPI brings forty that describe an
    OpenAPI document, which we do not have; building them took a fifteenth of the start."""
    from pydantic import BaseModel

    BaseModel.model_config["defer_build"] = True
    try:
        yield
    finally:
        del BaseModel.model_config["defer_build"]


def _websocket(**given: Any) -> asyncio.Protocol:
    """The protocol of one websocket; loaded when somebody opens the first."""
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    return WebSocketsSansIOProtocol(**given)


def _listen(settings: Settings) -> socket.socket:
    """A socket that listens already: a port that is in use is said before anything else happens."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named, because asyncio turns Nagle's delay off only for sockets that say they are TCP. Without it
    # every answer on a kept connection waits 40 ms for the browser's acknowledgement of its own headers.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(128)
    except OSError as problem:
        listening.close()
        raise Wrong(
            f"Driekolom kan niet luisteren op {settings.host}, poort {settings.port}: {_why(problem)}. "
            "Kies een andere poort met DRIEKOLOM_PORT, of stop het andere programma."
        ) from None
    listening.set_inheritable(True)
    return listening


def _prepare_local(database: Database, settings: Settings) -> None:
    """Local mode: the person of this computer, and in an empty database the example journeys."""
    if not settings.local:
        return
    from app.journey.store import list_journeys_anywhere
    from app.people.actions import ensure_local_person

    with database.alone("begin"):
        with database.write() as tx:
            ensure_local_person(tx)
            empty = not list_journeys_anywhere(tx)
        if empty and (load := _find("examples", "load_examples")):
            load(database, settings)


def _migrate(given: argparse.Namespace) -> int:
    with _ready_database(read_settings()):
        print("De database is bij.")
    return 0


@contextmanager
def _ready_database(settings: Settings) -> Iterator[Database]:
    """The database in its newest shape."""
    from sqlalchemy import exc

    from app.core.database import Database
    from app.migrate import CannotMigrate, bring_up_to_date

    try:
        database = Database(settings.database_url)
        bring_up_to_date(database)
    except (OSError, CannotMigrate, exc.DatabaseError, ImportError, exc.ArgumentError) as problem:
        place = settings.database_url.removeprefix("sqlite:///") if settings.sqlite else "de databaseserver"
        raise Wrong(f"DRIEKOLOM_DATABASE_URL: de database in {place} kan niet open: {_why(problem)}.") from problem
    try:
        yield database
    finally:
        database.close()


def _keep(given: argparse.Namespace) -> int:
    from app.keeping.run import run

    target, settings = _target(given.to) if given.to else None, read_settings()
    with _ready_database(settings) as database:
        lines = run(database, settings, do=given.uitvoeren).lines(given.uitvoeren)
    if not given.uitvoeren:
        lines.append("Er is nog niets veranderd. Met --uitvoeren gebeurt dit ook.")
    report = "\n".join(lines) + "\n"
    if target:
        _write_whole(target, report.encode)
        print(f"{target} is gemaakt.")
    else:
        print(report, end="")
    return 0


def _back_up(given: argparse.Namespace) -> int:
    """A copy that is whole, while the server goes on. Checked before it gets its name."""
    from app.core.backup import CannotBackUp, back_up

    target, settings = _target(given.to), read_settings()
    if not settings.sqlite:
        raise Wrong("Deze database is van PostgreSQL. Maak de kopie met pg_dump: zie docs/beheer/back-up.md.")
    if target.exists():
        raise Wrong(f"{target}: dit bestand is er al. Kies een andere naam, dan blijft de vorige kopie bewaard.")
    source = Path(settings.database_url.removeprefix("sqlite:///"))
    try:
        counted = back_up(source, target)
    except CannotBackUp as problem:
        raise Wrong(f"{target} is niet gemaakt: {problem}") from None
    except OSError as problem:
        raise Wrong(f"{target}: dit bestand kan niet worden geschreven: {_why(problem)}.") from None
    print(f"{target} is gemaakt en nagekeken: {counted} rijen.")
    print("Hierin staat alles, ook wat nog niet is gedeeld. Bewaar dit bestand veilig.", file=sys.stderr)
    return 0


# ---- content ----


def _content_check(given: argparse.Namespace) -> int:
    from app.content.check import advice, check

    folder = Path(given.map or read_settings().content_dir)
    if not folder.is_dir():
        raise Wrong(f"{folder}: deze map is er niet.")
    if problems := check(folder):
        raise Wrong("\n".join(problems))
    for sentence in advice(folder):
        print(f"let op: {sentence}")
    print(f"{folder}: in orde.")
    return 0


def _content_dump(given: argparse.Namespace) -> int:
    from app.content.load import ContentError, load_pack

    try:
        pack = load_pack(Path(read_settings().content_dir))
    except ContentError as problem:
        raise Wrong(str(problem)) from None
    print(json.dumps(pack.model_dump(mode="json"), ensure_ascii=False, indent=2))
    return 0


# ---- journeys ----


def _journey_list(given: argparse.Namespace) -> int:
    from app.core.clock import date_text
    from app.core.text import listing
    from app.journey import store

    with _ready_database(read_settings()) as database, database.read() as tx:
        rows = [
            {
                "id": journey.id,
                "titel": journey.title,
                "gemeenten": [m.name for m in store.list_municipalities(tx, journey)],
                "aantal_partijen": len(store.list_parties(tx, journey)),
                "gestart": journey.created_at.date().isoformat(),
                "voorbeeld": bool(journey.example),
            }
            for journey in store.list_journeys_anywhere(tx)
        ]
        dates = [date_text(journey.created_at) for journey in store.list_journeys_anywhere(tx)]
    if given.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not rows:
        print("Er zijn nog geen trajecten.")
    else:
        lines = [("id", "titel", "gemeenten", "partijen", "gestart")]
        lines += [
            (str(r["id"]), str(r["titel"]), listing(r["gemeenten"]), str(r["aantal_partijen"]), day)
            for r, day in zip(rows, dates, strict=True)
        ]
        widths = [max(len(line[i]) for line in lines) for i in range(5)]
        for line in lines:
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    return 0


def _journey_export(given: argparse.Namespace) -> int:
    from app.exchange.actions import export_journey

    target = _target(given.to)
    with _ready_database(read_settings()) as database, database.read() as tx:
        made = export_journey(tx, _journey(tx, given.id), given.scope)
    _write_whole(target, lambda: made)
    print(f"{target} is gemaakt.")
    if given.scope == "beheer":
        print("Hierin staan ook antwoorden die nog niet gedeeld zijn. Bewaar dit bestand veilig.", file=sys.stderr)
    return 0


def _journey_import(given: argparse.Namespace) -> int:
    from app.core.errors import Invalid
    from app.exchange.actions import import_journey, read_file, take_charge
    from app.exchange.parse import BY_COMMAND

    source, settings = Path(given.bestand), read_settings()
    try:
        if source.stat().st_size > BY_COMMAND:
            raise Wrong(f"{source}: dit bestand is te groot.")
        checked = read_file(source.read_bytes(), BY_COMMAND)
    except OSError as problem:
        raise Wrong(
            f"{source}: dit bestand kan niet worden gelezen: {_why(problem, 'het bestand is er niet')}."
        ) from None
    except Invalid as problem:
        raise Wrong(f"{source}: er is niets gewijzigd. {problem.message}") from None
    with _ready_database(settings) as database:
        _prepare_local(database, settings)
        try:
            with database.write() as tx:
                tenant_id, person = _in_charge(tx, settings, given)
                journey = import_journey(tx, tenant_id, checked)
                if person is not None:
                    take_charge(tx, journey, person)
        except Invalid as problem:
            raise Wrong(f"{source}: er is niets gewijzigd. {problem.message}") from None
    print(journey.id)
    return 0


def _in_charge(tx: Session, settings: Settings, given: argparse.Namespace) -> tuple[str, Person | None]:
    """Of which tenant a journey from a file becomes, and who its procesbegeleider; None with --zonder-begeleider."""
    from app.people.actions import ensure_local_person
    from app.people.store import list_starters, list_tenants

    if settings.local:
        person = ensure_local_person(tx)
        return person.tenant_id, None if given.alone else person
    tenants = list_tenants(tx)
    if given.gemeente:
        tenants = [t for t in tenants if t.name.casefold() == given.gemeente.casefold()]
    if len(tenants) != 1:
        raise Wrong("--gemeente: zeg van welke gemeente het traject wordt, bijvoorbeeld --gemeente Meerwijk.")
    if given.alone:
        return tenants[0].id, None
    people = [p for p in list_starters(tx, tenants[0].id) if p.name.casefold() == given.voor.casefold()]
    if len(people) != 1:
        known = "meer mensen heten zo." if people else "deze persoon mag nog geen traject starten."
        raise Wrong(
            f"--voor: {known if given.voor else 'zeg wie procesbegeleider wordt.'} "
            "Wie een traject mag starten, krijgt een link met ‘driekolom persoon link’."
        )
    return tenants[0].id, people[0]


def _journey(tx: Session, journey_id: str) -> Journey:
    from app.journey.store import find_journey_anywhere

    if found := find_journey_anywhere(tx, journey_id):
        return found
    raise Wrong(f"{journey_id}: zo’n traject is er niet. Kijk met ‘driekolom traject list’.")


def _target(to: str) -> Path:
    """Where a file will stand; refused when it cannot stand there."""
    target = Path(to)
    if target.is_dir():
        raise Wrong(f"{target}: dit is een map. Geef de naam van een bestand.")
    if not target.parent.is_dir():
        raise Wrong(f"{target}: de map {target.parent} is er niet.")
    return target


def _document(given: argparse.Namespace) -> int:
    from app.core.errors import Refusal

    target, settings = _target(given.to), read_settings()
    with _ready_database(settings) as database:
        with database.read() as tx:
            _journey(tx, given.id)
        make = _find("document", "write_pdf")
        if make is None:
            raise Wrong("Het document kan niet worden gemaakt: dat onderdeel is niet aanwezig.")
        try:
            _write_whole(target, lambda: make(database, settings, given.id))
        except Refusal as problem:
            raise Wrong(f"{target} is niet gemaakt. {problem.message}") from None
    print(f"{target} is gemaakt.")
    return 0


def _write_whole(target: Path, make: Callable[[], bytes]) -> None:
    """Writes the file whole or not at all. Whether it can be written is tried before the long work."""
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(13, "")
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as problem:
        raise Wrong(f"{target}: dit bestand kan niet worden geschreven: {_why(problem)}.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(make())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(draft, 0o666 & ~mask)
        os.replace(draft, target)
    except OSError as problem:
        raise Wrong(f"{target}: dit bestand kan niet worden geschreven: {_why(problem)}.") from None
    finally:
        Path(draft).unlink(missing_ok=True)


def _example_reset(given: argparse.Namespace) -> int:
    settings = read_settings()
    reset = _find("examples", "reset")
    if reset is None:
        raise Wrong("De voorbeelden kunnen niet worden teruggezet: dat onderdeel is niet aanwezig.")
    with _ready_database(settings) as database:
        _prepare_local(database, settings)
        reset(database, settings)
    print("De voorbeelden staan weer zoals ze waren.")
    return 0


# ---- people ----


def _person_link(given: argparse.Namespace) -> int:
    from app.people.actions import invite_starter

    return _print_link(given, invite_starter, ("naam", "email", "gemeente"))


def _manager_link(given: argparse.Namespace) -> int:
    from app.people.tenants import invite_manager

    return _print_link(given, invite_manager, ("naam", "email"))


def _print_link(given: argparse.Namespace, invite: Callable[..., str], words: Sequence[str]) -> int:
    """Prints the personal link that `invite` makes from what was typed."""
    from app.core.errors import Invalid
    from app.core.text import clean

    settings = read_settings()
    if settings.local:
        raise Wrong(
            "DRIEKOLOM_MODE is ‘lokaal’: daar mag iedereen die de pagina opent een traject starten. "
            "Een persoonlijke link is alleen nodig in de stand ‘server’."
        )
    with _ready_database(settings) as database:
        try:
            with database.write() as tx:
                said = (clean(getattr(given, word), lines=False) for word in words)
                secret = invite(tx, *said, days=settings.link_days)
        except Invalid as problem:
            raise Wrong("\n".join(f"{k}: {v}" for k, v in problem.fields.items()) or problem.message) from None
    print(f"{settings.address}/toegang/{secret}")
    print(
        f"Deze link is persoonlijk, werkt {settings.link_days} dagen en wordt niet nog eens getoond.",
        file=sys.stderr,
    )
    return 0


# ---- oidc ----


def _oidc_words(providers, command: Callable[..., argparse.ArgumentParser]) -> None:
    added = command("add", "laat mensen van een organisatie daar aanmelden", _oidc_add, providers)
    added.add_argument("naam", metavar="NAAM", help="korte naam, bijvoorbeeld meerwijk; staat ook in het adres")
    added.add_argument("--issuer", required=True, metavar="ADRES", help="het adres van de aanbieder (issuer)")
    added.add_argument(
        "--client", required=True, metavar="ID", help="onder welke naam of welk nummer de aanbieder Driekolom kent"
    )
    added.add_argument(
        "--domein",
        action="append",
        required=True,
        metavar="DOMEIN",
        help="wat achter de @ staat in hun e-mailadressen; mag vaker",
    )
    added.add_argument("--gemeente", default="", metavar="NAAM", help="voor welke gemeente dit is")
    added.add_argument("--label", default="", metavar="TEKST", help="wat er op de knop staat; anders de gemeente")
    added.add_argument(
        "--vertrouw-adres",
        action="store_true",
        dest="trusts",
        help="de aanbieder zegt niet of een e-mailadres is nagekeken, maar geeft alleen eigen adressen",
    )
    command("list", "laat zien waar mensen zich kunnen aanmelden", _oidc_list, providers)
    gone = command("remove", "haal een aanbieder weg; wie daarmee binnen is, is afgemeld", _oidc_remove, providers)
    gone.add_argument("naam", metavar="NAAM", help="de korte naam (zie: driekolom oidc list)")


def _oidc_add(given: argparse.Namespace) -> int:
    from app.core.errors import Invalid
    from app.core.settings import provider_secret, secret_name
    from app.core.text import clean
    from app.signin.organisations import add_provider, way_back

    settings = read_settings()
    words = {name: clean(getattr(given, name), lines=False) for name in ("label", "issuer")}
    with _ready_database(settings) as database:
        try:
            with database.write() as tx:
                provider = add_provider(
                    tx,
                    settings,
                    name=given.naam,
                    tenant_name=clean(given.gemeente, lines=False),
                    client_id=given.client.strip(),
                    domains=given.domein,
                    trusts_address=given.trusts,
                    **words,
                )
        except Invalid as problem:
            raise Wrong("\n".join(f"{k}: {v}" for k, v in problem.fields.items())) from None
        label, domains = provider.label, provider.domains
    print(f"Op de pagina Aanmelden staat nu: Aanmelden via {label} ({domains}).")
    print(f"Geef bij de aanbieder dit adres op om naar terug te keren: {settings.address}{way_back(given.naam)}")
    if not provider_secret(given.naam):
        variable = secret_name(given.naam)
        print(f"Zet het geheim van de aanbieder in {variable} en start Driekolom opnieuw.")
    return 0


def _oidc_list(given: argparse.Namespace) -> int:
    from app.core.settings import provider_secret
    from app.people.store import find_tenant
    from app.signin.store import list_all_providers

    with _ready_database(read_settings()) as database, database.read() as tx:
        found = list_all_providers(tx)
        for p in found:
            tenant = find_tenant(tx, p.tenant_id)
            secret = "geheim ingesteld" if provider_secret(p.name) else "geheim ontbreekt"
            trusts = ", adres vertrouwd" if p.trusts_address else ""
            print(f"{p.name}\t{tenant.name if tenant else ''}\t{p.issuer}\t{p.domains}\t{secret}{trusts}")
    if not found:
        print("Er is nog geen organisatie waar mensen zich kunnen aanmelden.")
    return 0


def _oidc_remove(given: argparse.Namespace) -> int:
    from app.core.errors import NotFound
    from app.signin.organisations import remove_provider

    with _ready_database(read_settings()) as database:
        try:
            with database.write() as tx:
                remove_provider(tx, given.naam)
        except NotFound:
            raise Wrong(f"‘{given.naam}’ is er niet. Kijk met: driekolom oidc list") from None
    print("Weggehaald. Wie zich zo had aangemeld, is afgemeld. Persoonlijke links blijven werken.")
    return 0


# ---- mail ----


def _mail_test(given: argparse.Namespace) -> int:
    from app.core.errors import Invalid
    from app.messages.commands import try_out

    try:
        for line in try_out(read_settings(), given.adres):
            print(line)
    except Invalid as problem:
        raise Wrong(problem.message) from None
    return 0


def _mail_status(given: argparse.Namespace) -> int:
    from app.messages.commands import status_lines

    settings = read_settings()
    with _ready_database(settings) as database, database.read() as tx:
        print("\n".join(status_lines(tx, settings)))
    return 0


def _mail_digest(given: argparse.Namespace) -> int:
    from app.core.errors import Invalid
    from app.messages.commands import send_overviews

    settings = read_settings()
    with _ready_database(settings) as database:
        try:
            print(send_overviews(database, settings))
        except Invalid as problem:
            raise Wrong(problem.message) from None
    return 0


# ---- register ----


def _register_import(given: argparse.Namespace) -> int:
    from app.core.errors import Invalid
    from app.register.actions import drop, offer, take_over
    from app.register.pages import difference_lines

    file = Path(given.bestand)
    try:
        content = file.read_bytes()
    except OSError as problem:
        raise Wrong(f"{file}: dit bestand kan niet worden gelezen: {_why(problem)}.") from None
    with _ready_database(read_settings()) as database, database.write() as tx:
        try:
            offered, changes = offer(tx, file.name, content)
        except Invalid as problem:
            raise Wrong(f"{file}: {problem.message}") from None
        for line in difference_lines(offered, changes):
            print(line)
        if given.neem_over:
            take_over(tx, offered.id)
            print("Overgenomen.")
        else:
            drop(tx, offered.id)
            print("Er is nog niets veranderd. Met --neem-over neemt u dit over.")
    return 0


def _register_list(given: argparse.Namespace) -> int:
    from app.register.pages import import_lines

    with _ready_database(read_settings()) as database, database.read() as tx:
        for line in import_lines(tx) or ["Er is nog geen bestand overgenomen."]:
            print(line)
    return 0


def _find(room: str, name: str) -> Callable | None:
    """A function that a room offers; None when the room was left out."""
    from importlib import import_module
    from importlib.util import find_spec

    modules = (f"app.{room}", f"app.{room}.actions") if find_spec(f"app.{room}") else ()
    for module in modules:
        if find_spec(module) and (found := getattr(import_module(module), name, None)):
            return found
    return None


def _why(problem: Exception, absent: str = "de map is er niet") -> str:
    """The reason of the operating system or the database, in Dutch where we know it."""
    known = {
        13: "u hebt daar geen rechten",
        98: "de poort is al in gebruik",
        99: "dit adres hoort niet bij deze computer",
        30: "de schijf is alleen-lezen",
        28: "de schijf is vol",
        2: absent,
        21: "het is een map",
        20: "een deel van het pad is geen map",
    }
    number = getattr(problem, "errno", None)
    if number in known:
        return known[number]
    text = str(getattr(problem, "orig", None) or problem).splitlines()[0]
    for part, dutch in (
        ("unable to open database file", "het bestand kan niet worden geopend of gemaakt"),
        ("file is not a database", "dit bestand is geen database"),
        ("readonly database", "u mag dit bestand niet wijzigen"),
        ("disk is full", "de schijf is vol"),
        ("locked", "een ander programma houdt de database vast"),
        ("Can't locate revision", "de database is van een nieuwere versie van Driekolom"),
    ):
        if part in text:
            return dutch
    return f"de melding is ‘{text}’"


if __name__ == "__main__":
    sys.exit(main())
