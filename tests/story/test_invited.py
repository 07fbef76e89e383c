"""From an invitation to being at the table: invited together, in by the link on a phone, and by a code on another device."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.story.steps import code_in_outbox, start_journey

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}


@pytest.mark.parametrize("javascript", [True, False])
def test_invited_together_in_by_a_link_and_on_another_device_by_a_code(server, desk, javascript: bool):
    table = desk(server, javascript=javascript).open(server.url)
    journey = start_journey(table, "Samen met ouders", "Meerwijk", {"Stichting De Linde": "schoolbestuur vo"})

    # the procesbegeleider invites two people of a board at once
    table.goto(f"{journey}/toegang")
    table.get_by_role("link", name="Nodig mensen uit").first.click()
    table.get_by_label("Voor welke partij?").select_option(label="Stichting De Linde")
    table.get_by_label("Mensen, één per regel").fill(
        "Naam;E-mail;Functie\nPiet Post; piet@linde.example; bestuurder\nAnna Bos <anna@linde.example>"
    )
    table.get_by_role("button", name="Controleer de lijst").click()
    expect(table.get_by_text("Er is nog niets verstuurd.")).to_be_visible()
    table.get_by_label("Rol van Anna Bos").select_option("meelezer")
    table.get_by_role("button", name="Nodig twee mensen uit").click()
    expect(table.get_by_role("row", name=re.compile("Piet Post")).get_by_text("Staat klaar bij")).to_be_visible()

    # the message is in the outbox; its link opens on a phone
    table.goto(f"{server.url}/uitgaande-post")
    letter = table.get_by_role("article").filter(has_text="piet@linde.example")
    expect(letter).to_have_count(1)
    link = re.search(r"http://\S+/toegang/\S+", letter.inner_text())[0]
    phone = desk(server, **PHONE, javascript=javascript).open(link)
    expect(phone.get_by_text("nodigt u uit voor")).to_be_visible()
    expect(phone.get_by_text("Wie ziet wat u invult?")).to_be_visible()
    phone.get_by_role("button", name="Naar het traject").click()
    expect(phone.get_by_role("heading", name="Overzicht")).to_be_visible()

    # another device: only the address, and a code
    laptop = desk(server, javascript=javascript).open(f"{server.url}/aanmelden")
    laptop.get_by_label("E-mailadres").fill("Piet@Linde.example")
    laptop.get_by_role("button", name="Vraag een code aan").click()
    box = laptop.get_by_label("Code", exact=True)
    assert (box.get_attribute("autocomplete"), box.get_attribute("inputmode")) == ("one-time-code", "numeric")
    table.reload()
    code = code_in_outbox(table)
    box.fill("000000" if code != "000000" else "111111")
    laptop.get_by_role("button", name="Ga verder").click()
    expect(laptop.get_by_text("nog 4 keer").first).to_be_visible()
    laptop.get_by_label("Code", exact=True).fill(code)
    laptop.get_by_role("button", name="Ga verder").click()
    expect(laptop.get_by_role("heading", name="Overzicht")).to_be_visible()
    laptop.goto(f"{journey}/toegang")
    expect(laptop.get_by_text("(dat bent u)")).to_be_visible()
    expect(laptop.get_by_text("anna@linde.example")).to_have_count(0)

    # the procesbegeleider sees who came in, takes the link back, and that is felt at once
    table.goto(f"{journey}/toegang")
    expect(table.get_by_role("row", name=re.compile("Piet Post")).get_by_text("vandaag")).to_be_visible()
    table.get_by_role("link", name="Piet Post").click()
    table.get_by_role("button", name="Trek de toegang in").click()
    for device in (phone, laptop):
        device.goto(f"{journey}/gesprek")
        expect(device.get_by_role("heading", name="Aanmelden")).to_be_visible()
