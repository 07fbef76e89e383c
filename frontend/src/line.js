// The connection to the server: sends what was typed, resends it until it is confirmed, and hears what others type.

import * as Y from "yjs";

export const ENDS = { refused: 4400, signedOut: 4401, notAllowed: 4403, gone: 4404, large: 4413, closed: 4423, old: 4426, fast: 4429 };
const SOON = 25; // ms in which changes are sent together
const MOST = 48_000; // bytes in one message; the server takes 64 kB
const WAITING = 6; // messages that are not confirmed yet

export class Line {
  /** `on` hears: begin(people), person(who), left(id), state(), ended(code). */
  constructor(address, doc, outbox, on) {
    Object.assign(this, { address, doc, outbox, on });
    this.queue = []; // { number, data, key } not confirmed; `sent` says whether it is on its way
    this.number = 0;
    this.confirmed = 0;
    this.together = false; // connected, and everything of the server is here
    this.tries = 0;
    this.flying = [];
    this.savedAt = null;
    this.over = 0; // why nothing is sent any more
    doc.on("update", (data, origin) => { if (origin !== this) this.keep(data, origin); });
    addEventListener("online", () => this.connect());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.wake(); });
    setInterval(() => this.beat(), 5000);
  }

  get pending() { return this.queue.length; }

  /** Also what an earlier page did not get away. */
  async start() {
    for (const [key, row] of await this.outbox.waiting()) {
      this.queue.push({ number: (this.number += 1), data: new Uint8Array(row.data), key: Promise.resolve(key) });
    }
    this.earlier = this.queue.map((one) => one.data);
    this.connect();
  }

  keep(data, origin) {
    const key = this.outbox.keep(data, this.on.texts?.(origin) ?? []);
    this.queue.push({ number: (this.number += 1), data, key });
    this.on.state();
    this.soon();
  }

  connect() {
    clearTimeout(this.again);
    if (this.over || (this.socket && this.socket.readyState < 2)) return;
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    this.heardAt = Date.now();
    socket.onopen = () => socket.send('{"t":"hoi"}');
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return;
      this.heardAt = Date.now();
      if (typeof data === "string") this.told(JSON.parse(data));
      else Y.applyUpdate(this.doc, new Uint8Array(data, 1), this);
    };
    socket.onclose = ({ code }) => { if (this.socket === socket) this.lost(code); };
  }

  told(message) {
    if (message.t === "begin") {
      for (const data of this.earlier ?? []) Y.applyUpdate(this.doc, data, this);
      this.earlier = null;
      this.together = true;
      this.tries = 0;
      this.flying = [];
      this.queue.forEach((one) => { one.sent = false; });
      this.on.begin(message.wie);
      this.send();
    } else if (message.t === "op") {
      this.confirmed = Math.max(this.confirmed, message.n);
      this.flying = this.flying.filter((n) => n > message.n);
      const done = this.queue.filter((one) => one.number <= message.n);
      this.queue = this.queue.filter((one) => one.number > message.n);
      Promise.all(done.map((one) => one.key)).then((keys) => this.outbox.drop(keys));
      this.savedAt = new Date();
      this.send();
    } else if (message.t === "wie") this.on.person(message);
    else if (message.t === "weg") this.on.left(message.id);
    this.on.state();
  }

  soon() {
    if (!this.timer) this.timer = setTimeout(() => { this.timer = 0; this.send(); }, SOON);
  }

  send() {
    while (this.together && this.flying.length < WAITING) {
      const rows = this.queue.filter((one) => !one.sent);
      if (!rows.length) break;
      const batch = [rows[0]];
      let size = rows[0].data.length;
      for (const row of rows.slice(1)) {
        if (size + row.data.length > MOST) break;
        batch.push(row);
        size += row.data.length;
      }
      const data = batch.length > 1 ? Y.mergeUpdates(batch.map((one) => one.data)) : batch[0].data;
      const message = new Uint8Array(data.length + 4);
      new DataView(message.buffer).setUint32(0, batch.at(-1).number);
      message.set(data, 4);
      this.socket.send(message);
      this.flying.push(batch.at(-1).number);
      batch.forEach((one) => { one.sent = true; });
    }
    this.on.state();
  }

  tell(message) {
    if (this.together && this.socket.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  /** A line that is dead often says nothing. */
  beat() {
    if (!this.socket || this.socket.readyState !== 1) return;
    const silent = Date.now() - this.heardAt;
    if (silent > 16_000) { this.socket.onclose = null; this.socket.close(); this.lost(1006); } else if (silent > 4000) this.socket.send('{"t":"ping"}');
  }

  wake() {
    if (this.socket?.readyState === 1) this.socket.send('{"t":"ping"}');
    else this.connect();
  }

  lost(given) {
    let code = given;
    this.together = false;
    this.tries += 1;
    if (code === 1009) code = ENDS.large; // larger than the server takes at all
    const stop = [ENDS.refused, ENDS.gone, ENDS.large, ENDS.old].includes(code);
    if (stop) this.over = code;
    if (code === ENDS.refused || code === ENDS.large) {
      Promise.all(this.queue.map((one) => one.key)).then((keys) => this.outbox.refuse(keys)).then(() => this.on.ended(code));
    }
    else {
      const wait = [ENDS.signedOut, ENDS.notAllowed, ENDS.closed, ENDS.fast].includes(code) ? 8000 : Math.min(400 * 2 ** Math.min(this.tries, 5), 8000);
      this.again = setTimeout(() => this.connect(), wait * (0.7 + Math.random() * 0.6));
    }
    this.on.ended(code);
    this.on.state();
  }
}
