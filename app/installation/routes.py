"""The pages under /beheer. Each asks for somebody who manages the installation, and answers 404 to anybody else."""

from dataclasses import replace
from typing import Annotated

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app.audit.actions import note
from app.core.errors import Invalid, NotFound
from app.core.forms import Form, Sent, before_reading
from app.core.limits import TooOften
from app.core.rendering import page
from app.core.turn import Actor, Router, Tx
from app.document.press import print_pdf
from app.installation import actions, pages, rules, style_pages
from app.journey.managing import Manager, find_manager
from app.journey.pages import outside_shell
from app.people import tenants
from app.people.actions import write_mail
from app.people.models import Person, Tenant
from app.register.reading import find_code
from app.style import actions as styles

router = Router(prefix="/beheer")
First = Annotated[None, before_reading(find_manager)]

SAID = {
    "opgeslagen": "Opgeslagen.",
    "gesloten": "Gesloten. Niemand van deze gemeente kan zich nu aanmelden. Er is niets weg.",
    "geopend": "Weer geopend. Iedereen kan zich weer aanmelden.",
    "ingetrokken": "Ingetrokken. Deze persoon kan geen traject meer starten.",
    "verstuurd": "De link is onderweg naar het e-mailadres.",
    "klaar": "Dit is goed te lezen. Bekijk het voorbeeld, en neem het dan over.",
    "overgenomen": "Overgenomen. Iedereen van deze gemeente ziet nu deze huisstijl.",
    "weggegooid": "Weggegooid. Er is niets veranderd.",
}


def _page(request: Request, person: Person, template: str, title: str, shown: object, status: int = 200) -> Response:
    notice = SAID.get(request.query_params.get("klaar", ""), "") if status == 200 else ""
    frame = outside_shell(request.app.state.settings, title, person, notice)
    return page(request, f"installation/{template}.html", frame, shown, status)


@router.get("")
def index(request: Request, tx: Tx, person: Manager) -> Response:
    return _page(request, person, "index", "Beheer van deze installatie", pages.index_page(tx))


# ---- a gemeente ----


def _typed(form: Form) -> dict[str, str]:
    names = ("naam", "soort", *(line.name for line in rules.LINES))
    return {name: form.line(name, 10_000) for name in names}


def _values(tx: Session, typed: dict[str, str], tenant: Tenant | None = None) -> dict[str, str | int]:
    """What was typed, by column. Raises Invalid with all that is wrong."""
    made: dict[str, str | int] = {}
    wrong: dict[str, str] = {}
    for check in (lambda: rules.checked_name(typed["naam"], typed["soort"]), lambda: rules.checked_lines(typed)):
        try:
            made |= check()
        except Invalid as problem:
            wrong |= problem.fields
    if wrong:
        raise Invalid("Dit is nog niet opgeslagen.", wrong)
    known = tenant.code if tenant and tenant.name == typed["naam"] else ""  # also when the register is empty
    return made | {"code": known or find_code(tx, typed["naam"]) if typed["soort"] == "gemeente" else ""}


@router.get("/gemeenten/nieuw")
def new(request: Request, tx: Tx, person: Manager) -> Response:
    return _page(request, person, "new", "Gemeente toevoegen", pages.settings_form(tx, None))


@router.post("/gemeenten")
def create(request: Request, tx: Tx, person: Manager, form: Sent) -> Response:
    typed = _typed(form)
    try:
        tenant = tenants.create_tenant(tx, _values(tx, typed))
    except Invalid as problem:
        shown = pages.settings_form(tx, None, typed, problem.fields)
        return _page(request, person, "new", "Gemeente toevoegen", shown, 422)
    _noted(tx, person, "tenant_created", tenant.id)
    return RedirectResponse(f"{pages.URL}/{tenant.id}?klaar=opgeslagen", 303)


def _noted(tx: Session, person: Person, what: str, tenant_id: str, kind: str = "gemeente") -> None:
    note(tx, what, Actor(person.tenant_id, person.id), object=f"{kind}:{tenant_id}")


def _tenant(request: Request, tx: Session, person: Person, tenant: Tenant, status: int = 200, **shown) -> Response:
    found = pages.tenant_page(tx, request.app.state.settings, tenant, **shown)
    return _page(request, person, "tenant", found.title, found, status)


@router.get("/gemeenten/{tenant_id}")
def show(request: Request, tx: Tx, person: Manager, tenant_id: str) -> Response:
    return _tenant(request, tx, person, tenants.get_tenant(tx, tenant_id))


@router.post("/gemeenten/{tenant_id}/instellingen")
def change(request: Request, tx: Tx, person: Manager, tenant_id: str, form: Sent) -> Response:
    tenant, typed = tenants.get_tenant(tx, tenant_id), _typed(form)
    if form.line("versie", 40) != tenants.version_of(tenant):
        shown = pages.settings_form(tx, tenant, typed)
        if changed := pages.changed_sentences(tenant, typed):
            return _tenant(request, tx, person, tenant, 409, form=replace(shown, changed=changed))
    try:
        with tx.begin_nested():
            tenants.change_tenant(tx, tenant, _values(tx, typed, tenant))
    except Invalid as problem:
        shown = pages.settings_form(tx, tenant, typed, problem.fields)
        return _tenant(request, tx, person, tenant, 422, form=shown)
    _noted(tx, person, "tenant_changed", tenant.id)
    return RedirectResponse(f"{pages.URL}/{tenant.id}?klaar=opgeslagen", 303)


@router.post("/gemeenten/{tenant_id}/starters")
def invite(request: Request, tx: Tx, person: Manager, tenant_id: str, form: Sent) -> Response:
    """The one answer that shows a secret: never kept by a browser."""
    tenant = tenants.get_tenant(tx, tenant_id)
    typed = {"naam": form.line("naam", 10_000), "email": form.line("email", 10_000)}
    settings = request.app.state.settings
    by_mail = form.has("mailen")
    try:
        with tx.begin_nested():
            starter, secret = actions.invite(tx, settings, tenant, typed["naam"], typed["email"], by_mail)
            if by_mail:
                letter = pages.starter_letter(settings, tenant, person, starter, secret)
                write_mail(tx, settings, starter, letter, sender=pages.sender_of(settings, person))
    except (Invalid, TooOften) as problem:
        wrong = getattr(problem, "fields", {}) or {"email": problem.message}
        return _tenant(request, tx, person, tenant, problem.status, typed=typed, wrong=wrong)
    _noted(tx, person, "starter_invited", starter.id, "persoon")
    if by_mail:
        return RedirectResponse(f"{pages.URL}/{tenant.id}?klaar=verstuurd", 303)
    shown = pages.link_page(settings, tenant, person, starter, secret)
    answer = _page(request, person, "link", f"Persoonlijke link van {starter.name}", shown)
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post("/gemeenten/{tenant_id}/starters/{person_id}/intrekken")
def withdraw(tx: Tx, person: Manager, tenant_id: str, person_id: str) -> Response:
    tenants.withdraw(tx, tenants.get_tenant(tx, tenant_id), person_id)
    _noted(tx, person, "starter_withdrawn", person_id, "persoon")
    return RedirectResponse(f"{pages.URL}/{tenant_id}?klaar=ingetrokken", 303)


@router.post("/gemeenten/{tenant_id}/sluiten")
def close(tx: Tx, person: Manager, tenant_id: str) -> Response:
    tenants.close_tenant(tx, tenants.get_tenant(tx, tenant_id))
    _noted(tx, person, "tenant_closed", tenant_id)
    return RedirectResponse(f"{pages.URL}/{tenant_id}?klaar=gesloten", 303)


@router.post("/gemeenten/{tenant_id}/openen")
def reopen(tx: Tx, person: Manager, tenant_id: str) -> Response:
    tenants.open_tenant(tx, tenants.get_tenant(tx, tenant_id))
    _noted(tx, person, "tenant_opened", tenant_id)
    return RedirectResponse(f"{pages.URL}/{tenant_id}?klaar=geopend", 303)


# ---- house style ----


def _style(
    request: Request, tx: Session, person: Person, tenant: Tenant, wrong: dict[str, str] | None = None, alt: str = ""
) -> Response:
    shown = style_pages.style_page(tx, tenant, wrong or {}, alt)
    return _page(request, person, "style", shown.title, shown, 422 if wrong else 200)


@router.get("/gemeenten/{tenant_id}/huisstijl")
def show_style(request: Request, tx: Tx, person: Manager, tenant_id: str) -> Response:
    return _style(request, tx, person, tenants.get_tenant(tx, tenant_id))


@router.post("/gemeenten/{tenant_id}/huisstijl/kleuren")
def offer_theme(first: First, request: Request, tx: Tx, person: Manager, tenant_id: str, form: Sent) -> Response:
    tenant = tenants.get_tenant(tx, tenant_id)
    try:
        styles.offer_theme(tx, tenant.id, form.file("theme").content)
    except Invalid as problem:
        return _style(request, tx, person, tenant, {"theme": problem.message})
    return _to_style(tenant_id, "klaar")


@router.post("/gemeenten/{tenant_id}/huisstijl/logo")
def offer_logo(first: First, request: Request, tx: Tx, person: Manager, tenant_id: str, form: Sent) -> Response:
    tenant, alt = tenants.get_tenant(tx, tenant_id), form.line("alt", 10_000)
    try:
        styles.offer_logo(tx, tenant.id, form.file("logo").content, alt)
    except Invalid as problem:
        return _style(request, tx, person, tenant, problem.fields, alt)
    return _to_style(tenant_id, "klaar")


@router.post("/gemeenten/{tenant_id}/huisstijl/zonder/{part}")
def leave_out(tx: Tx, person: Manager, tenant_id: str, part: str) -> Response:
    if part not in ("kleuren", "logo"):
        raise NotFound
    styles.leave_out(tx, tenants.get_tenant(tx, tenant_id).id, {"kleuren": "theme"}.get(part, part))
    return _to_style(tenant_id, "klaar")


def _to_style(tenant_id: str, said: str) -> Response:
    return RedirectResponse(f"{pages.URL}/{tenant_id}/huisstijl?klaar={said}", 303)


@router.get("/gemeenten/{tenant_id}/huisstijl/voorbeeld")
def sample(request: Request, tx: Tx, person: Manager, tenant_id: str) -> Response:
    tenant = tenants.get_tenant(tx, tenant_id)
    shown = style_pages.sample_page(tx, tenant)
    frame = outside_shell(request.app.state.settings, shown.title, person, look=style_pages.sample_look(tx, tenant))
    return page(request, "installation/sample.html", frame, shown)


@router.get("/gemeenten/{tenant_id}/huisstijl/voorbeeld.pdf")
def sample_paper(request: Request, tx: Tx, person: Manager, tenant_id: str) -> Response:
    settings = request.app.state.settings
    html, style = style_pages.sample_paper(tx, settings, tenants.get_tenant(tx, tenant_id))
    return Response(print_pdf(settings, html, style), media_type="application/pdf")


@router.post("/gemeenten/{tenant_id}/huisstijl/overnemen")
def take_style(request: Request, tx: Tx, person: Manager, tenant_id: str, form: Sent) -> Response:
    tenant = tenants.get_tenant(tx, tenant_id)
    try:
        actions.take_style(tx, tenant, form.line("merk", 40))
    except Invalid as problem:
        shown = style_pages.style_page(tx, tenant, {"voorbeeld": problem.message})
        return _page(request, person, "style", shown.title, shown, 409)
    _noted(tx, person, "style_taken", tenant_id)
    return _to_style(tenant_id, "overgenomen")


@router.post("/gemeenten/{tenant_id}/huisstijl/weg")
def drop_style(tx: Tx, person: Manager, tenant_id: str) -> Response:
    styles.drop(tx, tenants.get_tenant(tx, tenant_id).id)
    return _to_style(tenant_id, "weggegooid")
