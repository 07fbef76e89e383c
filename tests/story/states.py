"""All states that pages can be in, in one list. axe looks at each, the contact sheet shows each, and a fragment that none of
them renders fails the test.

A state is a page, in a journey, through the eyes of somebody, and perhaps after something was done there:
- meerwijk  the plan example: busy, shared, changed after sharing, namens, remarks, source changed
- duinrade  the example that ends in conclusion 1, with two gemeenten
- leeg      a journey just started
- druk      30 parties, texts of 3,000 characters, a word of 200, emoji and right-to-left
- dicht     the plan example with every step closed
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from app.answers.actions import save_answer, save_joint
from app.checklists import actions as checklists
from app.conclusions import rules as conclusions
from app.content.pack import Pack
from app.core.clock import now, today
from app.core.settings import Settings
from app.dialogue import actions as dialogue
from app.dialogue import rules as talk
from app.examples.actions import play
from app.examples.script import scripts
from app.exploration import rules as exploration
from app.invitations.models import AccessRequest
from app.journey.actions import add_party, add_person, here_for, make_link, mark_step, start_journey
from app.journey.gate import Here
from app.journey.steps import STEPS
from app.keeping import actions as keeping
from app.mail.letters import KINDS
from app.mail.models import STATES as STATES_OF_MAIL
from app.mail.models import Mail
from app.messages.models import Digest
from app.people.actions import ensure_local_person
from app.people.models import Person
from app.screening import actions as screening
from app.screening import rules as table
from app.signin.models import OidcProvider

LONG = ("Elke school praat aan het begin van het jaar met alle ouders over wat hun kind nodig heeft. " * 40)[:3000]
WORD = "Ouderbetrokkenheidsbeleidsplanvergaderingsvoorbereiding" * 4
STRANGE = "Ouders 👨‍👩‍👧 zeggen: שלום, مرحبا بالآباء — en ĳs, ğ, ő."


@dataclass(frozen=True)
class State:
    """`who` is a name, '' for the procesbegeleider of this computer, '-' for somebody without a plek. `do` is the name of
    a function in `tests/story/test_states.py` that brings the page into its state."""

    name: str
    path: str
    journey: str = "meerwijk"
    who: str = ""
    do: str = ""


EVERYWHERE = (
    "", "/tijdlijn", "/veranderd", "/wie-mag-wat", "/begrippen", "/voorbeelden", "/opzet", "/opzet/mensen", "/opzet/voorproef", "/toegang", "/verkenning",
    "/waar-staan-we", "/waar-staan-we/vragen", "/waar-staan-we/b", "/waar-staan-we/c/naast-elkaar", "/gesprek", "/gesprek/b",
    "/conclusies", "/conclusies/lijsten", "/conclusies/breedte", "/conclusies/organisatie", "/conclusies/ouders", "/plan", "/plan/inleiding",
    "/plan/inventarisatie", "/plan/visie-en-doelen", "/plan/partijen", "/plan/monitoring", "/plan/stappenplan",
    "/plan/inventarisatie/nog-niet-verwerkt", "/opmerkingen", "/versies", "/document",
)  # fmt: skip
OWN = (
    "",
    "/waar-staan-we",
    "/waar-staan-we/a",
    "/waar-staan-we/b",
    "/waar-staan-we/d",
    "/gesprek/c",
    "/conclusies",
    "/plan/partijen",
)

LIST = tuple(f"/conclusies/lijsten/{{lijst}}{rest}" for rest in ("", "/criteria", "/scholen", "/scholen/{school}"))

STATES: tuple[State, ...] = (
    *(State("zonder traject", path, journey="") for path in ("/", "/over", "/privacy", "/beveiliging", "/aanmelden", "/account", "/trajecten/nieuw", "/uitgaande-post", "/register", "/-/onderdelen", "/bestaat-niet")),
    State("register, bestand bekeken", "/register/aangeboden", journey="", do="offer_file"),
    State("besturen uit het register", "/opzet/uit-register", do="boards_wrong"),
    State("besturen erbij", "/trajecten/nieuw", journey="", do="add_boards"),
    *(State("handleiding", f"/handleiding{page}", journey="", who="-") for page in ("", "/beginnen", "/blad-bestuurder")),
    State("aangemeld", "/account", journey="", who="J. Bakker"),
    State("aanmelden lukte niet", "/aanmelden/organisatie/voorbeeld/terug", journey="", who="-"),
    State("onbekende link", "/toegang/onbekend", journey="", who="-"),
    *(State("vol", path) for path in EVERYWHERE),
    *(State("vol", f"/waar-staan-we/{t}/naast-elkaar") for t in "abd"),
    State("projector", "/waar-staan-we/b/naast-elkaar?projector=1"),
    State("projector", "/gesprek/b?projector=1"),
    State("namens", "/waar-staan-we/a/namens/{partij:welzijn}"),
    State("namens", "/conclusies/namens/{partij:welzijn}"),
    *(State("alles opengeklapt", path, do="open_all") for path in ("/waar-staan-we/a", "/waar-staan-we/c/naast-elkaar", "/gesprek/d", "/plan/inventarisatie", "/plan/visie-en-doelen", "/verkenning")),
    State("herinneren", "/herinneren"),
    State("herinneren, fout", "/herinneren", do="remind_empty"),
    State("berichten", "/berichten", journey="druk"),
    State("nog geen berichten", "/berichten", journey="leeg"),
    State("berichten die u krijgt", "/account/berichten", journey="", who="J. Bakker"),
    State("overzicht uitzetten", "/berichten/uit/{uit}", journey="", who="-"),
    State("overzicht uitgezet", "/berichten/uit/{uit}", journey="", who="-", do="turn_off"),
    State("bestand", "/bestand"),
    State("logboek", "/logboek"),
    State("bewaren", "/bewaren"),
    State("bewaren, fout", "/bewaren", do="fix_wrong"),
    State("bewaren, lezen", "/bewaren", who="E. de Boer"),
    State("gearchiveerd", "/bewaren", journey="archief"),
    *(State("gearchiveerd", path, journey="archief") for path in ("", "/opzet", "/waar-staan-we/b", "/gesprek/b", "/plan/inleiding", "/document")),
    State("vastgestelde stukken", "/archief", journey=""),
    State("eigen gegevens", "/account/gegevens", journey=""),
    State("eigen gegevens", "/account/gegevens", journey="", who="J. Bakker"),
    State("logboek, gekozen", "/logboek?soort=geweigerd&van=2027-13-99", journey="druk"),
    State("logboek van een ander traject", "/logboek", journey="druk"),
    State("uit bestand", "/trajecten/uit-bestand", journey=""),
    State("verkeerd bestand", "/trajecten/uit-bestand", journey="", do="wrong_file"),
    State("partij", "/opzet/partij/{partij:linde}"),
    State("afspraak toevoegen", "/gesprek/b/afspraak"),
    State("voorbeeld invoegen", "/gesprek/d/afspraak?voorbeeld=oudernetwerken-potje"),
    *(State("gewijzigd na delen", path, who="J. Bakker") for path in OWN),
    *(State("deels gedeeld", path, who="K. Smit") for path in OWN),
    *(State("namens bevestigen", path, who="N. Visser") for path in OWN),
    *(State("stil", path, who="P. van Dam") for path in OWN),
    *(State("alleen lezen", path, who="E. de Boer") for path in (*OWN, "/wie-mag-wat", "/verkenning", "/gesprek/b", "/plan/inventarisatie", "/plan/visie-en-doelen", "/plan/stappenplan", "/opzet")),
    *(State("leeg", path, journey="leeg") for path in EVERYWHERE),
    *(State("conclusie 1", path, journey="duinrade") for path in ("", "/waar-staan-we/a", "/conclusies", "/plan", "/plan/inleiding", "/document", "/gesprek/c")),
    *(State("gesloten", path, journey="dicht") for path in EVERYWHERE if path not in ("/begrippen", "/voorbeelden", "/tijdlijn", "/wie-mag-wat")),
    *(State("30 partijen, lange teksten", path, journey="druk") for path in EVERYWHERE if path not in ("/begrippen", "/voorbeelden", "/wie-mag-wat")),
    *(State("lijst", path) for path in LIST),
    *(State("eigen scholen", path, who="J. Bakker") for path in LIST[1:]),
    *(State("scholen van een ander", path, who="K. Smit") for path in LIST[1:]),
    *(State("lijst lezen", path, who="E. de Boer") for path in LIST),
    *(State("lijst gesloten", path, journey="dicht") for path in LIST),
    *(State("lange lijst", path, journey="druk") for path in LIST),
    State("te veel geplakt", LIST[1], do="paste_too_much"),
    State("criterium weggehaald", LIST[1], do="take_criterion_away"),
    State("school weggehaald", LIST[2], do="take_school_away"),
    State("lijst weggehaald", LIST[1], journey="druk", do="take_list_away"),
    State("lijst zonder naam", "/conclusies/lijsten", do="start_list_wrong"),
    State("conflict", "/verkenning", do="conflict"),
    State("conflict, lange tekst", "/gesprek/c", do="conflict_long"),
    State("conflict, keuze", "/verkenning", do="conflict_choice"),
    State("alle opmerkingen", "/opmerkingen?toon=alles"),
    State("een opmerking", "/opmerkingen", do="open_remark"),
    State("opmerkingen bij een punt", "/opmerkingen/bij/punt/b/vve-voorschools"),
    State("voorstel", "/opmerkingen", do="open_proposal"),
    State("opmerking te lang", "/opmerkingen", do="remark_too_long"),
    State("wie schreef wat", "/plan/visie-en-doelen?wie=ja"),
    State("niets gewijzigd", "/versies/vergelijk"),
    State("versie gelezen", "/versies", do="read_version"),
    State("versies vergeleken", "/versies", do="compare_versions"),
    State("versie zonder naam", "/versies", do="version_without_name"),
    State("bron vergelijken", "/plan/inventarisatie", do="compare_source"),
    State("samen schrijven", "/plan/inventarisatie", do="write_together"),
    State("samen schrijven, link", "/plan/inleiding", do="text_link"),
    State("samen schrijven, geen verbinding", "/plan/visie-en-doelen", do="line_gone"),
    State("samen schrijven, notities", "/gesprek/b", do="write_notes"),
    State("samen schrijven, motivering", "/conclusies", do="write_reason"),
    State("fout", "/opzet", do="error"),
    State("opslaan mislukt", "/verkenning", do="save_failed"),
    State("fout bij starten", "/trajecten/nieuw", journey="", do="start_wrong"),
    State("persoonlijke link getoond", "/opzet/partij/{partij:linde}", do="make_link"),
    State("toegang van iemand", "/toegang", do="open_person"),
    State("toegang, andere partij", "/toegang", who="K. Smit"),
    State("uitnodigen, controleren", "/toegang/uitnodigen", do="check_people"),
    State("uitnodigen, fout", "/toegang/uitnodigen", do="check_wrong_people"),
    State("uitgenodigd", "/toegang/uitnodigen", do="invite_people"),
    State("vragen om toegang", "/toegang", journey="toegang"),
    State("wacht op een code", "/toegang", journey="toegang", do="wait_for_code"),
    State("code voorlezen", "/toegang", journey="toegang", do="read_out"),
    State("plek doorgeven", "/toegang", journey="toegang", do="open_hand_over"),
    State("plek doorgeven, fout", "/toegang", journey="toegang", do="hand_over_wrong"),
    State("plek doorgegeven", "/toegang", journey="toegang", do="hand_over"),
    *(State("niet aangemeld", path, journey="", who="-") for path in ("/aanmelden/code-vragen", "/toegang-vragen", "/toegang/onbekend?vragen=1")),
    State("toegang vragen, fout", "/toegang-vragen", journey="", who="-", do="ask_access_wrong"),
    State("toegang gevraagd", "/toegang-vragen", journey="", who="-", do="ask_access"),
    State("code aanvragen, fout", "/aanmelden/code-vragen", journey="", who="-", do="ask_code_wrong"),
    State("code invullen", "/aanmelden/code", journey="", who="-", do="ask_code"),
    State("code fout", "/aanmelden/code", journey="", who="-", do="wrong_code"),
    State("kiezen na de code", "/aanmelden/kiezen", journey="", who="-", do="choose_place"),
    State("wie nodigt uit", "/opzet/partij/{partij:linde}", do="open_invitation"),
)  # fmt: skip


def make_states(tx: Session, settings: Settings, pack: Pack) -> dict[str, str]:
    """Makes the journeys that are not examples. Returns their ids by name."""
    person = ensure_local_person(tx)
    tx.add(
        OidcProvider(
            tenant_id=person.tenant_id,
            name="voorbeeld",
            label="Gemeente Meerwijk",
            issuer="https://meerwijk.test",
            client_id="x",
            domains="meerwijk.test",
        )
    )
    made = {"leeg": start_journey(tx, person, pack, "Een nieuw traject", ["Meerwijk"])[0].id}
    made["toegang"] = _access(tx, settings, pack, person)
    made["druk"] = _busy(tx, settings, pack, person)
    closed = play(tx, settings, person, pack, scripts()[0])
    closed.title, closed.example = "Een afgesloten traject", ""
    tx.add(closed)
    tx.flush()
    from app.journey.store import find_seat_and_journey

    seat, journey = find_seat_and_journey(tx, person, closed.id)
    here = here_for(tx, settings, person, journey, seat)
    for step in STEPS:
        mark_step(here, step.slug, "gesloten")
        mark_step(here, step.slug, "afgerond")
    made["dicht"] = closed.id
    made["archief"] = _archived(tx, settings, pack, person)
    seat, journey = find_seat_and_journey(tx, person, made["druk"])
    made["uit"] = _messages(tx, here_for(tx, settings, person, journey, seat))
    return made


def _messages(tx: Session, here: Here) -> str:
    """A message in every state. Returns the secret of a link that turns the daily overview off."""
    person = next(p for s, p in here.seats.values() if s.id != here.seat.id)
    for number, state in enumerate(STATES_OF_MAIL):
        mail = Mail(
            tenant_id=here.tenant_id,
            kind=list(KINDS)[number % len(KINDS)],
            journey_id=here.journey.id,
            person_id=person.id,
            by_person=here.person.id,
            to_name=f"{STRANGE} {WORD}"[:120],
            to_email=f"{'een-heel-lang-adres.' * 3}x@{'langenaam' * 5}.example",
            subject="",
            body="",
            state=state,
            reason="" if state in ("ready", "sent") else "dit adres bestaat waarschijnlijk niet (5.1.1)",
            next_at=now() + timedelta(hours=2),
        )
        tx.add(mail)
    tx.add(reader := Digest(tenant_id=here.tenant_id, person_id=person.id))
    return reader.off_token


def _archived(tx: Session, settings: Settings, pack: Pack, person: Person) -> str:
    """The plan example with an adopted document, somebody who left, and a day on which it goes."""
    from app.journey.store import find_seat_and_journey

    journey = play(tx, settings, person, pack, scripts()[0])
    journey.title, journey.example = "Een traject in het archief", ""
    tx.add(journey)
    tx.flush()
    seat, journey = find_seat_and_journey(tx, person, journey.id)
    here = here_for(tx, settings, person, journey, seat)
    leaving = add_person(here, here.parties[1], "Iemand die wegging")
    leaving.removed_at = now()
    tx.add(leaving)
    keeping.fix_document(here, f"Besluit van het college {WORD}"[:200], "2026-03-12", "plan.pdf", b"%PDF-1.7 plan")
    keeping.archive(here)
    journey.purge_on = today() + timedelta(days=30)
    tx.add(journey)
    return journey.id


TWICE = "anna@twee.example"  # takes part in two trajecten with one address


def _access(tx: Session, settings: Settings, pack: Pack, person: Person) -> str:
    """A journey in which people ask for access; its Anna takes part in another one too."""
    for title in ("Een tweede traject voor Anna", "Een traject waarin mensen toegang vragen"):
        journey, seat = start_journey(tx, person, pack, title, ["Meerwijk"])
        here = here_for(tx, settings, person, journey, seat)
        party = add_party(here, "schoolbestuur", "Stichting De Eik")
        make_link(here, add_person(here, party, "Anna Twee", TWICE))
    bert = add_person(here, party, "Bert Drie", "bert@drie.example")
    add_person(here, party, "Cor Vier", "cor@vier.example")
    make_link(here, bert)
    for name, email in (
        ("Tom Smit", "tom@vijf.example"),
        (WORD[:100], f"{'lang' * 15}@{'adres' * 10}.example"),
        ("عبد الرحمن", "bert@drie.example"),
    ):
        asked = AccessRequest(
            tenant_id=journey.tenant_id,
            journey_id=journey.id,
            seat_id=bert.id,
            name=name,
            email=email,
            organisation="De Eik",
        )
        tx.add(asked)
    tx.flush()
    return journey.id


def _busy_list(here: Here, pack: Pack) -> None:
    """Twenty long criteria for ninety schools with long names."""
    chosen = conclusions.fields(pack)["criteria/gekozen"]
    save_joint(here, "conclusies/criteria/gekozen", chosen, ["ja"], 0)
    made = checklists.start_list(here, "criteria/vve-indicatoren", f"Indicatoren {WORD}"[:120])
    criteria = "\n".join(f"{number} {STRANGE} {WORD} {LONG}"[:490] for number in range(20))
    checklists.add_criteria(here, made, criteria)
    for party in here.parties:
        names = "\n".join(f"School {n} voor katholiek en openbaar onderwijs {WORD}"[:110] for n in range(3))
        checklists.add_institutions(here, made, party, names)


def _busy(tx: Session, settings: Settings, pack: Pack, person: Person) -> str:
    journey, seat = start_journey(
        tx, person, pack, f"Een heel groot traject met een lange naam: {WORD[:80]}", ["Meerwijk", "Duinrade"]
    )
    here = here_for(tx, settings, person, journey, seat)
    kinds = ("schoolbestuur", "voorschool", "schoolbestuur", "zorg-welzijn")
    for number in range(28):
        name = f"Stichting voor katholiek en openbaar primair onderwijs in de regio nummer {number}"
        party = add_party(here, kinds[number % 4], name, f"Bestuur {number}")
        member = add_person(here, party, f"Persoon {number}")
        theirs = here_for(tx, settings, tx.get(Person, (member.tenant_id, member.person_id)), journey, member)
        for theme in pack.themes:
            for name_, spec in table.specs(pack, party, theme).items():
                options = [o.value for o in spec.options]
                value = options[number % len(options)] if options else (LONG, WORD, STRANGE)[number % 3]
                save_answer(theirs, party, f"{theme.slug}/{name_}", spec, [value], 0)
            if number % 5:
                screening.share_theme(theirs, party, theme)
    here = here_for(tx, settings, person, journey, seat)
    for step, specs in (("verkenning", exploration.fields(pack)), ("gesprek", talk.fields(pack, here.parties))):
        for name_, spec in specs.items():
            if spec.kind == "text":
                save_joint(here, f"{step}/{name_}", spec, [f"{STRANGE} {LONG}"[:3000]], 0)
            elif spec.kind == "many" and name_.endswith("uitkomst"):
                save_joint(here, f"{step}/{name_}", spec, [spec.options[0].value], 0)
    _busy_list(here, pack)
    everyone = tuple(p.id for p in here.parties)
    for theme in pack.themes:
        new = dialogue.NewAgreement(f"{WORD} {LONG}"[:2000], everyone[3], everyone, "2028-06")
        dialogue.add_agreement(here, theme.slug, "", new)
        dialogue.remove_agreement(here, dialogue.add_agreement(here, theme.slug, "", new))
    return journey.id
