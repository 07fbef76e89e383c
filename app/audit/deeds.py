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
    "journey_started": Deed("Traject gestart", SETTINGS),
    "journey_imported": Deed("Traject uit een bestand gehaald", SETTINGS),
    "municipality_added": Deed("Gemeente toegevoegd", SETTINGS),
    "municipality_removed": Deed("Gemeente weggehaald", SETTINGS),
    "party_added": Deed("Partij toegevoegd", SETTINGS),
    "party_removed": Deed("Partij verwijderd", SETTINGS),
    "person_added": Deed("Deelnemer toegevoegd", PEOPLE),
    "person_changed": Deed("Gegevens van een deelnemer gewijzigd", PEOPLE),
    "person_removed": Deed("Deelnemer verwijderd", PEOPLE),
    "role_changed": Deed("Rol van een deelnemer gewijzigd", PEOPLE),
    "mandate_given": Deed("Mandaat gegeven", PEOPLE),
    "mandate_taken": Deed("Mandaat teruggenomen", PEOPLE),
    "link_made": Deed("Persoonlijke link gemaakt", PEOPLE),
    "link_sent": Deed("Uitnodiging met persoonlijke link gestuurd", PEOPLE),
    "link_extended": Deed("Persoonlijke link langer laten werken", PEOPLE),
    "code_read_out": Deed("Code bekeken om voor te lezen", PEOPLE),
    "link_revoked": Deed("Persoonlijke link ingetrokken", PEOPLE),
    "reminder_written": Deed("Herinnering gestuurd", PEOPLE),
    "party_reminded": Deed("Herinnering aan een partij gestuurd", PEOPLE),
    "theme_shared": Deed("Thema gedeeld", SHARING),
    "theme_shared_again": Deed("Thema opnieuw gedeeld", SHARING),
    "behalf_shared": Deed("Namens een partij gedeeld", SHARING),
    "behalf_confirmed": Deed("Bevestigd wat namens de partij was ingevuld", SHARING),
    "step_closed": Deed("Stap of onderdeel gesloten", STEPS),
    "step_finished": Deed("Stap of onderdeel afgerond", STEPS),
    "step_skipped": Deed("Stap overgeslagen", STEPS),
    "step_reopened": Deed("Stap of onderdeel weer geopend", STEPS),
}

# Deeds without an event.
OTHER = {
    "tenant_created": Deed("Gemeente toegevoegd aan de installatie", SETTINGS),
    "tenant_changed": Deed("Instellingen van een gemeente gewijzigd", SETTINGS),
    "tenant_closed": Deed("Gemeente gesloten", SETTINGS),
    "tenant_opened": Deed("Gemeente weer geopend", SETTINGS),
    "starter_invited": Deed("Link gemaakt om een traject te starten", PEOPLE),
    "starter_withdrawn": Deed("Ingetrokken dat iemand een traject mag starten", PEOPLE),
    "register_taken": Deed("Bestand overgenomen in het register", SETTINGS),
    "style_taken": Deed("Huisstijl overgenomen", SETTINGS),
    "signed_in": Deed("Aangemeld", SIGN_IN),
    "signed_out": Deed("Afgemeld", SIGN_IN),
    "passkey_added": Deed("Vingerafdruk, gezicht of pincode ingesteld", SIGN_IN),
    "passkey_removed": Deed("Vingerafdruk, gezicht of pincode weggehaald", SIGN_IN),
    "document_downloaded": Deed("Document als PDF gehaald", OUTPUT),
    "access_list_kept": Deed("Lijst ‘Wie heeft toegang’ als bestand gehaald", OUTPUT),
    "journey_exported": Deed("Traject als bestand gehaald", OUTPUT),
    "page_refused": Deed("Pagina gevraagd", REFUSED),
    "change_refused": Deed("Wijziging geprobeerd", REFUSED),
}
DEEDS = EVENTS | OTHER

RESULTS = {
    "gelukt": "gelukt",
    "mag-niet": "geweigerd: mag niet met deze rol",
    "niet-gevonden": "geweigerd: bestaat niet, of geen toegang",
    "gesloten": "geweigerd: gesloten",
}
