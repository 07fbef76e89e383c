"""Which questions the verkenning asks, and what its outcome means."""

from collections.abc import Mapping

from app.answers.fields import options
from app.answers.models import JointAnswer
from app.content.pack import Exploration, Pack
from app.core.errors import NotFound
from app.core.fields import Spec

STEP = "verkenning"
USEFUL, NOT_USEFUL, LATER = "zinvol", "niet-zinvol", "later"


def asked(pack: Pack) -> Exploration:
    """What the verkenning asks. Raises NotFound for a pack without one."""
    if pack.exploration is None:
        raise NotFound
    return pack.exploration


def fields(pack: Pack) -> dict[str, Spec]:
    """The fields by name, none for a pack without a verkenning: the reasons, one open field per background question,
    the outcome and why."""
    if pack.exploration is None:
        return {}
    ask = pack.exploration
    reasons = Spec("many", "Wat speelt er bij ons?", options(ask.reasons), help="Kruis aan wat u herkent.")
    return {
        **({"redenen": reasons} if ask.reasons else {}),
        **{f"vraag/{q.slug}": Spec("text", q.label, help=q.help) for q in ask.questions},
        "uitkomst": Spec(
            "choice", "Is het zinvol om hierover af te stemmen of samen te werken?", options(ask.outcomes)
        ),
        "waarom": Spec("text", "Waarom kiest u dit?"),
    }


def outcome(joint: Mapping[str, JointAnswer]) -> str:
    """The slug of the outcome, '' while it is open."""
    row = joint.get(f"{STEP}/uitkomst")
    return row.value if row else ""
