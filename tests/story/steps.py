"""What people do, in words of the interface."""

from __future__ import annotations

from playwright.sync_api import Page


def start_journey(page: Page, title: str, municipality: str) -> str:
    """Starts a traject from the front page. Returns its address."""
    page.get_by_role("link", name="Start een traject").first.click()
    page.get_by_label("Naam van het traject").fill(title)
    page.get_by_label("Gemeente", exact=True).first.fill(municipality)
    page.get_by_role("button", name="Start het traject").click()
    page.wait_for_url("**/trajecten/*/**")
    return "/".join(page.url.split("?")[0].split("/")[:5])


def open_link(page: Page, journey: str, name: str, party: str) -> str:
    """The procesbegeleider adds somebody to a party and makes a personal link. Returns the link."""
    page.goto(f"{journey}/opzet")
    raise NotImplementedError
