"""What is asked of each route for the rights matrix: one line per route.

A new route needs one line here: `"POST /pad/{id}": Ask("Wat iemand hier doet", {"veld": "waarde"})`, with a body that is
right. Ids in the address that the matrix knows (party_id, seat_id, agreement_id, remark_id, paragraph_id, row_id,
municipality_id) are tried as of here, of another party, of another journey, of another gemeente and as absent; say with
`about` that another thing of `tests/architecture/cast.py` is meant. The other parts of the address are given in `path`.
Words between braces in body and path are ids: {eigen}, {ander}, …; {ik} is wie het vraagt Then: `GOLDEN=1 pytest tests/architecture/test_matrix.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.register import samples


@dataclass(frozen=True)
class Ask:
    """One thing that somebody does at a route."""

    words: str
    body: dict[str, str] = field(default_factory=dict)
    path: dict[str, str] = field(default_factory=dict)
    about: str = ""  # which thing of the cast the id in the address is
    file: str = ""  # the name under which a file is sent along
    content: bytes = b""  # of that file; empty is a journey as a file
    note: str = ""  # why nobody may: then nobody needs to


def value(text: str, words: str, **path: str) -> Ask:
    """One field that is saved for the first time."""
    return Ask(words, {"waarde": text, "versie": "0"}, path)


LOCAL = "alleen op een computer zonder mailserver"
OWN_COMPUTER = "alleen op een eigen computer"
LIST = {"checklist_id": "{lijst}"}
B, C, D = {"theme": "b"}, {"theme": "c"}, {"theme": "d"}
CHAPTER = {"chapter": "inventarisatie"}
POINT = {"key": "punt/b/vve-vroegschools"}
GOAL = {"kind": "doel"}

NEW_TENANT = {
    "naam": "Nergenshuizen", "soort": "gemeente", "archiveren": "24", "verwijderen": "12", "document": "10",
}  # fmt: skip

TENANT = {"tenant_id": "meerwijk"}
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'

ASKS: dict[str, Ask | tuple[Ask, ...]] = {
    # without a journey
    "GET /": Ask("De startpagina"),
    "GET /over": Ask("Over Driekolom"),
    "GET /privacy": Ask("Uw gegevens"),
    "GET /beveiliging": Ask("Beveiliging"),
    "GET /.well-known/security.txt": Ask("Waar u een lek meldt, voor een programma", note="hier is dat niet ingesteld"),
    "GET /aanmelden": Ask("Hoe u zich aanmeldt"),
    "GET /aanmelden/code-vragen": Ask("De pagina om een code aan te vragen"),
    "POST /aanmelden/code-vragen": Ask("Een code aanvragen", {"e-mail": "wie@voorbeeld.test"}),
    "GET /aanmelden/code": Ask("De pagina om een code in te vullen"),
    "POST /aanmelden/code": Ask("Een code invullen in een browser die geen code vroeg", {"code": "000000"}),
    "GET /aanmelden/kiezen": Ask("Kiezen waar u naartoe gaat"),
    "POST /aanmelden/kiezen": Ask("Kiezen in een browser die geen code gaf", {"persoon": "x"}),
    "POST /afmelden": Ask("Afmelden"),
    "GET /account/berichten": Ask("Berichten die u krijgt"),
    "POST /account/berichten": Ask("Het dagelijks overzicht aan- of uitzetten", {"van": "{ik}", "overzicht": "uit"}),
    "GET /berichten/uit/{token}": Ask("De link om het overzicht uit te zetten", path={"token": "{uit-link}"}),
    "POST /berichten/uit/{token}": Ask("Het overzicht uitzetten met die link", path={"token": "{uit-link}"}),
    "GET /account": Ask("Uw gegevens en aanmeldingen"),
    "POST /account/aanmeldingen/{session_id}/beeindigen": Ask("Een aanmelding beëindigen", {"van": "{ik}"}),
    "POST /account/overal-uitloggen": Ask("Overal uitloggen", {"van": "{ik}"}),
    "GET /aanmelden/organisatie/{name}": Ask(
        "Naar de eigen organisatie", path={"name": "meerwijk"}, note="in de matrix is er geen"
    ),
    "GET /aanmelden/organisatie/{name}/terug": Ask(
        "Terug van de eigen organisatie", path={"name": "meerwijk"}, note="in de matrix is er geen"
    ),
    "GET /aanmelden/organisatie/{name}/kiezen": Ask(
        "Kiezen als wie u verder gaat", path={"name": "meerwijk"}, note="in de matrix is er geen"
    ),
    "POST /aanmelden/organisatie/{name}/kiezen": Ask(
        "Verder gaan als wie u koos", path={"name": "meerwijk"}, note="in de matrix is er geen"
    ),
    "GET /aanmelden/organisatie/{name}/afmelden": Ask(
        "Ook afmelden bij de eigen organisatie", path={"name": "meerwijk"}, note="in de matrix is er geen"
    ),
    "POST /aanmelden/passkey/vraag": Ask("De vraag om met een passkey binnen te komen"),
    "POST /aanmelden/passkey": Ask("Binnenkomen met een passkey", note="in de matrix heeft niemand een passkey"),
    "POST /account/passkeys/vraag": Ask("De vraag om een passkey in te stellen"),
    "POST /account/passkeys": Ask("Een passkey instellen", {"van": "{ik}"}, note="in de matrix is geen apparaat"),
    "POST /account/passkeys/{passkey_id}/verwijderen": Ask(
        "Een passkey weghalen", {"van": "{ik}"}, {"passkey_id": "x"}, note="in de matrix heeft niemand een passkey"
    ),
    "GET /gezond": Ask("Werkt de server?"),
    "GET /huisstijl/{name}": Ask("De huisstijl", path={"name": "theme.css"}, note="hier is geen huisstijl ingesteld"),
    "GET /huisstijl/{tenant_id}/{mark}/{name}": (
        Ask("De huisstijl van een gemeente", path={"tenant_id": "anderstad", "mark": "{in-gebruik}", "name": "logo"}),
        Ask("Een huisstijl die nog niet is overgenomen", path=TENANT | {"mark": "{merk}", "name": "logo"}),
    ),
    "GET /-/onderdelen": Ask("De bouwstenen", note=OWN_COMPUTER),
    "GET /uitgaande-post": Ask("Uitgaande post", note=LOCAL),
    "GET /toegang/{secret}": (
        Ask("Een persoonlijke link openen", path={"secret": "{link}"}),
        Ask("Een link openen die niet (meer) werkt", path={"secret": "x" * 43}, note="de link is de sleutel"),
    ),
    "POST /toegang/{secret}": (
        Ask("Binnenkomen met een persoonlijke link", path={"secret": "{link}"}),
        Ask("Binnenkomen met een link die niet (meer) werkt", path={"secret": "x" * 43}, note="de link is de sleutel"),
    ),
    "GET /toegang/{secret}/doorgeven": Ask("De pagina om een plek door te geven", path={"secret": "{link}"}),
    "POST /toegang/{secret}/doorgeven": Ask(
        "Een plek doorgeven aan een collega",
        {"naam": "Nieuwe Collega", "e-mail": "nieuwe@voorbeeld.test"},
        {"secret": "{link}"},
    ),
    "GET /toegang-vragen": Ask("De pagina om toegang te vragen"),
    "POST /toegang-vragen": Ask("Toegang vragen", {"naam": "Wie", "e-mail": "iemand-anders@voorbeeld.test"}),
    "GET /register": Ask("Het register"),
    "POST /register": Ask("Een bestand voor het register aanbieden", file="bestand", content=samples.pupils()),
    "GET /register/{import_id}": Ask("Wat een bestand verandert", path={"import_id": "{aangeboden}"}),
    "POST /register/{import_id}/overnemen": Ask(
        "Een bestand overnemen",
        {name: f"{{{name}}}" for name in ("nieuw", "gewijzigd", "verdwenen")},
        {"import_id": "{aangeboden}"},
    ),
    "POST /register/{import_id}/weg": Ask("Een bestand niet overnemen", path={"import_id": "{aangeboden}"}),
    "GET /beheer": Ask("Beheer van de installatie"),
    "GET /beheer/gemeenten/nieuw": Ask("De pagina om een gemeente toe te voegen"),
    "POST /beheer/gemeenten": Ask("Een gemeente toevoegen", NEW_TENANT),
    "GET /beheer/gemeenten/{tenant_id}": Ask("Een gemeente in beheer", path=TENANT),
    "POST /beheer/gemeenten/{tenant_id}/instellingen": Ask(
        "Een gemeente instellen", NEW_TENANT | {"versie": "{versie-gemeente}"}, TENANT
    ),
    "POST /beheer/gemeenten/{tenant_id}/starters": Ask("Een link geven om te starten", {"naam": "Iemand"}, TENANT),
    "POST /beheer/gemeenten/{tenant_id}/starters/{person_id}/intrekken": Ask(
        "Intrekken dat iemand mag starten", path={"tenant_id": "meerwijk", "person_id": "{starter}"}
    ),
    "POST /beheer/gemeenten/{tenant_id}/sluiten": Ask("Een gemeente sluiten", path=TENANT),
    "POST /beheer/gemeenten/{tenant_id}/openen": Ask("Een gemeente weer openen", path=TENANT),
    "GET /beheer/gemeenten/{tenant_id}/huisstijl": Ask("De huisstijl van een gemeente", path=TENANT),
    "GET /beheer/gemeenten/{tenant_id}/huisstijl/voorbeeld": Ask("Het voorbeeld van een huisstijl", path=TENANT),
    "GET /beheer/gemeenten/{tenant_id}/huisstijl/voorbeeld.pdf": Ask("Het voorblad in een huisstijl", path=TENANT),
    "POST /beheer/gemeenten/{tenant_id}/huisstijl/kleuren": Ask(
        "Kleuren aanbieden", path=TENANT, file="theme", content=b".gemeente-theme { --nl-button-border-radius: 4px }"
    ),
    "POST /beheer/gemeenten/{tenant_id}/huisstijl/logo": Ask(
        "Een logo aanbieden", {"alt": "Gemeente"}, TENANT, file="logo", content=LOGO
    ),
    "POST /beheer/gemeenten/{tenant_id}/huisstijl/zonder/{part}": Ask(
        "De gewone kleuren aanbieden", path=TENANT | {"part": "kleuren"}
    ),
    "POST /beheer/gemeenten/{tenant_id}/huisstijl/overnemen": Ask(
        "Een huisstijl overnemen", {"merk": "{merk}"}, TENANT
    ),
    "POST /beheer/gemeenten/{tenant_id}/huisstijl/weg": Ask("Een huisstijl weggooien", path=TENANT),
    "GET /trajecten/nieuw": Ask("De pagina om een traject te starten"),
    "POST /trajecten": Ask(
        "Een traject starten",
        {
            "titel": "Nieuw",
            "gemeente": "Nergenshuizen",
            "partij-1-soort": "schoolbestuur",
            "partij-1-naam": "Stichting Nieuw",
        },
    ),
    "GET /trajecten/uit-bestand": Ask("De pagina om een traject uit een bestand te halen"),
    "POST /trajecten/uit-bestand": Ask("Een traject uit een bestand halen", file="bestand"),
    "GET /handleiding": Ask("De handleiding"),
    "GET /handleiding/{name}": Ask("Een hoofdstuk van de handleiding", path={"name": "beginnen"}),
    "GET /handleiding/beeld/{name}": Ask("Een beeld in de handleiding", path={"name": "conclusies.png"}),
    "GET /account/gegevens": Ask("Alles wat over uzelf wordt bewaard"),
    "GET /account/gegevens.json": Ask("Alles wat over uzelf wordt bewaard, als bestand"),
    "GET /archief": Ask("Vastgestelde stukken van de gemeente"),
    "GET /archief/{record_id}.pdf": Ask("Een vastgesteld stuk van de gemeente ophalen"),
    # overview
    "GET": Ask("Overzicht"),
    "GET /tijdlijn": Ask("Tijdlijn"),
    "GET /stroom": Ask("Horen waar anderen iets wijzigen"),
    "GET /stand": Ask("Vragen of anderen iets wijzigden"),
    "GET /hier": Ask("Wie er nu is"),
    "GET /veranderd": Ask("Wat is er veranderd?"),
    "GET /begrippen": Ask("Begrippen"),
    "GET /voorbeelden": Ask("Voorbeelden uit andere gemeenten"),
    "GET /wie-mag-wat": Ask("Wie mag wat"),
    "GET /herinneren": Ask("De pagina om te herinneren"),
    "POST /herinneren": Ask("Herinneringen versturen", {"tekst": "Deelt u nog?", "aan": "{collega}"}),
    "GET /berichten": Ask("Verzonden berichten"),
    "GET /berichten/{mail_id}/stand": Ask("Wat er van een bericht kwam"),
    "POST /gezien": Ask("Zeggen dat u alles hebt gezien", {"tot": "z"}),
    "POST /stappen/{step}/{verb}": (
        Ask("Een stap sluiten", path={"step": "gesprek", "verb": "sluiten"}),
        Ask("Een stap afronden", path={"step": "plan", "verb": "afronden"}),
        Ask("De verkenning overslaan", path={"step": "verkenning", "verb": "overslaan"}),
    ),
    "GET /bestand": Ask("De pagina om het traject als bestand te bewaren"),
    "GET /bewaren": Ask("Bewaren en wissen"),
    "POST /bewaren/archiveren": Ask("Het traject archiveren"),
    "POST /bewaren/terughalen": Ask("Het traject terughalen uit het archief"),
    "POST /bewaren/stukken": Ask(
        "Het document vastleggen als vastgesteld stuk", {"besluit": "Besluit 1", "datum": "2026-01-05"}
    ),
    "GET /bewaren/stukken/{record_id}.pdf": Ask("Een vastgesteld stuk ophalen"),
    "POST /bewaren/mensen/{seat_id}/wissen": Ask(
        "Naam en e-mailadres wissen van wie weg is", about="persoon die weg is"
    ),
    "GET /logboek": Ask("Logboek van toegang en uitvoer"),
    "GET /logboek.csv": Ask("Het logboek als tabel"),
    "GET /bestand.json": Ask("Het traject als bestand"),
    "GET /document": Ask("Document"),
    "GET /document.pdf": Ask("Document als PDF"),
    # opzet
    "GET /opzet": Ask("Opzet"),
    "GET /opzet/voorproef": Ask("Zo ziet een partij het"),
    "GET /opzet/partij/{party_id}": Ask("Gegevens van een partij"),
    "GET /opzet/mensen": Ask("Mensen die bij geen partij horen"),
    "POST /opzet/veld/{name:path}": (
        value("2040", "De looptijd van het plan wijzigen", name="tot"),
        value("Eigen", "De korte naam van de eigen partij wijzigen", name="partij/{eigen}/kort"),
        value("Ander", "De korte naam van een andere partij wijzigen", name="partij/{ander}/kort"),
        Ask(
            "Een partij van een ander traject wijzigen",
            {"waarde": "Vreemd", "versie": "0"},
            {"name": "partij/{vreemd}/kort"},
            note="die partij is er hier niet",
        ),
        value("directeur", "De functie van een collega wijzigen", name="mens/{collega}/functie"),
        value("directeur", "De functie van iemand van een andere partij wijzigen", name="mens/{iemand}/functie"),
    ),
    "POST /opzet/gemeenten": Ask("Een gemeente toevoegen", {"gemeente": "Kerkdorp"}),
    "POST /opzet/gemeenten/{municipality_id}/verwijderen": Ask("Een gemeente weghalen"),
    "GET /opzet/uit-register": Ask("De besturen van het register"),
    "POST /opzet/uit-register": Ask(
        "Besturen uit het register laten meedoen", {"bestuur": "41787", "naam-41787": "Stichting Nieuw"}
    ),
    "POST /opzet/partijen": Ask("Een partij toevoegen", {"soort": "schoolbestuur", "naam": "Stichting Nieuw"}),
    "POST /opzet/partij/{party_id}/verwijderen": Ask("Een partij zonder antwoorden verwijderen", about="lege partij"),
    "POST /opzet/mensen": (
        Ask("Iemand van de eigen partij toevoegen", {"partij": "{eigen}", "naam": "Nieuw", "rol": "deelnemer"}),
        Ask("Iemand van een andere partij toevoegen", {"partij": "{ander}", "naam": "Nieuw", "rol": "deelnemer"}),
        Ask("Iemand zonder partij toevoegen", {"naam": "Nieuw", "rol": "meelezer"}),
        Ask(
            "Iemand bij een partij van een ander traject toevoegen",
            {"partij": "{vreemd}", "naam": "Nieuw", "rol": "deelnemer"},
            note="die partij is er hier niet",
        ),
    ),
    # access
    "GET /toegang": Ask("Wie heeft toegang"),
    "GET /toegang.csv": Ask("De lijst ‘Wie heeft toegang’ als bestand"),
    "GET /toegang/uitnodigen": Ask("De pagina om mensen uit te nodigen"),
    "POST /toegang/uitnodigen": (
        Ask(
            "Mensen van de eigen partij uitnodigen",
            {"partij": "{eigen}", "mensen": "Nieuw; nieuw@voorbeeld.test", "rol": "deelnemer", "stap": "uitnodigen"},
        ),
        Ask(
            "Mensen van een andere partij uitnodigen",
            {"partij": "{ander}", "mensen": "Nieuw; nieuw@voorbeeld.test", "rol": "deelnemer", "stap": "uitnodigen"},
        ),
    ),
    "POST /toegang/vragen/{request_id}/toelaten": Ask("Iemand toelaten die erom vroeg", {"rol": "meelezer"}),
    "POST /toegang/vragen/{request_id}/afwijzen": Ask("Een vraag om toegang afwijzen"),
    "GET /toegang/mensen/{seat_id}": Ask("De toegang van iemand"),
    "POST /toegang/mensen/{seat_id}/code": Ask("Een code voorlezen aan wie erop wacht"),
    "POST /toegang/mensen/{seat_id}/verlengen": Ask("Een link langer laten werken"),
    "POST /toegang/mensen/{seat_id}/verwijderen": Ask("Iemand uit het traject halen"),
    "POST /toegang/mensen/{seat_id}/link": Ask("Een persoonlijke link maken"),
    "POST /toegang/mensen/{seat_id}/uitnodigen": Ask("Een uitnodiging versturen"),
    "POST /toegang/mensen/{seat_id}/intrekken": Ask("Iemands toegang intrekken"),
    # verkenning
    "GET /verkenning": Ask("Verkenning"),
    "POST /verkenning/veld/{name:path}": value("zinvol", "Een antwoord wijzigen", name="uitkomst"),
    # waar staan we
    "GET /waar-staan-we": Ask("Waar staan we?"),
    "GET /waar-staan-we/vragen": Ask("De vragen van de eigen partij"),
    "GET /waar-staan-we/{theme}": Ask("De eigen kolom", path=B),
    "POST /waar-staan-we/{theme}/veld/{name:path}": value("ja", "Invullen", theme="d", name="verdeling"),
    "POST /waar-staan-we/{theme}/delen": Ask("Delen", path=D),
    "POST /waar-staan-we/{theme}/terug": Ask("Terug naar wat gedeeld was", path=B),
    "POST /waar-staan-we/{theme}/klopt": Ask("Bevestigen wat namens u is ingevuld", path={"theme": "a"}),
    "POST /waar-staan-we/{theme}/aanpassen": Ask("Aanpassen wat namens u is ingevuld", path={"theme": "a"}),
    "POST /waar-staan-we/{theme}/ook-hier": Ask("‘Ook hier’", {"punt": "vsv-en-ouders-opvoeding"}, C),
    "GET /waar-staan-we/{theme}/namens/{party_id}": Ask("De kolom namens een partij", path=B),
    "POST /waar-staan-we/{theme}/namens/{party_id}/veld/{name:path}": value(
        "ja", "Invullen namens een partij", theme="d", name="verdeling"
    ),
    "POST /waar-staan-we/{theme}/namens/{party_id}/delen": Ask("Delen namens een partij", path=C),
    "POST /waar-staan-we/{theme}/namens/{party_id}/terug": Ask("Namens een partij terug", path={"theme": "a"}),
    "POST /waar-staan-we/{theme}/namens/{party_id}/ook-hier": Ask(
        "‘Ook hier’ namens een partij", {"punt": "vsv-en-ouders-opvoeding"}, C
    ),
    "GET /waar-staan-we/{theme}/naast-elkaar": Ask("Alles naast elkaar", path=B),
    "POST /waar-staan-we/{theme}/sluiten": Ask("Een thema sluiten", path=B),
    "POST /waar-staan-we/{theme}/openen": Ask("Een thema openen", path=B),
    # opmerkingen
    "GET /opmerkingen": Ask("Alle opmerkingen"),
    "GET /opmerkingen/bij/{key:path}": Ask("Opmerkingen bij een punt", path=POINT),
    "POST /opmerkingen/bij/{key:path}": (
        Ask("Een opmerking bij een ander", {"over": "{ander}", "opmerking": "Mooi"}, POINT),
        Ask(
            "Een opmerking over een partij van een ander traject",
            {"over": "{vreemd}", "opmerking": "Mooi"},
            POINT,
            note="die partij is er hier niet",
        ),
    ),
    "POST /opmerkingen/voorstel/{field}/{key:path}": Ask(
        "Een wijziging voorstellen",
        {"voorstel": "Dit leest beter"},
        {"field": "text", "key": "alinea/{alinea}"},
    ),
    "POST /opmerkingen/{remark_id}/antwoord": Ask("Antwoorden op een opmerking", {"opmerking": "Ja"}),
    "POST /opmerkingen/{remark_id}/afhandelen": Ask("Een opmerking afhandelen"),
    "POST /opmerkingen/{remark_id}/heropenen": Ask("Een opmerking weer oppakken"),
    "POST /opmerkingen/{remark_id}/intrekken": Ask("Een opmerking intrekken"),
    "POST /opmerkingen/{remark_id}/overnemen": Ask(
        "Een voorstel overnemen", {"versie": "{versie-alinea}"}, about="voorstel"
    ),
    "POST /opmerkingen/{remark_id}/afwijzen": Ask("Een voorstel niet overnemen", about="voorstel"),
    # versies
    "GET /versies": Ask("Versies van het plan"),
    "GET /versies/vergelijk": Ask("Twee versies vergelijken"),
    "POST /versies": Ask("Een versie bewaren", {"naam": "Voor het overleg"}),
    "GET /versies/{version_id}": Ask("Een versie lezen"),
    "POST /versies/{version_id}/naam": Ask("Een versie een naam geven", {"naam": "Voor de raad"}),
    "POST /versies/{version_id}/terugzetten/alinea/{paragraph_id}": Ask(
        "Een alinea terugzetten", {"versie": "{versie-alinea}"}, {"paragraph_id": "{alinea}"}
    ),
    "POST /versies/{version_id}/terugzetten/{chapter}": Ask("Een hoofdstuk terugzetten", path=CHAPTER),
    # gesprek
    "GET /gesprek": Ask("Gesprek"),
    "GET /gesprek/{theme}": Ask("Gesprek over een thema", path=B),
    "GET /gesprek/{theme}/afspraak": Ask("De pagina om een afspraak toe te voegen", path=B),
    "POST /gesprek/{theme}/afspraak": Ask(
        "Een afspraak toevoegen", {"wat": "Samen praten", "wie": "{ander}", "wanneer": "2030-06"}, B
    ),
    "POST /gesprek/{theme}/sluiten": Ask("Een thema sluiten", path=B),
    "POST /gesprek/{theme}/openen": Ask("Een thema openen", path=B),
    "POST /gesprek/veld/{name:path}": Ask(
        "Notities en uitkomsten wijzigen", {"versie": "{versie-notities}", "waarde": "x"}, {"name": "b/notities"}
    ),
    "POST /gesprek/geldt-voor/{theme}/{item}": Ask(
        "Wijzigen voor wie een uitkomst geldt", {"versie": "0", "waarde": "{ander}"}, {**B, "item": "vsv-en-ouders"}
    ),
    "POST /gesprek/afspraken/{agreement_id}/verwijderen": Ask("Een afspraak verwijderen"),
    "POST /gesprek/afspraken/{agreement_id}/terugzetten": Ask("Een afspraak terugzetten", about="afspraak die weg is"),
    "POST /gesprek/afspraken/{agreement_id}/afspreken": Ask("Van een voorstel een afspraak maken"),
    "POST /gesprek/afspraken/{agreement_id}/{name}": value("Samen lezen", "Een afspraak wijzigen", name="wat"),
    # conclusies
    "GET /conclusies": Ask("Conclusies"),
    "GET /conclusies/breedte": Ask("Breedte"),
    "GET /conclusies/organisatie": Ask("Organisatie"),
    "GET /conclusies/ouders": Ask("Ouders betrekken"),
    "GET /conclusies/namens/{party_id}": Ask("Namens een partij"),
    "POST /conclusies/veld/{name:path}": value("ja", "Een conclusie kiezen", name="startimpuls/gekozen"),
    "POST /conclusies/partij/{conclusion}/{name}": value(
        "onderschrijft", "Zeggen of de eigen partij onderschrijft", conclusion="startimpuls", name="steun"
    ),
    "POST /conclusies/namens/{party_id}/{conclusion}/{name}": value(
        "onderschrijft", "Zeggen of een partij onderschrijft", conclusion="startimpuls", name="steun"
    ),
    "POST /conclusies/neem-over/{conclusion}/{example}": Ask(
        "Een voorbeeld overnemen", path={"conclusion": "nulmeting", "example": "hulp-bij-opvoeden"}
    ),
    "GET /conclusies/lijsten": Ask("Lijsten met criteria"),
    "POST /conclusies/lijsten": Ask("Een lijst beginnen", {"soort": "criteria/", "naam": "Nieuwe lijst"}),
    "GET /conclusies/lijsten/{checklist_id}": Ask("Een lijst"),
    "POST /conclusies/lijsten/{checklist_id}/veld/{column}": value(
        "Ons beleid", "De bron van een lijst wijzigen", column="source"
    ),
    "POST /conclusies/lijsten/{checklist_id}/verwijderen": Ask("Een lijst verwijderen"),
    "POST /conclusies/lijsten/{checklist_id}/terugzetten": Ask("Een lijst terugzetten"),
    "GET /conclusies/lijsten/{checklist_id}/criteria": Ask("De criteria van een lijst"),
    "POST /conclusies/lijsten/{checklist_id}/criteria": Ask("Criteria toevoegen", {"regels": "Ouders worden gehoord"}),
    "POST /conclusies/lijsten/{checklist_id}/criteria/{criterion_id}/tekst": value(
        "Anders", "Een criterium wijzigen", **LIST
    ),
    "POST /conclusies/lijsten/{checklist_id}/criteria/{criterion_id}/verwijderen": Ask(
        "Een criterium verwijderen", path=LIST
    ),
    "POST /conclusies/lijsten/{checklist_id}/criteria/{criterion_id}/terugzetten": Ask(
        "Een criterium terugzetten", path=LIST
    ),
    "POST /conclusies/lijsten/{checklist_id}/criteria/{criterion_id}/omhoog": Ask("Een criterium omhoog", path=LIST),
    "POST /conclusies/lijsten/{checklist_id}/criteria/{criterion_id}/omlaag": Ask("Een criterium omlaag", path=LIST),
    "GET /conclusies/lijsten/{checklist_id}/scholen": Ask("De scholen van een lijst"),
    "POST /conclusies/lijsten/{checklist_id}/scholen": (
        Ask("Een school van de eigen partij toevoegen", {"partij": "{eigen}", "regels": "De Nieuwe School"}),
        Ask("Een school van een andere partij toevoegen", {"partij": "{ander}", "regels": "De Nieuwe School"}),
    ),
    "POST /conclusies/lijsten/{checklist_id}/scholen/uit-register": (
        Ask("Scholen van de eigen partij uit het register toevoegen", {"partij": "{eigen}"}, LIST),
        Ask("Scholen van een andere partij uit het register toevoegen", {"partij": "{ander}"}, LIST),
    ),
    "POST /conclusies/lijsten/{checklist_id}/scholen/overnemen": Ask(
        "Scholen van een andere lijst overnemen", {"lijst": "{lijst2}"}
    ),
    "GET /conclusies/lijsten/{checklist_id}/scholen/{institution_id}": Ask("Hoe ver een school is", path=LIST),
    "POST /conclusies/lijsten/{checklist_id}/scholen/{institution_id}/naam": value(
        "De Kring", "Een school hernoemen", **LIST
    ),
    "POST /conclusies/lijsten/{checklist_id}/scholen/{institution_id}/verwijderen": Ask(
        "Een school verwijderen", path=LIST
    ),
    "POST /conclusies/lijsten/{checklist_id}/scholen/{institution_id}/terugzetten": Ask(
        "Een school terugzetten", path=LIST
    ),
    "POST /conclusies/lijsten/{checklist_id}/scholen/{institution_id}/{criterion_id}/{column}": Ask(
        "Invullen hoe ver een school is",
        {"versie": "0", "waarde": "bezig"},
        {**LIST, "criterion_id": "{criterium}", "column": "state"},
        about="school",
    ),
    # plan
    "GET /plan": Ask("Plan van aanpak"),
    "GET /plan/{chapter}": Ask("Een hoofdstuk", path=CHAPTER),
    "GET /plan/{chapter}/nog-niet-verwerkt": Ask("Nog niet verwerkt", path=CHAPTER),
    "POST /plan/veld/{name:path}": Ask(
        "De regie kiezen", {"versie": "{versie-regie}", "waarde": "{ander}"}, {"name": "regie"}
    ),
    "POST /plan/alinea/{paragraph_id}/tekst": Ask(
        "Een alinea wijzigen", {"versie": "{versie-alinea}", "waarde": "Anders"}
    ),
    "POST /plan/alinea/{paragraph_id}/omhoog": Ask("Een alinea omhoog"),
    "POST /plan/alinea/{paragraph_id}/omlaag": Ask("Een alinea omlaag"),
    "POST /plan/alinea/{paragraph_id}/verwijderen": Ask("Een alinea verwijderen"),
    "POST /plan/alinea/{paragraph_id}/terugzetten": Ask("Een alinea terugzetten", about="alinea die weg is"),
    "POST /plan/alinea/{paragraph_id}/neem-over": Ask(
        "Een gewijzigde bron overnemen", {"versie": "{versie-bron}"}, about="alinea met een gewijzigde bron"
    ),
    "POST /plan/alinea/{paragraph_id}/laat-zo": Ask("Een alinea zo laten", about="alinea met een gewijzigde bron"),
    "POST /plan/rij/{kind}": (
        Ask("Een doel toevoegen", {"result": "Ouders voelen zich welkom"}, GOAL),
        Ask("Een stap toevoegen", {"what": "Een avond houden"}, {"kind": "actie"}),
        Ask("Een begrotingsregel toevoegen", {"what": "Zaalhuur"}, {"kind": "begroting"}),
        Ask(
            "Een taak van een andere partij toevoegen",
            {"partij": "{ander}", "kant": "doet", "text": "Helpt"},
            {"kind": "taak"},
        ),
        Ask(
            "Een taak van een partij van een ander traject toevoegen",
            {"partij": "{vreemd}", "kant": "doet", "text": "Helpt"},
            {"kind": "taak"},
            note="die partij is er hier niet",
        ),
    ),
    "POST /plan/rij/{kind}/{row_id}/verwijderen": Ask("Een doel verwijderen", path=GOAL),
    "POST /plan/rij/{kind}/{row_id}/terugzetten": Ask("Een doel terugzetten", path=GOAL),
    "POST /plan/rij/{kind}/{row_id}/omhoog": Ask("Een doel omhoog", path=GOAL),
    "POST /plan/rij/{kind}/{row_id}/omlaag": Ask("Een doel omlaag", path=GOAL),
    "POST /plan/rij/{kind}/{row_id}/laat-zo": Ask("Een doel zo laten", path=GOAL),
    "POST /plan/rij/{kind}/{row_id}/{column}": value(
        "Ouders helpen thuis", "Een doel wijzigen", **GOAL, column="result"
    ),
    "POST /plan/cijfer/{figure}": Ask("Een landelijk cijfer in het plan zetten", path={"figure": "genoeg-contact"}),
    "POST /plan/vul-alles-voor": Ask("Alle hoofdstukken voorvullen"),
    "POST /plan/{chapter}/vul-voor": Ask("Een hoofdstuk voorvullen", path=CHAPTER),
    "POST /plan/{chapter}/alinea": Ask("Een alinea toevoegen", path=CHAPTER),
    "POST /plan/{chapter}/visie": Ask(
        "Een visie als voorstel nemen", {"voorbeeld": "impuls/visie-partnerschap"}, {"chapter": "visie-en-doelen"}
    ),
    "POST /plan/{chapter}/gebruik": Ask("Wat gezegd is in het plan zetten", {"sleutel": "{stukje}"}, CHAPTER),
    "POST /plan/{chapter}/laat-weg": Ask("Wat gezegd is weglaten", {"sleutel": "{stukje}", "reden": "later"}, CHAPTER),
    "POST /plan/{chapter}/toch-gebruiken": Ask(
        "Toch gebruiken wat weggelaten was", {"sleutel": "{weggelaten}"}, {"chapter": "{weggelaten-uit}"}
    ),
    "POST /plan/{chapter}/afgerond": Ask("Zeggen dat een hoofdstuk is afgerond", path=CHAPTER),
    "POST /plan/{chapter}/niet-afgerond": Ask("Een hoofdstuk weer oppakken", path=CHAPTER),
    "POST /plan/{chapter}/sluiten": Ask("Een hoofdstuk sluiten", path=CHAPTER),
    "POST /plan/{chapter}/openen": Ask("Een hoofdstuk openen", path=CHAPTER),
}
