// Every paragraph has an id of its own, and keeps what it came from: whatever is split, joined, copied or pasted.

import { Plugin } from "prosemirror-state";

const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
const MOST = 20;

/** An id like those of the server: the moment, and chance. */
export function newId() {
  let number = (BigInt(Date.now()) << 32n) | BigInt(crypto.getRandomValues(new Uint32Array(1))[0]);
  let id = "";
  for (let i = 0; i < 16; i += 1) { id = LETTERS[Number(number & 31n)] + id; number >>= 5n; }
  return id;
}

const joined = (...lists) => [...new Set(lists.join(" ").split(" ").filter(Boolean))].slice(0, MOST).join(" ");

export const identity = new Plugin({
  appendTransaction(transactions, before, state) {
    if (!transactions.some((t) => t.docChanged) || transactions.some((t) => t.getMeta("samen"))) return null;
    const tr = state.tr;
    const places = new Map();
    state.doc.forEach((node, pos) => {
      const known = places.get(node.attrs.id);
      if (node.attrs.id && known) known.push({ node, pos });
      else places.set(node.attrs.id, [{ node, pos }]);
    });
    const change = (pos, attrs) => Object.entries(attrs).forEach(([name, value]) => tr.setNodeAttribute(pos, name, value));
    for (const [id, rows] of places) {
      if (!id) { rows.forEach(({ pos }) => change(pos, { id: newId() })); continue; }
      if (rows.length < 2) continue;
      const keeper = rows.find(({ node }) => node.content.size) ?? rows[0]; // a new line above takes the new id
      for (const row of rows) {
        if (row === keeper) continue;
        const empty = !row.node.content.size;
        change(row.pos, { id: newId(), origin: empty ? "" : joined(id, row.node.attrs.origin) });
      }
    }
    // What was joined to another paragraph: that one comes from both now.
    const maps = transactions.map((t) => t.mapping);
    const map = (pos, side) => maps.reduce((at, mapping) => mapping.map(at, side), pos);
    before.doc.forEach((node, pos) => {
      const { id, origin } = node.attrs;
      if (!id || places.has(id) || !node.content.size) return;
      const [from, to] = [map(pos + 1, 1), map(pos + 1 + node.content.size, -1)];
      if (from >= to) return;
      const $from = state.doc.resolve(from);
      if (!$from.depth) return;
      const into = tr.doc.nodeAt($from.before(1));
      if (into.attrs.id !== id) change($from.before(1), { origin: joined(into.attrs.origin, id, origin).split(" ").filter((one) => one !== into.attrs.id).join(" ") });
    });
    return tr.docChanged ? tr : null;
  },
});
