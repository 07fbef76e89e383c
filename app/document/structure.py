"""What WeasyPrint 70 leaves undone in the structure of a PDF, so that a screen reader hears the document
as it was meant.

It cuts every table, list and paragraph that crosses a page into separate elements, repeats table heads as
content, hangs the running titles nowhere and gives heads no scope. This mends that. It leans on two
private things of WeasyPrint (the builder of the tree, and its page numbers): the version is pinned, and a
test counts tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags

Element = Any  # a pydyf.Dictionary with Type /StructElem, and with .html and .page once it is settled

_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def say_both_standards(document: Any) -> None:
    """A file says PDF/A-2a by itself; this adds PDF/UA-1, with the description of that mark that PDF/A
    asks for."""
    write = document.metadata.generate_rdf_metadata
    document.metadata.generate_rdf_metadata = lambda *args: write(*args).replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>")


_build = tags._build_box_tree


def _remembering(box, parent, pdf, page_number, nums, annotations, marked) -> Iterator[Element]:
    """Builds as WeasyPrint does, and remembers of every element which HTML element and page it came from."""
    real = box._box if isinstance(box, AbsolutePlaceholder) else box
    for element in _build(box, parent, pdf, page_number, nums, annotations, marked):
        if not hasattr(element, "html"):
            element.html, element.page, element.last_page = real.element, page_number, page_number
        yield element


def _page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    """The same tuple as long as no page is added: WeasyPrint asks for it at every element."""
    pages = len(pdf.pages["Kids"])
    if getattr(pdf, "known_pages", (0, ()))[0] != pages:
        pdf.known_pages = (pages, _references(pdf))
    return pdf.known_pages[1]


_references = pydyf.PDF.page_references.fget
tags._build_box_tree = _remembering
pydyf.PDF.page_references = property(_page_references)


def mend_structure(document: Any, pdf: Any) -> None:
    """The finisher for `write_pdf`."""
    _Mender(pdf).mend()


class _Mender:
    def __init__(self, pdf: Any):
        self.pdf = pdf
        self.root = self.at(pdf.catalog["StructTreeRoot"])
        self.top = self.at(self.root["K"][0])
        self.nums = nums = self.at(self.root["ParentTree"])["Nums"]
        pairs = zip(nums[::2], nums[1::2], strict=True)
        self.owners = {
            page: owners for page, owners in pairs if isinstance(owners, list)
        }  # page → element of each mark
        self.same_head: dict[bytes, Any] = {}  # id of a repeated head → id of the first
        self.dropped: list[Element] = []

    def mend(self) -> None:
        for kid in self.kids(self.top):
            self.settle(kid, 0)
        self.join_neighbours(self.top)
        for element in list(self.walk(self.top)):
            if element["S"] == "/Link":
                self.flatten(element)
        self.make_artifacts()
        heads = [h for e in self.walk(self.top) if (h := self.describe(e))]
        names = pydyf.Array()
        for _, key, element in sorted(heads, key=lambda h: h[0]):
            names.extend((key, element.reference))
        if names:
            leaf = pydyf.Dictionary({"Names": names})
            self.pdf.add_object(leaf)
            self.root["IDTree"] = leaf.reference

    # Moving through the tree

    def at(self, reference: Any) -> Any:
        """The object behind '12 0 R'; None for anything else."""
        found = re.fullmatch(rb"(\d+) 0 R", reference) if isinstance(reference, bytes) else None
        return self.pdf.objects[int(found[1])] if found else None

    def element(self, kid: Any) -> Element | None:
        found = self.at(kid)
        return found if found is not None and found.get("Type") == "/StructElem" else None

    def kids(self, element: Element) -> list[Element]:
        return [e for k in element["K"] if (e := self.element(k)) is not None]

    def walk(self, element: Element) -> Iterator[Element]:
        for kid in self.kids(element):
            yield kid
            yield from self.walk(kid)

    def settle(self, element: Element, page: int) -> None:
        """Elements made in passing get the page they stand on."""
        if not hasattr(element, "page"):
            element.html, element.page, element.last_page = None, page, page
        for kid in self.kids(element):
            self.settle(kid, element.page)

    # What a page break cut is joined again

    def join_neighbours(self, parent: Element) -> None:
        kept: list[Any] = []
        for kid in parent["K"]:
            this, before = self.element(kid), self.element(kept[-1]) if kept else None
            if this is not None and before is not None and self.goes_on(before, this):
                self.join(before, this)
            else:
                kept.append(kid)
        parent["K"][:] = kept

    @staticmethod
    def goes_on(one: Element, other: Element) -> bool:
        """Whether `other` is the rest of `one` on a next page."""
        return (
            one.html is not None
            and one.html is other.html
            and one["S"] == other["S"]
            and one.last_page < other.page
            and one["S"] not in ("/Figure", "/Link")
        )

    def join(self, one: Element, rest: Element) -> None:
        if one["S"] == "/Table":
            self.drop_repeated(one, rest)
        todo = list(rest["K"])
        last = self.element(one["K"][-1]) if one["K"] else None
        first = self.element(todo[0]) if todo else None
        if last is not None and first is not None and self.goes_on(last, first):
            self.join(last, first)
            todo = todo[1:]
        for kid in todo:
            if isinstance(kid, int):
                kid = self.adopt_mark(one, rest, kid)
            elif (element := self.element(kid)) is not None:
                element["P"] = one.reference
            one["K"].append(kid)
        one.last_page = rest.last_page

    def adopt_mark(self, one: Element, rest: Element, mark: int) -> Any:
        """Text on another page than the element's own is named with its page."""
        self.owners[rest.page][mark] = one.reference
        page = self.pdf.page_references[rest.page]
        return pydyf.Dictionary({"Type": "/MCR", "Pg": page, "MCID": mark})

    def drop_repeated(self, table: Element, rest: Element) -> None:
        """The head of a table is read once: its copies on next pages become decoration."""
        first = next((e for e in self.kids(table) if e["S"] == "/THead"), None)
        for kid in list(rest["K"]):
            copy = self.element(kid)
            if first is None or copy is None or copy["S"] != "/THead" or copy.html is not first.html:
                continue
            for cell, again in zip(self.cells(first), self.cells(copy), strict=False):
                if "ID" in cell and "ID" in again:
                    self.same_head[again["ID"].data] = cell["ID"]
            self.dropped.append(copy)
            rest["K"].remove(kid)

    def cells(self, head: Element) -> list[Element]:
        return [cell for row in self.kids(head) for cell in self.kids(row)]

    # What stands behind a link by CSS is a link of its own in it: one is enough

    def flatten(self, link: Element) -> None:
        kept: list[Any] = []
        for kid in link["K"]:
            inner = self.element(kid)
            if inner is None or inner["S"] != "/Link":
                kept.append(kid)
                continue
            self.flatten(inner)
            for part in inner["K"]:
                if isinstance(part, int):
                    self.owners[inner.page][part] = link.reference
                elif (element := self.element(part)) is not None:
                    element["P"] = link.reference
                kept.append(part)
            for place in range(1, len(self.nums), 2):
                if self.nums[place] == inner.reference:
                    self.nums[place] = link.reference
        link["K"][:] = kept

    # What is no content becomes an artifact

    def make_artifacts(self) -> None:
        """Repeated heads, and the running titles that hang nowhere in the tree."""
        reached = {e.number for e in self.walk(self.top)}
        for page, owners in self.owners.items():
            loose = {m for m, o in enumerate(owners) if (e := self.element(o)) is not None and e.number not in reached}
            stream = self.at(self.at(self.pdf.page_references[page])["Contents"]).stream
            for place, part in enumerate(stream):
                if isinstance(part, pydyf.Dictionary) and part.get("MCID") in loose and stream[place + 1] == b"BDC":
                    stream[place - 1], stream[place] = "/Artifact", pydyf.Dictionary({"Type": "/Pagination"})
            for mark in loose:
                owners[mark] = "null"

    # What an element says of itself

    def describe(self, element: Element) -> tuple[bytes, Any, Element] | None:
        """Scope, list style, words of a link. Returns the id of a head, for the index of ids."""
        kind, html = element["S"], element.html
        if kind == "/TH":
            element["A"]["Scope"] = "/Row" if html is not None and html.get("scope") == "row" else "/Column"
            return (element["ID"].data, element["ID"], element) if "ID" in element else None
        if kind == "/TD" and "Headers" in element["A"]:
            element["A"]["Headers"] = pydyf.Array([self.same_head.get(h.data, h) for h in element["A"]["Headers"]])
        elif kind == "/L" and html is not None:
            style = "/Decimal" if html.tag == "ol" else "/Disc"
            element["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": style})
        elif kind == "/Link" and html is not None:
            words = pydyf.String(" ".join("".join(html.itertext()).split()))
            for kid in element["K"]:
                if (found := self.at(kid)) is not None and found.get("Type") == "/OBJR":
                    self.at(found["Obj"])["Contents"] = words
        return None
