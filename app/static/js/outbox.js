// What this browser keeps of what somebody typed until the server has confirmed it (IndexedDB, which survives a killed
// browser), and what becomes of that when they sign out. save.js and frontend/ put things in it and take them out.

const opened = new Promise((done, fail) => {
  const request = indexedDB.open("driekolom", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("outbox");
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
}).catch(() => null);

async function box(mode, work) {
  const database = await opened;
  if (!database) return undefined;
  const transaction = database.transaction("outbox", mode, { durability: "strict" });
  const request = work(transaction.objectStore("outbox"));
  return new Promise((done, fail) => {
    transaction.oncomplete = () => done(request?.result);
    transaction.onerror = transaction.onabort = () => fail(transaction.error);
  });
}

// Texts that several people write in keep what was not confirmed in a box of their own (frontend/src/outbox.js).
const together = new Promise((done, fail) => {
  const request = indexedDB.open("driekolom-samen", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("samen", { autoIncrement: true });
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
}).catch(() => null);

// What waits there of these seats, for each text: where it belongs, what it says, and what throws it away.
async function unsent(seats) {
  const database = await together;
  if (!database) return [];
  const found = await new Promise((done) => {
    const rows = [];
    const walk = database.transaction("samen").objectStore("samen").openCursor();
    walk.onsuccess = () => {
      if (!walk.result) { done(rows); return; }
      rows.push({ key: walk.result.key, ...walk.result.value });
      walk.result.continue();
    };
    walk.onerror = () => done([]);
  });
  const places = new Map();
  for (const row of found.filter((one) => seats.includes(one.seat))) {
    if (!places.has(row.place)) places.set(row.place, { place: row.place, page: row.page, label: row.label, waits: false, keys: [], texts: new Map() });
    const one = places.get(row.place);
    one.keys.push(row.key);
    one.waits ||= !row.refused;
    row.texts.forEach(({ id, text }) => one.texts.set(id, text));
  }
  return [...places.values()].map((one) => ({
    place: one.place, page: one.page, label: one.label, waits: one.waits, values: [...one.texts.values()],
    drop: () => { const store = database.transaction("samen", "readwrite").objectStore("samen"); one.keys.forEach((k) => store.delete(k)); },
  }));
}

/* ---- signing out ---- */

// Empties what this browser keeps of this person. When something of it was not saved, the person decides. Outside a
// traject the page names every seat of this person; what somebody else left in this browser stays.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!["/afmelden", "/account/overal-uitloggen"].includes(new URL(form.action).pathname) || form.dataset.zeker) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (typeof sendOpen === "function") await sendOpen(); // of save.js
  const seats = (document.body.dataset.seats ?? document.body.dataset.seat ?? "").split(" ").filter(Boolean);
  const own = async () => ((await box("readonly", (store) => store.getAllKeys())) ?? []).filter((name) => seats.includes(name.split(" ")[0]));
  const go = async () => {
    const keys = await own();
    await box("readwrite", (store) => { keys.forEach((name) => store.delete(name)); });
    (await unsent(seats)).forEach((one) => one.drop());
    form.dataset.zeker = "1";
    form.requestSubmit();
  };
  if (!(await own()).length && !(await unsent(seats)).length) { go(); return; }
  document.getElementById("afmelden-vraag")?.remove();
  const asked = document.createElement("section");
  asked.id = "afmelden-vraag";
  asked.className = "conflict";
  asked.setAttribute("aria-labelledby", "afmelden-kop");
  asked.innerHTML = '<h2 id="afmelden-kop" tabindex="-1">Nog niet alles is opgeslagen</h2>'
    + "<p>Wat u typte, staat voor een deel alleen in deze browser. Als u zich nu afmeldt, gooien wij dat weg.</p>"
    + '<p class="cluster"><button type="button" class="button">Blijf aangemeld</button> <button type="button" class="link">Meld af en gooi weg</button></p>';
  const [stay, leave] = asked.querySelectorAll("button");
  stay.addEventListener("click", () => asked.remove());
  leave.addEventListener("click", go);
  document.querySelector("main").prepend(asked);
  asked.querySelector("h2").focus();
}, true);
