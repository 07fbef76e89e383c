// What the server has not confirmed, in this browser (IndexedDB, which survives a killed browser). Nothing else is kept here:
// a change that is confirmed leaves, so nothing of the plan stays behind on a shared computer.

const opened = new Promise((done, fail) => {
  const request = indexedDB.open("driekolom-samen", 1); // save.js opens it too, to show what was left behind
  request.onupgradeneeded = () => request.result.createObjectStore("samen", { autoIncrement: true });
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
}).catch(() => null);

async function box(mode, work) {
  const database = await opened;
  if (!database) return undefined;
  const transaction = database.transaction("samen", mode, { durability: "strict" });
  const request = work(transaction.objectStore("samen"));
  return new Promise((done, fail) => {
    transaction.oncomplete = () => done(request?.result);
    transaction.onerror = transaction.onabort = () => fail(transaction.error);
  });
}

/** Of one text, of one person. `page` and `label` say where it belongs, for who finds it later. */
export class Outbox {
  constructor(seat, place, page, label) {
    Object.assign(this, { seat, place, page, label });
  }

  /** Keeps a change, with the text of the paragraphs it is about. Returns its key, or null when this browser keeps nothing. */
  async keep(data, texts) {
    const { seat, place, page, label } = this;
    return box("readwrite", (store) => store.add({ seat, place, page, label, data, texts, at: Date.now() })).catch(() => null);
  }

  drop(keys) {
    const real = keys.filter((key) => key !== null && key !== undefined);
    if (!real.length) return Promise.resolve();
    return box("readwrite", (store) => { real.forEach((key) => store.delete(key)); }).catch(() => {});
  }

  /** What the server refuses is not sent again; its text stays, until somebody throws it away. */
  async refuse(keys) {
    const real = keys.filter((key) => key !== null && key !== undefined);
    await box("readwrite", (store) => {
      for (const key of real) store.get(key).onsuccess = ({ target }) => { if (target.result) store.put({ ...target.result, refused: true }, key); };
    }).catch(() => {});
  }

  /** [key, change] of all that waits, oldest first. */
  async waiting() {
    const keys = (await box("readonly", (store) => store.getAllKeys()).catch(() => [])) ?? [];
    const rows = (await box("readonly", (store) => store.getAll()).catch(() => [])) ?? [];
    return keys.map((key, i) => [key, rows[i]]).filter(([, row]) => row && !row.refused && row.seat === this.seat && row.place === this.place);
  }
}
