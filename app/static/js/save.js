// Fields that save by themselves, and never lose what somebody typed.
//
// Every form[data-field] is a plain form that works without this file. Here each change goes first into an outbox in the
// browser (outbox.js, which survives a killed browser), then to the server, and leaves the outbox only when the server has
// confirmed exactly that text, or when the person has chosen between two texts. The answer is the same field as HTML; its
// parts (status, error, conflict, version) are put into the page, the box somebody types in is never replaced.

const WAIT = 600; // ms after the last key
const bar = document.getElementById("opslag-melding");
const reader = document.body.dataset.seat ?? "";
const states = new WeakMap(); // form → { timer, busy, again, tries }
const failing = new Set();
const unconfirmed = new WeakSet(); // forms with something in the outbox

/* ---- what this form keeps in the outbox ---- */

// Each tab keeps its own: what one tab has saved says nothing of what another tab still has.
const tab = Math.random().toString(36).slice(2, 12);
const LATE = 60000; // ms after which another tab should have saved what it keeps

const fieldOf = (form) => `${reader} ${new URL(form.action).pathname}`;
const placeOf = (name) => name.split(" ").slice(0, 2).join(" ");
const key = (form) => `${fieldOf(form)} ${tab}`;
const keep = (form) => { unconfirmed.add(form); return box("readwrite", (store) => store.put(draft(form), key(form))); };
const drop = (form) => { unconfirmed.delete(form); return box("readwrite", (store) => store.delete(key(form))); };
const kept = (form) => box("readonly", (store) => store.get(key(form)));
const forget = (name) => box("readwrite", (store) => store.delete(name));

// What waits in this browser of this person, in all tabs: the newest first.
async function drafts() {
  let names = null;
  const found = await box("readonly", (store) => { names = store.getAllKeys(); return store.getAll(); });
  return (found ?? []).map((one, i) => ({ ...one, name: names.result[i] }))
    .filter((one) => one.name.startsWith(`${reader} `)).sort((a, b) => b.at - a.at);
}

/* ---- what stands in a form ---- */

const inputs = (form) => [...form.querySelectorAll('[name="waarde"]')].filter((i) => i.type !== "hidden");

function values(form) {
  return inputs(form).filter((i) => !["radio", "checkbox"].includes(i.type) || i.checked).map((i) => i.value);
}

function draft(form) {
  const label = form.querySelector(".field__label, .choice__label")?.textContent.trim() ?? "";
  return { values: values(form), version: form.elements.versie.value, page: location.pathname, label, at: Date.now() };
}

const same = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);

function fill(form, wanted) {
  for (const input of inputs(form)) {
    if (["radio", "checkbox"].includes(input.type)) input.checked = wanted.includes(input.value);
    else input.value = wanted[0] ?? "";
  }
}

/* ---- saying what happens ---- */

const part = (form, name) => form.querySelector(`[data-part="${name}"]`);

function say(form, text, kind = "") {
  const status = part(form, "status");
  if (!status) return;
  status.textContent = text;
  status.dataset.kind = kind;
}

function alarm(text, again = "") {
  if (!bar) return;
  if (bar.dataset.said !== text) {
    bar.dataset.said = text;
    bar.textContent = text;
    if (again) { // this page again: the server asks to sign in first, and comes back here
      const link = Object.assign(document.createElement("a"), { href: location.href.split("#")[0], textContent: again });
      bar.append(" ", link);
    }
  }
  bar.hidden = !text;
}

function failed(form, text, again = "") {
  failing.add(form);
  say(form, "Nog niet opgeslagen. Uw tekst staat in deze browser.", "failed");
  alarm(text, again);
}

// Whether something in this field is not confirmed yet, or waits for a choice: nobody else may put a text in it.
function unsaved(form) {
  const now = states.get(form);
  return unconfirmed.has(form) || failing.has(form) || Boolean(now?.busy || now?.again || part(form, "conflict")?.firstElementChild);
}

/* ---- sending ---- */

function state(form) {
  if (!states.has(form)) states.set(form, { timer: 0, busy: false, again: false, choice: null, tries: 0 });
  return states.get(form);
}

function soon(form, wait) {
  const now = state(form);
  clearTimeout(now.timer);
  now.timer = setTimeout(() => send(form), wait);
}

// What changes while somebody presses would slip away under the pointer, and the press would be lost.
let lifted = Promise.resolve();
addEventListener("pointerdown", () => {
  lifted = new Promise((done) => {
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(done), { once: true, capture: true });
    setTimeout(done, 1000);
  });
}, true);

async function send(form, choice = null) {
  const now = state(form);
  clearTimeout(now.timer);
  if (now.busy) { Object.assign(now, { again: true, choice: choice ?? now.choice }); return; }
  if (!form.isConnected || !inputs(form).length) return;
  Object.assign(now, { busy: true, again: false, choice: null });
  const sent = values(form);
  const body = new URLSearchParams();
  if (choice) {
    for (const name of ["mijne", "hunne", "hun-versie"]) body.set(name, form.elements[name].value);
    // What is in the box now counts as mine: somebody may have typed on while the two texts stood there.
    if (!form.matches(".field--choice, .field--many, .field--tick")) body.set("mijne", sent[0] ?? "");
    body.set("keuze", choice);
  } else {
    body.set("versie", form.elements.versie.value);
    (sent.length ? sent : [""]).forEach((value) => body.append("waarde", value));
  }
  say(form, "Opslaan …", "busy");
  let answer;
  try {
    const response = await fetch(form.action, {
      method: "POST", body, headers: { "driekolom-deel": "1", "driekolom-plek": reader }, redirect: "error", signal: AbortSignal.timeout(15000),
    });
    answer = { status: response.status, html: await response.text() };
  } catch {
    answer = { status: 0, html: "" };
  }
  await lifted;
  now.busy = false;
  await heard(form, sent, answer, choice);
  // Who presses a choice leaves the box, which is then on its way already. The choice goes after it, if it still stands there.
  if (now.again) send(form, form.elements["hun-versie"] ? now.choice : null);
}

async function heard(form, sent, { status, html }, choice) {
  const now = state(form);
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("form[data-field]");
  if (status === 200 && fresh) {
    now.tries = 0;
    failing.delete(form);
    if (!failing.size) alarm("");
    form.elements.versie.value = fresh.elements.versie.value;
    for (const name of ["status", "error", "conflict", "note"]) take(form, fresh, name);
    form.classList.remove("field--invalid");
    inputs(form).forEach((input) => input.removeAttribute("aria-invalid"));
    if (choice) { fill(form, values(fresh)); inputs(form)[0]?.focus(); }
    // Whoever typed on in the meantime did so on top of what was just saved: the outbox must know that version.
    if (choice || same(values(form), sent)) await drop(form);
    else await keep(form);
    page.querySelectorAll("template[data-replace]").forEach(replace);
    form.dispatchEvent(new CustomEvent("driekolom:saved", { bubbles: true }));
    return;
  }
  if ((status === 409 || status === 422) && fresh) {
    now.tries = 0;
    failing.delete(form);
    if (!failing.size) alarm("");
    for (const name of ["error", "conflict"]) take(form, fresh, name);
    form.classList.toggle("field--invalid", status === 422);
    if (status === 422) inputs(form).forEach((input) => input.setAttribute("aria-invalid", "true"));
    say(form, status === 409 ? "Niet opgeslagen: kies hieronder een tekst." : "Nog niet opgeslagen.", "failed");
    return;
  }
  const told = page.querySelector("[data-part=refused]")?.textContent;
  if (status === 401) {
    failed(form, "U bent afgemeld. Wat u typte, staat nog in deze browser. Na het aanmelden wordt het vanzelf opgeslagen.", "Meld u opnieuw aan");
    soon(form, 5000);
  } else if (status === 0 || status >= 500 || status === 429) {
    now.tries += 1;
    failed(form, "Opslaan lukt nu niet. Wat u typte, staat nog in deze browser. We blijven het proberen; u kunt doorwerken.");
    soon(form, Math.min(1000 * 2 ** Math.min(now.tries, 4), 10000));
  } else {
    const stays = told && !/browser|venster/.test(told) ? " Wat u typte, staat nog in deze browser." : "";
    failed(form, told ? told + stays : "Dit is niet opgeslagen. Uw tekst staat nog in deze browser.");
    say(form, told ?? "Niet opgeslagen.", "failed");
  }
}

function take(form, fresh, name) {
  const mine = part(form, name);
  const theirs = part(fresh, name);
  if (!mine || !theirs) return;
  mine.innerHTML = theirs.innerHTML;
  mine.hidden = theirs.hidden;
  delete mine.dataset.kind;
}

function replace(template) {
  const old = document.getElementById(template.dataset.replace);
  if (!old || old.contains(document.activeElement) && old.querySelector("input, textarea, select")) return;
  const next = template.content.firstElementChild;
  for (const form of old.querySelectorAll("form[data-own]")) next.querySelector(`#${CSS.escape(form.id)}`)?.replaceWith(form); // somebody writes in it
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceWith(next);
  if (focused) document.getElementById(focused)?.focus();
  globalThis.htmx?.process(next);
}

/* ---- when ---- */

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-field]");
  if (!form || event.target.name !== "waarde") return;
  keep(form).catch(() => {});
  const typing = event.target.matches("textarea, input:not([type=radio], [type=checkbox], [type=date])");
  soon(form, typing ? WAIT : 0);
});

document.addEventListener("focusout", async (event) => {
  const form = event.target.closest?.("form[data-field]");
  if (!form || !states.has(form) || !state(form).timer) return;
  await lifted; // saying that it is saved could move what is being pressed
  if (part(form, "status")?.dataset.kind !== "busy" && await kept(form)) send(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-field]")) {
    event.preventDefault();
    send(form, event.submitter?.name === "keuze" ? event.submitter.value : null);
  }
});

const beingSaved = () => [...document.querySelectorAll("form[data-field]")].filter((f) => states.has(f) && (state(f).timer || state(f).busy));

async function sendOpen() {
  for (const field of beingSaved()) if (await kept(field)) await send(field);
}

// A form that leads to another page (delen, sluiten, uitloggen) waits until everything typed is saved. Pressing its button
// twice is one wish: the second press would make a second agreement.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("form[data-field]") || form.method !== "post" || form.dataset.waited) return;
  if (reader && !form.elements.plek) { // drawn after the page was
    const seat = Object.assign(document.createElement("input"), { type: "hidden", name: "plek", value: reader });
    form.append(seat);
  }
  if (form.dataset.pressed) { event.preventDefault(); return; }
  form.dataset.pressed = "1";
  setTimeout(() => { delete form.dataset.pressed; }, 4000);
  if (!beingSaved().length) return;
  event.preventDefault();
  await sendOpen();
  form.dataset.waited = "1";
  form.requestSubmit(event.submitter ?? undefined);
  delete form.dataset.waited;
});

async function restore() {
  if (!(await opened)) return;
  const all = await drafts().catch(() => []);
  for (const form of document.querySelectorAll("form[data-field]")) {
    if (!inputs(form).length) continue; // read only: what is left of it is listed below
    // What this tab kept, or else the last that a tab kept which may be no longer there.
    const found = all.find((one) => one.name === key(form)) ?? all.find((one) => placeOf(one.name) === fieldOf(form));
    if (!found) continue;
    const own = found.name === key(form);
    if (same(found.values, values(form))) { unconfirmed.delete(form); forget(found.name); continue; }
    if (own) unconfirmed.add(form);
    if (document.activeElement && form.contains(document.activeElement) && states.has(form)) continue;
    fill(form, found.values);
    form.elements.versie.value = found.version;
    if (!own) { await keep(form); await forget(found.name); }
    send(form);
  }
  leftovers();
}

// Text that has no box any more (the step was closed, the row removed) or that belongs to another page is never hidden.
async function leftovers() {
  const writable = new Set([...document.querySelectorAll("form[data-field]")].filter((f) => inputs(f).length).map(fieldOf));
  const waits = (one) => !writable.has(placeOf(one.name)) || (!one.name.endsWith(` ${tab}`) && Date.now() - one.at > LATE);
  const left = (await drafts()).filter((one) => waits(one) && one.values.some(Boolean))
    .map((one) => ({ ...one, drop: () => forget(one.name) }));
  const open = [...document.querySelectorAll("[data-samen]:not(.samen--dicht)")].map((one) => one.dataset.samen); // sends it itself
  const shut = [...document.querySelectorAll("[data-samen].samen--dicht")].map((one) => one.dataset.samen);
  for (const one of await unsent([reader])) {
    const form = !shut.includes(one.place) && document.querySelector(`form[data-samen-veld="${CSS.escape(one.place)}"]`);
    if (one.waits && form) form.dispatchEvent(new CustomEvent("driekolom:open", { bubbles: true })); // its editor sends it
    else if (!open.includes(one.place) && one.values.some(Boolean)) left.push(one);
  }
  document.getElementById("bewaard")?.remove();
  if (!left.length || !reader) return;
  const section = document.createElement("section");
  section.id = "bewaard";
  section.className = "conflict";
  section.setAttribute("aria-labelledby", "bewaard-kop");
  section.innerHTML = '<h2 id="bewaard-kop">Nog niet opgeslagen</h2><p>Dit typte u eerder. Het staat alleen in deze browser.</p>';
  for (const one of left) {
    const part = document.createElement("div");
    const elsewhere = one.page !== location.pathname;
    part.innerHTML = '<p><strong></strong></p><p dir="auto"></p><p class="cluster"><button type="button">Weggooien</button></p>';
    part.querySelector("strong").textContent = one.label || "Tekst";
    part.querySelectorAll("p")[1].textContent = one.values.join(one.place ? "\n\n" : ", ");
    if (one.place) part.querySelectorAll("p")[1].className = "text bewaard__tekst";
    if (elsewhere) {
      const link = document.createElement("a");
      link.href = one.page;
      link.className = "link";
      link.textContent = "Naar de pagina waar dit hoort";
      part.querySelector(".cluster").prepend(link);
    }
    const button = part.querySelector("button");
    button.className = "link";
    button.addEventListener("click", async () => {
      await one.drop();
      part.remove();
      if (!section.querySelector("button")) section.remove();
    });
    section.append(part);
  }
  document.querySelector("main").prepend(section);
}

restore();
document.addEventListener("driekolom:leftovers", leftovers);
addEventListener("online", () => failing.forEach((form) => soon(form, 0)));
addEventListener("pageshow", (event) => { if (event.persisted) restore(); });
document.addEventListener("htmx:after:swap", restore);
document.addEventListener("driekolom:vernieuwd", leftovers); // what others did may have closed or opened a field
// … also when the page is just as it was: closed and opened again before anybody looked.
document.addEventListener("driekolom:gehoord", () => failing.forEach((form) => soon(form, 0)));
