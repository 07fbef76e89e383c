// A short text on a page: a form with a box, until somebody begins to write in it. Then the editor takes the place of the box,
// with the caret where it was. What was typed in the box before that is saved by its form first, so nothing is typed twice.

import { TextSelection } from "prosemirror-state";

const dense = (words) => words.replace(/\s/g, "");
const letters = (words) => dense(words).length;
const UNHEARD = 10_000; // ms that the editor waits for what the form saved

/** What the box writes before a paragraph of this kind (app/prose/fieldtext.py: plain); `row` counts the numbered ones. */
const sign = (node, row) => ({ punt: "-", nummer: `${row}.` })[node.attrs.kind] ?? "";

/** All words of a text as the box has them, without white space. */
function wordsOf(doc) {
  let row = 0;
  let found = "";
  doc.forEach((node) => {
    row = node.attrs.kind === "nummer" ? row + 1 : 0;
    found += sign(node, row) + dense(node.textContent);
  });
  return found;
}

/** The place in the editor of a place in the words of the box: after as many letters. White space can differ, because what is
 *  stored has none at its ends. */
function placeOf(doc, before) {
  let left = letters(before);
  const after = /\s$/.test(before); // the caret is in front of a word: not behind the one before it
  let row = 0;
  let found = null;
  doc.forEach((node, pos) => {
    row = node.attrs.kind === "nummer" ? row + 1 : 0;
    if (found !== null) return;
    const words = node.textContent;
    left -= sign(node, row).length;
    let at = 0;
    while (at < words.length && (left > 0 || (left === 0 && after && /\s/.test(words[at])))) {
      if (!/\s/.test(words[at])) left -= 1;
      at += 1;
    }
    if (left <= 0 && (at < words.length || !after)) found = pos + 1 + at;
  });
  return found ?? doc.content.size - 1;
}

// A space or a new line that was just typed at the end of a line is not stored: the word after it has to come first.
function between(box) {
  const [before, after] = [box.value.slice(0, box.selectionStart), box.value.slice(box.selectionEnd)];
  return document.activeElement === box && /\s$/.test(before) && /^(\n|$)/.test(after);
}

/** Opens the text of this form, unless that was done already. */
export function open(form, mount) {
  const box = form.querySelector("textarea");
  const template = document.getElementById("samen-veld");
  if (form.dataset.open || !box || !template) return;
  form.dataset.open = "1";
  const label = form.querySelector(".field__label");
  const root = template.content.firstElementChild.cloneNode(true);
  for (const part of root.querySelectorAll("[id], [for], [aria-controls], [aria-describedby]")) {
    for (const name of ["id", "for", "aria-controls", "aria-describedby"]) {
      if (part.hasAttribute(name)) part.setAttribute(name, `${form.id}-${part.getAttribute(name)}`);
    }
  }
  const paper = root.querySelector("[data-samen-deel=tekst]");
  paper.hidden = true;
  Object.assign(root.dataset, { samen: form.dataset.samenVeld, plek: document.body.dataset.seat, titel: label.textContent.trim() });
  box.after(root);
  paper.after(root.querySelector(".samen__stand")); // where the form says it too
  let composing = false;
  box.addEventListener("compositionstart", () => { composing = true; });
  box.addEventListener("compositionend", () => { composing = false; });
  // What the form saved comes over the line too, and on a slow one later than the form hears that it is saved.
  let wrote = unsaved(form); // of save.js
  let since = 0;
  box.addEventListener("input", () => { wrote = true; since = 0; });
  function heard(doc) {
    since ||= Date.now();
    return !wrote || wordsOf(doc) === dense(box.value) || Date.now() - since > UNHEARD;
  }
  mount(root, {
    most: Number(box.dataset.limit),
    ready: (doc) => !composing && !between(box) && !unsaved(form) && heard(doc),
    taken(view) { // says what the form said last
      const focused = document.activeElement === box;
      const [from, to] = [box.selectionStart, box.selectionEnd].map((at) => placeOf(view.state.doc, box.value.slice(0, at)));
      const said = form.querySelector("[data-part=status]").textContent;
      form.dataset.own = ""; // live.js and save.js leave it alone
      paper.hidden = false;
      box.hidden = true;
      form.querySelector(".field__foot").hidden = true;
      form.querySelectorAll("[name=waarde]").forEach((input) => { input.disabled = true; });
      label.addEventListener("click", () => view.focus());
      if (focused) {
        view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to)));
        view.focus();
      }
      return said;
    },
  });
}
