"""A browser without a script, for walking through the pages as they are: it reads labels, fills in forms and presses
buttons. It knows no address that a page did not show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urldefrag, urljoin
from xml.etree.ElementTree import Element

import html5lib
from fastapi.testclient import TestClient


def words(node: Element) -> str:
    """The text of a part of a page."""
    return " ".join("".join(node.itertext()).split())


class Browser:
    def __init__(self, client: TestClient):
        self.client = client
        self.url = ""
        self.html = ""
        self.page = Element("html")
        self.seen: set[str] = set()

    def open(self, url: str) -> Browser:
        """Opens an address, or follows a link of this page by its words."""
        return self._read(self.client.get(urldefrag(urljoin(self.url, url))[0], follow_redirects=True))

    def follow(self, label: str) -> Browser:
        found = [a.get("href", "") for a in self.page.iter("a") if words(a) == label]
        assert found, f"no link {label!r} on {self.url}: {sorted({words(a) for a in self.page.iter('a')})}"
        return self.open(found[0])

    def fill(self, label: str, *values: str, within: str = "") -> Browser:
        """Fills in a field that saves by itself, the first with this label (`within` a part with this id), and saves it.
        Of a closed question the values are the labels of its answers."""
        for form in self._forms(within):
            if "data-field" in form.attrib and label in self._labels(form):
                return self._send(form, {label: values} if self._chooses(form) else {label: values[:1]})
        raise AssertionError(f"no field {label!r} on {self.url}")

    def press(self, button: str, within: str = "", **typed: str) -> Browser:
        """Presses a button, after typing in the boxes of its form by their names."""
        for form in self._forms(within):
            for one in form.iter("button"):
                if words(one) == button or words(one).startswith(f"{button} :") or words(one).startswith(f"{button}:"):
                    return self._send(form, {}, one, typed)
        have = sorted({words(b) for b in self.page.iter("button")})
        raise AssertionError(f"no button {button!r} on {self.url}: {have}")

    def links(self) -> set[str]:
        """Everything on this page that can be opened, as addresses without the part behind #."""
        found = {urldefrag(urljoin(self.url, a.get("href", "")))[0] for a in self.page.iter("a")}
        return {u for u in found if "/trajecten/" in u and not u.endswith((".pdf", ".json"))}

    @property
    def text(self) -> str:
        """What the body of the page says."""
        body = self.page.find(".//main")
        return words(body if body is not None else self.page)

    def _read(self, answer) -> Browser:
        where = f"{answer.request.method} {answer.request.url}: {answer.status_code}"
        assert answer.status_code == 200, f"{where}\n{answer.text[:3000]}"
        self.url, self.html = str(answer.url), answer.text
        self.page = html5lib.parse(answer.text, treebuilder="etree", namespaceHTMLElements=False)
        return self

    def _forms(self, within: str) -> Iterator[Element]:
        for root in [e for e in self.page.iter() if not within or e.get("id") == within][:1]:
            yield from root.iter("form")

    def _labels(self, form: Element) -> set[str]:
        return {words(e) for e in form.iter() if e.tag in ("label", "legend")}

    def _chooses(self, form: Element) -> bool:
        return any(e.get("type") in ("radio", "checkbox") for e in form.iter("input"))

    def _send(
        self,
        form: Element,
        chosen: dict[str, Sequence[str]],
        button: Element | None = None,
        typed: dict[str, str] | None = None,
    ) -> Browser:
        labels = {e.get("for"): words(e) for e in form.iter("label")}
        wanted = {v for values in chosen.values() for v in values}
        data: list[tuple[str, str]] = []
        left = dict(typed or {})
        for box in form.iter():
            name, kind = box.get("name"), box.get("type", "")
            if not name or box.tag == "button":
                continue
            label = labels.get(box.get("id"), "")
            if name in left:
                data.append((name, left.pop(name)))
            elif kind in ("radio", "checkbox"):
                on = label in wanted if chosen else "checked" in box.attrib
                data += [(name, box.get("value", ""))] if on else []
            elif box.tag == "select":
                options = {words(o): o.get("value", "") for o in box.iter("option")}
                old = next((o.get("value", "") for o in box.iter("option") if "selected" in o.attrib), "")
                data.append((name, options[chosen[label][0]] if label in chosen else old))
            elif box.tag == "textarea":
                data.append((name, chosen[label][0] if label in chosen else (box.text or "").lstrip("\n")))
            elif box.tag == "input":
                data.append((name, chosen[label][0] if label in chosen else box.get("value", "")))
        if self._chooses(form) and chosen:
            assert wanted <= set(labels.values()), f"no answer {wanted - set(labels.values())} on {self.url}"
        assert not left, f"no box {sorted(left)} at this button on {self.url}"
        if button is not None and button.get("name"):
            data.append((button.get("name", ""), button.get("value", "")))
        body = {name: [v for n, v in data if n == name] for name, _ in data}
        url = urljoin(self.url, form.get("action", ""))
        if form.get("method", "get").lower() == "get":
            return self._read(self.client.get(url, params=body, follow_redirects=True))
        return self._read(self.client.post(url, data=body, follow_redirects=True))


def walk_everywhere(browser: Browser, start: str, limit: int = 400) -> dict[str, str]:
    """Opens every page that can be reached from here by links; each answers 200. Returns what they say, by address."""
    waiting, told = [start], {}
    while waiting:
        url = waiting.pop()
        if url in told:
            continue
        told[url] = browser.open(url).text
        waiting += sorted(browser.links() - told.keys())
        assert len(told) < limit, "too many pages"
    return told
