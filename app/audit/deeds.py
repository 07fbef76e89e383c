"""What is written down, in words. One table: a deed that is not here cannot be logged."""

from __future__ import annotations

from dataclasses import dataclass

SIGN_IN, PEOPLE, SHARING, STEPS, OUTPUT, SETTINGS, SEEN, REFUSED = (
    "aanmelden",
    "mensen en rechten",
    "delen",
    "stappen",
    "uitvoer",
    "instellingen",
    "inzage",
    "geweigerd",
)
KINDS = (SIGN_IN, PEOPLE, SHARING, STEPS, OUTPUT, SETTINGS, SEEN, REFUSED)


@dataclass(frozen=True)
class Deed:
    """`words` say it in the log; `kind` is what one can filter by."""

    words: str
    kind: str


# Deeds that are also an event of a journey: written down by `app.journey.events.record`, in the same transaction.
EVENTS = {
    "journey_started": Deed("Startte het traject", SETTINGS),
    "journey_imported": Deed("Haalde het traject uit een bestand", SETTINGS),
    "municipality_added": Deed("Voegde een gemeente toe", SETTINGS),
    "municipality_removed": Deed("Haalde een gemeente weg", SETTINGS),
    "party_added": Deed("Voegde een partij toe", SETTINGS),
    "party_removed": Deed("Haalde een partij weg", SETTINGS),
    "person_added": Deed("Voegde iemand toe", PEOPLE),
    "person_changed": Deed("Paste gegevens aan", PEOPLE),
    "person_removed": Deed("Haalde iemand uit het traject", PEOPLE),
    "role_changed": Deed("Gaf iemand een andere rol", PEOPLE),
    "mandate_given": Deed("Gaf iemand mandaat", PEOPLE),
    "mandate_taken": Deed("Nam mandaat terug", PEOPLE),
    "link_sent": Deed("Stuurde een uitnodiging met link", PEOPLE),
    "link_extended": Deed("Liet een persoonlijke link langer werken", PEOPLE),
    "link_made": Deed("Maakte een persoonlijke link", PEOPLE),
    "access_asked": Deed("Vroeg om toegang", PEOPLE),
    "access_allowed": Deed("Liet iemand toe die erom vroeg", PEOPLE),
    "access_declined": Deed("Wees een vraag om toegang af", PEOPLE),
    "seat_handed_over": Deed("Gaf de eigen plek door aan een collega", PEOPLE),
    "code_read_out": Deed("Bekeek een code om voor te lezen", PEOPLE),
    "link_revoked": Deed("Trok iemands toegang in", PEOPLE),
    "person_forgotten": Deed("Wiste naam en e-mailadres", PEOPLE),
    "journey_archived": Deed("Archiveerde het traject", SETTINGS),
    "journey_archived_by_term": Deed("Archiveerde het traject, want er was lang niets veranderd", SETTINGS),
    "journey_taken_back": Deed("Haalde het traject terug uit het archief", SETTINGS),
    "purge_announced": Deed("Meldde wanneer het traject wordt gewist", SETTINGS),
    "document_fixed": Deed("Legde het document vast als besluit", OUTPUT),
    "reminder_written": Deed("Stuurde een herinnering", PEOPLE),
    "party_reminded": Deed("Stuurde een partij een herinnering", PEOPLE),
    "theme_shared": Deed("Deelde een thema", SHARING),
    "theme_shared_again": Deed("Deelde een thema opnieuw", SHARING),
    "behalf_shared": Deed("Deelde namens een partij", SHARING),
    "behalf_confirmed": Deed("Bevestigde wat namens de partij was ingevuld", SHARING),
    "step_closed": Deed("Sloot een stap of een deel ervan", STEPS),
    "step_finished": Deed("Rondde een stap of een deel ervan af", STEPS),
    "step_skipped": Deed("Sloeg een stap over", STEPS),
    "step_reopened": Deed("Opende een stap of een deel ervan weer", STEPS),
}

# Deeds without an event.
OTHER = {
    "tenant_created": Deed("Voegde een gemeente toe aan de installatie", SETTINGS),
    "tenant_changed": Deed("Paste iets aan voor een gemeente", SETTINGS),
    "tenant_closed": Deed("Sloot een gemeente", SETTINGS),
    "tenant_opened": Deed("Opende een gemeente weer", SETTINGS),
    "starter_invited": Deed("Maakte een link om een traject te starten", PEOPLE),
    "starter_withdrawn": Deed("Trok in dat iemand een traject mag starten", PEOPLE),
    "register_taken": Deed("Nam een bestand over in het register", SETTINGS),
    "style_taken": Deed("Nam een huisstijl over", SETTINGS),
    "passkey_added": Deed("Stelde vingerafdruk, gezicht of pincode in", SIGN_IN),
    "passkey_removed": Deed("Haalde vingerafdruk, gezicht of pincode weg", SIGN_IN),
    "signed_in": Deed("Meldde zich aan", SIGN_IN),
    "session_ended": Deed("Beëindigde een eigen aanmelding", SIGN_IN),
    "signed_out_everywhere": Deed("Meldde zich overal af", SIGN_IN),
    "signed_out": Deed("Meldde zich af", SIGN_IN),
    "document_downloaded": Deed("Haalde het document op als PDF", OUTPUT),
    "access_list_kept": Deed("Haalde de lijst ‘Wie heeft toegang’ op", OUTPUT),
    "journey_exported": Deed("Haalde het traject op als bestand", OUTPUT),
    "record_downloaded": Deed("Haalde een vastgesteld stuk op", OUTPUT),
    "own_data_downloaded": Deed("Haalde de eigen gegevens op", OUTPUT),
    "log_read": Deed("Bekeek het logboek", SEEN),
    "log_exported": Deed("Haalde het logboek op als tabel", OUTPUT),
    "page_refused": Deed("Vroeg een pagina", REFUSED),
    "change_refused": Deed("Wilde iets wijzigen", REFUSED),
}
DEEDS = EVENTS | OTHER

RESULTS = {
    "gelukt": "gelukt",
    "mag-niet": "geweigerd: mag niet met deze rol",
    "niet-gevonden": "geweigerd: bestaat niet, of geen toegang",
    "gesloten": "geweigerd: gesloten",
    "klopt-niet": "geweigerd: klopt niet",
}
