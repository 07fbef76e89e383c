// The text as the editor knows it: a flat row of paragraphs, each with an id, a kind and where it comes from.
// Flat, so that splitting, joining, moving or making a heading never takes away what somebody else is typing in.

import { Schema } from "prosemirror-model";

export const VERSION = "1"; // the same as in app/prose/routes.py; another one makes the page load again
export const KINDS = ["alinea", "kop", "subkop", "citaat", "punt", "nummer"];

const tags = { alinea: ["p"], kop: ["h2"], subkop: ["h3"], citaat: ["blockquote"], punt: ["ul", "li"], nummer: ["ol", "li"] };

function draw(node) {
  const { id, kind } = node.attrs;
  const [outer, inner] = tags[kind];
  const names = { class: `samen__${kind}`, dir: "auto" };
  if (id) names.id = `alinea-${id}`;
  return inner ? [outer, names, [inner, 0]] : [outer, names, 0];
}

const read = (kind) => () => ({ kind });

export const LINK = /^(https?:\/\/|mailto:)[^\s"'<>\\^`{|}]+$/i;
export const fitLink = (href) => href.length <= 1000 && LINK.test(href);

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    block: {
      content: "text*",
      whitespace: "pre", // a new line inside a paragraph is a letter like any other
      attrs: { id: { default: "" }, kind: { default: "alinea" }, origin: { default: "" } },
      toDOM: draw,
      parseDOM: [
        { tag: "[data-k]", priority: 60, getAttrs: (dom) => ({ kind: KINDS.includes(dom.dataset.k) ? dom.dataset.k : "alinea" }) },
        { tag: "p" }, { tag: "div" }, { tag: "h1", getAttrs: read("kop") }, { tag: "h2", getAttrs: read("kop") },
        { tag: "h3", getAttrs: read("subkop") }, { tag: "blockquote", getAttrs: read("citaat") },
        { tag: "ol li", getAttrs: read("nummer") }, { tag: "li", getAttrs: read("punt") },
      ],
    },
    text: {},
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      toDOM: (mark) => ["a", { href: mark.attrs.href, rel: "noopener noreferrer", class: "link" }, 0],
      parseDOM: [{ tag: "a[href]", getAttrs: (dom) => (fitLink(dom.getAttribute("href").trim()) ? { href: dom.getAttribute("href").trim() } : false) }],
    },
    italic: { toDOM: () => ["i", 0], parseDOM: [{ tag: "i" }, { tag: "em" }] },
    bold: { toDOM: () => ["b", 0], parseDOM: [{ tag: "b" }, { tag: "strong" }] },
  },
});

export const { bold, italic, link } = schema.marks;
export const block = schema.nodes.block;
