"""The pages under /beheer. Each asks for somebody who manages the installation, and answers 404 to anybody else."""

from dataclasses import replace

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app.core.errors import Invalid
from app.core.forms import Form, Sent
from app.core.rendering import page
from app.core.turn import Router, Tx
from app.installation import pages, rules
from app.journey.managing import Manager
from app.journey.pages import outside_shell
from app.people import tenants
from app.people.models import Person, Tenant
from app.register.reading import find_code

router = Router(prefix="/beheer")

SAID = {
    "opgeslagen": "Opgeslagen.",
    "gesloten": "Gesloten. Niemand van deze gemeente kan zich nu aanmelden. Er is niets weg.",
    "geopend": "Weer geopend. Iedereen kan zich weer aanmelden.",
    "ingetrokken": "Ingetrokken. Deze persoon kan geen traject meer starten.",
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
    return RedirectResponse(f"{pages.URL}/{tenant.id}?klaar=opgeslagen", 303)


def _tenant(request: Request, tx: Session, person: Person, tenant: Tenant, status: int = 200, **shown) -> Response:
    found = pages.tenant_page(tx, tenant, **shown)
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
    return RedirectResponse(f"{pages.URL}/{tenant.id}?klaar=opgeslagen", 303)


@router.post("/gemeenten/{tenant_id}/starters")
def invite(request: Request, tx: Tx, person: Manager, tenant_id: str, form: Sent) -> Response:
    """The one answer that shows a secret: never kept by a browser."""
    tenant = tenants.get_tenant(tx, tenant_id)
    typed = {"naam": form.line("naam", 10_000), "email": form.line("email", 10_000)}
    settings = request.app.state.settings
    try:
        starter, secret = tenants.invite(tx, tenant, typed["naam"], typed["email"], settings.link_days)
    except Invalid as problem:
        return _tenant(request, tx, person, tenant, 422, typed=typed, wrong=problem.fields)
    shown = pages.link_page(settings, tenant, starter, secret, person.name)
    answer = _page(request, person, "link", f"Persoonlijke link van {starter.name}", shown)
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post("/gemeenten/{tenant_id}/starters/{person_id}/intrekken")
def withdraw(tx: Tx, person: Manager, tenant_id: str, person_id: str) -> Response:
    tenants.withdraw(tx, tenants.get_tenant(tx, tenant_id), person_id)
    return RedirectResponse(f"{pages.URL}/{tenant_id}?klaar=ingetrokken", 303)


@router.post("/gemeenten/{tenant_id}/sluiten")
def close(tx: Tx, person: Manager, tenant_id: str) -> Response:
    tenants.close_tenant(tx, tenants.get_tenant(tx, tenant_id))
    return RedirectResponse(f"{pages.URL}/{tenant_id}?klaar=gesloten", 303)


@router.post("/gemeenten/{tenant_id}/openen")
def reopen(tx: Tx, person: Manager, tenant_id: str) -> Response:
    tenants.open_tenant(tx, tenants.get_tenant(tx, tenant_id))
    return RedirectResponse(f"{pages.URL}/{tenant_id}?klaar=geopend", 303)
