// Between the paragraphs of the editor and the shared text: a Yjs text in which an embedded mark {id} begins each paragraph.
// A mark is one place, as is each letter (in UTF-16, as both count). A paragraph without an id has no mark yet.

import { TextSelection } from "prosemirror-state";
import { block, bold, italic, link, schema } from "./schema.js";

const head = (node) => (node.attrs.id ? 1 : 0);
const width = (node) => head(node) + node.content.size;

/* ---- places ---- */

/** The place in the editor of a place in the text. Before a mark is the end of the paragraph before it. */
export function posOf(doc, at) {
  let pos = 0;
  let rest = at;
  for (let i = 0; i < doc.childCount; i += 1) {
    const node = doc.child(i);
    if (rest < head(node)) return i ? pos - 1 : 0;
    rest -= head(node);
    if (rest <= node.content.size) return pos + 1 + rest;
    rest -= node.content.size;
    pos += node.nodeSize;
  }
  return Math.max(0, doc.content.size - 1);
}

/** The place in the text of a place in the editor. */
export function textOf(doc, pos) {
  const $pos = doc.resolve(Math.max(0, Math.min(pos, doc.content.size)));
  const index = $pos.index(0);
  let at = 0;
  for (let i = 0; i < index; i += 1) at += width(doc.child(i));
  return $pos.depth ? at + head(doc.child(index)) + $pos.parentOffset : at;
}

/* ---- from the shared text to the editor ---- */

const marksOf = (formats) => {
  const found = [];
  if (formats?.a) found.push(link.create({ href: formats.a }));
  if (formats?.i) found.push(italic.create());
  if (formats?.b) found.push(bold.create());
  return found;
};

const attrsOf = (mark, formats) => ({ id: mark.id ?? "", kind: formats?.k ?? "alinea", origin: formats?.o ?? "" });

/** The whole text as the editor has it. */
export function readDoc(text) {
  const blocks = [];
  let attrs = null;
  let letters = [];
  const close = () => {
    if (attrs || letters.length) blocks.push(block.create(attrs ?? {}, letters));
    letters = [];
  };
  for (const { insert, attributes } of text.toDelta()) {
    if (typeof insert === "string") letters.push(schema.text(insert, marksOf(attributes)));
    else { close(); attrs = attrsOf(insert, attributes); }
  }
  close();
  return schema.nodes.doc.create(null, blocks.length ? blocks : [block.create()]);
}

function follow(tr, delta) {
  let at = 0;
  for (const op of delta) {
    if (op.retain !== undefined) {
      if (op.attributes) reformat(tr, at, op.retain, op.attributes);
      at += op.retain;
    } else if (op.delete !== undefined) {
      tr.delete(posOf(tr.doc, at), posOf(tr.doc, at + op.delete));
    } else if (typeof op.insert === "string") {
      tr.insert(posOf(tr.doc, at), schema.text(op.insert, marksOf(op.attributes)));
      at += op.insert.length;
    } else {
      const attrs = attrsOf(op.insert, op.attributes);
      if (at === 0 && !head(tr.doc.child(0))) tr.setNodeMarkup(0, null, attrs);
      else if (at === 0) tr.insert(0, block.create(attrs));
      else tr.split(posOf(tr.doc, at), 1, [{ type: block, attrs }]);
      at += 1;
    }
  }
}

function reformat(tr, at, length, formats) {
  const from = posOf(tr.doc, at);
  const to = posOf(tr.doc, at + length);
  for (const [name, type] of [["b", bold], ["i", italic], ["a", link]]) {
    if (!(name in formats) || from >= to) continue;
    if (formats[name]) tr.addMark(from, to, type.create(name === "a" ? { href: formats.a } : null));
    else tr.removeMark(from, to, type);
  }
  let place = 0;
  tr.doc.forEach((node, pos) => {
    if (head(node) && place >= at && place < at + length) {
      if ("k" in formats) tr.setNodeAttribute(pos, "kind", formats.k ?? "alinea");
      if ("o" in formats) tr.setNodeAttribute(pos, "origin", formats.o ?? "");
    }
    place += width(node);
  });
}

/** A transaction that brings into the editor what happened to the text. Who is typing stays behind the letter before. */
export function heard(state, text, delta) {
  const wanted = readDoc(text);
  let tr = state.tr;
  try {
    follow(tr, delta);
    if (!tr.doc.eq(wanted)) throw new Error("other");
  } catch { // seldom: replace what differs, as one piece
    tr = state.tr;
    const start = tr.doc.content.findDiffStart(wanted.content);
    if (start !== null) {
      let { a, b } = tr.doc.content.findDiffEnd(wanted.content);
      const overlap = start - Math.min(a, b);
      if (overlap > 0) { a += overlap; b += overlap; }
      tr.replace(start, a, wanted.slice(start, b));
    }
    if (!tr.doc.eq(wanted)) tr = state.tr.replaceWith(0, state.doc.content.size, wanted.content);
  }
  const { anchor, head: tip } = state.selection;
  const place = (pos) => tr.doc.resolve(Math.min(tr.mapping.map(pos, -1), tr.doc.content.size));
  tr.setSelection(TextSelection.between(place(anchor), place(tip)));
  return tr.setMeta("samen", true);
}

/* ---- from the editor to the shared text ---- */

function formatsOf(marks) {
  const found = {};
  for (const mark of marks) {
    if (mark.type === bold) found.b = true;
    else if (mark.type === italic) found.i = true;
    else if (mark.type === link) found.a = mark.attrs.href;
  }
  return found;
}

function headOf({ kind, origin }) {
  const found = {};
  if (kind !== "alinea") found.k = kind;
  if (origin) found.o = origin;
  return found;
}

/** Letters and marks of some paragraphs, one by one: what it is, and its formats. */
function units(doc, from, to) {
  const raw = [];
  const formats = [];
  for (let i = from; i < to; i += 1) {
    const node = doc.child(i);
    if (head(node)) { raw.push(node.attrs.id); formats.push(headOf(node.attrs)); }
    node.forEach((piece) => {
      const own = formatsOf(piece.marks);
      for (const unit of piece.text.split("")) { raw.push(unit); formats.push(own); }
    });
  }
  return { raw, formats };
}

const high = (unit) => unit.length === 1 && unit >= "\ud800" && unit <= "\udbff";
const low = (unit) => unit.length === 1 && unit >= "\udc00" && unit <= "\udfff";
const isMark = (unit) => unit.length > 1;

/** What has to change in `b` to get the formats of `a`; null when nothing. */
function change(a, b) {
  let found = null;
  for (const name of ["b", "i", "a", "k", "o"]) {
    if (a[name] !== b[name]) (found ??= {})[name] = b[name] ?? null;
  }
  return found;
}

const PIECE = 8000; // letters in one change; the server takes 64 kB

/** Writes what was done in the editor into the text, as little as possible: what others write around it stays.
 *  `turn` does each step; a large change is several changes. */
export function write(text, before, after, turn) {
  let from = 0;
  while (from < before.childCount && from < after.childCount && before.child(from).eq(after.child(from))) from += 1;
  let [oldEnd, newEnd] = [before.childCount, after.childCount];
  while (oldEnd > from && newEnd > from && before.child(oldEnd - 1).eq(after.child(newEnd - 1))) { oldEnd -= 1; newEnd -= 1; }
  let base = 0;
  for (let i = 0; i < from; i += 1) base += width(before.child(i));
  const old = units(before, from, oldEnd);
  const now = units(after, from, newEnd);
  const most = Math.min(old.raw.length, now.raw.length);
  let start = 0;
  while (start < most && old.raw[start] === now.raw[start]) start += 1;
  if (start && high(now.raw[start - 1])) start -= 1;
  let tail = 0;
  while (tail < most - start && old.raw[old.raw.length - 1 - tail] === now.raw[now.raw.length - 1 - tail]) tail += 1;
  if (tail && low(now.raw[now.raw.length - tail])) tail -= 1;

  const gone = old.raw.length - tail - start;
  const coming = now.raw.length - tail - start;
  const step = coming > PIECE ? turn : (work) => work();
  const all = coming > PIECE ? (work) => work() : turn;
  all(() => {
    step(() => {
      for (let i = 0; i < tail; i += 1) {
        reshape(text, base + old.raw.length - tail + i, old, old.raw.length - tail + i, now, now.raw.length - tail + i, tail - i, (n) => { i += n - 1; });
      }
    });
    if (gone) step(() => text.delete(base + start, gone));
    for (let i = start; i < now.raw.length - tail;) {
      if (isMark(now.raw[i])) {
        const place = i;
        step(() => text.insertEmbed(base + place, { id: now.raw[place] }, now.formats[place]));
        i += 1;
        continue;
      }
      let end = i + 1;
      while (end < now.raw.length - tail && end - i < PIECE && !isMark(now.raw[end]) && now.formats[end] === now.formats[i]) end += 1;
      if (high(now.raw[end - 1]) && end < now.raw.length) end += 1;
      const [first, last] = [i, end];
      step(() => text.insert(base + first, now.raw.slice(first, last).join(""), now.formats[first]));
      i = end;
    }
    step(() => {
      for (let i = 0; i < start; i += 1) reshape(text, base + i, old, i, now, i, start - i, (n) => { i += n - 1; });
    });
  });
}

/** Gives a row of units that stays where it is its new formats, if those differ. */
function reshape(text, at, old, i, now, j, most, skip) {
  const wanted = change(old.formats[i], now.formats[j]);
  if (!wanted) return;
  let n = 1;
  const same = JSON.stringify(wanted);
  while (n < most && JSON.stringify(change(old.formats[i + n], now.formats[j + n])) === same && isMark(now.raw[j + n]) === isMark(now.raw[j])) n += 1;
  text.format(at, n, wanted);
  skip(n);
}
