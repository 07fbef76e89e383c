"""Pages and saves of the verkenning."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response

from app.core.forms import Part, Saving
from app.core.rendering import Shell, page, render
from app.core.turn import Router
from app.exploration import pages, rules
from app.journey.gate import Gate, Here, View
from app.journey.pages import shell
from app.journey.rules import may_write_joint

router = Router(prefix="/trajecten/{journey_id}/verkenning")
Write = Annotated[Here, Depends(Gate(may_write_joint, step=rules.STEP))]


def _shell(here: Here) -> Shell:
    return shell(here, "Verkenning", rules.STEP, may="U vult dit samen in." if here.may_write_joint else "U leest mee.")


@router.get("")
def show(request: Request, here: View) -> Response:
    return page(request, "exploration/show.html", _shell(here), pages.exploration_page(here))


@router.post("/veld/{name:path}")
def save_field(request: Request, here: Write, name: str, sent: Saving) -> Response:
    def next_step() -> list[Part]:
        if name != "uitkomst":
            return []
        return [Part("vervolg", render("exploration/_next.html", page=pages.exploration_page(here)))]

    return pages.exploration_fields(here).save(
        request, _shell(here), name, sent, back=f"{here.url}/verkenning", event="exploration_changed", parts=next_step
    )
