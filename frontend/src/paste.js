// Clean text out of whatever was copied: Word, LibreOffice, Google Docs, Outlook, SharePoint, PDF viewers, web pages.
// What comes in is HTML of somebody else; what goes out is a flat row of paragraphs with at most bold, italic and links.

import { fitLink } from "./schema.js";

const SKIP = new Set(["STYLE", "SCRIPT", "META", "LINK", "TITLE", "HEAD", "TEMPLATE", "NOSCRIPT", "OBJECT", "IFRAME", "SVG", "MATH", "IMG", "PICTURE", "VIDEO", "AUDIO", "CANVAS", "BUTTON", "INPUT", "SELECT", "TEXTAREA", "XML", "COLGROUP", "CAPTION"]);
const BLOCKS = new Set(["P", "DIV", "H1", "H2", "H3", "H4", "H5", "H6", "LI", "UL", "OL", "BLOCKQUOTE", "TABLE", "TR", "SECTION", "ARTICLE", "MAIN", "HEADER", "FOOTER", "ASIDE", "NAV", "PRE", "DL", "DT", "DD", "FIGURE", "FIGCAPTION", "ADDRESS", "HR", "FORM", "FIELDSET", "CENTER", "BODY"]);
const BULLETS = /^[\s\u00a0]*(?:[·•▪◦‣⁃○●■□–—\-*o§Øü\uf0b7\uf0a7\uf0d8\uf0fc])[\s\u00a0]+/u;
const NUMBERS = /^[\s\u00a0]*(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])[\s\u00a0]+/i;

// Styles and scripts of others are read under another name: this page forbids them, and would say so.
const harmless = (html) => html.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s"'])(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3"));
const styleOf = (dom) => dom.getAttribute?.("data-style")?.toLowerCase() ?? "";

function marksOf(dom, marks) {
  const style = styleOf(dom);
  const found = { ...marks };
  const tag = dom.tagName;
  const weight = /(?:^|[;\s])font-weight\s*:\s*([a-z]+|\d+)/.exec(style)?.[1];
  if (weight) found.b = weight === "bold" || weight === "bolder" || Number(weight) >= 600;
  else if (tag === "B" || tag === "STRONG") found.b = true;
  const slant = /(?:^|[;\s])font-style\s*:\s*([a-z]+)/.exec(style)?.[1];
  if (slant) found.i = slant === "italic" || slant === "oblique";
  else if (tag === "I" || tag === "EM") found.i = true;
  if (tag === "A") {
    const href = (dom.getAttribute("href") ?? "").trim();
    if (fitLink(href)) found.a = href;
  }
  return found;
}

function hidden(dom) {
  const style = styleOf(dom);
  return /display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all/.test(style) || dom.getAttribute("aria-hidden") === "true" || dom.hidden;
}

function headingOf(dom) {
  const tag = /^H([1-6])$/.exec(dom.tagName)?.[1];
  const role = dom.getAttribute("role") === "heading" ? dom.getAttribute("aria-level") ?? "2" : null;
  const word = /^(?:mso)?(?:heading|kop)\s*_?([1-6])$/i.exec(dom.className?.toString().trim() ?? "")?.[1];
  const title = /^msotitle$/i.test(dom.className?.toString().trim() ?? "") ? "1" : null;
  const level = tag ?? role ?? word ?? title;
  return level ? (Number(level) <= 2 ? "kop" : "subkop") : null;
}

/** The paragraphs of this HTML: [{ kind, runs: [{ text, b, i, a }] }], and whether there was a table. */
export function paragraphs(html) {
  const page = new DOMParser().parseFromString(harmless(html.replace(/<!\[(?:if|endif)[^\]]*\]>/gi, "").replace(/<(style|script)\b[\s\S]*?<\/\1\s*>/gi, "")), "text/html");
  const rows = [];
  let table = false;
  let current = null;

  const open = (kind) => { current = { kind, runs: [] }; rows.push(current); };
  const close = () => { current = null; };
  const add = (text, marks, pre) => {
    const words = pre ? text.replace(/\r\n?/g, "\n") : text.replace(/[\t\n\r\f ]+/g, " ");
    if (!words || (!current && !words.trim())) return;
    if (!current) open("alinea");
    current.runs.push({ text: words, b: Boolean(marks.b), i: Boolean(marks.i), a: marks.a ?? "" });
  };

  function wordList(dom) {
    const style = styleOf(dom);
    if (!/mso-list\s*:\s*(?!none|ignore)/.test(style) && !/^(?:mso)?list(?:paragraph|bullet|number)/i.test(dom.className?.toString() ?? "")) return null;
    const sign = [...dom.querySelectorAll("span")].find((span) => /mso-list\s*:\s*ignore/.test(styleOf(span)));
    if (sign) {
      const kind = NUMBERS.test(`${sign.textContent.trim()} `) ? "nummer" : "punt";
      sign.remove();
      return kind;
    }
    if (/mso-list\s*:/.test(style)) return NUMBERS.test(dom.textContent) ? "nummer" : "punt";
    return null;
  }

  function walk(dom, marks, kind, pre) {
    for (const child of [...dom.childNodes]) {
      if (child.nodeType === 3) { add(child.data, marks, pre); continue; }
      if (child.nodeType !== 1 || SKIP.has(child.tagName.toUpperCase()) || hidden(child)) continue;
      const tag = child.tagName;
      if (tag === "BR") {
        if (child.classList.contains("Apple-interchange-newline")) continue;
        if (current) current.runs.push({ text: "\n", b: false, i: false, a: "" });
        continue;
      }
      if (/mso-list\s*:\s*ignore/.test(styleOf(child))) continue;
      if (tag === "TABLE") { tableRows(child, marks); continue; }
      const own = marksOf(child, marks);
      if (!BLOCKS.has(tag)) { walk(child, own, kind, pre || tag === "CODE" && /white-space\s*:\s*pre/.test(styleOf(child))); continue; }
      if (tag === "UL" || tag === "OL") { close(); walk(child, own, tag === "UL" ? "punt" : "nummer", pre); close(); continue; }
      const mine = headingOf(child) ?? wordList(child) ?? (tag === "BLOCKQUOTE" ? "citaat" : tag === "LI" ? (child.parentElement?.tagName === "OL" ? "nummer" : "punt") : kind);
      const inItem = current && !current.runs.length && kind === current.kind && mine === kind;
      if (!inItem) { close(); if (tag === "LI" || mine !== "alinea" || tag !== "BODY") open(mine); }
      if (mine === "kop" || mine === "subkop") own.b = false;
      walk(child, own, mine, pre || tag === "PRE");
      if (!inItem || tag === "LI") close();
    }
  }

  function tableRows(dom, marks) {
    const cells = [...dom.querySelectorAll("td, th")].filter((cell) => cell.closest("table") === dom);
    const lines = [...dom.querySelectorAll("tr")].filter((row) => row.closest("table") === dom);
    const layout = cells.length === 1 || dom.getAttribute("role") === "presentation";
    close();
    if (layout) { cells.forEach((cell) => { walk(cell, marks, "alinea", false); close(); }); return; }
    table = true;
    for (const line of lines) {
      const parts = [];
      for (const cell of line.children) {
        const from = rows.length;
        close();
        walk(cell, marksOf(cell, marks), "alinea", false);
        close();
        const found = rows.splice(from).flatMap((row, n) => (n ? [{ text: " ", b: false, i: false, a: "" }, ...row.runs] : row.runs));
        const tidy = trimmed(found);
        if (tidy.length) parts.push(tidy);
      }
      if (!parts.length) continue;
      open("alinea");
      parts.forEach((part, n) => { if (n) current.runs.push({ text: " – ", b: false, i: false, a: "" }); current.runs.push(...part); });
      close();
    }
  }

  walk(page.body, {}, "alinea", false);
  return { rows: rows.map(tidyRow).filter(Boolean), table };
}

const letters = (text) => text.normalize("NFC").replace(/[\u00a0\u2007\u202f]/g, " ").replace(/[\u200b\u00ad\ufeff\u2060\u202a-\u202e\u2066-\u2069]/g, "").replace(/[\u2028\u2029]/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff]/g, (c) => (c >= "\ud800" && c <= "\udfff" ? c : ""));

/** Runs without space around them, without double spaces, and with equal neighbours joined. */
function trimmed(runs) {
  const out = [];
  for (const run of runs) {
    let text = letters(run.text).replace(/\t/g, " ").replace(/ {2,}/g, " ").replace(/ *\n */g, "\n");
    const last = out.at(-1);
    if (!last || /[ \n]$/.test(last.text)) text = text.replace(/^ +/, "");
    if (!last) text = text.replace(/^\n+/, "");
    if (!text) continue;
    if (last && last.b === run.b && last.i === run.i && last.a === run.a) last.text += text;
    else out.push({ ...run, text });
  }
  while (out.length) {
    const last = out.at(-1);
    last.text = last.text.replace(/[ \n]+$/, "");
    if (last.text) break;
    out.pop();
  }
  return out.map((run) => ({ ...run, text: run.text.replace(/\n{3,}/g, "\n\n") }));
}

function tidyRow({ kind, runs }) {
  let own = kind;
  const found = trimmed(runs);
  const whole = found.map((run) => run.text).join("");
  if (!whole) return null;
  if (own === "alinea" || own === "punt" || own === "nummer") {
    const sign = (own !== "nummer" && BULLETS.exec(whole)) || (own === "nummer" && NUMBERS.exec(whole));
    if (sign && sign[0].length < found[0].text.length + 3) {
      if (own === "alinea") own = "punt";
      let rest = sign[0].length;
      while (rest && found.length) {
        const cut = Math.min(rest, found[0].text.length);
        found[0] = { ...found[0], text: found[0].text.slice(cut) };
        rest -= cut;
        if (!found[0].text) found.shift();
      }
    }
  }
  const clean = trimmed(found);
  return clean.length ? { kind: own, runs: clean } : null;
}

/** Plain text, as PDF viewers give it: lines that were broken to fit become whole again, also a word cut with a hyphen. */
export function plain(text) {
  const rows = [];
  for (const part of letters(text.replace(/\r\n?/g, "\n")).replace(/\t/g, " ").split(/\n[ \n]*\n|\f/)) {
    const lines = part.split("\n").map((line) => line.trim()).filter(Boolean);
    const widest = Math.max(0, ...lines.map((line) => line.length));
    let current = null;
    for (const line of lines) {
      const sign = BULLETS.exec(line) ?? NUMBERS.exec(line);
      if (sign && sign[0].length < line.length) {
        current = { kind: BULLETS.test(line) ? "punt" : "nummer", text: line.slice(sign[0].length), last: line };
        rows.push(current);
        continue;
      }
      const goesOn = current && (/^[a-zà-ÿ(]/.test(line) && current.last.length > 20 || (current.last.length > 50 && current.last.length > widest * 0.7 && !/[.:?!]$/.test(current.last)) || (lines.length > 2 && current.last.length > widest * 0.85 && widest > 50));
      if (!goesOn) { current = { kind: "alinea", text: line, last: line }; rows.push(current); continue; }
      const cut = /[a-zà-ÿ]-$/i.test(current.text) && /^[a-zà-ÿ]/.test(line);
      current.text = cut ? current.text.slice(0, -1) + line : `${current.text} ${line}`;
      current.last = line;
    }
  }
  return rows.map(({ kind, text: words }) => ({ kind, runs: [{ text: words.replace(/ {2,}/g, " "), b: false, i: false, a: "" }] }));
}

const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

/** The same as HTML that the editor reads without further thought. */
export function flat(rows) {
  return rows.map(({ kind, runs }) => `<p data-k="${kind}">${runs.map(({ text, b, i, a }) => {
    let html = escaped(text);
    if (b) html = `<b>${html}</b>`;
    if (i) html = `<i>${html}</i>`;
    return a ? `<a href="${escaped(a)}">${html}</a>` : html;
  }).join("")}</p>`).join("");
}
