"""What somebody did, as a verb and the exact place where it can be seen. Pure table; no words that somebody typed.

"werkte aan [de afspraken van thema B]", "rondde [hoofdstuk 2] af". A kind that is not in the table leads to its step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.answers.fields import dom_id
from app.core.text import inside
from app.journey.gate import Here
from app.journey.models import Event
from app.journey.steps import STEPS

WORKED = "werkte aan"
OWN_ONLY = ("answer_changed_back",)  # tells that a party was busy with what it had not shared: for that party alone
NO_NEWS = (
    *OWN_ONLY,
    "link_made",
    "link_sent",
    "link_extended",
    "link_revoked",
    "code_read_out",
    "access_asked",
    "access_declined",
    "reminder_written",
    "party_reminded",
)


@dataclass(frozen=True)
class Deed:
    """`before` and `after` stand around the place: 'rondde' … 'af'."""

    words: str
    url: str
    before: str = WORKED
    after: str = ""


def may_know(here: Here, event: Event) -> bool:
    """Whether this event is told to this person."""
    return event.kind not in OWN_ONLY or (event.party_id != "" and event.party_id == here.seat.party_id)


def deed(here: Here, event: Event) -> Deed:
    """What this event says and where it leads."""
    make = _DEEDS.get(event.kind) or _DEEDS.get(event.kind.rsplit("_", 1)[0] + "_*") or _step
    return make(here, event)


# ---- places ----


def _theme(here: Here, slug: str) -> str:
    return next((f"thema {t.letter}" for t in here.pack.themes if t.slug == slug), "een thema")


def _chapter(here: Here, slug: str) -> str:
    return next((f"hoofdstuk {c.number} van het plan" for c in here.pack.chapters if c.slug == slug), "het plan")


def _conclusion(here: Here, ref: str) -> tuple[str, str]:
    """The conclusion that a ref ('impuls/optie/x') is about, and where it stands."""
    slug = ref.split("/")[0]
    found = next((c for c in here.pack.conclusions if c.slug == slug), None)
    return (f"conclusie {found.number}", f"/conclusies#conclusie-{slug}") if found else ("de conclusies", "/conclusies")


def _part_url(event: Event) -> str:
    """The page of a step, or of a theme or chapter of it."""
    return f"/{event.step}/{event.part}" if event.part else f"/{event.step}"


def _at(anchor: str, event: Event) -> str:
    """'#doel-…' of the thing itself; '' for one that was taken away."""
    plain = event.ref.isalnum() and len(event.ref) == 16
    return "" if event.kind.endswith("_removed") or not plain else f"#{anchor}-{event.ref}"


def _step(here: Here, event: Event) -> Deed:
    label = next((s.label for s in STEPS if s.slug == event.step), "")
    if not label:
        return Deed("dit traject", here.url)
    if event.part and event.step == "plan":
        return Deed(_chapter(here, event.part), f"{here.url}{_part_url(event)}")
    if event.part and any(t.slug == event.part for t in here.pack.themes):
        end = "/naast-elkaar" if event.step == "waar-staan-we" else ""
        return Deed(f"{_theme(here, event.part)} van ‘{label}’", f"{here.url}{_part_url(event)}{end}")
    return Deed(f"de stap ‘{label}’", f"{here.url}/{event.step}")


Make = Callable[[Here, Event], Deed]


def _said(before: str, after: str = "") -> Make:
    """Something said of a step or of a part of it."""

    def make(here: Here, event: Event) -> Deed:
        place = _step(here, event)
        return Deed(place.words, place.url, before, after)

    return make


def _reopened(here: Here, event: Event) -> Deed:
    return _said(*(("opende", "weer") if event.ref == "gesloten" else ("pakte", "weer op")))(here, event)


def _side(before: str, after: str = "") -> Make:
    """A theme of Waar staan we, where all answers stand beside each other."""

    def make(here: Here, event: Event) -> Deed:
        url = f"{here.url}/waar-staan-we/{event.part}/naast-elkaar"
        return Deed(_theme(here, event.part), url, before, after)

    return make


def _behalf(here: Here, event: Event) -> Deed:
    name = inside(here.party_name(event.party_id, "een partij"))
    return _side("vulde", f"in namens {name}")(here, event)


def _remark(before: str, after: str = "") -> Make:
    """Something said at a point, a paragraph or a row of the plan."""

    def make(here: Here, event: Event) -> Deed:
        kind, _, rest = event.ref.partition("/")
        if event.step == "plan":
            return Deed(_chapter(here, event.part), f"{here.url}/plan/{event.part}#{kind}-{rest}", before, after)
        item = rest.rpartition("/")[2] or event.ref
        url = f"{here.url}/waar-staan-we/{event.part}/naast-elkaar#punt-{item}"
        return Deed(_theme(here, event.part), url, before, after)

    return make


def _talk(words: str, anchor: Callable[[Event], str]) -> Make:
    """A part of the conversation about one theme."""

    def make(here: Here, event: Event) -> Deed:
        place = f"{here.url}{_part_url(event)}{anchor(event)}"
        return Deed(f"{words} {_theme(here, event.part)}", place)

    return make


def _outcome_anchor(event: Event) -> str:
    pieces = event.ref.split("/")
    return f"#punt-{pieces[1]}" if len(pieces) == 3 else ""


def _exploration(here: Here, event: Event) -> Deed:
    return Deed(
        "de verkenning", f"{here.url}/verkenning" + (f"#{dom_id(f'verkenning/{event.ref}')}" if event.ref else "")
    )


def _concluded(here: Here, event: Event) -> Deed:
    words, path = _conclusion(here, event.ref)
    return Deed(words, f"{here.url}{path}")


def _supported(here: Here, event: Event) -> Deed:
    words, path = _conclusion(here, event.ref)
    if event.party_id != actor_party(here, event):
        name = inside(here.party_name(event.party_id, "een partij"))
        return Deed(f"de mening over {words}", f"{here.url}{path}", "vulde", f"in namens {name}")
    return Deed(words, f"{here.url}{path}", "gaf een mening over")


_SHAPES = {"breedte": "de breedte", "organisatie": "de organisatie", "ouders": "het betrekken van ouders"}


def _shape(here: Here, event: Event) -> Deed:
    which = event.ref.split("/")[0]
    known = which in _SHAPES
    return Deed(_SHAPES.get(which, "de conclusies"), f"{here.url}/conclusies" + (f"/{which}" if known else ""))


def _list(here: Here, event: Event) -> Deed:
    place = "" if event.kind == "checklist_removed" or not event.ref else f"/{event.ref}"
    return Deed("de lijsten met criteria", f"{here.url}/conclusies/lijsten{place}")


def _chapter_text(here: Here, event: Event) -> Deed:
    anchor = _at("alinea", event) if event.kind.startswith("paragraph_") else ""
    return Deed(_chapter(here, event.part), f"{here.url}{_part_url(event)}{anchor}")


def _rows(words: str, anchor: str) -> Make:
    """Rows of a chapter of the plan."""

    def make(here: Here, event: Event) -> Deed:
        place = f"#partij-{event.ref.removeprefix('rol/')}" if event.ref.startswith("rol/") else _at(anchor, event)
        return Deed(words, f"{here.url}{_part_url(event)}{place}")

    return make


def _lead(here: Here, event: Event) -> Deed:
    return Deed("de keuze wie de regie heeft", f"{here.url}{_part_url(event)}#regie")


def _party(before: str, after: str = "") -> Make:
    """A party at Opzet; one that is gone has no name any more."""

    def make(here: Here, event: Event) -> Deed:
        party_id = event.ref if event.kind != "party_changed" else event.party_id
        if name := here.party_name(party_id):
            words = f"de gegevens van {inside(name)}" if before == WORKED else inside(name)
            return Deed(words, f"{here.url}/opzet/partij/{party_id}", before, after)
        return Deed(
            "de gegevens van een partij" if before == WORKED else "een partij",
            f"{here.url}/opzet#partijen",
            before,
            after,
        )

    return make


def _reminded(here: Here, event: Event) -> Deed:
    return Deed(inside(here.party_name(event.party_id, "een partij")), f"{here.url}#gedeeld", "herinnerde")


def _people(before: str) -> Make:
    def make(here: Here, event: Event) -> Deed:
        if name := here.party_name(event.party_id):
            return Deed(inside(name), f"{here.url}/opzet/partij/{event.party_id}#mensen", before)
        return Deed("de mensen zonder partij", f"{here.url}/opzet/mensen", before)

    return make


def _setup(words: str, anchor: str = "") -> Make:
    return lambda here, event: Deed(words, f"{here.url}/opzet{anchor}")


def _kept(before: str, after: str = "") -> Make:
    return lambda here, event: Deed("dit traject", f"{here.url}/bewaren", before, after)


def _chapter_back(here: Here, event: Event) -> Deed:
    return Deed(_chapter(here, event.part), f"{here.url}/plan/{event.part}", "zette", "terug zoals het eerder was")


_DEEDS: dict[str, Make] = {
    "journey_started": lambda here, event: Deed("dit traject", here.url, "startte"),
    "journey_imported": lambda here, event: Deed("dit traject", here.url, "haalde", "uit een bestand"),
    "journey_changed": _setup("de gegevens van het traject"),
    "journey_archived": _kept("archiveerde"),
    "journey_archived_by_term": _kept("archiveerde"),
    "journey_taken_back": _kept("haalde", "terug uit het archief"),
    "purge_announced": _kept("meldde het wissen van"),
    "person_forgotten": _people("wiste naam en adres van iemand bij"),
    "document_fixed": lambda here, event: Deed("het document", f"{here.url}/bewaren#stukken", "legde", "vast"),
    "municipality_*": _setup("de gemeenten", "#gemeenten"),
    "party_added": _party("voegde", "toe"),
    "party_changed": _party(WORKED),
    "party_removed": _party("haalde", "weg"),
    "person_added": _people("voegde mensen toe bij"),
    "person_changed": _people("wijzigde gegevens van mensen bij"),
    "person_removed": _people("haalde iemand weg bij"),
    "role_changed": _people("wijzigde een rol bij"),
    "mandate_given": _people("gaf mandaat aan iemand van"),
    "mandate_taken": _people("nam een mandaat terug bij"),
    "access_allowed": _people("liet iemand toe bij"),
    "seat_handed_over": _people("gaf de eigen plek door aan een collega bij"),
    "code_read_out": _people("las een code voor aan iemand van"),
    "link_revoked": _people("trok de toegang in van iemand bij"),
    "link_*": _people("maakte een persoonlijke link bij"),
    "reminder_written": lambda here, event: Deed("wie nog niet alles deelde", f"{here.url}#gedeeld", "herinnerde"),
    "party_reminded": _reminded,
    "step_closed": _said("sloot"),
    "step_finished": _said("rondde", "af"),
    "step_skipped": _said("sloeg", "over"),
    "step_reopened": _reopened,
    "exploration_changed": _exploration,
    "theme_shared": _side("deelde"),
    "theme_shared_again": _side("deelde", "opnieuw"),
    "behalf_shared": _behalf,
    "behalf_confirmed": _side("bevestigde"),
    "answer_changed_back": _side("ging terug naar de gedeelde versie van"),
    "remark_placed": _remark("plaatste een opmerking bij"),
    "remark_answered": _remark("antwoordde op een opmerking bij"),
    "remark_settled": _remark("handelde een opmerking af bij"),
    "remark_taken_up": _remark("pakte een opmerking weer op bij"),
    "proposal_made": _remark("stelde een wijziging voor bij"),
    "proposal_taken": _remark("nam een voorstel over bij"),
    "proposal_declined": _remark("nam een voorstel niet over bij"),
    "outcome_changed": _talk("de uitkomsten van", _outcome_anchor),
    "notes_changed": _talk("de notities van", lambda e: "#notities" if e.ref.endswith("/notities") else "#vragen"),
    "usefulness_changed": _talk("de vraag of samenwerken zinvol is bij", lambda e: "#zinvol"),
    "division_recognised": _talk("de verdeling van", lambda e: "#verdeling"),
    "agreement_*": _talk("de afspraken van", lambda e: _at("afspraak", e)),
    "conclusion_changed": _concluded,
    "conclusion_supported": _supported,
    "shape_changed": _shape,
    "checklist_*": _list,
    "criteria_*": _list,
    "criterion_*": _list,
    "institution_*": _list,
    "institutions_*": _list,
    "progress_reported": _list,
    "version_named": lambda here, event: Deed("een versie van het plan", f"{here.url}/versies", "bewaarde"),
    "chapter_put_back": _chapter_back,
    "chapter_*": _chapter_text,
    "access_*": lambda here, event: Deed("de toegang", f"{here.url}/toegang"),
    "paragraph_put_back": _chapter_text,
    "paragraph_*": _chapter_text,
    "piece_*": _chapter_text,
    "figure_put": _chapter_text,
    "piece_left_out": _chapter_text,
    "piece_used_again": _chapter_text,
    "lead_chosen": _lead,
    "goal_*": _rows("de doelen", "doel"),
    "responsibility_*": _rows("de taken per partij", "taak"),
    "action_*": _rows("de stappen van het plan", "actie"),
    "budget_*": _rows("de begroting", "begroting"),
}


def actor_party(here: Here, event: Event) -> str:
    """The party of who did it ('' for none). What is done for another party is still done by the own one."""
    found = here.seats.get(event.seat_id)
    return (found[0].party_id or "") if found else event.party_id
