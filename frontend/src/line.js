// The connection to the server: sends what was typed, resends it until it is confirmed, and hears what others type.
// All texts of a page share one socket (a Wire); each has its own Line, with a number on it.

import * as Y from "yjs";

export const ENDS = { refused: 4400, signedOut: 4401, notAllowed: 4403, gone: 4404, large: 4413, closed: 4423, old: 4426, fast: 4429 };
const SOON = 25; // ms in which changes are sent together
const MOST = 48_000; // bytes in one message; the server takes 64 kB
const WAITING = 6; // messages that are not confirmed yet
const TEXTS = 40; // that one socket carries
const SLOW = [ENDS.signedOut, ENDS.notAllowed, ENDS.closed, ENDS.fast]; // tried again, but not soon
const OF_ONE = [ENDS.refused, ENDS.gone, ENDS.large]; // ends that say nothing about the other texts

/** One socket. It is opened for its first text; the others are asked for over it. */
class Wire {
  constructor(base, version) {
    Object.assign(this, { base, version });
    this.lines = [];
    this.tries = 0;
    addEventListener("online", () => this.connect());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.wake(); });
    setInterval(() => this.beat(), 5000);
  }

  get open() { return this.socket?.readyState === 1; }

  add(line) {
    if (!this.lines.includes(line)) this.lines.push(line);
    if (this.open && this.next < TEXTS) this.ask(line);
    else this.connect();
  }

  ask(line, channel = this.next) {
    line.channel = channel;
    this.next = Math.max(this.next, channel + 1);
    this.socket.send(JSON.stringify(line.channel ? { t: "hoi", d: line.channel, naam: line.name } : { t: "hoi" }));
  }

  connect() {
    clearTimeout(this.again);
    const wanted = this.lines.filter((line) => !line.over);
    if (!wanted.length || (this.socket && this.socket.readyState < 2)) return;
    const socket = new WebSocket(`${this.base}/${wanted[0].name}?v=${this.version}`);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    this.heardAt = Date.now();
    this.next = 0;
    this.lines.forEach((line) => { line.channel = -1; });
    wanted[0].channel = 0; // whatever ends it before it is open is about this one
    socket.onopen = () => [wanted[0], ...this.lines.filter((line) => !line.over && line !== wanted[0])].slice(0, TEXTS).forEach((line) => this.ask(line));
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return;
      this.heardAt = Date.now();
      const message = typeof data === "string" ? JSON.parse(data) : null;
      const channel = message ? message.d ?? 0 : new Uint8Array(data, 0, 1)[0] - 1;
      const line = this.lines.find((one) => one.channel === channel);
      if (!line) return;
      if (!message) line.take(new Uint8Array(data, 1));
      else if (message.t === "einde") this.ended(line, message.c);
      else line.told(message);
    };
    socket.onclose = ({ code }) => { if (this.socket === socket) this.lost(code); };
  }

  send(line, number, data) {
    if (!this.open) return; // the server is closing it: everything that is not confirmed is sent again over the next one
    const message = new Uint8Array(data.length + 4);
    new DataView(message.buffer).setUint32(0, number);
    message[0] = line.channel;
    message.set(data, 4);
    this.socket.send(message);
  }

  tell(line, message) {
    if (this.open) this.socket.send(JSON.stringify(line.channel ? { ...message, d: line.channel } : message));
  }

  /** A socket that is dead often says nothing; one can also never open, or never end. */
  beat() {
    const { socket } = this;
    const silent = Date.now() - this.heardAt;
    if (socket && socket.readyState < 3 && silent > 16_000) {
      this.socket = socket.onclose = null;
      socket.close();
      this.lost(1006);
    } else if (this.open && silent > 4000) socket.send('{"t":"ping"}');
  }

  wake() {
    if (this.open) this.socket.send('{"t":"ping"}');
    else this.connect();
  }

  /** One of several texts ended; the others go on. What ends only for now is asked for again. */
  ended(line, code) {
    const { socket } = this;
    const { channel } = line;
    line.channel = -1;
    line.lost(code);
    if (!line.over) setTimeout(() => { if (this.socket === socket && this.open) this.ask(line, channel); }, SLOW.includes(code) ? 8000 : 1000);
  }

  lost(given) {
    const code = given === 1009 ? ENDS.large : given; // larger than the server takes at all
    this.tries += 1;
    const wait = SLOW.includes(code) ? 8000 : Math.min(400 * 2 ** Math.min(this.tries, 5), 8000);
    const first = this.lines.find((line) => line.channel === 0);
    for (const line of this.lines.filter((one) => !one.over)) {
      line.channel = line === first ? 0 : -1;
      line.lost(line === first || !OF_ONE.includes(code) ? code : 1006);
    }
    this.again = setTimeout(() => this.connect(), wait * (0.7 + Math.random() * 0.6));
  }
}

const wires = new Map();

/** The socket for the texts of one journey. `place` is the address of a text; what follows /samen/ is its name. */
function wireFor(place, version) {
  const base = `${location.origin.replace(/^http/, "ws")}${place.replace(/\/samen\/.*$/, "/samen")}`;
  if (!wires.has(base)) wires.set(base, new Wire(base, version));
  return wires.get(base);
}

export class Line {
  /** `on` hears: begin(people), before() something comes in, person(who), left(id), state(), ended(code). */
  constructor(place, version, doc, outbox, on) {
    Object.assign(this, { doc, outbox, on });
    this.name = place.replace(/^.*?\/samen\//, "");
    this.wire = wireFor(place, version);
    this.channel = -1;
    this.queue = []; // { number, data, key } not confirmed; `sent` says whether it is on its way
    this.number = 0;
    this.confirmed = 0;
    this.together = false; // connected, and everything of the server is here
    this.flying = [];
    this.savedAt = null;
    this.over = 0; // why nothing is sent any more
    doc.on("update", (data, origin) => { if (origin !== this) this.keep(data, origin); });
  }

  get pending() { return this.queue.length; }
  get socket() { return this.wire.socket; }

  /** Also what an earlier page did not get away. */
  async start() {
    for (const [key, row] of await this.outbox.waiting()) {
      this.queue.push({ number: (this.number += 1), data: new Uint8Array(row.data), key: Promise.resolve(key) });
    }
    this.earlier = this.queue.map((one) => one.data);
    this.wire.add(this);
  }

  keep(data, origin) {
    const key = this.outbox.keep(data, this.on.texts?.(origin) ?? []);
    this.queue.push({ number: (this.number += 1), data, key });
    this.on.state();
    this.soon();
  }

  take(data) {
    this.on.before();
    Y.applyUpdate(this.doc, data, this);
  }

  told(message) {
    if (message.t === "begin") {
      (this.earlier ?? []).forEach((data) => this.take(data));
      this.earlier = null;
      this.together = true;
      this.wire.tries = 0;
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
      this.wire.send(this, batch.at(-1).number, data);
      this.flying.push(batch.at(-1).number);
      batch.forEach((one) => { one.sent = true; });
    }
    this.on.state();
  }

  tell(message) {
    if (this.together) this.wire.tell(this, message);
  }

  lost(code) {
    this.together = false;
    if ([...OF_ONE, ENDS.old].includes(code)) this.over = code;
    if (code === ENDS.refused || code === ENDS.large) {
      Promise.all(this.queue.map((one) => one.key)).then((keys) => this.outbox.refuse(keys)).then(() => this.on.ended(code));
    }
    this.on.ended(code);
    this.on.state();
  }
}
