// Several people write in one text: the editor takes the place of the paragraphs of a page, looks the same, and saves by
// itself. When the line cannot be opened, the page stays as it was, with a form for each paragraph.

import * as Y from "yjs";
import { fromBase64, toBase64 } from "lib0/buffer";
import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { keymap } from "prosemirror-keymap";
import { DOMParser as Reader, Slice } from "prosemirror-model";
import { EditorState, Plugin, PluginKey, Selection, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import { heard, posOf, readDoc, textOf, write } from "./binding.js";
import { identity } from "./identity.js";
import { open } from "./fields.js";
import { ENDS, Line } from "./line.js";
import { Outbox } from "./outbox.js";
import { flat, paragraphs, plain } from "./paste.js";
import { KINDS, VERSION, block, bold, italic, schema } from "./schema.js";
import { toggleKind, toolbar } from "./toolbar.js";

const COLOURS = 8;
const PASTE = 60_000; // letters that are pasted at once
const beside = new PluginKey("beside");

const clock = (moment) => moment.toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });
const colour = (seat) => [...seat].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % COLOURS;

/** Begins the editor in `root`. Of a short text `ready(its words)` says when it may take the place of the box, `taken(view)` is told
 *  that it does, and it has no headings and at most `most` letters. */
export function mount(root, { ready = () => true, taken = () => {}, most = 0 } = {}) {
  const page = (name) => root.querySelector(`[data-samen-deel="${name}"]`);
  const [paper, tools, bar, linkForm, state, who, help] = ["tekst", "gereedschap", "balk", "link", "stand", "wie", "hulp"].map(page);
  const words = { ...page("zinnen").dataset, ...root.dataset };
  const doc = new Y.Doc();
  const text = doc.getText("tekst");
  const own = {}; // the origin of what is typed here
  const first = {}; // … and of the mark that begins an empty text
  const people = new Map();
  const proposals = new Map();
  const extras = new Map(); // what the page shows under a paragraph: where it comes from, a chart
  let view = null;
  const leads = (words.leads ?? "").split("|").filter(Boolean);
  let touched = [];
  let step = 0;
  let said = "";

  /* ---- what the page says ---- */

  function say(sentence, kind = "") {
    if (said === sentence) return;
    said = sentence;
    state.textContent = sentence;
    state.dataset.kind = kind;
  }

  // Something that one should read stays a while, also when the text is saved in between.
  let noted = 0;
  function note(sentence) {
    say(sentence, "note");
    clearTimeout(noted);
    noted = setTimeout(() => { noted = 0; tell(); }, 8000);
  }

  const sentences = {
    [ENDS.signedOut]: words.afgemeld, [ENDS.notAllowed]: words.ingetrokken, [ENDS.closed]: words.gesloten,
    [ENDS.gone]: words.weg, [ENDS.refused]: words.geweigerd, [ENDS.large]: words.geweigerd,
  };
  let ended = 0;

  function tell() {
    if (!view) return;
    if (noted && line.together) return;
    if (sentences[ended] && !line.together) say(sentences[ended], "failed");
    else if (!line.together) say(words.los, "failed");
    else if (line.pending) say(words.bezig, "busy");
    else say(line.savedAt ? `${words.opgeslagen} ${clock(line.savedAt)}` : words.klaar, "saved");
    root.classList.toggle("samen--vol", text.length > 1);
    root.dataset.stand = line.together ? (line.pending ? "bezig" : "opgeslagen") : "los";
  }

  function names() {
    const seats = new Map([...people.values()].filter((one) => one.plek !== words.plek).map((one) => [one.plek, one]));
    const sentence = seats.size ? `${words.ook} ${[...seats.values()].map((one) => one.naam).join(", ")}` : "";
    if (who.textContent !== sentence) who.textContent = sentence;
    who.hidden = !sentence;
  }

  /* ---- the line ---- */

  const outbox = new Outbox(words.plek, words.samen, location.pathname, words.titel);
  const line = new Line(words.samen, VERSION, doc, outbox, {
    begin(others) {
      people.clear();
      others.forEach((one) => people.set(one.id, one));
      ended = 0;
      if (!view) { appear(); return; }
      clearTimeout(shutting);
      shutting = 0;
      root.classList.remove("samen--dicht");
      view.setProps({ editable: () => true });
      met();
    },
    before: look,
    person(one) { people.set(one.id, one); names(); redraw(); },
    left(id) { people.delete(id); names(); redraw(); },
    state: tell,
    texts: () => touched,
    ended(code) {
      ended = code;
      people.clear();
      if (view) {
        names();
        redraw();
        const may = ![ENDS.notAllowed, ENDS.closed, ENDS.gone, ENDS.refused, ENDS.large].includes(code);
        if (!may) shut();
      }
      if (code === ENDS.old) { if (view) location.reload(); }
    },
  });

  function met() {
    names();
    point(true);
    redraw();
    tell();
  }

  // The box of a short text is left alone until what was typed in it is saved: then it is in the text too.
  function appear() {
    if (view) return;
    if (!ready(readDoc(text))) { setTimeout(appear, 100); return; }
    if (!line.together) return; // it begins again later
    show();
    words.klaar = taken(view) || words.klaar;
    met();
  }

  // Nothing more can be saved. What somebody is typing at this moment still comes into the text that is kept.
  let shutting = 0;
  function shut() {
    clearTimeout(shutting);
    root.classList.add("samen--dicht");
    document.dispatchEvent(new CustomEvent("driekolom:leftovers"));
    shutting = setTimeout(() => {
      view.setProps({ editable: () => false });
      document.dispatchEvent(new CustomEvent("driekolom:leftovers"));
    }, 2000);
  }

  /* ---- carets ---- */

  // Whoever moves the caret with End, an arrow or a click has moved it; the browser says so a moment later. What comes in
  // between (the next key, what is pasted, what somebody else writes) may not find, or put back, the place before.
  function look() {
    if (view && !view.composing) document.dispatchEvent(new Event("selectionchange"));
  }

  // A key can bring the caret into what stands under a paragraph (now and then, when that was drawn only just): nobody
  // writes there, and the next key would work on the place before. It goes on to the paragraph on the other side.
  let going = null; // the key that moves the caret
  const inside = (node) => node && [...extras].find(([, extra]) => extra.contains(node));
  function leave(event) {
    const moves = /^(Arrow|Page|Home|End)/.test(event.key) && !inside(getSelection().focusNode);
    going = moves ? { key: event.key, extend: event.shiftKey } : null;
  }
  addEventListener("pointerdown", () => { going = null; }, true); // who points there reads, or copies
  document.addEventListener("selectionchange", () => {
    const found = going && view && !view.composing && inside(getSelection().focusNode);
    if (!found) return;
    const { doc: whole, selection } = view.state;
    const owner = places(whole).find((one) => one.id === found[0]);
    if (!owner) return;
    const up = owner.end < selection.head;
    const beside = up ? owner : places(whole).find((one) => one.start > owner.end);
    const edge = up || !beside ? owner.end : beside.start;
    const head = /^(ArrowUp|ArrowDown|Page)/.test(going.key) && beside ? under(selection.head, edge, up ? beside.start : beside.end) : edge;
    view.dispatch(view.state.tr.setSelection(TextSelection.create(whole, going.extend ? selection.anchor : head, head)).scrollIntoView());
  });
  function places(whole) {
    const found = [];
    whole.forEach((node, pos) => found.push({ id: node.attrs.id, start: pos + 1, end: pos + 1 + node.content.size }));
    return found;
  }
  /** The place on the line of `edge`, looking towards `far`, that is straight above or below `from`. */
  function under(from, edge, far) {
    const { left } = view.coordsAtPos(from);
    const line = view.coordsAtPos(edge);
    let best = { pos: edge, away: Infinity };
    for (let pos = edge, step = Math.sign(far - edge); ; pos += step) {
      const at = view.coordsAtPos(pos);
      if (at.top >= line.bottom || at.bottom <= line.top) break;
      const away = Math.abs(at.left - left);
      if (away < best.away) best = { pos, away };
      if (pos === far) break;
    }
    return best.pos;
  }

  let pointed = "";
  let pointing = 0;
  function point(now = false) {
    clearTimeout(pointing);
    pointing = setTimeout(() => {
      if (!view) return;
      const { anchor, head } = view.state.selection;
      const place = (pos) => toBase64(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, textOf(view.state.doc, pos))));
      const p = view.hasFocus() ? [place(anchor), place(head)] : null;
      if (JSON.stringify(p) === pointed && !now) return;
      pointed = JSON.stringify(p);
      line.tell({ t: "caret", p });
    }, now ? 0 : 120);
  }

  function placeOf(coded, whole) {
    try {
      const found = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(fromBase64(coded)), doc);
      return found && found.type === text ? posOf(whole, found.index) : null;
    } catch { return null; }
  }

  function decorations(whole) {
    const found = [];
    for (const one of people.values()) {
      if (!one.p) continue;
      const [anchor, head] = one.p.map((coded) => placeOf(coded, whole));
      if (head === null || anchor === null) continue;
      const shade = colour(one.plek);
      if (anchor !== head) found.push(Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), { class: `samen__keuze samen__kleur${shade}` }));
      found.push(Decoration.widget(head, () => {
        const mark = document.createElement("span");
        mark.className = `samen__cursor samen__kleur${shade}`;
        mark.setAttribute("aria-hidden", "true");
        mark.dataset.naam = one.naam;
        return mark;
      }, { key: `${one.id}-${one.naam}`, side: 10, ignoreSelection: true }));
    }
    whole.forEach((node, pos) => {
      const lead = node.attrs.kind === "alinea" && leads.find((word) => node.textContent.startsWith(`${word}. `));
      if (lead) found.push(Decoration.inline(pos + 1, pos + 2 + lead.length, { nodeName: "b" }));
      const extra = extras.get(node.attrs.id);
      if (extra) found.push(Decoration.widget(pos + node.nodeSize, extra, { key: `bij-${node.attrs.id}`, side: -1, stopEvent: () => true, ignoreSelection: true }));
    });
    return DecorationSet.create(whole, found);
  }
  function redraw() {
    look();
    view?.dispatch(view.state.tr.setMeta(beside, true));
  }

  const shown = new Plugin({
    key: beside,
    state: {
      init: (_, whole) => decorations(whole.doc),
      apply: (tr, old) => (tr.docChanged || tr.getMeta(beside) ? decorations(tr.doc) : old),
    },
    props: { decorations: (now) => beside.getState(now) },
  });

  /* ---- undo: what one did oneself ---- */

  const undo = new Y.UndoManager(text, { trackedOrigins: new Set([own]), captureTimeout: 600 });
  const history = {
    undo: () => { undo.undo(); return true; },
    redo: () => { undo.redo(); return true; },
    canUndo: () => undo.undoStack.length > 0,
    canRedo: () => undo.redoStack.length > 0,
  };
  undo.on("stack-item-added", ({ stackItem }) => {
    if (view) stackItem.meta.set("plek", toBase64(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, Math.min(text.length, textOf(view.state.doc, view.state.selection.head))))));
  });
  undo.on("stack-item-popped", ({ stackItem }) => {
    const pos = stackItem.meta.get("plek") && placeOf(stackItem.meta.get("plek"), view.state.doc);
    if (pos !== null && pos !== undefined) view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(pos))).scrollIntoView());
  });

  /* ---- keys ---- */

  const enter = (now, dispatch) => {
    const { $from, empty } = now.selection;
    const { kind } = $from.parent.attrs;
    if (empty && !$from.parent.content.size && kind !== "alinea") return toggleKind(kind)(now, dispatch); // out of the list
    if (!dispatch) return true;
    const tr = now.tr.deleteSelection();
    const place = tr.selection.$from;
    const last = place.parentOffset === place.parent.content.size;
    const next = ["kop", "subkop", "citaat"].includes(place.parent.attrs.kind) && last ? "alinea" : place.parent.attrs.kind;
    dispatch(tr.split(tr.selection.from, 1, [{ type: block, attrs: { ...place.parent.attrs, kind: next } }]).scrollIntoView());
    return true;
  };
  const back = (now, dispatch) => { // at the start of a list item or heading it first becomes a plain paragraph
    const { $from, empty } = now.selection;
    if (!empty || $from.parentOffset || $from.parent.attrs.kind === "alinea") return false;
    return toggleKind($from.parent.attrs.kind)(now, dispatch);
  };
  const newLine = (now, dispatch) => { dispatch?.(now.tr.insertText("\n").scrollIntoView()); return true; };
  // To the start or the end of the text: a browser does not get there when something else stands there (remarks, sources).
  const toEdge = (edge, extend) => (now, dispatch) => {
    const { head } = edge === "start" ? Selection.atStart(now.doc) : Selection.atEnd(now.doc);
    dispatch?.(now.tr.setSelection(TextSelection.create(now.doc, extend ? now.selection.anchor : head, head)).scrollIntoView());
    return true;
  };
  const edges = Object.fromEntries([["Ctrl-Home", "start"], ["Ctrl-End", "end"], ["Cmd-ArrowUp", "start"], ["Cmd-ArrowDown", "end"]]
    .flatMap(([key, edge]) => [[key, toEdge(edge, false)], [`Shift-${key}`, toEdge(edge, true)]]));
  const kinds = most ? ["alinea", "punt", "nummer"] : KINDS;
  const typed = { "- ": "punt", "* ": "punt", "1. ": "nummer", "# ": "kop", "## ": "subkop", "> ": "citaat" };
  const start = new Plugin({
    props: {
      handleTextInput(own, from, to, letters) {
        const $from = own.state.doc.resolve(from);
        const sign = $from.parent.textBetween(0, $from.parentOffset) + letters;
        const kind = typed[sign];
        if (!kinds.includes(kind) || letters !== " " || $from.parent.attrs.kind !== "alinea") return false;
        own.dispatch(own.state.tr.delete($from.start(), to).setNodeAttribute($from.before(), "kind", kind));
        return true;
      },
    },
  });

  /* ---- pasting ---- */

  function slice(rows, context) {
    let left = most ? Math.max(0, most - text.length) : PASTE;
    const kept = rows.map((row) => ({
      kind: kinds.includes(row.kind) ? row.kind : "alinea",
      runs: row.runs.map((run) => { const fits = run.text.slice(0, Math.max(0, left)); left -= run.text.length; return { ...run, text: fits }; }).filter((run) => run.text),
    })).filter((row) => row.runs.length);
    if (left < 0) note(words.teveel);
    const holder = document.createElement("div");
    holder.innerHTML = flat(kept);
    const found = Reader.fromSchema(schema).parse(holder, { preserveWhitespace: "full", context });
    // One paragraph is pasted into the line; several keep their first and last kind.
    return kept.length === 1 && kept[0].kind === "alinea" ? new Slice(found.content, 1, 1) : new Slice(found.content, 0, 0);
  }
  const clean = new Plugin({
    props: {
      handleDOMEvents: { paste: (own, event) => paste(own, event) },
      handleDrop: (_, event, dropped, moved) => !moved,
    },
  });
  function paste(own, event) {
    const data = event.clipboardData;
    if (!data) return false;
    look();
    event.preventDefault();
    const html = data.getData("text/html");
    const found = html ? paragraphs(html) : { rows: plain(data.getData("text/plain")), table: false };
    if (!found.rows.length) found.rows = plain(data.getData("text/plain"));
    if (!found.rows.length) { note(words.leeg); return true; }
    const whole = slice(found.rows);
    const { $from, empty } = own.state.selection;
    const tr = own.state.tr;
    if (whole.openStart || !empty || $from.parent.content.size) {
      if (whole.openStart) tr.replaceSelection(whole);
      else {
        tr.deleteSelection();
        const at = tr.selection.$from;
        if (at.parentOffset === at.parent.content.size) tr.insert(at.after(), whole.content);
        else if (!at.parentOffset) tr.insert(at.before(), whole.content);
        else tr.split(at.pos).insert(at.pos + 1, whole.content);
        const end = (at.parentOffset ? at.pos + 1 : at.before()) + whole.content.size;
        tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(end, tr.doc.content.size)), -1));
      }
    } else {
      tr.replaceWith($from.before(), $from.after(), whole.content);
      tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min($from.before() + whole.content.size, tr.doc.content.size)), -1));
    }
    own.dispatch(tr.setMeta("paste", true).scrollIntoView());
    if (found.table) note(words.tabel);
    return true;
  }

  // A short text takes no more letters than its form does.
  const full = new Plugin({
    filterTransaction(tr, now) {
      const fits = !tr.docChanged || tr.getMeta("samen") || tr.doc.content.size <= Math.max(most, now.doc.content.size);
      if (!fits) note(words.vol);
      return fits;
    },
  });

  /* ---- the editor itself ---- */

  /** What stands under a paragraph of the page: [its id, the element], or null. */
  function extraOf(para) {
    const id = para.id.replace("alinea-", "");
    para.querySelectorAll(".para__text, .para__edit").forEach((part) => part.remove());
    para.removeAttribute("id"); // the paragraph itself has it now
    return para.querySelector("details, figure, .chart, .para__origin") ? [id, para] : null;
  }

  // Remarks and sources that came while somebody writes: into what stands there, as live.js does it with the rest of the page.
  root.addEventListener("driekolom:vers", ({ detail: { fresh, morph } }) => {
    if (!view) return;
    let more = false;
    for (const para of [...fresh.querySelectorAll(".para")]) {
      const [id, extra] = extraOf(document.importNode(para, true)) ?? [];
      if (!id) continue;
      if (extras.has(id)) morph(extras.get(id), extra);
      else { extras.set(id, extra); more = true; }
    }
    if (more) redraw();
  });

  function show() {
    for (const old of paper.querySelectorAll(".para")) {
      const [id, extra] = extraOf(old) ?? [old.id.replace("alinea-", "")];
      if (extra) extras.set(id, extra);
      const proposal = [...old.querySelectorAll(".para__origin")].find((line) => / ?voorgesteld$/.test(line.textContent));
      if (proposal) proposals.set(id, { proposal, text: null });
    }
    const { plugin, commands } = toolbar(bar, linkForm, history);
    const focused = location.hash.startsWith("#alinea-") ? location.hash.slice(1) : "";
    paper.replaceChildren();
    root.querySelectorAll("[data-samen-weg]").forEach((part) => part.remove());
    view = new EditorView({ mount: paper }, {
      state: EditorState.create({
        doc: readDoc(text),
        plugins: [
          identity, shown, plugin, start, clean, ...(most ? [full] : []),
          keymap({
            "Mod-z": history.undo, "Mod-y": history.redo, "Mod-Shift-z": history.redo,
            "Mod-b": toggleMark(bold), "Mod-i": toggleMark(italic), "Mod-k": commands.link.run,
            ...(most ? {} : { "Mod-Alt-1": toggleKind("kop"), "Mod-Alt-2": toggleKind("subkop"), "Mod-Shift-9": toggleKind("citaat") }),
            "Mod-Alt-0": toggleKind("alinea"), "Mod-Shift-8": toggleKind("punt"), "Mod-Shift-7": toggleKind("nummer"),
            Enter: enter, "Shift-Enter": newLine, Backspace: back, ...edges,
          }),
          keymap(baseKeymap),
        ],
      }),
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": words.titel, "aria-describedby": help.id, class: "samen__tekst" },
      dispatchTransaction(tr) {
        const before = view.state.doc;
        const next = view.state.apply(tr);
        view.updateState(next);
        if (tr.docChanged && !tr.getMeta("samen")) {
          touched = changed(before, next.doc);
          const apart = tr.getMeta("paste") || before.childCount !== next.doc.childCount || Date.now() - step > 3000;
          if (apart) { undo.stopCapturing(); step = Date.now(); } // undone in pieces that somebody recognises
          const old = begun(before, next.doc);
          write(text, old, next.doc, (work) => doc.transact(work, own));
          if (shutting) shut();
          if (extras.size) renew(next.doc);
        }
        if (tr.selectionSet || tr.docChanged) point();
      },
      handleDOMEvents: { keydown: (_, event) => { if (event.keyCode !== 229) { look(); leave(event); } return false; }, focus: () => { point(); keepInSight(); return false; }, blur: () => { point(); return false; } },
    });
    renew(view.state.doc);
    text.observe((event) => {
      if (event.transaction.origin !== own && event.transaction.origin !== first) view.dispatch(heard(view.state, text, event.delta));
      if (proposals.size) renew(view.state.doc);
    });
    root.classList.add("samen--aan");
    root.dataset.own = ""; // live.js leaves it alone
    tools.hidden = false;
    clear();
    root.samen = { view, line, doc, text, paragraphs, plain };
    globalThis.driekolomSamen = root.samen; // the one that was opened last
    if (focused) document.getElementById(focused)?.scrollIntoView();
    document.dispatchEvent(new CustomEvent("driekolom:samen"));
  }

  /** The first mark of an empty text is nobody's deed: undoing what one typed leaves it. */
  function begun(before, after) {
    const { id } = after.firstChild.attrs;
    if (before.firstChild.attrs.id || !id) return before;
    doc.transact(() => text.insertEmbed(0, { id }), first);
    return before.copy(before.content.replaceChild(0, before.firstChild.type.create({ ...before.firstChild.attrs, id }, before.firstChild.content)));
  }

  /** A proposal that somebody changed is none any more. */
  function renew(whole) {
    whole.forEach((node) => {
      const one = proposals.get(node.attrs.id);
      if (!one || one.text === node.textContent) return;
      if (one.text === null) { one.text = node.textContent; return; }
      one.proposal.textContent = one.proposal.textContent.replace(/voorgesteld$/, words.bewerkt);
      extras.get(node.attrs.id).classList.remove("para--proposed");
      proposals.delete(node.attrs.id);
    });
  }

  /** What was typed in, as text that somebody can read when it cannot be saved. */
  function changed(before, after) {
    const known = new Map();
    before.forEach((node) => known.set(node.attrs.id, node));
    const found = [];
    after.forEach((node) => { if (node.attrs.id && known.get(node.attrs.id) !== node && node.textContent) found.push({ id: node.attrs.id, text: node.textContent }); });
    return found.slice(0, 40);
  }

  /* ---- a phone: the buttons stay above the keyboard, and the line that is typed in stays in sight ---- */

  const port = globalThis.visualViewport;
  // How far the line that is typed in stays from the edges: the buttons are above it, or below it on a phone.
  function clear() {
    const below = root.classList.contains("samen--toetsen");
    const room = tools.offsetHeight + 12;
    const edges = { top: below ? 8 : room, bottom: below ? room : 24, left: 0, right: 0 };
    view?.setProps({ scrollThreshold: edges, scrollMargin: edges });
  }
  function keepInSight() {
    if (!port) return;
    const covered = Math.max(0, innerHeight - port.height - port.offsetTop);
    root.classList.toggle("samen--toetsen", covered > 120 && view?.hasFocus());
    tools.style.setProperty("--onder", `${Math.round(covered)}px`);
    clear();
  }
  // What changes above the text pushes the line away: it is put back in sight.
  document.addEventListener("driekolom:vernieuwd", () => {
    if (view?.hasFocus() && root.classList.contains("samen--toetsen")) view.dispatch(view.state.tr.scrollIntoView());
  });
  port?.addEventListener("resize", keepInSight);
  port?.addEventListener("scroll", keepInSight);

  /* ---- leaving ---- */

  // A form that leads to another page waits until what was typed is confirmed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!line.pending || !line.together || form.method !== "post" || form.dataset.verstuurd || form.matches("form[data-field]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const began = Date.now();
    const wait = setInterval(() => {
      if (line.pending && line.together && Date.now() - began < 5000) return;
      clearInterval(wait);
      form.dataset.verstuurd = "1";
      form.requestSubmit(event.submitter ?? undefined);
      delete form.dataset.verstuurd;
    }, 50);
  }, true);
  addEventListener("pagehide", () => line.send());

  line.start();
}

globalThis.driekolomPlakken = { paragraphs, plain, flat }; // for the tests of pasting
globalThis.driekolomVeld = (form) => open(form, mount);
document.querySelectorAll("[data-samen]").forEach((root) => mount(root));
