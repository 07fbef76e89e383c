// A short text on a page: a form with a box, until somebody begins to write in it. Then the editor takes the place of the box,
// with the caret where it was. What was typed in the box before that is saved by its form first, so nothing is typed twice.

import { TextSelection } from "prosemirror-state";

/** The place in the editor of a place in the words of the box (app/prose/fieldtext.py: plain). */
function placeOf(doc, wanted) {
  let at = 0;
  let before = "";
  let number = 0;
  let found = 1;
  doc.forEach((node, pos) => {
    const { kind } = node.attrs;
    if (!node.content.size) return;
    const listed = kind !== "alinea";
    number = kind === "nummer" ? (before === "nummer" ? number + 1 : 1) : 0;
    if (before) at += listed || before !== "alinea" ? 1 : 2;
    if (listed) at += kind === "punt" ? 2 : `${number}. `.length;
    if (wanted >= at) found = pos + 1 + Math.min(wanted - at, node.content.size);
    at += node.textContent.length;
    before = kind;
  });
  return found;
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
  mount(root, {
    most: Number(box.dataset.limit),
    ready: () => !composing && !unsaved(form), // of save.js
    taken(view) {
      const focused = document.activeElement === box;
      const [from, to] = [box.selectionStart, box.selectionEnd].map((at) => placeOf(view.state.doc, at));
      form.dataset.own = ""; // live.js and save.js leave it alone
      paper.hidden = false;
      box.hidden = true;
      form.querySelector(".field__foot").hidden = true;
      form.querySelectorAll("[name=waarde]").forEach((input) => { input.disabled = true; });
      label.addEventListener("click", () => view.focus());
      if (!focused) return;
      view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to)));
      view.focus();
    },
  });
}
