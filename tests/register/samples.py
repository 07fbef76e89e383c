"""Small files in the shape of the real ones, with made-up names."""

import csv
import io
import json

DEF = "https://identifier.overheid.nl/tooi/def/ont/"
MUNICIPALITIES = (("0917", "Meerwijk", ""), ("0918", "Oud-Waterland", "2020-12-31"), ("0003", "'s-Hertogendam", ""))
PUPILS = (
    ("0917", "Meerwijk", "01AA", "00", "De Wilg", "41787", "Bo"),
    ("0917", "Meerwijk", "01AA", "00", "De Wilg", "41787", "Bo"),  # a row per home of the pupils
    ("0917", "Meerwijk", "01AB", "00", "De Es", "41787", "Bo"),
    ("0917", "Meerwijk", "02BB", "01", "De Sleutel", "40001", "Sbo"),
)
LOCATIONS = (
    ("0917", "Meerwijk", "03CC", "03CC00", "Lyceum Meerwijk", "40001"),
    ("0003", "'s-Hertogendam", "04DD", "04DD00", "College Dam", "40009"),
)
BOARDS = (("41787", "Stichting De Linde"), ("40001", "Stichting Op Weg"), ("40009", "Stichting Dam"))


def tooi(rows=MUNICIPALITIES) -> bytes:
    def node(code: str, name: str, ended: str) -> dict:
        found = {
            "@id": f"https://identifier.overheid.nl/tooi/id/gemeente/gm{code}",
            "@type": [f"{DEF}Gemeente"],
            f"{DEF}gemeentecode": [{"@value": code}],
            f"{DEF}officieleNaamExclSoort": [{"@value": name}],
        }
        return {**found, f"{DEF}einddatum": [{"@value": ended}]} if ended else found

    other = {"@id": "https://identifier.overheid.nl/tooi/id/provincie/pv20", "@type": [f"{DEF}Provincie"]}
    return json.dumps([*(node(*row) for row in rows), other]).encode()


def table(head: list[str], rows, separator: str = ";") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def pupils(rows=PUPILS, day: str = "20241001") -> bytes:
    head = ["PEILDATUM", "GEMEENTENUMMER", "GEMEENTENAAM", "INSTELLINGSCODE", "VESTIGINGSCODE"]
    head += ["INSTELLINGSNAAM_VESTIGING", "BEVOEGD_GEZAG_NUMMER", "SOORT_PO", "PLAATSNAAM", "LEEFTIJD_4"]
    return table(head, [(day, *row, "MEERWIJK", "<5") for row in rows])


def locations(rows=LOCATIONS, *, vo: bool = True) -> bytes:
    """Another order of columns than the file of pupils, and names with spaces."""
    head = ["GEMEENTENUMMER", "GEMEENTENAAM", "INSTELLINGSCODE", "VESTIGINGSCODE", "VESTIGINGSNAAM"]
    head += ["BEVOEGD GEZAG NUMMER", "TELEFOONNUMMER", *(["ONDERWIJSSTRUCTUUR"] if vo else [])]
    return table(head, [(*row, "0201234567", *(["HAVO/VWO"] if vo else [])) for row in rows], ",")


def boards(rows=BOARDS) -> bytes:
    head = ["BEVOEGD GEZAG NUMMER", "BEVOEGD GEZAG NAAM", "TELEFOONNUMMER", "INTERNETADRES"]
    return table(head, [(*row, "0201234567", "www.voorbeeld.test") for row in rows], ",")
