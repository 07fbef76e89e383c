// The buttons, which stand in the page already; with the arrow keys, as every toolbar.

import { Plugin } from "prosemirror-state";
import { toggleMark } from "prosemirror-commands";
import { block, bold, fitLink, italic, link } from "./schema.js";

/** Gives all chosen paragraphs this kind; when they have it, they become plain again. */
export const toggleKind = (kind) => (state, dispatch) => {
  const chosen = [];
  state.doc.nodesBetween(state.selection.from, state.selection.to, (node, pos) => { if (node.type === block) chosen.push([node, pos]); });
  if (!chosen.length) return false;
  if (dispatch) {
    const wanted = chosen.every(([node]) => node.attrs.kind === kind) ? "alinea" : kind;
    const tr = state.tr;
    chosen.forEach(([, pos]) => tr.setNodeAttribute(pos, "kind", wanted));
    dispatch(tr.scrollIntoView());
  }
  return true;
};

const hasKind = (kind) => (state) => state.selection.$from.parent.attrs.kind === kind;

const hasMark = (type) => (state) => {
  const { from, $from, to, empty } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
};

/** The whole link around the caret. */
function linkAround(state) {
  const { $from, from, to, empty } = state.selection;
  if (!empty) return { from, to, href: link.isInSet($from.marksAcross(state.selection.$to) ?? [])?.attrs.href ?? "" };
  const parent = $from.parent;
  const found = parent.childAfter($from.parentOffset).node ? parent.childAfter($from.parentOffset) : parent.childBefore($from.parentOffset);
  const mark = found.node && link.isInSet(found.node.marks);
  if (!mark) return { from, to, href: "" };
  const start = $from.start() + found.offset;
  return { from: start, to: start + found.node.nodeSize, href: mark.attrs.href };
}

export function toolbar(bar, linkForm, history) {
  const buttons = [...bar.querySelectorAll("button[data-doet]")];
  const input = linkForm.querySelector("input");
  const wrong = linkForm.querySelector("[data-fout]");
  let view;

  const commands = {
    vet: { run: toggleMark(bold), on: hasMark(bold) },
    cursief: { run: toggleMark(italic), on: hasMark(italic) },
    kop: { run: toggleKind("kop"), on: hasKind("kop") },
    subkop: { run: toggleKind("subkop"), on: hasKind("subkop") },
    punt: { run: toggleKind("punt"), on: hasKind("punt") },
    nummer: { run: toggleKind("nummer"), on: hasKind("nummer") },
    citaat: { run: toggleKind("citaat"), on: hasKind("citaat") },
    link: { run: openLink, on: (state) => hasMark(link)(state) || Boolean(linkAround(state).href), stays: true },
    ongedaan: { run: () => history.undo() },
    opnieuw: { run: () => history.redo() },
  };

  function openLink(state) {
    const { href, from, to } = linkAround(state);
    linkForm.hidden = false;
    linkForm.dataset.from = from;
    input.value = href;
    linkForm.querySelector("[data-weg]").hidden = !href;
    wrong.hidden = true;
    input.removeAttribute("aria-invalid");
    linkForm.dataset.empty = String(from === to);
    input.focus();
    input.select();
    return true;
  }
  function closeLink() {
    linkForm.hidden = true;
    view.focus();
  }
  const make = () => {
    let href = input.value.trim();
    if (/^[^\s@/:]+@[^\s@/]+\.[a-z]{2,}$/i.test(href)) href = `mailto:${href}`;
    else if (/^[a-z0-9-]+(\.[a-z0-9-]+)+([/?#]|$)/i.test(href)) href = `https://${href}`;
    if (!fitLink(href)) { wrong.hidden = false; input.setAttribute("aria-invalid", "true"); input.focus(); return; }
    const { from, to } = linkAround(view.state);
    const tr = view.state.tr;
    if (from === to) tr.insertText(href, from).addMark(from, from + href.length, link.create({ href }));
    else tr.removeMark(from, to, link).addMark(from, to, link.create({ href }));
    view.dispatch(tr);
    closeLink();
  };
  linkForm.querySelector("[data-maak]").addEventListener("click", make);
  linkForm.querySelector("[data-weg]").addEventListener("click", () => {
    const { from, to } = linkAround(view.state);
    view.dispatch(view.state.tr.removeMark(from, to, link));
    closeLink();
  });
  linkForm.querySelector("[data-terug]").addEventListener("click", closeLink);
  linkForm.addEventListener("keydown", (event) => { 
    if (event.key === "Escape") { event.preventDefault(); closeLink(); }
    if (event.key === "Enter" && event.target === input) { event.preventDefault(); make(); }
  });

  bar.addEventListener("mousedown", (event) => event.preventDefault()); // the caret stays where it is
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-doet]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const command = commands[button.dataset.doet];
    command.run(view.state, view.dispatch, view);
    if (!command.stays) view.focus();
  });
  const focusAt = (place) => {
    const target = buttons.at(place % buttons.length);
    buttons.forEach((button) => { button.tabIndex = button === target ? 0 : -1; });
    target.focus();
  };
  bar.addEventListener("keydown", (event) => {
    const place = buttons.indexOf(document.activeElement);
    if (event.key === "ArrowRight") focusAt(place + 1);
    else if (event.key === "ArrowLeft") focusAt(place - 1);
    else if (event.key === "Home") focusAt(0);
    else if (event.key === "End") focusAt(-1);
    else if (event.key === "Escape") view.focus();
    else return;
    event.preventDefault();
  });

  const plugin = new Plugin({
    props: {
      handleKeyDown(_, event) {
        if (!event.altKey || event.key !== "F10") return false;
        focusAt(Math.max(0, buttons.findIndex((button) => button.tabIndex === 0)));
        return true;
      },
    },
    view(own) {
      view = own;
      const update = () => buttons.forEach((button) => {
        const command = commands[button.dataset.doet];
        if (command.on) button.setAttribute("aria-pressed", String(command.on(view.state)));
        if (button.dataset.doet === "ongedaan") button.setAttribute("aria-disabled", String(!history.canUndo()));
        if (button.dataset.doet === "opnieuw") button.setAttribute("aria-disabled", String(!history.canRedo()));
      });
      update();
      return { update };
    },
  });
  return { plugin, commands };
}
