"""What people copy elsewhere becomes clean text: samples of what each program puts on the clipboard, through the real editor."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.story.steps import SAVED

pytestmark = pytest.mark.browser

WORD_HEAD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>'
    '<meta name=Generator content="Microsoft Word 15"><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->'
    "<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt;} @list l0 {mso-list-id:1;} --></style></head><body lang=NL>"
    "<!--StartFragment-->%s<!--EndFragment--></body></html>"
)
GOOGLE = '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1a2b">%s</b><br class="Apple-interchange-newline">'
LIBRE = (
    '<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/><title></title>'
    '<meta name="generator" content="LibreOffice 24.2"/><style type="text/css">p { line-height: 115%%; background: transparent }</style></head>'
    '<body lang="nl-NL" dir="ltr">%s</body></html>'
)
IGNORE = "<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>%s<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>"
SPAN = '<span style="font-size:11pt;font-family:Arial;color:#000000;font-weight:%s;font-style:%s;white-space:pre-wrap;">%s</span>'

# name → (HTML, what it becomes: kind and text, with **bold**, _italic_ and [link](address)); `table` when that is told.
SAMPLES: dict[str, tuple[str, list[str]]] = {
    "Word: gewone alinea’s": (
        WORD_HEAD
        % "<p class=MsoNormal>Ouders praten mee<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>over&nbsp;de school.<o:p></o:p></p>",
        ["alinea: Ouders praten mee", "alinea: over de school."],
    ),
    "Word: vet en cursief": (
        WORD_HEAD % "<p class=MsoNormal>Dit is <b>vet</b> en <i style='mso-bidi-font-style:normal'>schuin</i>.</p>",
        ["alinea: Dit is **vet** en _schuin_."],
    ),
    "Word: koppen": (
        WORD_HEAD
        % "<h1>Ons plan<o:p></o:p></h1><h3><span style='color:#2F5496'>Waarom</span></h3><p class=MsoTitle>Titel</p>",
        ["kop: Ons plan", "subkop: Waarom", "kop: Titel"],
    ),
    "Word: opsomming": (
        WORD_HEAD
        % (
            f"<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>{IGNORE % '·'}Eerste punt</p>"
            f"<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'>{IGNORE % 'o'}Tweede <b>punt</b></p>"
        ),
        ["punt: Eerste punt", "punt: Tweede **punt**"],
    ),
    "Word: genummerd": (
        WORD_HEAD
        % (
            f"<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'>{IGNORE % '1.'}Begin</p>"
            f"<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'>{IGNORE % '2.'}Eind</p>"
        ),
        ["nummer: Begin", "nummer: Eind"],
    ),
    "Word: tabel": (
        WORD_HEAD
        % "<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>Partij</p></td><td><p class=MsoNormal>Bedrag</p></td></tr><tr><td><p class=MsoNormal><b>De Linde</b></p></td><td><p class=MsoNormal>€ 500</p></td></tr></table><p class=MsoNormal>Na de tabel</p>",
        ["tabel", "alinea: Partij – Bedrag", "alinea: **De Linde** – € 500", "alinea: Na de tabel"],
    ),
    "Word: link en voetnoot": (
        WORD_HEAD
        % '<p class=MsoNormal>Zie <a href="https://www.vo-raad.nl/ouders">de site</a> en <a href="file:///C:/geheim.docx">dit</a>.<a style=\'mso-footnote-id:ftn1\' href="#_ftn1"><span class=MsoFootnoteReference>[1]</span></a></p>',
        ["alinea: Zie [de site](https://www.vo-raad.nl/ouders) en dit.[1]"],
    ),
    "Word: verborgen tekst en wijzigingen": (
        WORD_HEAD
        % "<p class=MsoNormal>Zichtbaar<span style='display:none;mso-hide:all'>geheim</span> en <ins cite=\"mailto:a\">nieuw</ins></p>",
        ["alinea: Zichtbaar en nieuw"],
    ),
    "Word: regels binnen een alinea": (
        WORD_HEAD % "<p class=MsoNormal>Straat 1<br>\n1234 AB Meerwijk</p>",
        ["alinea: Straat 1↵1234 AB Meerwijk"],
    ),
    "Word online: alinea’s": (
        '<div class="OutlineElement Ltr SCXW1"><p class="Paragraph SCXW1" xml:lang="NL-NL" paraid="1"><span data-contrast="auto" class="TextRun SCXW1"><span class="NormalTextRun SCXW1">Samen </span></span><span class="TextRun SCXW1" style="font-weight:bold"><span class="NormalTextRun">werken</span></span><span class="EOP SCXW1">&nbsp;</span></p></div>'
        '<div class="OutlineElement Ltr SCXW1"><p class="Paragraph SCXW1"><span class="TextRun SCXW1">Tweede alinea</span><span class="EOP">&nbsp;</span></p></div>',
        ["alinea: Samen **werken**", "alinea: Tweede alinea"],
    ),
    "Word online: lijst": (
        '<div class="ListContainerWrapper SCXW2"><ul class="BulletListStyle1 SCXW2" role="list"><li data-leveltext="" role="listitem" class="OutlineElement"><p class="Paragraph SCXW2"><span class="TextRun"><span class="NormalTextRun">Een</span></span><span class="EOP">&nbsp;</span></p></li></ul></div>'
        '<div class="ListContainerWrapper SCXW2"><ol class="NumberListStyle1"><li><p class="Paragraph"><span class="TextRun">Twee</span></p></li></ol></div>',
        ["punt: Een", "nummer: Twee"],
    ),
    "Word online: kop met rol": (
        '<div class="OutlineElement"><p class="Paragraph" role="heading" aria-level="1"><span class="TextRun">Inleiding</span></p></div><div class="OutlineElement"><p class="Paragraph" role="heading" aria-level="3"><span class="TextRun">Doel</span></p></div>',
        ["kop: Inleiding", "subkop: Doel"],
    ),
    "LibreOffice: alinea’s": (
        LIBRE
        % '<p style="line-height: 100%; margin-bottom: 0cm">Een alinea met <b>vet</b> en <i>cursief</i></p>\n<p><font face="Arial"><font size="3">Nog\neen</font></font></p>',
        ["alinea: Een alinea met **vet** en _cursief_", "alinea: Nog een"],
    ),
    "LibreOffice: lijst in lijst": (
        LIBRE
        % "<ul>\n\t<li><p>Boven</p>\n\t<ul>\n\t\t<li><p>Onder</p></li>\n\t</ul></li>\n\t<li><p>Weer boven</p></li>\n</ul>",
        ["punt: Boven", "punt: Onder", "punt: Weer boven"],
    ),
    "LibreOffice: kop en nummers": (
        LIBRE % '<h2 class="western">Stappen</h2><ol><li value="3"><p>Derde</p></li><li><p>Vierde</p></li></ol>',
        ["kop: Stappen", "nummer: Derde", "nummer: Vierde"],
    ),
    "LibreOffice: tabel": (
        LIBRE
        % '<table width="100%" cellpadding="4"><col width="128*"/><thead><tr><th><p>Wie</p></th><th><p>Wat</p></th></tr></thead><tbody><tr><td><p>Ark</p></td><td><p>Mentor<br/>voor elk kind</p></td></tr></tbody></table>',
        ["tabel", "alinea: Wie – Wat", "alinea: Ark – Mentor↵voor elk kind"],
    ),
    "Google Docs: alinea’s": (
        GOOGLE
        % (
            f'<p dir="ltr" style="line-height:1.38;margin-top:0pt;">{SPAN % (400, "normal", "Gewoon ")}{SPAN % (700, "normal", "vet")}{SPAN % (400, "italic", " schuin")}</p>'
            f'<br><p dir="ltr">{SPAN % (400, "normal", "Volgende")}</p>'
        ),
        ["alinea: Gewoon **vet** _schuin_", "alinea: Volgende"],
    ),
    "Google Docs: lijst": (
        GOOGLE
        % f'<ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;"  aria-level="1"><p dir="ltr" role="presentation">{SPAN % (400, "normal", "Eén")}</p></li><li dir="ltr"><p dir="ltr" role="presentation">{SPAN % (400, "normal", "Twee")}</p></li></ul>',
        ["punt: Eén", "punt: Twee"],
    ),
    "Google Docs: kop en link": (
        GOOGLE
        % f'<h1 dir="ltr">{SPAN % (400, "normal", "Visie")}</h1><p dir="ltr"><a href="https://docs.example/x" style="text-decoration:none;">{SPAN % (400, "normal", "stuk")}</a></p>',
        ["kop: Visie", "alinea: [stuk](https://docs.example/x)"],
    ),
    "Google Docs: tabel": (
        GOOGLE
        % '<div dir="ltr" align="left"><table><colgroup><col width="100"/></colgroup><tbody><tr><td><p dir="ltr">a</p></td><td><p dir="ltr">b</p></td></tr></tbody></table></div>',
        ["tabel", "alinea: a – b"],
    ),
    "Outlook: bericht": (
        WORD_HEAD
        % '<p class=MsoNormal><span style="font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif">Beste Karin,<o:p></o:p></span></p><p class=MsoNormal><span><o:p>&nbsp;</o:p></span></p><p class=MsoNormal><span>Mail naar <a href="mailto:karin@opweg.example">Karin</a>.</span></p>',
        ["alinea: Beste Karin,", "alinea: Mail naar [Karin](mailto:karin@opweg.example)."],
    ),
    "Outlook op het web": (
        '<div class="elementToProof" style="font-family: Aptos; font-size: 12pt; color: rgb(0, 0, 0);">Eerste regel</div><div class="elementToProof"><br></div><div class="elementToProof">Tweede <b>regel</b></div><blockquote style="border-left: 3px solid">Wat u schreef</blockquote>',
        ["alinea: Eerste regel", "alinea: Tweede **regel**", "citaat: Wat u schreef"],
    ),
    "SharePoint: pagina": (
        '<div data-cke-filter="off" class="cke_editable"><h2 id="doel">Doel</h2><p style="text-align:justify;">Een <strong>sterke</strong> en <em>warme</em> school.</p><ul><li>Thuis</li><li>School</li></ul><img src="https://spo.example/x.png" alt="logo"></div>',
        ["kop: Doel", "alinea: Een **sterke** en _warme_ school.", "punt: Thuis", "punt: School"],
    ),
    "SharePoint: opgemaakte tabel voor de ruimte": (
        '<table role="presentation"><tbody><tr><td><p>Links</p><p>Rechts</p></td></tr></tbody></table>',
        ["alinea: Links", "alinea: Rechts"],
    ),
    "PDF in Chrome": (
        '<meta charset="utf-8"><span style="color: rgb(0, 0, 0); font-size: 16px; white-space: pre-wrap;">Tekst uit een PDF met\nde regels zoals zij stonden</span>',
        ["alinea: Tekst uit een PDF met de regels zoals zij stonden"],
    ),
    "PDF in Firefox": (
        '<span role="presentation" dir="ltr" style="left: 10px; top: 20px; font-size: 12px;">Elke regel</span><br role="presentation"><span role="presentation">apart</span>',
        ["alinea: Elke regel↵apart"],
    ),
    "webpagina met menu en script": (
        "<nav><a href='javascript:alert(1)'>Menu</a></nav><script>alert(1)</script><style>p{}</style><article><h4>Nieuws</h4><p onclick='x()'>Hallo<img src=x onerror=alert(1)></p><hr></article>",
        ["alinea: Menu", "subkop: Nieuws", "alinea: Hallo"],
    ),
    "tekens die niemand ziet": (
        "<p>ou\u00adders\u200b en\u00a0 \u202ekinderen\u202c</p><p>\u200b</p>",
        ["alinea: ouders en kinderen"],
    ),
    "opsomming met losse streepjes": (
        "<p>- eerste</p><p>– tweede</p><p>3 – 5 jaar</p>",
        ["punt: eerste", "punt: tweede", "alinea: 3 – 5 jaar"],
    ),
}

PLAIN: dict[str, tuple[str, list[str]]] = {
    "PDF: afgebroken regels": (
        "Ouderbetrokkenheid is van groot belang voor de ontwik-\nkeling van kinderen. Scholen en ouders werken daarom al\njaren samen aan een goede start.\n\nEen nieuwe alinea.",
        [
            "alinea: Ouderbetrokkenheid is van groot belang voor de ontwikkeling van kinderen. Scholen en ouders werken daarom al jaren samen aan een goede start.",
            "alinea: Een nieuwe alinea.",
        ],
    ),
    "PDF: opsomming": (
        "Wij willen:\n• meer contact\n• minder\n  verzuim",
        ["alinea: Wij willen:", "punt: meer contact", "punt: minder", "alinea: verzuim"],
    ),
    "kladblok": (
        "Regel een\nRegel twee\r\n\r\n\r\nRegel drie",
        ["alinea: Regel een", "alinea: Regel twee", "alinea: Regel drie"],
    ),
    "genummerd": ("1. Begin\n2. Midden\n3. Eind", ["nummer: Begin", "nummer: Midden", "nummer: Eind"]),
}


def told(found: dict) -> list[str]:
    def run(one: dict) -> str:
        text = one["text"].replace("\n", "↵")
        for mark, sign in (("b", "**"), ("i", "_")):
            if one[mark]:
                inner = text.strip()
                text = text.replace(inner, f"{sign}{inner}{sign}")
        return f"[{text}]({one['a']})" if one["a"] else text

    lines = [f"{row['kind']}: {''.join(run(r) for r in row['runs'])}" for row in found["rows"]]
    return (["tabel"] if found["table"] else []) + lines


@pytest.fixture
def page(server, desk) -> Page:
    page = desk(server).open(server.url)
    page.get_by_role("link", name=re.compile("Ouderbetrokkenheid in Meerwijk")).first.click()
    page.goto(f"{page.url.split('?')[0]}/plan/inleiding")
    expect(page.locator(".samen--aan")).to_be_visible()
    return page


def test_every_sample_becomes_clean_text(page):
    assert len(SAMPLES) + len(PLAIN) >= 25
    wrong = {}
    for name, (html, wanted) in SAMPLES.items():
        found = told(page.evaluate("(html) => driekolomPlakken.paragraphs(html)", html))
        if found != wanted:
            wrong[name] = found
    for name, (text, wanted) in PLAIN.items():
        found = told({"rows": page.evaluate("(text) => driekolomPlakken.plain(text)", text), "table": False})
        if found != wanted:
            wrong[name] = found
    assert wrong == {}


PASTE = """([html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData('text/html', html);
  data.setData('text/plain', text);
  document.querySelector('#tekst').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_pasting_into_the_text(page):
    """Into a line, between paragraphs, and a table that says what became of it; it is saved like anything else."""
    page.locator("#tekst > p").first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Begin")
    page.keyboard.press("Enter")
    expect(page.locator("[data-samen-deel=stand]")).to_have_text(SAVED)  # and what it came from stands between
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.evaluate(PASTE, ["<p><b>en</b> meer</p>", "en meer"])
    expect(page.locator("#tekst > p").first).to_have_text("Beginen meer")
    page.evaluate(PASTE, [SAMPLES["Word: tabel"][0], ""])
    expect(page.locator("[data-samen-deel=stand]")).to_have_text(
        "Een tabel is geplakt als gewone alinea’s: één voor elke rij."
    )
    texts = page.locator("#tekst > p").all_inner_texts()
    assert texts[:4] == ["Beginen meer", "Partij – Bedrag", "De Linde – € 500", "Na de tabel"]
    page.keyboard.type("!")
    expect(page.locator("#tekst > p").nth(3)).to_have_text("Na de tabel!")
    ids = page.locator("#tekst > [id]").evaluate_all("(all) => all.map((one) => one.id)")
    assert len(set(ids)) == len(ids)
    page.evaluate(PASTE, ["", "x" * 70_000 + "\n\nniet meer"])
    expect(page.locator("[data-samen-deel=stand]")).to_have_text(re.compile("te lang"))


MOVED = """(act) => {
  const data = new DataTransfer();
  data.setData('text/plain', 'geplakt');
  const paper = document.querySelector('#tekst');
  const line = paper.querySelector('p');
  const place = document.createTreeWalker(line, NodeFilter.SHOW_TEXT).nextNode();
  getSelection().collapse(place, 5);
  if (act === 'paste') paper.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  if (act === 'enter') paper.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true }));
  if (act === 'somebody') driekolomSamen.line.on.person({ id: 999, plek: 'iemand', naam: 'Iemand', p: null });
  return driekolomSamen.view.state.selection.from;
}"""


def test_what_comes_at_once_after_the_caret_moved_finds_it_there(page):
    """A browser says that the caret moved a moment after it did; whoever is quick, or is not alone, does not wait for that."""
    page.locator("#tekst > p").first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Samen")
    page.keyboard.press("Enter")
    page.keyboard.type("Verder")
    lines = page.locator("#tekst > p")
    expect(lines.nth(1)).to_contain_text("Verder")
    assert page.evaluate(MOVED, "somebody") == 6
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    page.evaluate(MOVED, "paste")
    expect(lines.first).to_have_text("Samengeplakt")
    page.keyboard.press("ArrowDown")
    page.evaluate(MOVED, "enter")
    expect(lines.first).to_have_text("Samen")
    expect(lines.nth(1)).to_have_text("geplakt")
    expect(lines.nth(2)).to_contain_text("Verder")


def test_a_long_text_is_pasted_in_pieces_that_the_server_takes(page, server):
    """As much as is pasted at once is saved at once, also when every letter takes four bytes."""
    page.locator("#tekst > p").first.click()
    page.keyboard.press("Control+Home")
    page.evaluate(PASTE, ["", "😀" * 25_000])
    expect(page.locator("[data-samen-deel=stand]")).to_have_text(re.compile("Opgeslagen"))
    longest = max(server.ask("SELECT length(text) FROM paragraph"))[0]
    assert longest > 24_000
