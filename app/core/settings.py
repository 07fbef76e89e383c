"""Settings from the environment, prefix `DRIEKOLOM_`, checked before anything else happens.

`read_settings()` raises `SettingsError` with one plain sentence per wrong setting. docs/settings.md lists them all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "DRIEKOLOM_"
REPO = Path(__file__).parents[2]


class SettingsError(Exception):
    """One or more settings are wrong; `problems` holds a sentence for each."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """All settings. Times are in hours, sizes in bytes, unless the name says otherwise."""

    mode: str = "lokaal"  # lokaal: this computer only, who opens it is procesbegeleider; server: everyone signs in
    database_url: str = f"sqlite:///{REPO / 'data' / 'driekolom.db'}"
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""  # how the outside sees the server, https://…; empty in local mode
    content_dir: str = str(REPO / "seeds" / "ouderbetrokkenheid")
    session_hours: int = 12  # at most, however much it is used
    session_idle_hours: int = 4  # without using it
    link_days: int = 60
    body_limit: int = 1_000_000
    upload_limit: int = 20_000_000  # of the few addresses that take a whole file
    accessibility_url: str = ""
    security_contact: str = ""  # where to report a leak: mailto:… or https://…
    theme_css: str = ""  # path of a css file of the gemeente
    logo: str = ""  # path of an svg or png file
    pdf_seconds: int = 60
    person_months: int = 12  # name and address of who has no seat any more; 0 keeps them
    log_months: int = 24  # lines of the log that belong to no journey; 0 keeps them
    oidc_inside: str = ""  # hosts of providers in the own network, with a space between; others must be public
    smtp_host: str = ""  # the mail server; empty: this installation sends no mail
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_tls: str = "starttls"  # starttls, tls, or geen (this computer only)
    mail_ca: str = ""  # path of the certificate of an own authority, for both servers
    mail_from: str = ""  # the address that mail comes from
    mail_name: str = ""  # who runs this installation, in mails: "ICT-dienst Zuid"; empty: "het beheer van Driekolom"
    mail_telephone: str = ""  # a number of theirs that can be called to check whether a mail is real
    mail_bounce: str = ""  # where what cannot be delivered goes back to; empty: mail_from
    mail_hour: int = 7  # of the daily overview, Dutch time
    imap_host: str = ""  # the mailbox where that arrives; empty: nobody looks
    imap_port: int = 993
    imap_user: str = ""
    imap_password: str = field(default="", repr=False)
    imap_tls: str = "tls"  # tls, starttls, or geen (this computer only)
    imap_folder: str = "INBOX"

    @property
    def local(self) -> bool:
        return self.mode == "lokaal"

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def address(self) -> str:
        """Where people reach the product, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.base_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def bounce_address(self) -> str:
        return self.mail_bounce or self.mail_from

    @property
    def secure(self) -> bool:
        return self.address.startswith("https://")


def names() -> list[str]:
    """Every variable that is read, e.g. for docs and for spotting a misspelt one."""
    return [PREFIX + f.name.upper() for f in fields(Settings)]


# The secret of a provider (see `driekolom oidc`), or the file it stands in. Read when somebody signs in, kept nowhere.
_SECRET = re.compile(f"{PREFIX}OIDC_[A-Z0-9_]+_SECRET(_FILE)?")


def secret_name(name: str) -> str:
    """The variable that holds the secret of the provider of this name."""
    return f"{PREFIX}OIDC_{name.upper().replace('-', '_')}_SECRET"


def provider_secret(name: str, environ: Mapping[str, str] | None = None) -> str:
    """The secret that the provider of this name gave us; '' when there is none."""
    environ = os.environ if environ is None else environ
    variable = secret_name(name)
    if path := environ.get(f"{variable}_FILE", ""):
        try:
            return Path(path).read_text("utf-8").strip()
        except OSError:
            return ""
    return environ.get(variable, "").strip()


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _origin(url: str) -> tuple[str, str]:
    """Scheme and host of an address that is nothing more than that (and a port); an empty host for any other.

    A browser leaves out the usual port and knows no name before the host, so such an address would never be asked for.
    """
    try:
        parts = urlsplit(url)
        usual = parts.port == {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return "", ""
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc or parts.netloc.endswith(":")
    fine = parts.scheme in ("http", "https") and not more and not usual and url.isascii() and " " not in url
    return parts.scheme, (parts.hostname or "") if fine else ""


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that this environment gives. Raises SettingsError when any is wrong or unsafe."""
    environ = os.environ if environ is None else environ
    problems: list[str] = []
    values: dict[str, str | int] = {}
    known = {PREFIX + f.name.upper(): f for f in fields(Settings)}
    for name, raw in environ.items():
        if not name.startswith(PREFIX):
            continue
        if _SECRET.fullmatch(name):
            if name.endswith("_FILE") and not Path(raw).is_file():
                problems.append(f"{name} wijst naar een bestand dat er niet is: {raw}.")
            continue
        if name not in known:
            problems.append(f"{name} is geen instelling van Driekolom. Kijk in docs/settings.md of haal hem weg.")
            continue
        spec = known[name]
        if isinstance(spec.default, int):
            if not re.fullmatch("[0-9]{1,12}", raw.strip()):
                problems.append(f"{name} moet een heel getal zijn, maar is ‘{raw}’.")
                continue
            values[spec.name] = int(raw)
        else:
            values[spec.name] = raw.strip()
    settings = Settings(**values)  # type: ignore[arg-type]
    problems += _wrong(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def _wrong(s: Settings) -> list[str]:
    problems = []
    if s.mode not in ("lokaal", "server"):
        problems.append(f"{PREFIX}MODE moet ‘lokaal’ of ‘server’ zijn, maar is ‘{s.mode}’.")
    if not 1 <= s.port <= 65535:
        problems.append(f"{PREFIX}PORT moet tussen 1 en 65535 liggen, maar is {s.port}.")
    if not s.database_url.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
        problems.append(f"{PREFIX}DATABASE_URL moet beginnen met sqlite:/// of postgresql+psycopg://.")
    if s.local and not is_loopback(s.host):
        problems.append(
            f"{PREFIX}HOST is {s.host}, maar in de lokale stand is iedereen die de pagina opent procesbegeleider. "
            f"Gebruik 127.0.0.1, of zet {PREFIX}MODE op ‘server’."
        )
    if s.mode == "server" and not s.base_url:
        problems.append(
            f"{PREFIX}BASE_URL ontbreekt. Vul het adres in dat mensen intypen, bijvoorbeeld https://lea.meerwijk.example."
        )
    if s.base_url:
        scheme, host = _origin(s.base_url)
        if not host:
            problems.append(f"{PREFIX}BASE_URL moet een adres zonder pad zijn, zoals https://lea.meerwijk.example.")
        elif scheme == "http" and not (is_loopback(host) and is_loopback(s.host)):
            problems.append(f"{PREFIX}BASE_URL moet met https:// beginnen: zonder versleuteling kan iedereen meelezen.")
        if s.local and host and not is_loopback(host):
            problems.append(f"{PREFIX}BASE_URL wijst naar buiten, maar de lokale stand is alleen voor deze computer.")
    if s.accessibility_url and not s.accessibility_url.startswith(("https://", "http://")):
        problems.append(f"{PREFIX}ACCESSIBILITY_URL moet met https:// beginnen, maar is ‘{s.accessibility_url}’.")
    contact = s.security_contact
    if contact and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+\.[^\s@]+|https://[^\s/]+\.[^\s]+)", contact):
        problems.append(f"{PREFIX}SECURITY_CONTACT moet beginnen met mailto: of https://, maar is ‘{contact}’.")
    for name, path in (("THEME_CSS", s.theme_css), ("LOGO", s.logo)):
        if path and not Path(path).is_file():
            problems.append(f"{PREFIX}{name} wijst naar een bestand dat er niet is: {path}.")
    if not Path(s.content_dir).is_dir():
        problems.append(f"{PREFIX}CONTENT_DIR wijst naar een map die er niet is: {s.content_dir}.")
    problems += [
        f"{PREFIX}OIDC_INSIDE moet namen van computers bevatten, zonder https:// ervoor, maar ‘{host}’ is dat niet."
        for host in s.oidc_inside.split()
        if not re.fullmatch(r"[A-Za-z0-9.-]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*", host)
    ]
    problems += _wrong_mail(s)
    for name, value, least, most in (
        ("SESSION_HOURS", s.session_hours, 1, 31 * 24),
        ("SESSION_IDLE_HOURS", s.session_idle_hours, 1, 31 * 24),
        ("LINK_DAYS", s.link_days, 1, 2 * 366),
        ("BODY_LIMIT", s.body_limit, 20_000, 20_000_000),
        ("UPLOAD_LIMIT", s.upload_limit, 20_000, 200_000_000),
        ("PDF_SECONDS", s.pdf_seconds, 5, 600),
        ("PERSON_MONTHS", s.person_months, 0, 120),
        ("LOG_MONTHS", s.log_months, 0, 120),
        ("SMTP_PORT", s.smtp_port, 1, 65535),
        ("IMAP_PORT", s.imap_port, 1, 65535),
        ("MAIL_HOUR", s.mail_hour, 0, 23),
    ):
        if value < least:
            problems.append(f"{PREFIX}{name} moet minstens {least} zijn, maar is {value}.")
        if value > most:
            problems.append(f"{PREFIX}{name} mag hoogstens {most} zijn, maar is {value}.")
    return problems


def is_telephone(text: str) -> bool:
    """Whether this could be a number to call."""
    return bool(re.fullmatch(r"[0-9+() -]{6,40}", text, re.ASCII)) and sum(c.isdigit() for c in text) >= 6


_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def _wrong_mail(s: Settings) -> list[str]:
    """What is wrong with the settings of the mail server and of the mailbox."""
    problems = []
    if s.smtp_host and not s.mail_from:
        problems.append(
            f"{PREFIX}MAIL_FROM ontbreekt. Vul in van welk adres de e-mail komt, zoals driekolom@meerwijk.example."
        )
    for name, address in (("MAIL_FROM", s.mail_from), ("MAIL_BOUNCE", s.mail_bounce)):
        if address and not _MAIL_ADDRESS.fullmatch(address):
            problems.append(f"{PREFIX}{name} is geen volledig e-mailadres: ‘{address}’.")
    if len(s.mail_name) > 80 or re.search(r'[<>@"]', s.mail_name):
        problems.append(f"{PREFIX}MAIL_NAME moet een naam van hoogstens 80 tekens zijn, zonder adres.")
    if s.mail_telephone and not is_telephone(s.mail_telephone):
        problems.append(f"{PREFIX}MAIL_TELEPHONE moet een telefoonnummer zijn, zoals 0123 456 789.")
    for kind, host, tls, user, password in (
        ("SMTP", s.smtp_host, s.smtp_tls, s.smtp_user, s.smtp_password),
        ("IMAP", s.imap_host, s.imap_tls, s.imap_user, s.imap_password),
    ):
        if re.search(r"[\s/@:]", host) and not is_loopback(host):
            problems.append(f"{PREFIX}{kind}_HOST moet alleen de naam van de server zijn, zoals mail.meerwijk.example.")
        if tls not in ("starttls", "tls", "geen"):
            problems.append(f"{PREFIX}{kind}_TLS moet ‘starttls’, ‘tls’ of ‘geen’ zijn, maar is ‘{tls}’.")
        if tls == "geen" and host and not is_loopback(host):
            problems.append(
                f"{PREFIX}{kind}_TLS is ‘geen’, maar de server is niet deze computer: "
                "zonder versleuteling kan iedereen meelezen."
            )
        if bool(user) != bool(password):
            first, second = PREFIX + kind + "_USER", PREFIX + kind + "_PASSWORD"
            problems.append(f"{first} en {second} horen bij elkaar: vul ze allebei in.")
        if host and s.local:
            problems.append(
                f"{PREFIX}{kind}_HOST werkt alleen in de stand ‘server’: de links wijzen nu naar deze computer."
            )
    if s.imap_host and not (s.imap_user and s.smtp_host):
        problems.append(f"{PREFIX}IMAP_HOST heeft ook {PREFIX}IMAP_USER en {PREFIX}SMTP_HOST nodig.")
    if s.mail_ca and not Path(s.mail_ca).is_file():
        problems.append(f"{PREFIX}MAIL_CA wijst naar een bestand dat er niet is: {s.mail_ca}.")
    return problems
