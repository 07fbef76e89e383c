"""Every page a test fetches is inspected: valid HTML, one h1, a title that starts with it, unique ids, labelled fields,
forms with an action on this site, no inline script or style."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import html5lib
import httpx

VOID = {"input", "br", "hr", "img", "meta", "link", "source", "wbr", "area", "base", "col", "embed", "track"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: dict[str, list[str]] = {}
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        if tag in ("h1", "title"):
            self._inside.append(tag)
            self.text.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text[self._inside[-1]][-1] += data


def problems(html: str, whole: bool) -> list[str]:
    """What is wrong with this page (`whole`) or fragment, in words."""
    wrong: list[str] = []
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html) if whole else parser.parseFragment(html)
    wrong += [f"HTML: {code} {data} at {place}" for place, code, data in parser.errors]
    page = _Reader()
    page.feed(html)
    ids = [a["id"] for _, a in page.tags if "id" in a]
    wrong += [f"id twice: {i}" for i in sorted({i for i in ids if ids.count(i) > 1})]
    labelled = {a["for"] for t, a in page.tags if t == "label" and "for" in a}
    wrong += [f"label for nothing: {i}" for i in sorted(labelled - set(ids))]
    for tag, attrs in page.tags:
        name = attrs.get("name") or attrs.get("id") or "?"
        asks = tag in ("input", "select", "textarea") and attrs.get("type") not in ("hidden", "submit")
        named = attrs.get("id") in labelled or "aria-label" in attrs or "aria-labelledby" in attrs
        if asks and not named:
            wrong.append(f"no label: {tag} {name}")
        for reference in ("aria-describedby", "aria-labelledby", "aria-controls"):
            wrong += [f"{reference} to nothing: {i}" for i in attrs.get(reference, "").split() if i not in ids]
        if tag == "form":
            action = attrs.get("action", "")
            if not action.startswith("/") or action.startswith("//"):
                wrong.append(f"form action: {action!r}")
            if attrs.get("method", "get").lower() not in ("get", "post"):
                wrong.append(f"form method: {attrs.get('method')}")
        if "style" in attrs or any(k.startswith("on") for k in attrs):
            wrong.append(f"inline style or script on {tag} {name}")
        if tag == "img" and "alt" not in attrs:
            wrong.append("img without alt")
        if tag == "a" and attrs.get("href", "").startswith("javascript:"):
            wrong.append("javascript: link")
        for attr in ("src", "href", "action"):
            if re.match(r"(https?:)?//", attrs.get(attr, "")) and tag in ("script", "link", "img", "form", "iframe"):
                wrong.append(f"another host: {attrs[attr]}")
    if whole:
        h1 = [" ".join(t.split()) for t in page.text.get("h1", [])]
        title = " ".join("".join(page.text.get("title", [])).split())
        if len(h1) != 1:
            wrong.append(f"{len(h1)} times h1: {h1}")
        elif not title.startswith(h1[0]):
            wrong.append(f"title {title!r} does not start with h1 {h1[0]!r}")
    return wrong


_FINE: set[int] = set()  # pages in which nothing was wrong: many tests look at the same one


def inspect_html(response: httpx.Response) -> None:
    """Hook of every test client: raises AssertionError with everything that is wrong with an HTML answer."""
    if not response.headers.get("content-type", "").startswith("text/html"):
        return
    response.read()
    seen = hash(response.content)
    if not response.text or seen in _FINE:
        return
    wrong = problems(response.text, whole="<!doctype" in response.text[:200].lower())
    assert not wrong, f"{response.request.method} {response.request.url.path}:\n" + "\n".join(wrong[:20])
    _FINE.add(seen)
