// What the visitor says, one after the other, each again and again until the server has answered. The server knows a repeat
// by `client_id`. What is unsent survives a reload.

const patience = 15_000; // for one answer
const waits = [1, 2, 4, 8, 15, 30]; // seconds between tries; after the last one the visitor decides

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
  constructor(on) {
    this.on = on;
    this.queue = [];
    addEventListener("online", () => this.hurry());
  }

  // What a former page of this tab left behind.
  restore() {
    for (const item of store.read()) this.add(item);
  }

  say(text) {
    this.add({ client_id: newName(), text, at: Date.now() });
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
    if (item.text) this.on.pending(item, "sending");
    this.run();
  }

  revive(item) {
    item.failed = false;
    this.on.pending(item, "sending");
  }

  async run() {
    if (this.running) return;
    this.running = true;
    let item;
    while ((item = this.queue.find((other) => !other.failed))) await this.deliver(item);
    this.running = false;
  }

  async deliver(item) {
    for (let tries = 0; ; tries++) {
      const { status, answer } = await post(item);
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
    if (!item.text) return this.drop(item, () => this.on.refused(item, "other"));
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
    store.write(this.queue.filter((item) => item.text).map(({ client_id, text, at }) => ({ client_id, text, at })));
  }
}

async function post({ client_id, text, start, press, message_id }) {
  try {
    const response = await fetch("/api/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ client_id, text, start, press, message_id }),
      signal: AbortSignal.timeout?.(patience),
    });
    return { status: response.status, answer: await response.json() };
  } catch {
    return { status: 0, answer: {} };
  }
}

function newName() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
