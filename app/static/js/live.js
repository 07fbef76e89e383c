// What others do, without loading the page again.
//
// The server says only where something changed (a stream of topics; where a stream does not get through, the answer to a
// question every 20 seconds). This window then asks for its own page again, with its own rights, and takes over what is
// different. It never touches what somebody is typing or has not saved yet, moves no focus and closes no fold. Parts that
// another script draws are marked data-own and stay as they are.
//
// One stream per window that can be seen: a hidden window closes its own after half a minute. A module, so that its
// names are its own. It uses from save.js: reader, states, lifted, unsaved, values, fill, alarm.

const journey = document.body.dataset.live;
const place = journey ? location.pathname.slice(journey.length + 1).split("/").slice(0, 2).join("/") : "";
const windowName = Math.random().toString(36).slice(2, 12);

const SOON = 250; // ms after a change of this page
const LATER = 3000; // after a change elsewhere: this page may show it too
const OWN = 1500; // after what this window saved itself: its counters
const APART = 1500; // between two questions for the page
const BEAT = 12000; // the server hears that this window is still here
const ASK = 20000; // how often is asked where a stream does not get through
const SILENT = 22000; // the stream says something every 15 seconds
const AGAIN = 300000; // a stream that was blocked is tried again

let known = Number(document.body.dataset.stand ?? 0); // the newest number of changes that was heard of
let shown = known; // the one of this page
let tag = '"-"';
let stream = null;
let heardAt = Date.now();
let blocked = 0; // until when no stream is tried
let failures = 0;
let lost = false;
let savedAt = 0; // when this window saved something itself

/* ---- the page again ---- */

const plan = { timer: 0, at: 0, last: 0, busy: false };
let waits = false; // something was left as it is, because somebody was using it

function refresh(wait) {
  if (lost) return;
  const at = Math.max(Date.now() + wait + Math.random() * wait, plan.last + APART);
  if (plan.timer && plan.at <= at) return;
  clearTimeout(plan.timer);
  plan.at = at;
  plan.timer = setTimeout(ask, at - Date.now());
}

async function ask() {
  plan.timer = 0;
  if (document.hidden || plan.busy) { if (!document.hidden) refresh(APART); return; }
  if (selecting()) { refresh(LATER); return; }
  plan.busy = true;
  plan.last = Date.now();
  const target = known;
  try {
    const page = new URL(location.href);
    page.searchParams.delete("klaar");
    const response = await fetch(page, {
      headers: { "if-none-match": tag, "driekolom-plek": reader }, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(15000),
    });
    if (response.status === 200) {
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      await lifted;
      if (fresh.body.dataset.live === journey && fresh.body.dataset.seat === reader) {
        take(fresh);
        tag = waits ? '"-"' : response.headers.get("etag") ?? '"-"';
        shown = Math.max(target, Number(fresh.body.dataset.stand ?? 0));
        known = Math.max(known, shown);
      }
    } else if (response.status === 304) {
      shown = target;
    } else if (response.status === 0 || [401, 403, 404, 410].includes(response.status)) {
      await beat();
      if (!lost && response.status !== 0) gone("Deze pagina is er niet meer, of u mag haar niet meer zien.");
    }
    if (shown >= target) document.dispatchEvent(new CustomEvent("driekolom:gehoord")); // also when nothing looks different
  } catch {
    refresh(LATER);
  } finally {
    plan.busy = false;
  }
}

function selecting() {
  const selection = getSelection();
  return !selection.isCollapsed && document.querySelector("main").contains(selection.anchorNode);
}

const REGIONS = ["main", ".page__aside", ".site-head nav[aria-label=Stappen]", ".journey > .journey__title", ".steps-fold", ".banner"];

function take(fresh) {
  waits = false;
  const changed = new Set();
  for (const region of REGIONS) {
    const old = document.querySelector(region);
    const next = fresh.querySelector(region);
    if (old && next) morph(old, next, region === "main" ? changed : new Set());
  }
  if (!changed.size) return;
  document.dispatchEvent(new CustomEvent("driekolom:vernieuwd"));
  show(changed);
}

/* ---- taking over what is different ---- */

// What another script draws: marked data-own, and the editor of a shared text once it stands there. Taking over the page
// inside it would be typing for the editor, which sends it to everybody, who would take over the page again.
const OTHERS = "[data-own], .samen--aan";

const isBox = (element) => element?.matches?.("textarea, select, [contenteditable=true], input:not([type=radio], [type=checkbox], [type=hidden], [type=submit])");
const isDirty = (input) =>
  input.type === "checkbox" || input.type === "radio" ? input.checked !== input.defaultChecked
    : input.localName === "select" ? [...input.options].some((o) => o.selected !== o.defaultSelected) && input.selectedIndex > 0
      : ["hidden", "submit", "button"].includes(input.type) ? false : input.value !== input.defaultValue;

// Whether somebody is busy here: what is in it stays as it is.
function busyIn(element) {
  if (element.contains(document.activeElement) && isBox(document.activeElement)) return true;
  if (element.matches("form[data-field]")) return unsaved(element);
  return element.localName === "form" && [...element.elements].some(isDirty);
}

// Whether taking this away would take away what somebody is using.
function inUse(element) {
  if (element.nodeType !== Node.ELEMENT_NODE) return false;
  if (element.contains(document.activeElement) || element.matches(`${OTHERS}, #bewaard`) || element.querySelector(OTHERS)) return true;
  return [element, ...element.querySelectorAll("form")].some((form) => form.localName === "form" && busyIn(form));
}

function morph(old, fresh, changed) {
  if (old.isEqualNode(fresh)) return;
  if (old.matches(OTHERS)) { // it may show something of the page inside it
    old.dispatchEvent(new CustomEvent("driekolom:vers", { detail: { fresh, morph: (mine, next) => morph(mine, next, changed) } }));
    return;
  }
  if (old.localName === "form" || isBox(old)) {
    const field = old.matches("form[data-field]");
    const behind = field && Number(fresh.elements?.versie?.value) < Number(old.elements.versie?.value);
    if (behind || busyIn(old)) { waits = true; return; }
    attributes(old, fresh);
    children(old, fresh, changed);
    if (field) fill(old, values(fresh));
    else for (const input of old.elements ?? []) if (isDirty(input)) input.value = input.defaultValue;
    changed.add(old);
    return;
  }
  attributes(old, fresh);
  children(old, fresh, changed);
}

function attributes(old, fresh) {
  const kept = (name) => name === "style" || (name === "open" && old.matches("details, dialog")) || name.startsWith("data-nieuw");
  for (const { name, value } of fresh.attributes) if (!kept(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!kept(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
}

function children(old, fresh, changed) {
  const matches = pairs(old, fresh);
  const stay = new Set(matches.values());
  for (const child of [...old.childNodes]) {
    if (stay.has(child)) continue;
    if (inUse(child)) { waits = true; continue; }
    if (child.textContent.trim()) changed.add(old);
    child.remove();
  }
  let at = old.firstChild;
  const skip = () => { while (at && !stay.has(at) && at.nodeType === Node.ELEMENT_NODE && inUse(at)) at = at.nextSibling; };
  for (const next of [...fresh.childNodes]) {
    skip();
    const mine = matches.get(next);
    if (!mine) {
      const made = document.importNode(next, true);
      old.insertBefore(made, at);
      if (made.nodeType === Node.ELEMENT_NODE) changed.add(made);
      else if (made.textContent.trim()) changed.add(old);
      stay.add(made);
      continue;
    }
    if (mine !== at) {
      if (mine.contains(document.activeElement)) while (at && at !== mine) { const after = at.nextSibling; old.append(at); at = after; } // moving it would lose the focus
      else old.insertBefore(mine, at);
    }
    at = mine.nextSibling;
    if (mine.nodeType === Node.ELEMENT_NODE) morph(mine, next, changed);
    else if (mine.data !== next.data) { if (mine.data.trim() !== next.data.trim()) changed.add(old); mine.data = next.data; }
  }
}

// Which new child is which old one: by id, else the one that is the same, else the one that holds some of the same ids,
// else the next of its kind. What holds ids that stand somewhere else now is none of these: a fold that came would take
// over the fields of the next one.
function pairs(old, fresh) {
  const found = new Map();
  const free = new Set(old.childNodes);
  const kind = (node) => `${node.nodeName} ${node.id ?? ""}`;
  const match = (next, mine) => { found.set(next, mine); free.delete(mine); };
  const whole = new Map();
  for (const node of old.children) {
    const name = node.id ? kind(node) : node.outerHTML;
    whole.set(name, [...(whole.get(name) ?? []), node]);
  }
  for (const next of fresh.children) {
    const mine = whole.get(next.id ? kind(next) : next.outerHTML)?.shift();
    if (mine) match(next, mine);
  }
  const left = [...fresh.childNodes].filter((next) => !found.has(next) && !next.id);
  if (!left.length) return found;
  const rest = new Map();
  for (const node of free) if (!node.id) rest.set(kind(node), [...(rest.get(kind(node)) ?? []), node]);
  const holder = new Map(); // id → which of `left` holds it
  for (const next of left) for (const id of inside(next)) holder.set(id, next);
  const elsewhere = new Set();
  for (const node of [...rest.values()].flat()) {
    const next = inside(node).map((id) => holder.get(id)).find((one) => one && kind(one) === kind(node));
    if (!next) continue;
    elsewhere.add(node);
    if (!found.has(next)) match(next, node);
  }
  for (const next of left) {
    const mine = found.has(next) ? null : rest.get(kind(next))?.find((node) => free.has(node) && !elsewhere.has(node));
    if (mine) match(next, mine);
  }
  return found;
}

const inside = (node) => (node.nodeType === Node.ELEMENT_NODE ? [...node.querySelectorAll("[id]")].map((one) => one.id) : []);

/* ---- showing and saying that it changed ---- */

let saidAt = 0;

function show(changed) {
  if (Date.now() - savedAt < 4000) return; // it may be what this window saved itself
  const places = new Set([...changed].map((element) => element.closest("li, tr, form, p, section, .card, div") ?? element));
  places.delete(document.querySelector("main"));
  for (const element of [...places].slice(0, 12)) {
    element.dataset.nieuw = "";
    setTimeout(() => { delete element.dataset.nieuw; }, 4000);
  }
  const wait = Math.max(0, saidAt + 10000 - Date.now());
  if (wait > 10000) return; // it will be said already
  saidAt = Date.now() + wait;
  setTimeout(() => {
    const line = document.getElementById("nieuws");
    line.textContent = "Deze pagina is bijgewerkt.";
    setTimeout(() => { line.textContent = ""; }, 5000);
  }, wait);
}

/* ---- the stream ---- */

const address = (what, more = "") => `${journey}/${what}?plek=${encodeURIComponent(place)}&venster=${windowName}${more}`;
const concerns = (topic) => topic === "*" || place === topic || place.startsWith(`${topic}/`) || topic.startsWith(`${place}/`);

function news(topics, number) {
  known = Math.max(known, number);
  const own = Date.now() - savedAt < 2000 || [...document.querySelectorAll("form[data-field]")].some((form) => states.get(form)?.busy);
  refresh(!topics.some(concerns) ? LATER : own ? OWN : SOON);
}

function connect() {
  if (stream || lost || document.hidden || Date.now() < blocked || !globalThis.EventSource) return;
  stream = new EventSource(address("stroom", `&sinds=${shown}`));
  heardAt = Date.now();
  const on = (kind, does) => stream.addEventListener(kind, (event) => { heardAt = Date.now(); failures = 0; does?.(event); });
  on("stand", (event) => {
    known = Math.max(known, Number(event.lastEventId));
    if (known > shown) refresh(SOON);
    people();
  });
  on("nieuws", (event) => news(event.data.split(" "), Number(event.lastEventId)));
  on("hier", people);
  on("leeft");
  on("einde", () => { disconnect(); beat(); });
  stream.addEventListener("error", () => {
    if (stream?.readyState === EventSource.CLOSED) block(Math.min(2000 * 2 ** failures++, 60000) * (0.5 + Math.random()));
  });
}

function disconnect() {
  stream?.close();
  stream = null;
}

function block(wait) {
  disconnect();
  blocked = Date.now() + wait;
}

/* ---- still here ---- */

let beatAt = 0;
let hadPeople = "";

async function beat() {
  if (lost) return;
  beatAt = Date.now();
  try {
    const response = await fetch(address("stand", `&sinds=${shown}`), {
      headers: { "driekolom-deel": "1", "driekolom-plek": reader }, cache: "no-store", signal: AbortSignal.timeout(10000),
    });
    if (response.status === 401) gone("U bent afgemeld. Meld u opnieuw aan met uw persoonlijke link; wat u typte, staat nog in deze browser.");
    else if (response.status === 403 || response.status === 404) gone("U hebt geen toegang meer tot dit traject.");
    if (response.status !== 200) return;
    const { stand, onderwerpen, hier } = await response.json();
    if (stand > known || stand > shown && !plan.timer) news(onderwerpen, stand);
    if (hadPeople !== (hadPeople = hier.join(" "))) people();
  } catch { /* it is tried again */ }
}

function gone(sentence) {
  lost = true;
  disconnect();
  line?.replaceChildren(); // nobody says any more who is here
  alarm(sentence);
}

const line = document.getElementById("hier");
let peopleTimer = 0;
let peopleAt = 0;

function people() {
  if (peopleTimer || !line) return;
  peopleTimer = setTimeout(async () => {
    peopleTimer = 0;
    peopleAt = Date.now();
    try {
      const response = await fetch(address("hier"), { headers: { "driekolom-deel": "1", "driekolom-plek": reader }, cache: "no-store" });
      if (response.status !== 200) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("hier");
      if (fresh && fresh.innerHTML !== line.innerHTML) {
        line.innerHTML = fresh.innerHTML;
        document.dispatchEvent(new CustomEvent("driekolom:vernieuwd")); // what stands under it has moved
      }
    } catch { /* the next time */ }
  }, Math.max(300, peopleAt + 2000 - Date.now()));
}

let hiddenAt = 0;

function tick() {
  if (lost) return;
  if (document.hidden) {
    if (Date.now() - hiddenAt > 30000) disconnect();
    return;
  }
  if (stream && Date.now() - heardAt > SILENT) block(AGAIN); // something on the way keeps it: ask instead
  connect();
  if (Date.now() - beatAt > (stream ? BEAT : ASK)) beat();
}

if (journey) {
  addEventListener("visibilitychange", () => {
    if (document.hidden) { hiddenAt = Date.now(); return; }
    heardAt = Date.now();
    tick();
    beat();
  });
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => { if (event.persisted) { tick(); refresh(SOON); } });
  addEventListener("online", () => { blocked = 0; tick(); beat(); });
  document.addEventListener("driekolom:saved", () => { savedAt = Date.now(); });
  document.addEventListener("focusout", () => { if (waits) refresh(SOON); });
  connect();
  beat();
  setInterval(tick, 3000);
}
