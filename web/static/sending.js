// What the visitor says, one after the other, each again and again until the server has answered. The server knows a repeat
// by `client_id`. What is unsent survives a reload. A message waits until its files are up (uploads.js).

const patience = 15_000; // for one answer
export const waits = [1, 2, 4, 8, 15, 30]; // seconds between tries; after the last one the visitor decides

// A browser that keeps nothing refuses this too; then a reload forgets what is unsent.
const store = {
  read() {
    try {
      return JSON.parse(sessionStorage.getItem("unsent") ?? "[]");
    } catch {
      return [];
    }
  },
  write(items) {
    try {
      sessionStorage.setItem("unsent", JSON.stringify(items));
    } catch {}
  },
};

export class Sending {
  // `on`: {pending(item, state), stored(item, answer), refused(item, error), slow()}
  constructor(uploads, on) {
    this.uploads = uploads;
    this.on = on;
    this.queue = [];
    addEventListener("online", () => this.hurry());
  }

  // What a former page of this tab left behind.
  async restore() {
    for (const item of store.read()) {
      if (item.files?.length && !(item.files = await this.uploads.restore(item.files)).length) this.on.refused(item, "lost");
      else this.add(item);
    }
  }

  // {text, files: [ids], place, contact}. A place and a phone number are messages of their own.
  say({ text, files = [], place, contact }) {
    const add = (body) => this.add({ client_id: newName(), at: Date.now(), ...body });
    if (place) add({ place });
    if (contact) add({ contact });
    if (text || files.length) add({ text, files });
  }

  // A file has been sent, or could not be: messages that wait for it go on.
  fileChanged({ id, state }) {
    if (state === "failed") this.queue.filter((item) => !item.failed && item.files?.includes(id)).forEach((item) => this.fail(item));
    this.run();
  }

  // A file is not taken: its message goes without it.
  fileRefused({ id }) {
    for (const item of this.queue.filter((other) => other.files?.includes(id))) {
      item.files = item.files.filter((other) => other !== id);
      this.save();
      if (item.text || item.files.length) this.on.pending(item, "sending");
      else this.drop(item, () => this.on.refused(item));
    }
    this.run();
  }

  hello() {
    if (!this.queue.some((item) => item.start)) this.add({ client_id: newName(), start: true });
  }

  press(data, message_id) {
    this.add({ client_id: newName(), press: data, message_id });
  }

  retry(client_id) {
    const item = this.queue.find((other) => other.client_id === client_id);
    if (!item) return;
    this.queue = [...this.queue.filter((other) => other !== item), item];
    this.revive(item);
    this.uploads.retry(item.files ?? []);
    this.run();
  }

  // The line is back: no need to wait any longer.
  hurry() {
    this.queue.filter((item) => item.failed).forEach((item) => this.revive(item));
    this.wake?.();
    this.run();
  }

  add(item) {
    this.queue.push(item);
    this.save();
    if (isShown(item)) this.on.pending(item, "sending");
    this.run();
  }

  // All was deleted: what waits for its files has none any more. Words go on, they were said to be heard.
  clear() {
    this.queue = this.queue.filter((item) => !item.files?.length);
    this.save();
  }

  revive(item) {
    item.failed = false;
    this.on.pending(item, "sending");
  }

  async run() {
    if (this.running) return;
    this.running = true;
    let item;
    while ((item = this.next())) await this.deliver(item);
    this.running = false;
  }

  // In order, except that the press of a button does not wait until files are up.
  next() {
    const waiting = this.queue.filter((item) => !item.failed);
    const first = waiting.find((item) => !isShown(item)) ?? waiting[0];
    return first?.files?.every((id) => this.uploads.files.get(id)?.info) === false ? undefined : first;
  }

  async deliver(item) {
    for (let tries = 0; this.queue.includes(item); tries++) {
      const { status, answer } = await post(item, this.uploads);
      if (status === 200) return this.drop(item, () => this.on.stored(item, answer));
      const again = status === 0 || status >= 500 || status === 429 || (status === 401 && tries === 0);
      if (!again) return this.drop(item, () => this.on.refused(item, answer.error));
      if (status === 429) this.on.slow();
      else if (tries >= waits.length) return this.fail(item);
      await this.rest(status === 401 ? 0 : (answer.wait || waits[Math.min(tries, waits.length - 1)]));
    }
  }

  drop(item, tell) {
    this.queue = this.queue.filter((other) => other !== item);
    this.save();
    tell();
  }

  fail(item) {
    if (!isShown(item)) return this.drop(item, () => this.on.refused(item, "other"));
    item.failed = true;
    this.on.pending(item, "failed");
  }

  rest(seconds) {
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, seconds * 1000);
    });
  }

  save() {
    const kept = ({ client_id, text, at, files, place, contact }) => ({ client_id, text, at, files, place, contact });
    store.write(this.queue.filter(isShown).map(kept));
  }
}

const isShown = (item) => !item.start && item.press === undefined;

async function post({ client_id, text, files, place, contact, start, press, message_id }, uploads) {
  const keys = files?.length ? files.map((id) => uploads.files.get(id).info.key) : undefined;
  try {
    const response = await fetch("/api/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ client_id, text, files: keys, place, contact, start, press, message_id }),
      signal: AbortSignal.timeout?.(patience),
    });
    return { status: response.status, answer: await response.json() };
  } catch {
    return { status: 0, answer: {} };
  }
}

export function newName() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
