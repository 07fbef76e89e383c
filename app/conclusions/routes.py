"""Pages and saves of the conclusions."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.answers.fields import after_save
from app.conclusions import actions, pages, rules
from app.conclusions.reading import plan_words
from app.content.pack import Conclusion
from app.core.errors import NotAllowed, NotFound
from app.core.forms import Part, SavedForm, Saving, saved_answer
from app.core.rendering import Shell, page, render
from app.core.turn import Router
from app.journey.gate import Gate, Here, View
from app.journey.models import Party
from app.journey.pages import shell, step_words
from app.journey.rules import may_answer_on_behalf, may_write_joint

router = Router(prefix="/trajecten/{journey_id}/conclusies")
Write = Annotated[Here, Depends(Gate(may_write_joint, step=rules.STEP))]
step_words("plan", plan_words)


def _shell(here: Here, title: str = "Conclusies") -> Shell:
    may = "U kiest hier samen." if here.may_write_joint else "U leest mee."
    return shell(here, title, rules.STEP, may=may)


@router.get("")
def show(request: Request, here: View) -> Response:
    return page(request, "conclusions/show.html", _shell(here), pages.conclusions_page(here))


@router.get("/breedte")
@router.get("/organisatie")
@router.get("/ouders")
def show_shape(request: Request, here: View) -> Response:
    which = here.path.rsplit("/", 1)[-1]
    shown = pages.shape_page(here, which)
    return page(request, "conclusions/shape.html", _shell(here, rules.shape_pages(here.pack)[which]), shown)


@router.get("/namens/{party_id}")
def show_behalf(request: Request, here: View, party_id: str) -> Response:
    party = here.get_party(party_id)
    here.require(may_answer_on_behalf(here.seat, party))
    return page(
        request,
        "conclusions/behalf.html",
        _shell(here, f"Namens {party.name}"),
        pages.behalf_page(here, party),
    )


@router.post("/veld/{name:path}")
def save_field(request: Request, here: Write, name: str, sent: Saving) -> Response:
    fields = pages.conclusion_fields(here)
    if name not in fields.specs or name.endswith("/visie-van"):
        raise NotFound
    first = name.split("/")[0]
    of_shape = first in rules.shape_pages(here.pack)
    return fields.save(
        request,
        _shell(here),
        name,
        sent,
        back=f"{here.url}/conclusies/{first}" if of_shape else f"{here.url}/conclusies#conclusie-{first}",
        event="shape_changed" if of_shape else "conclusion_changed",
        parts=lambda: _parts(here, name),
    )


@router.post("/partij/{conclusion}/{name}")
def save_own_support(request: Request, here: Write, conclusion: str, name: str, sent: Saving) -> Response:
    if here.party is None:
        raise NotAllowed("U hoort niet bij een partij.")
    found = rules.get_conclusion(here.pack, conclusion)
    return _save_support(request, here, here.party, found, name, sent, f"{here.url}/conclusies#conclusie-{conclusion}")


@router.post("/namens/{party_id}/{conclusion}/{name}")
def save_support_on_behalf(
    request: Request, here: Write, party_id: str, conclusion: str, name: str, sent: Saving
) -> Response:
    party = here.get_party(party_id)
    here.require(may_answer_on_behalf(here.seat, party), "Alleen de procesbegeleider vult in voor een andere partij.")
    found = rules.get_conclusion(here.pack, conclusion)
    return _save_support(request, here, party, found, name, sent, f"{here.url}/conclusies/namens/{party.id}")


@router.post("/neem-over/{conclusion}/{example}")
def take_over(here: Write, conclusion: str, example: str) -> Response:
    found = rules.get_conclusion(here.pack, conclusion)
    actions.take_over(here, found, actions.get_example(found, example))
    return RedirectResponse(f"{here.url}/conclusies?klaar=toegevoegd#conclusie-{conclusion}", 303)


def _save_support(
    request: Request, here: Here, party: Party, conclusion: Conclusion, name: str, sent: SavedForm, back: str
) -> Response:
    if name not in rules.support_specs(here.pack):
        raise NotFound

    def drawn():
        return pages.support_field(here, party, conclusion, name)

    def save():
        saved = actions.save_support(here, party, conclusion, name, sent.values, sent.version)
        return after_save(drawn(), saved)

    def others() -> list[Part]:
        block = pages.support_block(here, conclusion)
        return [Part(block.id, render("conclusions/_support.html", support=block))]

    return saved_answer(request, _shell(here), back, save, drawn, sent, others)


def _parts(here: Here, name: str) -> list[Part]:
    """What a save changes elsewhere on the page."""
    slug, _, rest = name.partition("/")
    if name == "breedte/leeftijd":
        shape = pages.shape_page(here, "breedte")
        return [Part("andere-leeftijd", render("conclusions/_other_age.html", page=shape))]
    if rest == "gekozen":
        shown = pages.conclusions_page(here)
        blocks = [Part(f"binnen-{b.conclusion.slug}", render("conclusions/_inner.html", block=b)) for b in shown.blocks]
        standing = render("conclusions/_standing.html", standing=shown.standing)
        following = render("conclusions/_next.html", standing=shown.standing)
        return [Part("conclusies-stand", standing), Part("verder", following), *blocks]
    if rest in ("opties", "bronnen"):
        block = pages.conclusion_block(here, rules.get_conclusion(here.pack, slug))
        file = "_follow_ups" if rest == "opties" else "_sources"
        return [Part(f"{rest}-{slug}", render(f"conclusions/{file}.html", block=block))]
    if rest.startswith("wel/"):
        conclusion = rules.get_conclusion(here.pack, slug)
        option = next(o for o in conclusion.options if o.slug == rest.removeprefix("wel/"))
        ask = pages.yes_no(here, conclusion, option)
        return [Part(ask.id, render("conclusions/_yes.html", ask=ask))]
    return []
