"""What the pages of the installatiebeheerder show: settings, numbers, and who was invited to start a traject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from app.audit.models import PurgeLine
from app.audit.store import list_purges
from app.core.clock import aware, date_text, now
from app.core.settings import Settings, provider_secret, secret_name
from app.core.text import capital, counted, inside, listing, size_text
from app.installation.rules import KINDS, LINES, PROPOSED, Line
from app.installation.store import Usage, count_usage
from app.invitations.rules import FAILED, fate_words
from app.mail import letters
from app.mail.letters import Letter, Sender
from app.mail.queue import can_send
from app.mail.store import Newest, newest_fates
from app.people.models import Person, PersonLink, Tenant
from app.people.rules import full_name
from app.people.store import list_linked, list_tenants
from app.people.tenants import version_of
from app.register.reading import municipality_names
from app.signin.models import OidcProvider
from app.signin.store import list_all_providers
from app.style.store import find_look

URL = "/beheer/gemeenten"


@dataclass(frozen=True)
class TenantLine:
    name: str
    url: str
    journeys: int
    people: int
    documents: int
    size: str  # of those: '2,1 MB'; '' when there are none
    failing: int  # mails that did not arrive
    used: str  # a day; 'nog niet' when nothing happened
    state: str  # 'gesloten op 3 mei 2027', or ''

    @property
    def amount(self) -> str:
        """'2 trajecten, 9 deelnemers en 3 vastgestelde stukken (2,1 MB)'."""
        said = [
            counted(self.journeys, "traject", "trajecten"),
            counted(self.people, "deelnemer", "deelnemers"),
            counted(self.documents, "vastgesteld stuk", "vastgestelde stukken"),
        ]
        return capital(listing(said)) + (f" ({self.size})" if self.size else "")


@dataclass(frozen=True)
class IndexPage:
    tenants: tuple[TenantLine, ...]
    removed: tuple[str, ...]  # what went by the terms, newest first: numbers only


def index_page(tx: Session) -> IndexPage:
    usage = count_usage(tx)
    found = sorted(list_tenants(tx), key=lambda t: t.name.casefold())
    removed = tuple(_removed(line) for line in list_purges(tx, limit=20))
    return IndexPage(tuple(_line(t, usage.get(t.id, Usage())) for t in found), removed)


def _removed(line: PurgeLine) -> str:
    """'12 maart 2027: een traject met 423 gegevens.' Never which one."""
    numbers = {name: int(number) for name, _, number in (word.partition("=") for word in line.counts.split())}
    if line.journey_id:
        return f"{date_text(line.at)}: een traject met {counted(sum(numbers.values()), 'gegeven', 'gegevens')}."
    words = {
        "person": ("persoon zonder plek", "personen zonder plek"),
        "archive_record": ("vastgesteld stuk", "vastgestelde stukken"),
        "audit_entry": ("oude regel van het logboek", "oude regels van het logboek"),
    }
    said = [counted(number, *words.get(name, ("gegeven", "gegevens"))) for name, number in numbers.items()]
    return f"{date_text(line.at)}: {listing(said)}."


def _line(tenant: Tenant, used: Usage) -> TenantLine:
    state = f"gesloten op {date_text(tenant.closed_at)}" if tenant.closed_at else ""
    day = date_text(used.used_at) if used.used_at else "nog niet"
    size = size_text(used.size) if used.documents else ""
    name, url = capital(full_name(tenant)), f"{URL}/{tenant.id}"
    return TenantLine(name, url, used.journeys, used.people, used.documents, size, used.failing, day, state)


@dataclass(frozen=True)
class Field:
    line: Line
    value: str
    error: str


@dataclass(frozen=True)
class SettingsForm:
    """Name, kind and settings of a gemeente, as they are or as they were typed."""

    url: str
    name: str
    kind: str
    kinds: tuple[tuple[str, str], ...]
    known: tuple[str, ...]  # names of gemeenten to choose from
    fields: tuple[Field, ...]
    version: str
    wrong: Mapping[str, str]
    changed: tuple[str, ...] = ()  # what somebody else set meanwhile, as sentences

    @property
    def errors(self) -> list[tuple[str, str]]:
        return list(self.wrong.items())


def settings_form(
    tx: Session, tenant: Tenant | None, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> SettingsForm:
    """`typed` is what came with a form that was refused; without it the form shows what is set now."""
    stored = {line.name: _stored(line, tenant) for line in LINES}
    shown = stored if typed is None else typed
    wrong = wrong or {}
    return SettingsForm(
        url=f"{URL}/{tenant.id}/instellingen" if tenant else URL,
        name=typed["naam"] if typed is not None else tenant.name if tenant else "",
        kind=typed["soort"] if typed is not None else tenant.kind if tenant else "gemeente",
        kinds=KINDS,
        known=municipality_names(tx),
        fields=tuple(Field(line, shown[line.name], wrong.get(line.name, "")) for line in LINES),
        version=version_of(tenant) if tenant else "",
        wrong=wrong,
    )


def _stored(line: Line, tenant: Tenant | None) -> str:
    return str(getattr(tenant, line.column)) if tenant else PROPOSED.get(line.column, "")


def changed_sentences(tenant: Tenant, typed: Mapping[str, str]) -> tuple[str, ...]:
    """Where what is set now differs from what somebody typed."""
    now_set = {"naam": tenant.name, "soort": tenant.kind, **{line.name: _stored(line, tenant) for line in LINES}}
    labels = {"naam": "Naam", "soort": "Soort", **{line.name: line.label for line in LINES}}
    return tuple(
        f"{labels[name]}: nu staat er {f'‘{value}’' if value else 'niets'}, u typte "
        f"{f'‘{typed[name]}’' if typed[name] else 'niets'}."
        for name, value in now_set.items()
        if value != typed[name]
    )


@dataclass(frozen=True)
class Starter:
    id: str
    name: str
    email: str
    state: str


@dataclass(frozen=True)
class ProviderLine:
    """Where people of this gemeente sign in at their own organisation, as it was set on the server."""

    label: str
    name: str  # in the command that takes it away
    issuer: str
    domains: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class TenantPage:
    title: str
    url: str
    code: str
    usage: TenantLine
    closed: bool
    style: str
    form: SettingsForm
    can_mail: bool
    starters: tuple[Starter, ...]
    providers: tuple[ProviderLine, ...]
    typed: Mapping[str, str]  # of the form for an invitation
    wrong: Mapping[str, str]

    @property
    def errors(self) -> list[tuple[str, str]]:
        return [*self.form.errors, *((f"starter-{name}", text) for name, text in self.wrong.items())]


def tenant_page(
    tx: Session,
    settings: Settings,
    tenant: Tenant,
    form: SettingsForm | None = None,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> TenantPage:
    usage = count_usage(tx).get(tenant.id, Usage())
    return TenantPage(
        title=capital(full_name(tenant)),
        url=f"{URL}/{tenant.id}",
        code=tenant.code,
        usage=_line(tenant, usage),
        closed=tenant.closed_at is not None,
        style=_style_words(tx, tenant),
        form=form or settings_form(tx, tenant),
        can_mail=can_send(settings),
        starters=_starters(tx, tenant),
        providers=tuple(_provider(p) for p in list_all_providers(tx) if p.tenant_id == tenant.id),
        typed=typed or {"naam": "", "email": ""},
        wrong=wrong or {},
    )


def _provider(provider: OidcProvider) -> ProviderLine:
    sentences = [
        "Het geheim is ingesteld op de server."
        if provider_secret(provider.name)
        else f"Het geheim ontbreekt nog: zet het op de server in {secret_name(provider.name)}."
    ]
    if provider.trusts_address:
        sentences.append("Het e-mailadres wordt vertrouwd, ook als de organisatie niet zegt dat het is nagekeken.")
    return ProviderLine(
        provider.label, provider.name, provider.issuer, listing(provider.domains.split()), tuple(sentences)
    )


def _style_words(tx: Session, tenant: Tenant) -> str:
    found = find_look(tx, tenant.id)
    parts = [
        word for has, word in ((found and found[1], "eigen kleuren"), (found and found[2], "een eigen logo")) if has
    ]
    return f"Deze gemeente heeft {listing(parts)}." if parts else "Deze gemeente heeft de gewone kleuren, zonder logo."


def _starters(tx: Session, tenant: Tenant) -> tuple[Starter, ...]:
    mails = newest_fates(tx, tenant.id, "starter")
    return tuple(_starter(person, link, mails.get(person.id)) for person, link in list_linked(tx, tenant.id))


def _starter(person: Person, link: PersonLink, mail: Newest | None) -> Starter:
    if not person.may_start:
        state = "mag geen traject meer starten"
    elif link.used_at:
        state = f"link gebruikt op {date_text(link.used_at)}"
    elif link.revoked_at or aware(link.expires_at) <= now():
        state = "link werkt niet meer"
    else:
        state = f"link werkt tot {date_text(link.expires_at)}, nog niet gebruikt"
        if mail and aware(mail.created_at) >= aware(link.created_at):  # this link went in it
            state = f"{fate_words(*mail[1:]).removeprefix(FAILED).rstrip('.')}. {capital(state)}"
    return Starter(person.id if person.may_start else "", person.name, person.email, state)


@dataclass(frozen=True)
class LinkPage:
    name: str
    link: str
    days: str
    back: str
    subject: str
    text: str
    email: str


def sender_of(settings: Settings, manager: Person) -> Sender:
    """Somebody who manages the installation, for whoever runs it."""
    works_for = settings.mail_name or "het beheer van Driekolom"
    return Sender(manager.name, works_for, email=manager.email, phone=settings.mail_telephone, person_id=manager.id)


def starter_letter(settings: Settings, tenant: Tenant, manager: Person, starter: Person, secret: str) -> Letter:
    """The mail with a link to start a traject."""
    until = (now() + timedelta(days=settings.link_days)).date()
    link, where = f"{settings.address}/toegang/{secret}", inside(capital(full_name(tenant)))
    return letters.starter(sender_of(settings, manager), starter.name, link, until, where, tenant.telephone)


def link_page(settings: Settings, tenant: Tenant, manager: Person, starter: Person, secret: str) -> LinkPage:
    letter = starter_letter(settings, tenant, manager, starter, secret)
    return LinkPage(
        starter.name,
        f"{settings.address}/toegang/{secret}",
        counted(settings.link_days, "dag", "dagen"),
        f"{URL}/{tenant.id}",
        letter.subject,
        letter.body,
        starter.email,
    )
